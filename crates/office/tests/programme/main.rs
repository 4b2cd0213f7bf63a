//! From directive to figure and back: what people do with targets, tasks and figures, on both databases.

#[path = "../common/mod.rs"]
mod common;

mod board;
mod figures;
mod kit;
mod packs;
mod targets;
mod tasks;
