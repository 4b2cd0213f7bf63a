//! Typed values of a record and the table that turns text into numbers.

use rustc_hash::FxHashMap;
use std::sync::Arc;

/// A text that is present but whose content no expression asks for (or that equals none of the constants asked for).
/// It is not null and equals nothing.
pub const OTHER: u32 = u32::MAX;

/// One slot of a record. `Copy`, 16 bytes: text, units and lists are numbers of a [`Symbols`] table.
///
/// A decimal is an `Int` scaled by its declared number of digits; the scale is known by type, never at run time, so sums are exact.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Value {
    #[default]
    Null,
    Bool(bool),
    /// An integer, or a decimal × 10^scale.
    Int(i64),
    /// A text by its symbol; [`OTHER`] for "some text".
    Sym(u32),
    /// An instant, µs since the epoch.
    Time(i64),
    /// A local calendar day, days since the epoch.
    Date(i32),
    /// A length of time in µs (results of expressions only).
    Span(i64),
    /// A unit by its index.
    Unit(u32),
    /// A list of texts by its number.
    List(u32),
}

impl Value {
    #[must_use]
    pub fn is_null(self) -> bool {
        matches!(self, Self::Null)
    }
    /// The boolean; null (and anything else) is false.
    #[must_use]
    pub fn truth(self) -> bool {
        matches!(self, Self::Bool(true))
    }
    /// The number inside, whatever it measures; `None` for null, booleans.
    #[must_use]
    pub fn number(self) -> Option<i64> {
        match self {
            Self::Int(x) | Self::Time(x) | Self::Span(x) => Some(x),
            Self::Date(d) => Some(i64::from(d)),
            Self::Null | Self::Bool(_) | Self::Sym(_) | Self::Unit(_) | Self::List(_) => None,
        }
    }
}

/// Texts ↔ numbers, in order of first appearance. Append-only.
#[derive(Debug, Clone, Default)]
pub struct Interner {
    texts: Vec<Arc<str>>,
    index: FxHashMap<Arc<str>, u32>,
    bytes: usize,
}

impl Interner {
    /// The number of `text`, added when it is new. Returns [`OTHER`] when four thousand million texts are held.
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.index.get(text) {
            return id;
        }
        let Ok(id) = u32::try_from(self.texts.len()) else { return OTHER };
        let shared: Arc<str> = text.into();
        self.bytes += text.len() + 16;
        self.texts.push(Arc::clone(&shared));
        self.index.insert(shared, id);
        id
    }
    #[must_use]
    pub fn get(&self, text: &str) -> Option<u32> {
        self.index.get(text).copied()
    }
    /// The text of a number; empty for [`OTHER`] and numbers never given.
    #[must_use]
    pub fn text(&self, id: u32) -> &str {
        self.texts.get(id as usize).map_or("", |t| t)
    }
    #[must_use]
    pub fn len(&self) -> usize {
        self.texts.len()
    }
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.texts.is_empty()
    }
    /// Estimated heap use in bytes.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        self.bytes + self.texts.capacity() * 16 + self.index.capacity() * 25
    }
}

/// The symbol tables of one evaluator (one per tenant engine, or a small one per stand-alone rule).
///
/// Fill `units` first, in the order of the unit tree's indices, so that a `Value::Unit` *is* that index; a unit met later gets the next number.
#[derive(Debug, Clone, Default)]
pub struct Symbols {
    pub texts: Interner,
    pub units: Interner,
    lists: Vec<Arc<[u32]>>,
    list_index: FxHashMap<Arc<[u32]>, u32>,
}

impl Symbols {
    /// A table whose first units are `units`, in this order.
    pub fn with_units<'a>(units: impl IntoIterator<Item = &'a str>) -> Self {
        let mut symbols = Self::default();
        for unit in units {
            symbols.units.intern(unit);
        }
        symbols
    }
    pub fn intern_list(&mut self, items: &[u32]) -> u32 {
        if let Some(&id) = self.list_index.get(items) {
            return id;
        }
        let Ok(id) = u32::try_from(self.lists.len()) else { return OTHER };
        let shared: Arc<[u32]> = items.into();
        self.lists.push(Arc::clone(&shared));
        self.list_index.insert(shared, id);
        id
    }
    #[must_use]
    pub fn list(&self, id: u32) -> &[u32] {
        self.lists.get(id as usize).map_or(&[], |l| l)
    }
    /// Estimated heap use in bytes.
    #[must_use]
    pub fn heap_bytes(&self) -> usize {
        let lists: usize = self.lists.iter().map(|l| l.len() * 4 + 16).sum();
        self.texts.heap_bytes() + self.units.heap_bytes() + lists + self.lists.capacity() * 16 + self.list_index.capacity() * 25
    }
}

/// The kept slots of one record, in the order of the [`Layout`](super::Layout) that read them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Slots(pub Vec<Value>);

impl std::ops::Deref for Slots {
    type Target = [Value];
    fn deref(&self) -> &[Value] {
        &self.0
    }
}
