//! Rule files to a rule set, and what a report says about rules.

use std::collections::HashSet;
use std::collections::hash_map::{Entry, HashMap};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rampart_report::model::{RuleInfo, RuleProblem, Severity, SkippedRule};
use rampart_rules::model::{Mode, Rule, RuleError, Targets};
use rampart_rules::{CompileOptions, RuleSet, Settings};
use rampart_rules::{demands, load};
use rampart_syntax::Lang;
use serde::{Deserialize, Serialize};

use crate::file::Reach;
use crate::preview::Preview;
use crate::run::on_big_stack;
use crate::{Options, PACK, RuleFile, Target, settings};

/// Rules read and not yet compiled.
pub struct Prepared {
    rules: Vec<Rule>,
    errors: Vec<RuleError>,
    skipped: Vec<SkippedRule>,
    count: usize,
}

/// Rules ready to run.
pub struct Loaded {
    pub set: RuleSet,
    pub errors: Vec<RuleError>,
    /// Rules that are right but cannot run here.
    pub skipped: Vec<SkippedRule>,
    /// Rules read, those that cannot run included.
    pub count: usize,
    /// Rules that no target can match: of another language, or of words that do not occur. They have run, on nothing, and cost no
    /// compilation.
    idle: Vec<RuleInfo>,
    /// Which files some rule is for, idle ones included.
    pub(crate) reach: Reach,
    /// The ids of rules that could not be compiled.
    broken: HashSet<String>,
}

/// What a child tells about its rules.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Described {
    pub infos: Vec<RuleInfo>,
    pub skipped: Vec<SkippedRule>,
    pub problems: Vec<RuleProblem>,
    pub loaded: u64,
}

/// Reads and compiles rules. Errors never stop the other rules; of two rules with one id the first is kept.
pub fn load_rules(files: &[RuleFile], options: &Options) -> Loaded {
    prepare(files, options).compile(files, None)
}

/// Reads rules and chooses those that are wanted.
pub fn prepare(files: &[RuleFile], options: &Options) -> Prepared {
    let (mut rules, errors) = on_big_stack(|| unique(read_all(files, options.threads)));
    choose(&mut rules, options);
    let count = rules.iter().filter(|rule| !rule.is_part).count();
    let mut skipped = Vec::new();
    rules.retain(|rule| match cannot_run(rule) {
        Some(reason) => {
            skipped.push(SkippedRule { rule: rule.id.clone(), reason });
            false
        }
        None => true,
    });
    Prepared { rules, errors, skipped, count }
}

impl Prepared {
    /// Compiles the rules; with `preview`, only those that can match what it shows.
    pub fn compile(self, files: &[RuleFile], preview: Option<&Preview>) -> Loaded {
        let Prepared { mut rules, mut errors, skipped, count } = self;
        let reach = Reach::of(&rules);
        let mut idle = Vec::new();
        if let Some(preview) = preview {
            (rules, idle) = wanted(rules, preview);
        }
        let idle = idle.iter().filter(|rule| !rule.is_part).map(rule_info).collect();
        let (set, mut wrong) = on_big_stack(|| RuleSet::compile(rules, &CompileOptions::default()));
        let broken = wrong.iter().filter_map(|error| error.rule_id.clone()).collect();
        errors.append(&mut wrong);
        errors.iter_mut().for_each(|error| quote(error, files));
        Loaded { set, errors, skipped, count, idle, reach, broken }
    }
}

impl Loaded {
    /// The settings of the project, where some rule asks for them.
    pub(crate) fn settings(&self, files: &[Target]) -> Settings {
        if self.set.asks_settings() { settings::gather(files) } else { Settings::default() }
    }
}

/// Leaves out the rules that are not to run. Those that others join stay, as parts of them.
fn choose(rules: &mut Vec<Rule>, options: &Options) {
    let mut taken: Vec<bool> = rules.iter().map(|rule| !rule.is_part && options.only.takes(rule)).collect();
    let mut parts: HashSet<String> = HashSet::new();
    for (rule, _) in rules.iter().zip(&taken).filter(|(_, taken)| **taken) {
        if let Mode::Join(join) = &rule.mode {
            parts.extend(join.parts.iter().map(|part| part.rule.clone()));
        }
    }
    for (rule, taken) in rules.iter_mut().zip(&mut taken) {
        if !*taken && parts.contains(&rule.id) {
            (rule.is_part, *taken) = (true, true);
        }
    }
    let mut taken = taken.into_iter();
    rules.retain(|_| taken.next().unwrap_or(false));
}

/// Rules of the user are all compiled, wanted or not, if they have no more patterns than this together: that takes a few
/// milliseconds, and their mistakes are known.
const CHECKED_PATTERNS: usize = 200;

/// The rules that can match what the preview shows, and the others.
fn wanted(rules: Vec<Rule>, preview: &Preview) -> (Vec<Rule>, Vec<Rule>) {
    // A file may hold pieces of other languages.
    let inner: Vec<Lang> = rules.iter().flat_map(|rule| inner_langs(rule).iter().copied()).collect();
    let present = |rule: &Rule| {
        let targets = &rule.targets;
        let there = |lang: &Lang| preview.langs.contains(lang) || inner.contains(lang);
        targets.generic || targets.regex || matches!(rule.mode, Mode::Join(_)) || targets.langs.iter().any(there)
    };
    let (rules, mut idle): (Vec<Rule>, Vec<Rule>) = rules.into_iter().partition(present);
    let Some(texts) = &preview.texts else { return (rules, idle) };
    let own = |rule: &Rule| !rule.place.file.starts_with(PACK);
    let checked = rules.iter().filter(|rule| own(rule)).map(demands::patterns).sum::<usize>() <= CHECKED_PATTERNS;
    let mut texts = demands::Texts::new(texts.iter().map(String::as_str).collect());
    let (rules, vain) = rules.into_iter().partition(|rule| checked && own(rule) || texts.may_match(rule));
    idle.extend::<Vec<Rule>>(vain);
    (rules, idle)
}

