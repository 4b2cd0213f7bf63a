//! Checking proofs, after RFC 9162 §2.1.3.2 and §2.1.4.2. Shares nothing with the making of proofs but the hash function,
//! so that a mistake in one is not hidden by the same mistake in the other.

use crate::hash::{Hash, node_hash};

/// Why a proof is refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProofError {
    /// The leaf is not in the tree.
    #[error("leaf {index} is outside a tree of {size} leaves")]
    IndexOutside { index: u64, size: u64 },
    /// The older tree is the larger one.
    #[error("a tree of {from} leaves cannot be the beginning of a tree of {to}")]
    SizesReversed { from: u64, to: u64 },
    /// The proof ends before the root is reached.
    #[error("the proof is too short: {found} hashes do not reach the root")]
    TooShort { found: usize },
    /// The proof goes on after the root is reached.
    #[error("the proof is too long: {found} hashes, the root is reached after {used}")]
    TooLong { used: usize, found: usize },
    /// The proof leads to another root: of the leaf's tree, or of the newer of two trees.
    #[error("the proof leads to root {computed}, not to {claimed}")]
    RootMismatch { computed: Hash, claimed: Hash },
    /// The proof leads to another root of the older tree.
    #[error("the proof leads to the older root {computed}, not to {claimed}")]
    OldRootMismatch { computed: Hash, claimed: Hash },
}

/// Checks that `leaf` (as [`leaf_hash`](crate::leaf_hash) made it) is leaf number `index` of the tree with this size and root.
pub fn verify_inclusion(leaf: &Hash, index: u64, size: u64, proof: &[Hash], root: &Hash) -> Result<(), ProofError> {
    if index >= size {
        return Err(ProofError::IndexOutside { index, size });
    }
    let mut climb = Climb::new(index, size - 1);
    let mut hash = *leaf;
    for (used, sibling) in proof.iter().enumerate() {
        hash = match climb.step(used, proof.len())? {
            Side::Left => node_hash(sibling, &hash),
            Side::Right => node_hash(&hash, sibling),
        };
    }
    climb.finished(proof.len())?;
    same_root(hash, root)
}

/// Checks that the tree `(from, from_root)` is the beginning of the tree `(to, to_root)`: nothing was changed or taken away.
pub fn verify_consistency(from: u64, from_root: &Hash, to: u64, to_root: &Hash, proof: &[Hash]) -> Result<(), ProofError> {
    if from > to {
        return Err(ProofError::SizesReversed { from, to });
    }
    if from == 0 || from == to {
        if !proof.is_empty() {
            return Err(ProofError::TooLong { used: 0, found: proof.len() });
        }
        // Every tree begins with the tree without leaves, which has one root only.
        return match from {
            0 if *from_root != Hash::EMPTY_ROOT => Err(ProofError::OldRootMismatch { computed: Hash::EMPTY_ROOT, claimed: *from_root }),
            0 if to > 0 => Ok(()),
            _ => same_root(*from_root, to_root),
        };
    }
    // A whole power of two is itself a subtree of the newer tree; its hash is known and not repeated in the proof.
    let (first, rest) = match (from.is_power_of_two(), proof.split_first()) {
        (true, _) => (*from_root, proof),
        (false, Some((first, rest))) => (*first, rest),
        (false, None) => return Err(ProofError::TooShort { found: 0 }),
    };
    let skipped = proof.len() - rest.len();
    let mut climb = Climb::new(from - 1, to - 1);
    climb.skip_right_turns();
    let (mut older, mut newer) = (first, first);
    for (used, sibling) in rest.iter().enumerate() {
        match climb.step(used + skipped, proof.len())? {
            Side::Left => {
                older = node_hash(sibling, &older);
                newer = node_hash(sibling, &newer);
            }
            Side::Right => newer = node_hash(&newer, sibling),
        }
    }
    climb.finished(proof.len())?;
    if older != *from_root {
        return Err(ProofError::OldRootMismatch { computed: older, claimed: *from_root });
    }
    same_root(newer, to_root)
}

fn same_root(computed: Hash, claimed: &Hash) -> Result<(), ProofError> {
    if computed == *claimed { Ok(()) } else { Err(ProofError::RootMismatch { computed, claimed: *claimed }) }
}

/// On which side of us the next sibling stands.
enum Side {
    Left,
    Right,
}

/// The way up from a leaf: its number and the last leaf's number (RFC 9162's *fn* and *sn*), shifted level by level.
struct Climb {
    at: u64,
    last: u64,
}

impl Climb {
    fn new(at: u64, last: u64) -> Self {
        Self { at, last }
    }

    fn up(&mut self) {
        self.at >>= 1;
        self.last >>= 1;
    }

    fn skip_right_turns(&mut self) {
        while self.at & 1 == 1 {
            self.up();
        }
    }

    fn step(&mut self, used: usize, found: usize) -> Result<Side, ProofError> {
        if self.last == 0 {
            return Err(ProofError::TooLong { used, found });
        }
        let side = if self.at & 1 == 1 || self.at == self.last {
            // The right edge has levels without a sibling: pass them.
            while self.at & 1 == 0 && self.at != 0 {
                self.up();
            }
            Side::Left
        } else {
            Side::Right
        };
        self.up();
        Ok(side)
    }

    fn finished(&self, found: usize) -> Result<(), ProofError> {
        if self.last == 0 { Ok(()) } else { Err(ProofError::TooShort { found }) }
    }
}
