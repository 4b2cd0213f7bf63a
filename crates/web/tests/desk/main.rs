//! The officer's desk: receiving with the keyboard's means alone, acts with the law's answers, papers, lists.

mod acts;
mod coming_back;
#[path = "../common/mod.rs"]
mod common;
mod elsewhere;
mod kit;
mod overview;
mod papers;
mod receiving;
