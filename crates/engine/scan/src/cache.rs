//! What files were found to hold, kept from scan to scan: a file that has not changed is neither parsed nor matched again.
//!
//! An entry is a file of the cache folder, named by a hash of all that its content depends on: the program, the rules and options, the
//! settings of the project where rules ask for them, the path and bytes of the scanned file. So entries are never wrong, only unused.
//! Searches through all files are named by their rules alone, and each stands in the place of the one before: what it went by stands in
//! it, and is compared. Entries may be written by several scans at once, and the folder may be emptied at any time. Whoever can write to the folder can make a
//! scan blind: it belongs to the one who scans.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use rampart_rules::{FileFlow, Settings};
use serde::{Deserialize, Serialize};

use crate::file::Scanned;
use crate::follow::Flows;
use crate::{Loaded, Options, Part, RuleFile, Target, settings};

/// Entries that were not used for so long are removed.
const MAX_AGE: Duration = Duration::from_secs(30 * 24 * 3_600);

/// When the entries hold more bytes than this together, those that were not used for longest are removed.
const MAX_BYTES: u64 = 4 << 30;

/// The folder is tidied so often, and entries are marked as used no more often.
const TIDY_EVERY: Duration = Duration::from_secs(24 * 3_600);

/// Larger entries are not read, in bytes: no file that is scanned makes one.
const MAX_ENTRY: u64 = 256 << 20;

/// The name of the file that is touched when the folder is tidied.
const TIDIED: &str = "tidied";

/// Name of an entry.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Key(pub [u8; 32]);

/// The results of other scans with the same program, rules and options.
pub struct Cache {
    folder: PathBuf,
    stem: blake3::Hasher,
}

/// What a file adds to the data flow of the project, by the key that stands for its content.
///
/// It is packed until all files are read: what is made for long would lie scattered among what is made for a moment, and hold on to its
/// memory.
pub struct Kept {
    pub key: Option<Key>,
    flow: Vec<u8>,
}

impl Kept {
    /// `None` for what cannot be written down, of which there is nothing.
    pub fn new(key: Option<Key>, mut flow: FileFlow) -> Option<Kept> {
        if key.is_some() {
            flow.digest();
        }
        Some(Kept { key, flow: postcard::to_stdvec(&flow).ok()? })
    }

    /// `None` when an entry of the cache is damaged.
    pub fn unpack(self) -> Option<FileFlow> {
        let mut flow: FileFlow = postcard::from_bytes(&self.flow).ok()?;
        flow.graph.shrink();
        Some(flow)
    }
}

/// The beginning of an entry of a file: reports are read and written as JSON, which leaves out what is empty. What the file adds to the
/// data flow comes after it.
#[derive(Serialize, Deserialize)]
struct Head {
    scanned: String,
    has_flow: bool,
}

impl Cache {
    /// The cache of this program and these rules, if the options name a folder.
    pub fn of(rules: &[RuleFile], loaded: &Loaded, settings: &Settings, options: &Options) -> Option<Cache> {
        let folder = options.cache.clone()?;
        let mut stem = blake3::Hasher::new();
        let mut add = |bytes: &[u8]| {
            stem.update(&(bytes.len() as u64).to_le_bytes());
            stem.update(bytes);
        };
        add(&program());
        for file in rules {
            add(file.name.as_bytes());
            add(file.text.as_bytes());
        }
        // Which of them are compiled depends on the languages of the files; facts name rules by number.
        for rule in loaded.set.rules() {
            add(rule.id.as_bytes());
        }
        add(settings::digest(settings).as_bytes());
        let shape = (options.file_time, options.max_file_bytes, options.dataflow);
        add(&serde_json::to_vec(&shape).unwrap_or_default());
        Some(Cache { folder, stem })
    }

    pub fn key(&self, target: &Target, bytes: &[u8]) -> Key {
        let mut hasher = self.stem.clone();
        let head = (&target.path, target.lang, target.any_form, target.part as u8);
        hasher.update(&serde_json::to_vec(&head).unwrap_or_default());
        hasher.update(bytes);
        Key(*hasher.finalize().as_bytes())
    }

    /// The key of what follows from several files together, in their order, and from texts beside them.
    pub fn key_of_all(&self, files: &[Key], beside: &[(String, String)]) -> Key {
        let mut hasher = self.stem.clone();
        for key in files {
            hasher.update(&key.0);
        }
        hasher.update(&serde_json::to_vec(beside).unwrap_or_default());
        Key(*hasher.finalize().as_bytes())
    }

    pub fn file(&self, key: Key) -> Option<(Scanned, Option<Kept>)> {
        let mut entry = self.read(key)?;
        let (Head { scanned, has_flow }, rest) = postcard::take_from_bytes(&entry).ok()?;
        let flow_at = entry.len() - rest.len();
        let scanned = serde_json::from_str(&scanned).ok()?;
        entry.drain(..flow_at);
        Some((scanned, has_flow.then_some(Kept { key: Some(key), flow: entry })))
    }

