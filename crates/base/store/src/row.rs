//! A row, whichever database it came from.

use std::sync::Arc;

use rampart_kernel::{FromValue, Value};

use crate::{Error, Result};

/// Reads like `row.get("email")?`: the type decides how.
#[derive(Clone, Debug)]
pub struct Row {
    columns: Arc<[String]>,
    values: Vec<Value>,
}

impl Row {
    pub(crate) fn new(columns: Arc<[String]>, values: Vec<Value>) -> Row {
        Row { columns, values }
    }

    /// # Errors
    /// When there is no such column, or it holds something that is no `T`.
    pub fn get<T: FromValue>(&self, column: &str) -> Result<T> {
        let wrong = || Error::Column { column: column.to_owned() };
        let index = self.columns.iter().position(|name| name == column).ok_or_else(wrong)?;
        T::from_value(self.values[index].clone()).ok_or_else(wrong)
    }
}
