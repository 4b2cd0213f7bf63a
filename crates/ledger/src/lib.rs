//! The ledger's mathematics: one RFC 6962 Merkle tree per tenant, its tiles, its proofs and its signed checkpoints.
//!
//! Nothing here reads a clock, a file or a database. The caller brings bytes and takes bytes away:
//!
//! - [`leaf_hash`], [`node_hash`], [`Hash`]: the hashing of RFC 6962 §2.1 with SHA-256;
//! - [`Frontier`]: the right edge of a tree, enough to append and to know the root;
//! - [`TileWriter`]: appends leaves and says which tiles of 256 hashes (C2SP tlog-tiles) changed;
//! - [`Plan`]: which tiles a proof needs, then the proof from those tiles (two steps, because reading them may be asynchronous);
//! - [`verify_inclusion`], [`verify_consistency`]: what a doubter runs, independent of how proofs are made;
//! - [`SigningKey`], [`VerifierKey`], [`open_note`]: C2SP signed notes with Ed25519;
//! - [`Checkpoint`], [`sign_checkpoint`], [`open_checkpoint`]: C2SP tlog-checkpoint.
//!
//! ```
//! use ledger::*;
//! use std::collections::HashMap;
//!
//! // Store: append a batch; upsert the tiles, and the frontier in the head row, in one transaction.
//! let entries = ["một", "hai", "ba"];
//! let leaves: Vec<Hash> = entries.iter().map(|entry| leaf_hash(entry.as_bytes())).collect();
//! let mut writer = TileWriter::new();
//! let tiles: HashMap<TileId, Vec<u8>> = writer.append(&leaves).into_iter().map(|tile| (tile.id, tile.hashes)).collect();
//! let head = writer.frontier().to_bytes();
//!
//! // After a restart: read the head row and the tiles it asks for.
//! let frontier = Frontier::from_bytes(&head)?;
//! assert_eq!(TileWriter::edge_tiles(frontier.size()), [TileId { level: 0, idx: 0 }]);
//! let resumed = TileWriter::resume(frontier, |id| tiles.get(&id).map(Vec::as_slice))?;
//!
//! // Prove entry 1 to somebody: which tiles, then the proof.
//! let plan = Plan::inclusion(1, resumed.size())?;
//! assert_eq!(plan.tiles(), [TileId { level: 0, idx: 0 }]);
//! let proof = plan.build_from(&tiles)?;
//! verify_inclusion(&leaf_hash(b"hai"), 1, resumed.size(), &proof, &resumed.root())?;
//!
//! // Publish the state under the log's name.
//! let key = SigningKey::from_seed("so-lieu.example/vung-tau", &[7; 32])?; // 32 bytes from the system's generator
//! let state = Checkpoint { origin: key.name().into(), size: resumed.size(), root: resumed.root(), extensions: Vec::new() };
//! let note = sign_checkpoint(&state, &key)?;
//! assert_eq!(open_log_checkpoint(&note, key.verifier(), &[])?.checkpoint, state);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod checkpoint;
mod frontier;
mod hash;
mod key;
mod note;
mod plan;
mod tile;
mod verify;

pub use checkpoint::{Checkpoint, CheckpointError, OpenedCheckpoint, open_checkpoint, open_log_checkpoint, sign_checkpoint};
pub use frontier::{Frontier, FrontierError};
pub use hash::{Hash, ParseHashError, leaf_hash, node_hash};
pub use key::{KeyError, SigningKey, VerifierKey};
pub use note::{MAX_NOTE_BYTES, MAX_SIGNATURES, NoteError, OpenedNote, SignatureLine, cosign_note, open_note, sign_note};
pub use plan::{Plan, PlanError, ReadError, TileSource, consistency_proof, inclusion_proof, root_from_tiles};
pub use tile::{TILE_WIDTH, Tile, TileError, TileId, TilePathError, TileWriter};
pub use verify::{ProofError, verify_consistency, verify_inclusion};