/// The languages of the pieces that an extract rule finds.
fn inner_langs(rule: &Rule) -> &[Lang] {
    match &rule.mode {
        Mode::Extract(extract) => &extract.language.langs,
        _ => &[],
    }
}

type Read = (Vec<Rule>, Vec<RuleError>);

/// Reads the files on several threads, as reading takes longer than compiling; the order is that of `files`.
pub fn read_all(files: &[RuleFile], threads: usize) -> Vec<load::Loaded> {
    let next = AtomicUsize::new(0);
    let read = Mutex::new(Vec::with_capacity(files.len()));
    let work = || {
        let mut own = Vec::new();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(file) = files.get(index) else { break };
            own.push((index, load::load(&file.name, &file.text)));
        }
        read.lock().unwrap_or_else(std::sync::PoisonError::into_inner).append(&mut own);
    };
    // A handful of files is read before a thread is up.
    let helpers = threads.clamp(1, files.len() / 16 + 1) - 1;
    std::thread::scope(|scope| {
        for _ in 0..helpers {
            // Without the helper this thread does all the work.
            let _ = std::thread::Builder::new().stack_size(64 << 20).spawn_scoped(scope, work);
        }
        work();
    });
    let mut read = read.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
    read.sort_by_key(|(index, _)| *index);
    read.into_iter().map(|(_, read)| read).collect()
}

/// One rule for each id.
fn unique(read: Vec<load::Loaded>) -> Read {
    let mut rules: Vec<Rule> = Vec::new();
    let mut errors = Vec::new();
    let mut libraries = Vec::new();
    let mut seen = HashMap::new();
    for mut loaded in read {
        errors.append(&mut loaded.errors);
        libraries.append(&mut loaded.libraries);
        for rule in loaded.rules {
            match seen.entry(rule.id.clone()) {
                Entry::Vacant(slot) => {
                    slot.insert(rule.place.clone());
                    rules.push(rule);
                }
                Entry::Occupied(slot) => {
                    // The same file named twice is no mistake.
                    if *slot.get() != rule.place {
                        errors.push(twice(&rule, slot.get()));
                    }
                }
            }
        }
    }
    errors.append(&mut load::expand(&mut rules, &libraries));
    (rules, errors)
}

fn twice(rule: &Rule, first: &rampart_rules::model::Place) -> RuleError {
    RuleError {
        rule_id: Some(rule.id.clone()),
        place: rule.place.clone(),
        message: format!("the id `{}` is already that of a rule at {}:{}", rule.id, first.file, first.line),
        hint: Some("the first one is used; give this one an id of its own".to_owned()),
        source_line: None,
    }
}

fn cannot_run(rule: &Rule) -> Option<String> {
    if let Mode::Unsupported(mode) = &rule.mode {
        return Some(format!("mode `{mode}` is not supported yet"));
    }
    let no_grammar = |targets: &Targets| {
        let runs = !targets.langs.is_empty() || targets.generic || targets.regex;
        (!runs).then(|| format!("no grammar for {}", targets.unsupported.join(", ")))
    };
    match &rule.mode {
        Mode::Join(_) => None,
        Mode::Extract(extract) => no_grammar(&rule.targets).or_else(|| no_grammar(&extract.language)),
        _ => no_grammar(&rule.targets),
    }
}

/// Gives an error the line it speaks of.
fn quote(error: &mut RuleError, files: &[RuleFile]) {
    let place = &error.place;
    if error.source_line.is_none() && place.line > 0 {
        let file = files.iter().find(|file| *file.name == *place.file);
        error.source_line = file.and_then(|file| file.text.lines().nth(place.line as usize - 1)).map(str::to_owned);
    }
}

impl Loaded {
    pub(crate) fn describe(&self) -> Described {
        let compiled = self.set.rules().iter().filter(|rule| !self.broken.contains(&rule.id) && !rule.is_part);
        Described {
            infos: compiled.map(rule_info).chain(self.idle.iter().cloned()).collect(),
            skipped: self.skipped.clone(),
            problems: self.errors.iter().map(problem).collect(),
            loaded: self.count as u64,
        }
    }
}

/// What a report says about a rule.
pub fn rule_info(rule: &Rule) -> RuleInfo {
    let mut info = RuleInfo::new(&rule.id, &rule.message, severity(rule.severity), rule.metadata.clone());
    info.languages.clone_from(&rule.targets.names);
    if info.source.is_none() {
        info.source = Some(rule.place.file.to_string());
    }
    info
}

pub fn severity(severity: rampart_rules::model::Severity) -> Severity {
    use rampart_rules::model::Severity as Of;
    match severity {
        Of::Info => Severity::Info,
        Of::Low => Severity::Low,
        Of::Medium => Severity::Medium,
        Of::High => Severity::High,
        Of::Critical => Severity::Critical,
    }
}

/// A mistake in a rule as a report has it.
pub fn problem(error: &RuleError) -> RuleProblem {
    RuleProblem {
        rule: error.rule_id.clone(),
        file: error.place.file.to_string(),
        line: error.place.line,
        column: error.place.column,
        message: error.message.clone(),
        hint: error.hint.clone(),
        source_line: error.source_line.clone(),
    }
}
