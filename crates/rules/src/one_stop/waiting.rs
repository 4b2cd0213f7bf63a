//! What will be late.
