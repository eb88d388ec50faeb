//! What is known of the targets before the rules are compiled: their languages and, where they are few and small, their texts.

use std::sync::Arc;

use rampart_syntax::Lang;

use crate::Content;
use crate::file::read;
use crate::read::decode;
use crate::run::Numbered;

/// With more files than this, nearly all rules are wanted by one of them.
const MAX_FILES: usize = 16;

/// Looking for thousands of words in texts of this size takes a few milliseconds; compiling all rules takes ten times as long.
const MAX_BYTES: u64 = 64 << 10;

/// Languages and texts of the targets.
pub struct Preview {
    pub langs: Vec<Lang>,
    /// `None` when there are more than are worth looking at first.
    pub texts: Option<Vec<String>>,
}

impl Preview {
    /// Looks at the targets. What is read here is what will be scanned, whatever happens to the files in between.
    pub fn of(files: &mut [Numbered], max_file_bytes: u64) -> Preview {
        let mut langs: Vec<Lang> = files.iter().filter_map(|(_, target)| target.lang).collect();
        langs.sort_unstable();
        langs.dedup();
        Preview { langs, texts: texts(files, max_file_bytes) }
    }
}

fn texts(files: &mut [Numbered], max_file_bytes: u64) -> Option<Vec<String>> {
    if files.len() > MAX_FILES {
        return None;
    }
    let mut size = 0;
    for (_, target) in files.iter() {
        size += match &target.source {
            Content::Bytes(bytes) => bytes.len() as u64,
            Content::File(path) => std::fs::metadata(path).ok().filter(std::fs::Metadata::is_file)?.len(),
        };
    }
    if size > MAX_BYTES {
        return None;
    }
    let mut texts = Vec::with_capacity(files.len());
    for (_, target) in files {
        // What cannot be read says so when it is scanned.
        let bytes: Arc<[u8]> = read(target, max_file_bytes.min(MAX_BYTES)).ok()?.into();
        target.source = Content::Bytes(bytes.clone());
        // A file that is refused here is refused there too.
        texts.extend(decode(bytes.to_vec()).map(|decoded| decoded.text));
    }
    Some(texts)
}
