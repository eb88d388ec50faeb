//! Rule files: model, loading, checking; patterns compiled and matched.

pub mod analysis;
pub mod compare;
pub mod generic;
pub mod load;
pub mod model;
pub mod regex;
pub mod yaml;
