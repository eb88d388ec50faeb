//! Data flow through the project: when every file has been read, taint rules are followed across all of them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rampart_report::model::{Finding, TraceStep};
use rampart_rules::{Cut, CutAt, FileFlow, RuleMatch, RuleSet, Shelf};
use serde::{Deserialize, Serialize};

use crate::cache::{Cache, Kept, Key};
use crate::file::{digest, findings, read, trace_step};
use crate::read::{Decoded, Lines, decode};
use crate::run::Numbered;
use crate::{Content, Options, Part, Target};

/// What data flow adds to one file.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Followed {
    /// The place of the file in the list of targets.
    pub index: u32,
    /// This is what was found before the change.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub before: bool,
    pub findings: Vec<Finding>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub digest: Option<String>,
}

/// The same for all files, and the limits that cut it short, for people.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Flows {
    pub files: Vec<Followed>,
    pub limits: Vec<String>,
    pub micros: u64,
    /// Something is missing that the next scan may have. Limits are met by every scan alike.
    #[serde(skip)]
    is_passing: bool,
}

impl Flows {
    fn lose(&mut self, what: String) {
        self.limits.push(what);
        self.is_passing = true;
    }
}

/// Files that say how modules of a project are named.
const CONFIGS: [&str; 3] = ["tsconfig.json", "package.json", "go.mod"];

/// Longer configurations are no configurations, in bytes.
const MAX_CONFIG: u64 = 1 << 20;

/// Follows data through files that were scanned. `kept` come in any order.
pub fn follow(
    set: &RuleSet,
    cache: Option<&Cache>,
    mut kept: Vec<(u32, Kept)>,
    files: &[Numbered],
    folders: &Folders,
    options: &Options,
) -> Flows {
    let begin = std::time::Instant::now();
    let targets: BTreeMap<u32, &Target> = files.iter().map(|(index, target)| (*index, target)).collect();
    kept.sort_by_key(|(index, _)| *index);
    let configs = configs(folders);
    let indexes: Vec<u32> = kept.iter().map(|(index, _)| *index).collect();
    let keys: Option<Vec<Key>> = kept.iter().map(|(_, kept)| kept.key).collect();
    let cache = cache.zip(keys);
    let key = cache.as_ref().map(|(cache, keys)| (*cache, cache.key_of_all(keys, &configs)));
    let searches = |part: Part| cache.as_ref().map(|(cache, _)| Searches { cache, part });
    if let Some(mut known) = key.as_ref().and_then(|(cache, key)| cache.flows(*key)) {
        known.files.iter_mut().for_each(|file| file.index = indexes[file.index as usize]);
        return known;
    }
    let mut out = Flows::default();
    let mut flows = Vec::with_capacity(kept.len());
    for (index, flow) in unpack(kept, options.threads) {
        match flow {
            Some(flow) => flows.push((index, flow)),
            None => out.lose(format!("{}: its entry in the cache is damaged; empty the folder", targets[&index].path)),
        }
    }
    let damaged = out.limits.len();
    if files.iter().any(|(_, target)| target.part != Part::Scanned) {
        // The state before: the old files, and those that have not changed.
        let before: Vec<_> = flows.iter().filter(|(index, _)| targets[index].part != Part::Scanned).cloned().collect();
        let shelf = searches(Part::Before);
        project(set, before, shelf, &targets, &configs, options, &mut out);
        // What limits there were then is not what this scan leaves out.
        out.limits.truncate(damaged);
        out.files.iter_mut().for_each(|followed| followed.before = true);
        flows.retain(|(index, _)| targets[index].part != Part::Before);
    }
    let shelf = searches(Part::Scanned);
    project(set, flows, shelf, &targets, &configs, options, &mut out);
    out.micros = begin.elapsed().as_micros() as u64;
    if let Some((cache, key)) = key.filter(|_| !out.is_passing) {
        let place = |index: u32| indexes.binary_search(&index).expect("only files that were given are followed") as u32;
        let files = out.files.iter().map(|file| Followed { index: place(file.index), ..file.clone() }).collect();
        cache.keep_flows(key, &Flows { files, limits: out.limits.clone(), ..Flows::default() });
    }
    out
}

/// Unpacks on several threads, in order. `None` for entries of the cache that are damaged.
fn unpack(kept: Vec<(u32, Kept)>, threads: usize) -> Vec<(u32, Option<FileFlow>)> {
    let mut all: Vec<_> = kept.into_iter().map(|(index, kept)| (index, Some(kept), None)).collect();
    let work = |some: &mut [(u32, Option<Kept>, Option<FileFlow>)]| {
        for (_, kept, flow) in some {
            // A moment later what was packed is gone.
            if let Some(kept) = kept.take() {
                *flow = kept.unpack();
            }
        }
    };
    let size = all.len().div_ceil(threads.max(1)).max(1);
    std::thread::scope(|scope| {
        let mut shares = all.chunks_mut(size);
        let own = shares.next();
        for share in shares {
            // What no thread could be started for is left to this one.
            let _ = std::thread::Builder::new().spawn_scoped(scope, move || work(share));
        }
        own.map(work);
    });
    work(&mut all);
    all.into_iter().map(|(index, _, flow)| (index, flow)).collect()
}

