//! Where repositories may lie, and where the git program is.

use std::path::PathBuf;

rampart_kernel::settings! {
    /// Where repositories may lie, and where the git program is.
    pub struct ForgeSettings {
        /// Folders of this machine below which repositories may be connected, with commas between; none when empty.
        local_roots: Vec<PathBuf> = "" from "LOCAL_GIT_ROOTS",
        /// Where the programs that this one starts are looked for, such as git.
        programs: String = "/usr/local/bin:/usr/bin:/bin" from "PATH",
    }
}
