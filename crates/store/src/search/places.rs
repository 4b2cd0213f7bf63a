//! Sets of places in a segment, in memory and as they are stored.

use crate::error::{Error, Result};

/// Records of a segment at most: a place fits two bytes, and a full set four kilobytes.
pub(super) const SEGMENT: usize = 32_768;
const WORDS: usize = SEGMENT / 64;
/// Stored first byte: a list of places, two bytes each, rising.
const LIST: u8 = 0;
/// Stored first byte: one bit for each place.
const BITS: u8 = 1;

/// A set of places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Places(Box<[u64; WORDS]>);

impl Default for Places {
    fn default() -> Self {
        Self(Box::new([0; WORDS]))
    }
}

/// Places that rise, as they are stored: whichever form is shorter.
pub(super) fn encode(places: &[u16]) -> Vec<u8> {
    if places.len() * 2 < SEGMENT / 8 {
        let mut out = Vec::with_capacity(1 + places.len() * 2);
        out.push(LIST);
        out.extend(places.iter().flat_map(|p| p.to_le_bytes()));
        return out;
    }
    let mut out = vec![0; 1 + SEGMENT / 8];
    out[0] = BITS;
    for p in places {
        if let Some(byte) = out.get_mut(1 + usize::from(*p) / 8) {
            *byte |= 1 << (p % 8);
        }
    }
    out
}

impl Places {
    /// Adds a stored set.
    pub fn add(&mut self, stored: &[u8]) -> Result<()> {
        match stored.split_first() {
            Some((&LIST, list)) => {
                for p in list.as_chunks::<2>().0 {
                    let at = usize::from(u16::from_le_bytes(*p));
                    let word = self.0.get_mut(at / 64).ok_or_else(|| Error::Corrupt("a place outside its segment".into()))?;
                    *word |= 1 << (at % 64);
                }
            }
            Some((&BITS, bits)) if bits.len() == SEGMENT / 8 => {
                for (word, bytes) in self.0.iter_mut().zip(bits.as_chunks::<8>().0) {
                    *word |= u64::from_le_bytes(*bytes);
                }
            }
            _ => return Err(Error::Corrupt("a set of places that cannot be read".into())),
        }
        Ok(())
    }

    /// Keeps what is in both.
    pub fn keep(&mut self, other: &Self) {
        for (word, o) in self.0.iter_mut().zip(other.0.iter()) {
            *word &= o;
        }
    }

    /// The highest place below `end`.
    pub fn last_below(&self, end: usize) -> Option<usize> {
        let end = end.min(SEGMENT);
        let (mut at, rest) = (end / 64, end % 64);
        let mut word = if rest == 0 { 0 } else { self.0.get(at)? & ((1 << rest) - 1) };
        loop {
            if word != 0 {
                return Some(at * 64 + 63 - word.leading_zeros() as usize);
            }
            at = at.checked_sub(1)?;
            word = *self.0.get(at)?;
        }
    }

    /// The lowest place from `start` on.
    pub fn first_from(&self, start: usize) -> Option<usize> {
        let mut at = start / 64;
        let mut word = self.0.get(at)? & (u64::MAX << (start % 64));
        loop {
            if word != 0 {
                return Some(at * 64 + word.trailing_zeros() as usize);
            }
            at += 1;
            word = *self.0.get(at)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(places: &[u16]) -> Places {
        let mut out = Places::default();
        out.add(&encode(places)).unwrap();
        out
    }

    #[test]
    fn both_forms_hold_the_same_set_and_are_walked_both_ways() {
        let all: Vec<u16> = (0..32_768).collect();
        for step in [1, 7, 64, 1000, 16_000] {
            let places: Vec<u16> = all.iter().copied().step_by(step).collect();
            let set = read(&places);
            let (mut up, mut from) = (Vec::new(), 0);
            while let Some(p) = set.first_from(from) {
                up.push(p as u16);
                from = p + 1;
            }
            assert_eq!(up, places);
            let (mut down, mut end) = (Vec::new(), SEGMENT);
            while let Some(p) = set.last_below(end) {
                down.push(p as u16);
                end = p;
            }
            down.reverse();
            assert_eq!(down, places);
        }
        let mut both = read(&[1, 5, 900]);
        both.keep(&read(&(0..20_000).step_by(5).map(|n| n as u16).collect::<Vec<_>>()));
        assert_eq!(both, read(&[5, 900]));
        assert_eq!(Places::default().first_from(0), None);
    }

    #[test]
    fn damage_is_told() {
        let mut set = Places::default();
        assert!(set.add(&[]).is_err() && set.add(&[BITS, 1]).is_err() && set.add(&[9]).is_err() && set.add(&[LIST, 255, 255]).is_err());
    }
}
