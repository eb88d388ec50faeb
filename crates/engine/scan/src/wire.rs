//! What supervisor and worker say to each other: frames of a kind, a length and bytes.

use std::io::{self, Read, Write};
use std::path::Path;
use std::path::PathBuf;

use rampart_syntax::Lang;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{Content, Options, Part, RuleFile, Target};

/// Larger frames are a mistake, in bytes. The records of a batch of files stay far below.
const MAX_FRAME: u32 = 1 << 30;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    // To the worker.
    Job = 1,
    /// Name, NUL, text.
    Rules,
    File,
    /// A file as above, to read settings from.
    Settings,
    /// The content of the file named by the next frame.
    Bytes,
    Go,
    // From the worker.
    /// JSON of [`crate::rules::Described`].
    Ready,
    /// JSON of a list of [`crate::file::Record`].
    Records,
    /// JSON of [`Overran`].
    Overran,
    Alive,
    /// JSON of [`crate::follow::Flows`].
    Flows,
    /// JSON of [`Done`].
    Done,
}

impl Kind {
    const ALL: [Kind; 12] = [
        Kind::Job,
        Kind::Rules,
        Kind::File,
        Kind::Settings,
        Kind::Bytes,
        Kind::Go,
        Kind::Ready,
        Kind::Records,
        Kind::Overran,
        Kind::Alive,
        Kind::Flows,
        Kind::Done,
    ];
}

#[derive(Serialize, Deserialize)]
pub struct Job {
    pub options: Options,
    /// Answer with what a report says about the rules; asked of the first worker only.
    pub describe: bool,
    pub task: Task,
}

/// What a worker is asked to do with the files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Task {
    /// Scan them one by one, and follow data through all of them.
    Everything,
    /// Scan them one by one.
    Files,
    /// They were scanned before: only follow data through all of them.
    Flows,
}

#[derive(Debug, Serialize, Deserialize)]
pub struct Overran {
    pub index: u32,
}

/// What a worker used, when it has done everything.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Done {
    pub cpu_ms: u64,
    pub peak_memory_bytes: Option<u64>,
    pub rules_ready_us: u64,
}

pub fn write(out: &mut impl Write, kind: Kind, bytes: &[u8]) -> io::Result<()> {
    let length = u32::try_from(bytes.len()).ok().filter(|&length| length <= MAX_FRAME);
    let length = length.ok_or_else(|| io::Error::other("more than a frame can hold"))?;
    let mut head = [kind as u8, 0, 0, 0, 0];
    head[1..].copy_from_slice(&length.to_le_bytes());
    out.write_all(&head)?;
    out.write_all(bytes)
}

pub fn write_json(out: &mut impl Write, kind: Kind, value: &impl Serialize) -> io::Result<()> {
    write(out, kind, &serde_json::to_vec(value)?)
}