    pub fn keep_file(&self, key: Key, scanned: &Scanned, kept: Option<&Kept>) {
        let Ok(scanned) = serde_json::to_string(scanned) else { return };
        let Ok(mut entry) = postcard::to_stdvec(&Head { scanned, has_flow: kept.is_some() }) else { return };
        entry.extend_from_slice(kept.map_or(&[], |kept| &kept.flow));
        self.write(key, entry);
    }

    /// What followed from all files together: places of files in `Flows` count the files of the key.
    pub fn flows(&self, key: Key) -> Option<Flows> {
        serde_json::from_slice(&self.read(key)?).ok()
    }

    /// The search of that name, before or after a change. Whether it still holds shows in what it says of the files.
    pub fn search(&self, name: &[u8], part: Part) -> Option<Vec<u8>> {
        self.read(self.key_of_search(name, part))
    }

    pub fn keep_search(&self, name: &[u8], part: Part, search: Vec<u8>) {
        self.write(self.key_of_search(name, part), search);
    }

    fn key_of_search(&self, name: &[u8], part: Part) -> Key {
        let mut hasher = self.stem.clone();
        hasher.update(b"search").update(&[part as u8]).update(name);
        Key(*hasher.finalize().as_bytes())
    }

    pub fn keep_flows(&self, key: Key, flows: &Flows) {
        if let Ok(text) = serde_json::to_vec(flows) {
            self.write(key, text);
        }
    }

    fn path(&self, key: Key) -> PathBuf {
        let name = blake3::Hash::from_bytes(key.0).to_hex();
        self.folder.join(&name[..2]).join(&name[2..])
    }

    fn read(&self, key: Key) -> Option<Vec<u8>> {
        let file = File::open(self.path(key)).ok()?;
        let meta = file.metadata().ok().filter(|meta| meta.is_file() && meta.len() <= MAX_ENTRY)?;
        let mut bytes = Vec::with_capacity(meta.len() as usize);
        io::Read::read_to_end(&mut &file, &mut bytes).ok()?;
        // An entry ends in a hash of what it holds: a disk that was full leaves halves.
        let (content, check) = bytes.split_last_chunk::<32>()?;
        if blake3::hash(content).as_bytes() != check {
            return None;
        }
        bytes.truncate(content.len());
        let is_old = |time: SystemTime| time.elapsed().is_ok_and(|age| age > TIDY_EVERY);
        if meta.modified().is_ok_and(is_old) {
            // Without the mark it is removed too early, no more.
            let _ = file.set_modified(SystemTime::now());
        }
        Some(bytes)
    }

    /// What cannot be written is worked out again by the next scan.
    fn write(&self, key: Key, mut bytes: Vec<u8>) {
        let check = blake3::hash(&bytes);
        bytes.extend_from_slice(check.as_bytes());
        let path = self.path(key);
        let Some(folder) = path.parent() else { return };
        let save = || -> io::Result<()> {
            fs::create_dir_all(folder)?;
            // Others see a whole entry or none.
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(&bytes)?;
            file.persist(&path)?;
            Ok(())
        };
        let _ = save();
    }
}

/// What tells this program from others and from other versions of itself.
fn program() -> Vec<u8> {
    let meta = std::env::current_exe().and_then(fs::metadata);
    let built =
        meta.map(|meta| (meta.len(), meta.modified().ok().and_then(|m| m.duration_since(SystemTime::UNIX_EPOCH).ok())));
    serde_json::to_vec(&(env!("CARGO_PKG_VERSION"), built.ok())).unwrap_or_default()
}

/// Makes the folder ready, and removes what has not been used for long, once a day.
///
/// # Errors
/// When the folder cannot be made or written to.
pub fn prepare(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    let stamp = folder.join(TIDIED);
    let tidied = fs::metadata(&stamp).and_then(|meta| meta.modified());
    if tidied.is_ok_and(|time| time.elapsed().is_ok_and(|age| age < TIDY_EVERY)) {
        return Ok(());
    }
    // Backups leave out a folder with this file.
    fs::write(folder.join("CACHEDIR.TAG"), "Signature: 8a477f597d28d172789f06886806bc55\n")?;
    fs::write(&stamp, "")?;
    tidy(folder);
    Ok(())
}

fn tidy(folder: &Path) {
    let list = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
    let is_shard = |name: &std::ffi::OsStr| name.len() == 2;
    let mut entries: Vec<(SystemTime, u64, PathBuf)> = list(folder)
        .filter(|shard| is_shard(&shard.file_name()))
        .flat_map(|shard| list(&shard.path()))
        .filter_map(|entry| {
            let meta = entry.metadata().ok().filter(fs::Metadata::is_file)?;
            Some((meta.modified().ok()?, meta.len(), entry.path()))
        })
        .collect();
    entries.sort_by_key(|(used, ..)| std::cmp::Reverse(*used));
    let mut total = 0;
    for (used, size, path) in entries {
        total += size;
        if total > MAX_BYTES || used.elapsed().is_ok_and(|age| age > MAX_AGE) {
            let _ = fs::remove_file(path);
        }
    }
}
