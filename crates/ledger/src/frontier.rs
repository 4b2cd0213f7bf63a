//! The right edge of a Merkle tree: all that is needed to append to it and to know its root.

use crate::hash::{Hash, node_hash};

/// A tree reduced to its size and the roots of its complete subtrees, largest first (a *compact range* from leaf 0).
///
/// There is one root for each one-bit of `size`: never more than 64. Appending costs one hash on average.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Frontier {
    size: u64,
    roots: Vec<Hash>,
}

/// Stored bytes that are not a frontier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum FrontierError {
    /// Shorter than its size field.
    #[error("the stored frontier has {0} bytes; at least 8 are needed")]
    Short(usize),
    /// The number of hashes does not follow from the size.
    #[error("the stored frontier of {size} leaves has {found} bytes, not {expected}")]
    Length { size: u64, expected: usize, found: usize },
}

impl Frontier {
    /// The tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Roots of the complete subtrees, largest first.
    pub fn roots(&self) -> &[Hash] {
        &self.roots
    }

    /// Adds one leaf, given as [`leaf_hash`](crate::leaf_hash) made it.
    pub fn append(&mut self, leaf: Hash) {
        self.append_with(leaf, |_, _| {});
    }

    /// Adds one leaf and reports every complete subtree that this leaf closes: `(height, root)`, height ≥ 1, upwards.
    pub(crate) fn append_with(&mut self, leaf: Hash, mut closed: impl FnMut(u32, &Hash)) {
        let mut hash = leaf;
        // Each trailing one-bit of the old size is a complete subtree of the same height waiting for its right sibling.
        for height in 0..self.size.trailing_ones() {
            let Some(left) = self.roots.pop() else { break };
            hash = node_hash(&left, &hash);
            closed(height + 1, &hash);
        }
        self.roots.push(hash);
        self.size += 1;
    }

    /// Root of the tree (RFC 6962 §2.1): the subtrees joined from the right. [`Hash::EMPTY_ROOT`] without leaves.
    pub fn root(&self) -> Hash {
        let mut roots = self.roots.iter().rev();
        let Some(first) = roots.next() else { return Hash::EMPTY_ROOT };
        roots.fold(*first, |right, left| node_hash(left, &right))
    }

    /// `size` as 8 big-endian bytes, then the roots, 32 bytes each.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(8 + self.roots.len() * Hash::LEN);
        bytes.extend_from_slice(&self.size.to_be_bytes());
        for root in &self.roots {
            bytes.extend_from_slice(&root.0);
        }
        bytes
    }

    /// Reads what [`Frontier::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, FrontierError> {
        let (size, rest) = bytes.split_first_chunk::<8>().ok_or(FrontierError::Short(bytes.len()))?;
        let size = u64::from_be_bytes(*size);
        let expected = size.count_ones() as usize * Hash::LEN;
        if rest.len() != expected {
            return Err(FrontierError::Length { size, expected: expected + 8, found: bytes.len() });
        }
        let (roots, _) = rest.as_chunks::<{ Hash::LEN }>();
        Ok(Self { size, roots: roots.iter().map(|bytes| Hash(*bytes)).collect() })
    }

    /// A frontier from its parts; the caller has one root per one-bit of `size`, largest first.
    pub(crate) fn from_parts(size: u64, roots: Vec<Hash>) -> Self {
        debug_assert_eq!(roots.len(), size.count_ones() as usize);
        Self { size, roots }
    }
}