/// The next frame; `None` at the end.
pub fn read(input: &mut impl Read) -> io::Result<Option<(Kind, Vec<u8>)>> {
    let mut head = [0; 5];
    match input.read_exact(&mut head) {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
        result => result?,
    }
    let kind = Kind::ALL.into_iter().find(|kind| *kind as u8 == head[0]);
    let kind = kind.ok_or_else(|| io::Error::other(format!("a frame of unknown kind {}", head[0])))?;
    let length = u32::from_le_bytes([head[1], head[2], head[3], head[4]]);
    if length > MAX_FRAME {
        return Err(io::Error::other("a frame is too long"));
    }
    let mut bytes = Vec::new();
    input.take(u64::from(length)).read_to_end(&mut bytes)?;
    if bytes.len() < length as usize {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(Some((kind, bytes)))
}

pub fn json<T: DeserializeOwned>(bytes: &[u8]) -> io::Result<T> {
    Ok(serde_json::from_slice(bytes)?)
}

pub fn rule_file(file: &RuleFile) -> Vec<u8> {
    let name = file.name.replace('\0', "?");
    [name.as_bytes(), &[0], file.text.as_bytes()].concat()
}

pub fn to_rule_file(bytes: &[u8]) -> io::Result<RuleFile> {
    let text = String::from_utf8_lossy(bytes);
    let (name, text) = text.split_once('\0').ok_or_else(|| io::Error::other("a rule file without a name"))?;
    Ok(RuleFile { name: name.to_owned(), text: text.to_owned().into() })
}

const ANY_FORM: u8 = 1;
const BEFORE: u8 = 2;
const INLINE: u8 = 4;
const AROUND: u8 = 8;

/// A target: its number, language, flags, path as shown, NUL, path to open. Paths hold no NUL and need not be UTF-8.
pub fn target(index: u32, target: &Target) -> Vec<u8> {
    let mut bytes = index.to_le_bytes().to_vec();
    bytes.push(target.lang.and_then(|lang| Lang::ALL.iter().position(|l| *l == lang)).map_or(u8::MAX, |n| n as u8));
    let (inline, path) = match &target.source {
        Content::File(path) => (0, path.as_path()),
        Content::Bytes(_) => (INLINE, Path::new("")),
    };
    let flag = |set: bool, flag: u8| if set { flag } else { 0 };
    let part = match target.part {
        Part::Scanned => 0,
        Part::Before => BEFORE,
        Part::Around => AROUND,
    };
    bytes.push(flag(target.any_form, ANY_FORM) | part | inline);
    bytes.extend_from_slice(target.path.as_bytes());
    bytes.push(0);
    bytes.extend_from_slice(&path_bytes(path));
    bytes
}

/// `content` is that of the frame before, for targets that bring their own.
pub fn to_target(bytes: &[u8], content: Option<Vec<u8>>) -> io::Result<(u32, Target)> {
    let broken = || io::Error::other("a target that cannot be read");
    let (head, paths) = bytes.split_at_checked(6).ok_or_else(broken)?;
    let split = memchr::memchr(0, paths).ok_or_else(broken)?;
    let index = u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
    let source = match content.filter(|_| head[5] & INLINE != 0) {
        Some(content) => Content::Bytes(content.into()),
        None => Content::File(path_of(&paths[split + 1..])),
    };
    let target = Target {
        path: String::from_utf8_lossy(&paths[..split]).into_owned(),
        lang: Lang::ALL.get(usize::from(head[4])).copied(),
        source,
        any_form: head[5] & ANY_FORM != 0,
        part: match head[5] & (BEFORE | AROUND) {
            BEFORE => Part::Before,
            AROUND => Part::Around,
            _ => Part::Scanned,
        },
    };
    Ok((index, target))
}

#[cfg(unix)]
fn path_bytes(path: &Path) -> Vec<u8> {
    use std::os::unix::ffi::OsStrExt;
    path.as_os_str().as_bytes().to_vec()
}

#[cfg(unix)]
fn path_of(bytes: &[u8]) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    PathBuf::from(std::ffi::OsStr::from_bytes(bytes))
}

#[cfg(not(unix))]
fn path_bytes(path: &Path) -> Vec<u8> {
    path.to_string_lossy().into_owned().into_bytes()
}

#[cfg(not(unix))]
fn path_of(bytes: &[u8]) -> PathBuf {
    PathBuf::from(String::from_utf8_lossy(bytes).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_come_back_as_they_went() {
        let mut pipe = Vec::new();
        write(&mut pipe, Kind::Go, b"").unwrap();
        write(&mut pipe, Kind::Rules, b"a\0b").unwrap();
        let mut input = pipe.as_slice();
        assert_eq!(read(&mut input).unwrap(), Some((Kind::Go, vec![])));
        assert_eq!(read(&mut input).unwrap(), Some((Kind::Rules, b"a\0b".to_vec())));
        assert_eq!(read(&mut input).unwrap(), None);
        assert!(read(&mut [Kind::Go as u8, 4, 0, 0, 0, 1].as_slice()).is_err());
        assert!(read(&mut [99, 0, 0, 0, 0].as_slice()).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn targets_keep_any_name() {
        let path = path_of(b"a\n\xFF.py");
        let there = Target {
            path: "a\n\u{FFFD}.py".into(),
            lang: Some(Lang::Python),
            source: Content::File(path.clone()),
            any_form: true,
            part: Part::Around,
        };
        let (index, back) = to_target(&target(7, &there), None).unwrap();
        assert_eq!(
            (index, &back.path, back.lang, back.any_form, back.part),
            (7, &there.path, there.lang, true, Part::Around)
        );
        assert!(matches!(back.source, Content::File(p) if p == path));
    }
}
