//! Tiles: the tree cut into rows of 256 hashes (C2SP tlog-tiles), so that any proof is made from a few immutable pieces.

use crate::{
    frontier::Frontier,
    hash::{Hash, node_hash},
};
use std::{fmt, str::FromStr};

/// Hashes in a full tile.
pub const TILE_WIDTH: usize = 256;
/// Tree levels that one tile spans: 2⁸ = 256.
pub(crate) const TILE_HEIGHT: u32 = 8;
/// The highest tile level a tree of 2⁶⁴ leaves can have.
const MAX_LEVEL: u8 = 7;

/// Address of a tile. Hash `i` of tile `idx` at `level` is the root of the leaves
/// `(idx·256 + i)·256^level .. (idx·256 + i + 1)·256^level`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TileId {
    /// 0 for the tiles of leaf hashes, at most 7.
    pub level: u8,
    /// Position within the level, from 0.
    pub idx: u64,
}

/// A tile and its contents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// Where it belongs.
    pub id: TileId,
    /// 1 to 256 hashes of 32 bytes, one after the other.
    pub hashes: Vec<u8>,
}

/// Tiles that do not fit the tree they are said to belong to.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TileError {
    /// A tile that the tree's size demands is not there.
    #[error("tile {0} is missing")]
    Missing(TileId),
    /// A tile holds too few hashes for the tree's size.
    #[error("tile {tile} has {found} bytes; a tree of this size needs at least {needed}")]
    Short { tile: TileId, needed: usize, found: usize },
    /// The last tile of a level holds more hashes than the tree's size says.
    #[error("tile {tile} has {found} bytes; the stored right edge covers {needed} of them")]
    Long { tile: TileId, needed: usize, found: usize },
    /// A tile's length is not a whole number of hashes, or more than 256 of them.
    #[error("tile {tile} has {found} bytes, which is not 1 to 256 hashes of 32 bytes")]
    Shape { tile: TileId, found: usize },
    /// The tiles say another tree than the stored right edge.
    #[error("the tiles of {size} leaves give root {tiles}, the stored right edge gives {frontier}")]
    FrontierMismatch { size: u64, tiles: Hash, frontier: Hash },
}

/// A path that names no tile.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not a tile path: {0:?}")]
pub struct TilePathError(String);

impl TileId {
    /// The tile's public path below a log's address, `tile/<L>/<N>[.p/<W>]`; `width` is its number of hashes, 1 to 256.
    pub fn path(&self, width: usize) -> String {
        let mut path = format!("{:03}", self.idx % 1000);
        let mut rest = self.idx / 1000;
        while rest > 0 {
            path = format!("x{:03}/{path}", rest % 1000);
            rest /= 1000;
        }
        match width {
            TILE_WIDTH.. => format!("tile/{}/{path}", self.level),
            _ => format!("tile/{}/{path}.p/{width}", self.level),
        }
    }

    /// Reads a path as [`TileId::path`] writes it: the tile and its width (256 when the path names none).
    pub fn from_path(path: &str) -> Result<(Self, usize), TilePathError> {
        Self::read_path(path).ok_or_else(|| TilePathError(path.chars().take(120).collect()))
    }

    fn read_path(path: &str) -> Option<(Self, usize)> {
        let (level, rest) = path.strip_prefix("tile/")?.split_once('/')?;
        let level = canonical::<u8>(level).filter(|level| *level <= MAX_LEVEL)?;
        let (index, width) = match rest.split_once(".p/") {
            Some((index, width)) => (index, canonical::<usize>(width).filter(|width| (1..TILE_WIDTH).contains(width))?),
            None => (rest, TILE_WIDTH),
        };
        let mut idx = 0u64;
        let mut parts = index.split('/').peekable();
        let mut first = true;
        while let Some(part) = parts.next() {
            let digits = if parts.peek().is_some() { part.strip_prefix('x')? } else { part };
            if digits.len() != 3 || !digits.bytes().all(|b| b.is_ascii_digit()) || (first && part == "x000") {
                return None;
            }
            first = false;
            idx = idx.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        Some((Self { level, idx }, width))
    }
}

/// A decimal number without sign or leading zeros.
fn canonical<T: FromStr + fmt::Display>(text: &str) -> Option<T> {
    let number = text.parse::<T>().ok()?;
    (number.to_string() == text).then_some(number)
}

impl fmt::Display for TileId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.level, self.idx)
    }
}

/// A complete subtree: the leaves `index·2^height .. (index+1)·2^height`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Node {
    pub height: u32,
    pub index: u64,
}

impl Node {
    /// The tile that tells this node, and the run of its hashes that lie under it: `(tile, first, count)`.
    pub fn place(self) -> (TileId, usize, usize) {
        let (level, rest) = (self.height / TILE_HEIGHT, self.height % TILE_HEIGHT);
        let first = self.index << rest;
        let tile = TileId { level: level as u8, idx: first / TILE_WIDTH as u64 };
        (tile, (first % TILE_WIDTH as u64) as usize, 1 << rest)
    }

    /// The node's hash, from the bytes of the tile that [`Node::place`] names.
    pub fn hash_in(self, bytes: &[u8]) -> Result<Hash, TileError> {
        let (tile, first, count) = self.place();
        check_shape(tile, bytes)?;
        let needed = (first + count) * Hash::LEN;
        let run = bytes.get(first * Hash::LEN..needed).ok_or(TileError::Short { tile, needed, found: bytes.len() })?;
        let (hashes, _) = run.as_chunks::<{ Hash::LEN }>();
        let mut row: Vec<Hash> = hashes.iter().map(|bytes| Hash(*bytes)).collect();
        while row.len() > 1 {
            row = row.chunks_exact(2).map(|pair| node_hash(&pair[0], &pair[1])).collect();
        }
        row.first().copied().ok_or(TileError::Short { tile, needed, found: bytes.len() })
    }
}