/// The searches of earlier scans through these files.
struct Searches<'c> {
    cache: &'c Cache,
    part: Part,
}

impl Shelf for Searches<'_> {
    fn known(&self, name: &[u8]) -> Option<Vec<u8>> {
        self.cache.search(name, self.part)
    }

    fn keep(&self, name: &[u8], what: Vec<u8>) {
        self.cache.keep_search(name, self.part, what);
    }
}

fn project(
    set: &RuleSet,
    flows: Vec<(u32, FileFlow)>,
    shelf: Option<Searches>,
    targets: &BTreeMap<u32, &Target>,
    configs: &[(String, String)],
    options: &Options,
    out: &mut Flows,
) {
    let indexes: Vec<u32> = flows.iter().map(|(index, _)| *index).collect();
    let mut files: Vec<(String, FileFlow)> =
        flows.into_iter().map(|(index, flow)| (targets[&index].path.clone(), flow)).collect();
    let shelf = shelf.as_ref().map(|shelf| shelf as &dyn Shelf);
    let (found, cut) = set.follow(&mut files, configs, options.dataflow, options.threads, shelf);
    drop(files);
    out.limits.extend(cuts(&cut, set, &|file| &targets[&indexes[file]].path));
    let mut by_file: BTreeMap<usize, Vec<RuleMatch>> = BTreeMap::new();
    let mut needed: BTreeMap<usize, Option<Decoded>> = BTreeMap::new();
    for flow in found {
        needed.entry(flow.file).or_default();
        for step in &flow.found.steps {
            needed.entry(step.file).or_default();
        }
        by_file.entry(flow.file).or_default().push(flow.found);
    }
    for (file, text) in &mut needed {
        *text = read(targets[&indexes[*file]], options.max_file_bytes).ok().and_then(|bytes| decode(bytes).ok());
    }
    let lines: BTreeMap<usize, Lines> =
        needed.iter().filter_map(|(file, text)| Some((*file, Lines::new(&text.as_ref()?.text)))).collect();
    for (file, matches) in by_file {
        let target = targets[&indexes[file]];
        let Some(decoded) = &needed[&file] else { continue };
        let step = |step: &rampart_rules::TraceStep| -> Option<TraceStep> {
            let decoded = needed.get(&step.file)?.as_ref()?;
            let path = &targets[&indexes[step.file]].path;
            Some(trace_step(path, &decoded.text, &lines[&step.file], step, decoded.shift))
        };
        // A file that changed during the scan has other places now.
        let fits = matches.iter().all(|m| decoded.text.get(m.span.range()).is_some());
        if !fits {
            out.lose(format!("{}: it changed during the scan", target.path));
            continue;
        }
        let findings = findings(target, &decoded.text, &lines[&file], set, matches, decoded.shift, &step);
        let digest = findings.iter().any(|f| f.fix.is_some()).then(|| digest(&decoded.text));
        out.files.push(Followed { index: indexes[file], before: false, findings, digest });
    }
}

/// So many files are named in which the same limit was met; of the others, the number.
const NAMED: usize = 20;

/// Limits in words.
fn cuts<'t>(cut: &[Cut], set: &RuleSet, path: &dyn Fn(usize) -> &'t str) -> Vec<String> {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut out = Vec::new();
    for Cut { at, why } in cut {
        match *at {
            CutAt::Rule(rule) => out.push(format!("rule {}: {why}", set.rules()[rule].id)),
            CutAt::File(file) => {
                let count = counts.entry(why).or_default();
                *count += 1;
                if *count <= NAMED {
                    out.push(format!("{}: {why}", path(file)));
                }
            }
        }
    }
    let more = counts.into_iter().filter(|(_, count)| *count > NAMED);
    out.extend(more.map(|(why, count)| format!("{} more files: {why}", count - NAMED)));
    out
}

/// Folders of the files and those above them, up to the scanned root: as shown, and where they are.
pub type Folders = BTreeMap<String, PathBuf>;

/// The folders of targets. Touches no disk.
pub fn folders<'t>(targets: impl Iterator<Item = &'t Target>) -> Folders {
    let mut folders = Folders::new();
    for target in targets {
        let Content::File(real) = &target.source else { continue };
        let (mut shown, mut real): (&Path, &Path) = (Path::new(&target.path), real);
        while let (Some(folder), Some(real_folder)) = (shown.parent(), real.parent()) {
            let name = folder.to_string_lossy().into_owned();
            if folders.contains_key(&name) {
                break;
            }
            folders.insert(name, real_folder.to_path_buf());
            (shown, real) = (folder, real_folder);
        }
    }
    folders
}

/// The configurations in the folders, by path.
fn configs(folders: &Folders) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for (shown, real) in folders {
        for name in CONFIGS {
            let path = real.join(name);
            let fits = path.metadata().is_ok_and(|m| m.is_file() && m.len() <= MAX_CONFIG);
            if let Some(text) = fits.then(|| std::fs::read_to_string(&path).ok()).flatten() {
                out.push((if shown.is_empty() { name.to_owned() } else { format!("{shown}/{name}") }, text));
            }
        }
    }
    out
}
