//! Records whose contribution will change by time alone, each with the slots to evaluate it again.

use std::{
    cmp::Reverse,
    collections::{BinaryHeap, hash_map::Entry},
};

use rules::schema::Slots;
use rustc_hash::{FxHashMap, FxHashSet};

/// Register number and record id.
pub type RecordKey = (u32, u128);

#[derive(Debug)]
pub struct Waiting {
    pub at: i64,
    pub slots: Slots,
}

/// A queue by instant. The heap may hold outdated entries; only those that agree with the map count.
#[derive(Debug, Default)]
pub struct DueQueue {
    waiting: FxHashMap<RecordKey, Waiting>,
    heap: BinaryHeap<Reverse<(i64, RecordKey)>>,
    /// Records whose row must be stored anew (or removed).
    changed: FxHashSet<RecordKey>,
    slots: usize,
}

impl DueQueue {
    pub fn get(&self, key: RecordKey) -> Option<&Waiting> {
        self.waiting.get(&key)
    }

    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    pub fn set(&mut self, key: RecordKey, at: i64, slots: &[rules::schema::Value]) {
        match self.waiting.entry(key) {
            Entry::Occupied(mut held) => {
                let held = held.get_mut();
                held.slots.0.clear();
                held.slots.0.extend_from_slice(slots);
                if held.at == at {
                    self.changed.insert(key);
                    return;
                }
                held.at = at;
            }
            Entry::Vacant(free) => {
                free.insert(Waiting { at, slots: Slots(slots.to_vec()) });
                self.slots += slots.len();
            }
        }
        self.changed.insert(key);
        self.heap.push(Reverse((at, key)));
        if self.heap.len() > 2 * self.waiting.len() + 1_024 {
            self.heap = self.waiting.iter().map(|(key, w)| Reverse((w.at, *key))).collect();
        }
    }

    pub fn remove(&mut self, key: RecordKey) {
        if let Some(gone) = self.waiting.remove(&key) {
            self.slots -= gone.slots.len();
            self.changed.insert(key);
        }
    }

    /// The next record due at `now` or before, taken out of the queue.
    pub fn pop(&mut self, now: i64) -> Option<(RecordKey, Slots)> {
        while let Some(Reverse((at, key))) = self.heap.peek().copied() {
            if at > now {
                return None;
            }
            self.heap.pop();
            if self.waiting.get(&key).is_some_and(|w| w.at == at)
                && let Some(waiting) = self.waiting.remove(&key)
            {
                self.slots -= waiting.slots.len();
                self.changed.insert(key);
                return Some((key, waiting.slots));
            }
        }
        None
    }

    /// The next instant at which something is due.
    pub fn next(&self) -> Option<i64> {
        // Outdated entries may stand at the top: they only make the caller look a little early.
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    pub fn load(&mut self, key: RecordKey, at: i64, slots: Slots) {
        self.slots += slots.len();
        self.heap.push(Reverse((at, key)));
        self.waiting.insert(key, Waiting { at, slots });
    }

    pub fn take_changed(&mut self) -> Vec<RecordKey> {
        self.changed.drain().collect()
    }

    pub fn mark(&mut self, key: RecordKey) {
        self.changed.insert(key);
    }

    pub fn heap_bytes(&self) -> usize {
        self.waiting.capacity() * (size_of::<(RecordKey, Waiting)>() + 1)
            + self.slots * size_of::<rules::schema::Value>()
            + self.heap.capacity() * size_of::<Reverse<(i64, RecordKey)>>()
            + self.changed.capacity() * (size_of::<RecordKey>() + 1)
    }
}
