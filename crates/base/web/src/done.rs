//! What is answered when there is nothing to tell.

use serde::Serialize;
use utoipa::ToSchema;

/// It was done, and there is nothing more to say.
#[derive(Serialize, ToSchema)]
pub struct Done {
    success: bool,
}

impl Done {
    #[expect(clippy::new_without_default, reason = "there is nothing by default about it")]
    pub fn new() -> Done {
        Done { success: true }
    }
}
