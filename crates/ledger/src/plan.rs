//! Making proofs from tiles. A [`Plan`] first says which tiles it needs, then builds the proof from them: the reading in
//! between is the caller's and may be asynchronous.

use crate::{
    hash::{Hash, node_hash},
    tile::{Node, TileError, TileId, frontier_nodes},
};
use std::{collections::HashMap, ops::Range};

/// A question that no tree can answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// The leaf is not in the tree.
    #[error("leaf {index} is outside a tree of {size} leaves")]
    IndexOutside { index: u64, size: u64 },
    /// The older tree is the larger one.
    #[error("a tree of {from} leaves cannot be the beginning of a tree of {to}")]
    SizesReversed { from: u64, to: u64 },
}

/// Which subtrees a root or a proof is made of. Each becomes one hash.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// Leaf ranges, in the order of the proof. Each begins at a multiple of its length rounded up to a power of two.
    ranges: Vec<Range<u64>>,
}

impl Plan {
    /// The root of a tree of `size` leaves: [`Plan::build`] gives exactly one hash, or none for the tree without leaves
    /// (use [`Hash::EMPTY_ROOT`]).
    pub fn root(size: u64) -> Self {
        Self { ranges: (size > 0).then_some(0..size).into_iter().collect() }
    }

    /// RFC 6962 §2.1.1: the audit path of leaf `index` (from 0) in the tree of the first `size` leaves.
    pub fn inclusion(index: u64, size: u64) -> Result<Self, PlanError> {
        if index >= size {
            return Err(PlanError::IndexOutside { index, size });
        }
        let mut ranges = Vec::new();
        let (mut from, mut to) = (0, size);
        while to - from > 1 {
            let middle = from + split(to - from);
            if index < middle {
                ranges.push(middle..to);
                to = middle;
            } else {
                ranges.push(from..middle);
                from = middle;
            }
        }
        // Collected from the root down; a proof goes up.
        ranges.reverse();
        Ok(Self { ranges })
    }

    /// RFC 6962 §2.1.2: that the tree of `from` leaves is the beginning of the tree of `to` leaves. Empty when they are
    /// the same or the older one has no leaves.
    pub fn consistency(from: u64, to: u64) -> Result<Self, PlanError> {
        if from > to {
            return Err(PlanError::SizesReversed { from, to });
        }
        let mut ranges = Vec::new();
        if from > 0 && from < to {
            let (mut low, mut high) = (0, to);
            // SUBPROOF: narrow until the older tree's end falls on the range's end.
            while from < high {
                let middle = low + split(high - low);
                if from <= middle {
                    ranges.push(middle..high);
                    high = middle;
                } else {
                    ranges.push(low..middle);
                    low = middle;
                }
            }
            // The verifier knows the older root, so it is left out when the range is the whole older tree.
            if low > 0 {
                ranges.push(low..high);
            }
            ranges.reverse();
        }
        Ok(Self { ranges })
    }

    /// Number of hashes that [`Plan::build`] returns.
    pub fn len(&self) -> usize {
        self.ranges.len()
    }

    /// Whether nothing is needed.
    pub fn is_empty(&self) -> bool {
        self.ranges.is_empty()
    }

    /// The tiles to read, each once, by level, then index. A tile that has grown since serves as well: only the part that
    /// the tree's size covers is read.
    pub fn tiles(&self) -> Vec<TileId> {
        let mut tiles: Vec<TileId> = self.ranges.iter().flat_map(|range| nodes(range).map(|node| node.place().0)).collect();
        tiles.sort_unstable();
        tiles.dedup();
        tiles
    }

    /// The hashes of the root or proof, from the bytes of the tiles named by [`Plan::tiles`].
    ///
    /// # Errors
    /// A tile is missing, too short, or not a row of hashes.
    pub fn build<'a>(&self, mut tile: impl FnMut(TileId) -> Option<&'a [u8]>) -> Result<Vec<Hash>, TileError> {
        self.ranges.iter().map(|range| subtree(range, &mut tile)).collect()
    }

    /// [`Plan::build`] from a map of tiles.
    pub fn build_from(&self, tiles: &HashMap<TileId, Vec<u8>>) -> Result<Vec<Hash>, TileError> {
        self.build(|id| tiles.get(&id).map(Vec::as_slice))
    }
}

/// The largest power of two smaller than `len` (RFC 6962's *k*); `len` ≥ 2.
fn split(len: u64) -> u64 {
    1 << (len - 1).ilog2()
}

/// The complete subtrees of a range, left to right.
fn nodes(range: &Range<u64>) -> impl Iterator<Item = Node> {
    let start = range.start;
    frontier_nodes(range.end - start).map(move |node| Node { height: node.height, index: node.index + (start >> node.height) })
}

fn subtree<'a>(range: &Range<u64>, tile: &mut impl FnMut(TileId) -> Option<&'a [u8]>) -> Result<Hash, TileError> {
    let hashes = nodes(range)
        .map(|node| {
            let (id, ..) = node.place();
            node.hash_in(tile(id).ok_or(TileError::Missing(id))?)
        })
        .collect::<Result<Vec<_>, _>>()?;
    Ok(hashes.into_iter().rev().reduce(|right, left| node_hash(&left, &right)).unwrap_or(Hash::EMPTY_ROOT))
}

/// Somewhere to read tiles from without waiting: a map, a folder, a test.
pub trait TileSource {
    /// What reading may fail with.
    type Error;
    /// The bytes of a tile, or `None` where there is none.
    fn tile(&mut self, level: u8, idx: u64) -> Result<Option<Vec<u8>>, Self::Error>;
}

/// Why a proof could not be made from a [`TileSource`].
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ReadError<E> {
    /// The question makes no sense.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The tiles do not hold what they should.
    #[error(transparent)]
    Tile(#[from] TileError),
    /// The source failed.
    #[error("reading a tile failed: {0}")]
    Source(E),
}

fn read<S: TileSource>(source: &mut S, plan: &Plan) -> Result<Vec<Hash>, ReadError<S::Error>> {
    let mut tiles = HashMap::new();
    for id in plan.tiles() {
        if let Some(bytes) = source.tile(id.level, id.idx).map_err(ReadError::Source)? {
            tiles.insert(id, bytes);
        }
    }
    Ok(plan.build_from(&tiles)?)
}

/// Root of the tree of the first `size` leaves.
pub fn root_from_tiles<S: TileSource>(source: &mut S, size: u64) -> Result<Hash, ReadError<S::Error>> {
    Ok(read(source, &Plan::root(size))?.first().copied().unwrap_or(Hash::EMPTY_ROOT))
}

/// Audit path of leaf `index` in the tree of the first `size` leaves.
pub fn inclusion_proof<S: TileSource>(source: &mut S, index: u64, size: u64) -> Result<Vec<Hash>, ReadError<S::Error>> {
    read(source, &Plan::inclusion(index, size)?)
}

/// Proof that the first `from` leaves are the beginning of the first `to` leaves.
pub fn consistency_proof<S: TileSource>(source: &mut S, from: u64, to: u64) -> Result<Vec<Hash>, ReadError<S::Error>> {
    read(source, &Plan::consistency(from, to)?)
}
