//! What the whole program keeps to, asked of its router.

mod matrix;
