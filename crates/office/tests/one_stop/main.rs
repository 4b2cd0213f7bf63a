//! The one-stop desk, on both databases: what is done at it, and what it refuses.

#[path = "../common/mod.rs"]
mod common;

mod citizens;
mod complaints;
mod counter;
mod deadlines;
mod delivery;
mod elsewhere;
mod inbox;
mod kit;
mod papers;
mod turn_back;
mod whole_way;
