//! The program as its users run it: the command line, bad input, death at any moment, and what it asks the databases.

mod bad_input;
mod cli;
mod common;
mod export;
mod indicator_sql;
mod kill;
mod payment;
