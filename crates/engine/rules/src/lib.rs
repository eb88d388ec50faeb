//! Rule files: model, loading, checking; patterns compiled and matched.

pub mod load;
pub mod model;
pub mod yaml;

mod matcher;
mod pattern;
mod regex;
