//! Keyed hashes of the beginnings of words.

use hmac::{Hmac, KeyInit, Mac};
use rules::text;
use rustc_hash::FxHashMap;
use sha2::{Digest, Sha256, Sha512};

/// Beginnings of two to eight letters are hashed; of a longer word asked for, the first eight, and the record says the rest.
const LETTERS: usize = 8;

/// What a hash speaks of: the same word in clear, among personal data, or as a unit or state, never hashes alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Kind {
    Clear,
    Personal,
    Unit,
    State,
}

impl Kind {
    fn mark(self) -> u8 {
        match self {
            Self::Clear => b'c',
            Self::Personal => b'p',
            Self::Unit => b'u',
            Self::State => b's',
        }
    }
}

/// A tenant's key of the search index. It lies beside the database, not in it.
#[derive(Clone)]
pub struct SearchKey(Hmac<Sha256>);

impl SearchKey {
    /// A key from a secret of any length.
    #[must_use]
    pub fn new(secret: &[u8]) -> Self {
        Self(Hmac::new(&Sha512::digest(secret)))
    }

    fn hash(&self, parts: [&[u8]; 3]) -> [u8; 32] {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(part);
            mac.update(&[0]);
        }
        mac.finalize().into_bytes().into()
    }

    /// Tells keys apart without telling a key.
    pub(super) fn fingerprint(&self) -> [u8; 32] {
        self.hash([b"fingerprint", b"", b""])
    }

    pub(super) fn token(&self, register: &str, kind: Kind, text: &str) -> i64 {
        let hash = self.hash([register.as_bytes(), &[kind.mark()], text.as_bytes()]);
        let mut first = [0; 8];
        first.copy_from_slice(&hash[..8]);
        i64::from_le_bytes(first)
    }
}

/// The beginning by which a word asked for is looked up.
pub(super) fn wanted(word: &str) -> &str {
    word.char_indices().nth(LETTERS).map_or(word, |(end, _)| &word[..end])
}

/// The beginnings under which a word is listed.
fn beginnings(word: &str) -> impl Iterator<Item = &str> {
    let single = word.chars().nth(1).is_none().then_some(word);
    let ends = word.char_indices().map(|(i, c)| i + c.len_utf8()).take(LETTERS).skip(1);
    single.into_iter().chain(ends.map(|end| &word[..end]))
}

/// Hashes of the words of one register's records; words that came before are not hashed again.
pub(super) struct Tokens<'k> {
    key: &'k SearchKey,
    register: &'k str,
    known: FxHashMap<(Kind, String), Box<[i64]>>,
}

impl<'k> Tokens<'k> {
    pub fn new(key: &'k SearchKey, register: &'k str) -> Self {
        Self { key, register, known: FxHashMap::default() }
    }

    /// Every hash under which these texts are listed.
    pub fn of_texts<'t>(&mut self, kind: Kind, texts: impl IntoIterator<Item = &'t str>, mut each: impl FnMut(i64)) {
        let Self { key, register, known } = self;
        for t in texts {
            text::words(t, |word| {
                let place = (kind, word.to_owned());
                let list = known.entry(place).or_insert_with(|| beginnings(word).map(|b| key.token(register, kind, b)).collect());
                list.iter().copied().for_each(&mut each);
            });
        }
    }

    pub fn of_name(&mut self, kind: Kind, name: &str) -> i64 {
        let Self { key, register, known } = self;
        let list = known.entry((kind, name.to_owned())).or_insert_with(|| Box::new([key.token(register, kind, name)]));
        list.first().copied().unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_listed_under_what_may_be_asked_for() {
        let list = |w| beginnings(w).collect::<Vec<_>>();
        assert_eq!(list("lan"), ["la", "lan"]);
        assert_eq!(list("y"), ["y"]);
        assert_eq!(list("đđ"), ["đđ"]);
        assert_eq!(list("077190001234"), ["07", "077", "0771", "07719", "077190", "0771900", "07719000"]);
        assert_eq!((wanted("077190001234"), wanted("lan")), ("07719000", "lan"));
    }

    #[test]
    fn hashes_tell_key_register_and_kind_apart() {
        let (a, b) = (SearchKey::new(b"a"), SearchKey::new(b"b"));
        let all = [
            a.token("dossier", Kind::Personal, "lan"),
            a.token("dossier", Kind::Clear, "lan"),
            a.token("draft", Kind::Personal, "lan"),
            b.token("dossier", Kind::Personal, "lan"),
        ];
        let different: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(different.len(), 4);
        assert_eq!(a.token("dossier", Kind::Personal, "lan"), all[0]);
    }
}
