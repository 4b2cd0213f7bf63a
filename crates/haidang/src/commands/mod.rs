pub mod admin;
pub mod bench;
pub mod demo;
pub mod figure;
pub mod import;
pub mod report;
pub mod serve;
