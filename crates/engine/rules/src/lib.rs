//! Rule files: model, loading, checking; patterns compiled and matched.

pub mod engine;
pub mod load;
pub mod model;
pub mod yaml;
