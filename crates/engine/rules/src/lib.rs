//! Rule files: model, loading, checking; patterns compiled and matched.

pub mod model;