fn check_shape(tile: TileId, bytes: &[u8]) -> Result<(), TileError> {
    if bytes.is_empty() || !bytes.len().is_multiple_of(Hash::LEN) || bytes.len() > TILE_WIDTH * Hash::LEN {
        return Err(TileError::Shape { tile, found: bytes.len() });
    }
    Ok(())
}

/// Complete subtrees of a tree of `size` leaves, largest first: what a [`Frontier`] holds.
pub(crate) fn frontier_nodes(size: u64) -> impl Iterator<Item = Node> {
    (0..u64::BITS).rev().filter(move |height| size >> height & 1 == 1).map(move |height| Node { height, index: (size >> height) - 1 })
}

/// The last tile of each level of a tree of `size` leaves, with the number of hashes it holds (0 where the level ends full).
fn edge_widths(size: u64) -> impl Iterator<Item = (TileId, usize)> {
    (0..=MAX_LEVEL).map_while(move |level| {
        let row = size >> (u32::from(level) * TILE_HEIGHT);
        (row > 0).then_some((TileId { level, idx: row / TILE_WIDTH as u64 }, (row % TILE_WIDTH as u64) as usize))
    })
}

/// Appends leaves to a tiled tree: holds the right edge and the unfinished tiles, gives back the tiles that changed.
///
/// One writer is kept in memory per tenant; after a restart [`TileWriter::resume`] brings it back from what was stored.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TileWriter {
    frontier: Frontier,
    /// The unfinished tile of each level, from level 0; empty where the level's last tile is full.
    edge: Vec<Vec<u8>>,
}

impl TileWriter {
    /// A writer for the tree without leaves.
    pub fn new() -> Self {
        Self::default()
    }

    /// The tiles that [`TileWriter::resume`] asks for: the unfinished ones of a tree of `size` leaves, level 0 first.
    pub fn edge_tiles(size: u64) -> Vec<TileId> {
        edge_widths(size).filter(|(_, width)| *width > 0).map(|(id, _)| id).collect()
    }

    /// Takes up a stored tree: its right edge, and the tiles named by [`TileWriter::edge_tiles`].
    ///
    /// # Errors
    /// A tile is missing or has not exactly the hashes that the size demands, or the tiles contradict the right edge.
    pub fn resume<'a>(frontier: Frontier, mut tile: impl FnMut(TileId) -> Option<&'a [u8]>) -> Result<Self, TileError> {
        let size = frontier.size();
        let mut edge = Vec::new();
        for (id, width) in edge_widths(size) {
            if width == 0 {
                edge.push(Vec::new());
                continue;
            }
            let bytes = tile(id).ok_or(TileError::Missing(id))?;
            let (needed, found) = (width * Hash::LEN, bytes.len());
            if found < needed {
                return Err(TileError::Short { tile: id, needed, found });
            }
            // More than the size allows was never committed with this right edge: something was half restored.
            if found > needed {
                return Err(TileError::Long { tile: id, needed, found });
            }
            edge.push(bytes.to_vec());
        }
        let roots = frontier_nodes(size)
            .map(|node| {
                let (id, ..) = node.place();
                node.hash_in(tile(id).ok_or(TileError::Missing(id))?)
            })
            .collect::<Result<Vec<_>, _>>()?;
        let from_tiles = Frontier::from_parts(size, roots);
        if from_tiles != frontier {
            return Err(TileError::FrontierMismatch { size, tiles: from_tiles.root(), frontier: frontier.root() });
        }
        Ok(Self { frontier, edge })
    }

    /// Number of leaves.
    pub fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// Root of the tree.
    pub fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// The right edge, to be stored with the tiles.
    pub fn frontier(&self) -> &Frontier {
        &self.frontier
    }

    /// Appends leaves and returns every tile that is new or longer than before, by level, then index, each once with its
    /// contents after the last leaf. To be stored in the same transaction as the entries and the frontier.
    pub fn append(&mut self, leaves: &[Hash]) -> Vec<Tile> {
        let before = self.frontier.size();
        let mut changed = Vec::new();
        for leaf in leaves {
            let at = self.frontier.size();
            let edge = &mut self.edge;
            push(edge, &mut changed, 0, at, leaf);
            self.frontier.append_with(*leaf, |height, hash| {
                if height.is_multiple_of(TILE_HEIGHT) {
                    push(edge, &mut changed, (height / TILE_HEIGHT) as u8, at >> height, hash);
                }
            });
        }
        // Unfinished tiles are copied once, after the batch, not at every leaf.
        let after = self.frontier.size();
        for (level, bytes) in (0u8..).zip(&self.edge).filter(|(_, bytes)| !bytes.is_empty()) {
            let shift = u32::from(level) * TILE_HEIGHT;
            if before >> shift != after >> shift {
                let idx = (after >> shift) / TILE_WIDTH as u64;
                changed.push(Tile { id: TileId { level, idx }, hashes: bytes.clone() });
            }
        }
        changed.sort_unstable_by_key(|tile| tile.id);
        changed
    }
}

/// Puts a hash at position `at` of a level; a tile that becomes full moves from `edge` to `full`.
fn push(edge: &mut Vec<Vec<u8>>, full: &mut Vec<Tile>, level: u8, at: u64, hash: &Hash) {
    let depth = usize::from(level);
    if edge.len() <= depth {
        edge.resize_with(depth + 1, Vec::new);
    }
    let tile = &mut edge[depth];
    tile.extend_from_slice(&hash.0);
    if tile.len() == TILE_WIDTH * Hash::LEN {
        full.push(Tile { id: TileId { level, idx: at / TILE_WIDTH as u64 }, hashes: std::mem::take(tile) });
    }
}
