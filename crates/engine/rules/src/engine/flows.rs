//! Taint rules on files and through the project: what their entries match is marked on graphs, the graphs are linked, and groups of
//! rules are searched for together.

use std::cell::OnceCell;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use super::*;
use crate::taint::Shelf;

/// A rule, as an index into the compiled ones, and the place of a family's part in [`CompiledRule::taint`].
type Part = (u32, usize);

/// Rules that are searched for together. More in one search share more of their ways, and make it hold more at a time.
const GROUP: usize = 32;
const _: () = assert!(GROUP <= Rules::BITS as usize);

/// What is said of limits that cut the following of data short.
const TOO_INTRICATE: &str =
    "too many variables meet in too many places; data was not followed through the rest of this function";
const TOO_ENTANGLED: &str = "names and functions lead too far; some of what is called here was not found";
const TOO_FAR: &str = "following data through it took too long and was cut short";
const TOO_WIDE: &str = "its data goes to too many places and was not followed further";

/// What cut the following of data short.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Cut {
    pub at: CutAt,
    pub why: &'static str,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CutAt {
    /// Index into [`RuleSet::rules`].
    Rule(usize),
    /// Of the files that were given.
    File(usize),
}

impl Cut {
    fn file(file: u32, why: &'static str) -> Cut {
        Cut { at: CutAt::File(file as usize), why }
    }
}

/// What of the taint rules concerns a file.
#[derive(Default)]
pub(super) struct Marking {
    entries: Vec<EntryId>,
    /// Rules that share an entry but do not look at the file.
    barred: Vec<u32>,
}

impl RuleSet {
    /// The entries of taint rules to look for in a file, given which of them are possible there. `None`: the file has no part in any flow.
    pub(super) fn marking(
        &self,
        possible: &[bool],
        family: Option<Family>,
        reach: Reach,
        wants: &dyn Fn(u32, Family) -> bool,
    ) -> Option<Marking> {
        let family = family?;
        let mut marking = Marking::default();
        let mut asked: Vec<Option<bool>> = vec![None; self.compiled.len()];
        // Within one file nothing flows without a source and a sink; in a project any file may be on the way.
        let has = |entries: &[EntryId]| entries.iter().any(|&e| possible[e as usize]);
        let is_complete = |i: u32| {
            let mut taints = self.compiled[i as usize].taint.iter();
            reach == Reach::Project || taints.any(|(f, taint)| *f == family && has(&taint.sources) && has(&taint.sinks))
        };
        for (id, _) in possible.iter().enumerate().filter(|(_, possible)| **possible) {
            if self.shared.entries[id].family != family {
                continue;
            }
            let mut is_wanted = false;
            for &rule in &self.users[id] {
                is_wanted |= *asked[rule as usize].get_or_insert_with(|| wants(rule, family) && is_complete(rule));
            }
            if is_wanted {
                marking.entries.push(id as EntryId);
            }
        }
        let asked = asked.into_iter().enumerate();
        marking.barred = asked.filter(|(_, asked)| *asked == Some(false)).map(|(rule, _)| rule as u32).collect();
        (reach == Reach::Project || !marking.entries.is_empty()).then_some(marking)
    }

    /// Builds the file's value-flow graph and marks on it what the entries of taint rules match.
    pub(super) fn mark(
        &self,
        marking: &Marking,
        file: &FileInput,
        code: &FileCode,
        limits: &Limits,
        start: Instant,
        outcome: &mut FileOutcome,
    ) {
        let building = Instant::now();
        let order = self.order(code.target.lang).unwrap_or(Order::Dropped);
        let mut built = rampart_flow::build(code.target.tree, code.target.names, code.target.lang, order);
        if let Some(function) = built.graph.too_intricate {
            let line = 1 + memchr::memchr_iter(b'\n', &file.text.as_bytes()[..function.start as usize]).count();
            outcome.flow_limits.push(format!("line {line}: {TOO_INTRICATE}"));
        }
        let places = Places::new(&built);
        let budget = Budget::new(start + limits.file);
        let surroundings = OnceCell::new();
        let mut marker = Marker {
            code,
            places: &places,
            text: file.text,
            around: &|span| {
                let around = surroundings.get_or_init(|| Surroundings::of(code.target.tree, code.target.names));
                (around.scope(span), around.body(span))
            },
            tokens: &|text| tokens(text, file.lang),
            flow: FileFlow { barred: marking.barred.clone(), ..FileFlow::default() },
        };
        // Sanitizers may ask what sources and sinks match.
        let is_late = |id: EntryId| self.entry(id).kind == TaintKind::Sanitizers;
        let (late, early): (Vec<EntryId>, Vec<EntryId>) = marking.entries.iter().partition(|&&id| is_late(id));
        for id in early.into_iter().chain(late) {
            if start.elapsed() > limits.file {
                outcome.failure = Some(format!("took longer than {} s", limits.file.as_secs_f32()));
                break;
            }
            let entry = self.entry(id);
            let began = limits.per_rule_timings.then(Instant::now);
            budget.refill(limits.steps);
            let scope = Scope::file(&self.shared, &entry.options, file.text, Some(code), &budget)
                .with_settings(file.settings, file.path);
            marker.mark(id, entry, &scope);
            let mut rules = self.users[id as usize].iter().map(|&i| self.compiled[i as usize].index);
            if budget.was_cut() {
                let cut = rules.clone().map(|rule| (rule, "matching took too long and was cut short".to_string()));
                outcome.limits_hit.extend(cut);
            }
            // What rules share is said of the first.
            if let (Some(began), Some(rule)) = (began, rules.next()) {
                outcome.timings.per_rule.push((rule, began.elapsed()));
            }
        }
        let flow = FileFlow { graph: std::mem::take(&mut built.graph), ..marker.flow };
        if limits.reach == Reach::Project {
            outcome.flow = Some(flow);
        } else {
            let mut files = [(file.path.to_string(), flow)];
            let (found, cut) = self.flows(&mut files, &[], limits.reach, 1, None);
            for cut in cut {
                match cut.at {
                    CutAt::Rule(rule) => outcome.limits_hit.push((rule, cut.why.to_string())),
                    CutAt::File(_) => outcome.flow_limits.push(cut.why.to_string()),
                }
            }
            outcome.matches.extend(found.into_iter().map(|flow| flow.found));
            outcome.matches.sort_by_key(|m| (m.rule, m.span.start, m.span.end));
        }
        outcome.timings.flow = building.elapsed();
    }

    fn entry(&self, id: EntryId) -> &CompiledEntry {
        &self.shared.entries[id as usize]
    }

    /// Follows data through files that were scanned before, and joins what was found in them: matches of taint and join rules, by file,
    /// rule and place, and files with what was cut short in them. The graphs are taken out of `files`. Searches that would find what they
    /// found before are taken from the `shelf`, if there is one.
    pub fn follow(
        &self,
        files: &mut [(String, FileFlow)],
        configs: &[(String, String)],
        reach: Reach,
        threads: usize,
        shelf: Option<&dyn Shelf>,
    ) -> (Vec<FlowMatch>, Vec<Cut>) {
        let (mut found, mut cut) = self.flows(files, configs, reach, threads, shelf);
        if !self.joined.contains(&true) {
            return (found, cut);
        }
        let flows: Vec<(usize, Row)> =
            found.iter().filter(|m| self.joined[m.found.rule]).map(|m| (m.file, Row::of(&m.found))).collect();
        let rows = files.iter().enumerate().flat_map(|(file, (_, flow))| flow.rows.iter().map(move |row| (file, row)));
        let rows: Vec<(usize, &Row)> = rows.chain(flows.iter().map(|(file, row)| (*file, row))).collect();
        let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
        let (mut joined, was_cut) = join::run(&self.rules, &paths, &rows);
        joined.retain(|one| {
            let rule = self.compiled.binary_search_by_key(&one.found.rule, |rule| rule.index);
            rule.is_ok_and(|rule| self.compiled[rule].paths.wants(paths[one.file]))
        });
        for one in &mut joined {
            let bound = one.found.metavariables.iter();
            let bindings = bound.map(|(name, span, text)| (name.as_str(), (*span, text.clone()))).collect();
            one.found.message = interpolate(&one.found.message, &bindings, MAX_INTERPOLATED, &|_| None);
        }
        if let (true, Some((file, _))) = (was_cut, rows.first()) {
            cut.push(Cut::file(*file as u32, "joining findings took too long and was cut short"));
        }
        found.retain(|m| !self.rules[m.found.rule].is_part);
        found.extend(joined);
        found.sort_by_key(|m| (m.file, m.found.rule, m.found.span.start, m.found.span.end));
        (found, cut)
    }

    /// Matches of taint rules for [`Self::follow`].
    fn flows(
        &self,
        files: &mut [(String, FileFlow)],
        configs: &[(String, String)],
        reach: Reach,
        threads: usize,
        shelf: Option<&dyn Shelf>,
    ) -> (Vec<FlowMatch>, Vec<Cut>) {
        let units: Vec<Unit> = files
            .iter_mut()
            .map(|(path, flow)| Unit { path: path.clone(), graph: std::mem::take(&mut flow.graph) })
            .collect();
        let files = &*files;
        let project = taint::link(&units, configs, reach);
        let groups = self.groups(files);
        let said = files.iter().map(|(_, flow)| (&flow.facts, flow.digests.as_slice()));
        let shelf = shelf.map(|shelf| (shelf, Parts::new(&project, said)));
        // Groups are searched apart from one another: each thread takes the next.
        let next = AtomicUsize::new(0);
        let results = Mutex::new((Vec::new(), Vec::new()));
        let work = || {
            while let Some(group) = groups.get(next.fetch_add(1, Ordering::Relaxed)) {
                let (found, cut) = self.follow_group(group, &project, files, shelf.as_ref());
                let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
                results.0.extend(found);
                results.1.extend(cut);
            }
        };
        std::thread::scope(|scope| {
            for _ in 1..threads.min(groups.len()) {
                // Without the helper this thread does all the work.
                let _ = std::thread::Builder::new().spawn_scoped(scope, work);
            }
            work();
        });
        let (mut out, mut cut): (Vec<FlowMatch>, Vec<Cut>) =
            results.into_inner().unwrap_or_else(PoisonError::into_inner);
        cut.extend(project.cut.iter().map(|&file| Cut::file(file, TOO_ENTANGLED)));
        cut.sort_unstable();
        cut.dedup();
        out.sort_by_key(|m| (m.file, m.found.rule, m.found.span.start, m.found.span.end));
        (out, cut)
    }

    /// Taint rules with both sources and sinks in the files, in groups that are searched together: of one language family, and of one
    /// mind about unknown calls.
    fn groups(&self, files: &[(String, FileFlow)]) -> Vec<Vec<Part>> {
        let mut is_there = vec![false; self.shared.entries.len()];
        for (_, flow) in files {
            let marked = flow.facts.sources.iter().map(|s| s.entry).chain(flow.facts.sinks.iter().map(|s| s.entry));
            marked.for_each(|id| is_there[id as usize] = true);
        }
        let mut kinds: Vec<((Family, bool), Vec<Part>)> = Vec::new();
        for (i, rule) in self.compiled.iter().enumerate() {
            for (part, (family, taint)) in rule.taint.iter().enumerate() {
                let any = |entries: &[EntryId]| entries.iter().any(|&id| is_there[id as usize]);
                if !any(&taint.sources) || !any(&taint.sinks) {
                    continue;
                }
                let kind = (*family, through_calls(rule));
                match kinds.iter_mut().find(|(known, _)| *known == kind) {
                    Some((_, rules)) => rules.push((i as u32, part)),
                    None => kinds.push((kind, vec![(i as u32, part)])),
                }
            }
        }
        // Rules with the same sources go the same ways.
        let sources = |&(rule, part): &Part| &self.compiled[rule as usize].taint[part].1.sources;
        kinds.iter_mut().for_each(|(_, rules)| rules.sort_by(|a, b| sources(a).cmp(sources(b))));
        kinds.iter().flat_map(|(_, rules)| rules.chunks(GROUP).map(<[_]>::to_vec)).collect()
    }

    fn follow_group(
        &self,
        rules: &[Part],
        project: &Project,
        files: &[(String, FileFlow)],
        shelf: Option<&(&dyn Shelf, Parts)>,
    ) -> (Vec<FlowMatch>, Vec<Cut>) {
        let mut group =
            Group { entries: &self.shared.flow_entries, rules: vec![0; self.shared.entries.len()], ..Group::default() };
        for (bit, &(rule, part)) in rules.iter().enumerate() {
            for entry in self.compiled[rule as usize].taint[part].1.entries() {
                group.rules[entry as usize] |= 1 << bit;
            }
        }
        for (u, (_, flow)) in files.iter().enumerate().filter(|(_, (_, flow))| !flow.barred.is_empty()) {
            let is_barred = |rule: &u32| flow.barred.binary_search(rule).is_ok();
            let bits = rules.iter().enumerate().filter(|(_, (rule, _))| is_barred(rule));
            group.barred.insert(u as u32, bits.fold(0, |all, (bit, _)| all | 1 << bit));
        }
        let rule_of = |number: u32| &self.compiled[rules[number as usize].0 as usize];
        let through_calls = rules.iter().all(|&(rule, _)| through_calls(&self.compiled[rule as usize]));
        // Which rules were compiled, and so what their numbers mean, is for the shelf to tell apart.
        let name = format!("{rules:?}").into_bytes();
        let taint::Followed { found, cut, cut_rules } = taint::follow(
            project,
            files,
            &group,
            through_calls,
            shelf.map(|(shelf, parts)| (*shelf, parts, name.as_slice())),
        );
        let too_wide = rules.iter().enumerate().filter(|(bit, _)| cut_rules & 1 << bit != 0);
        let too_wide = too_wide.map(|(bit, _)| Cut { at: CutAt::Rule(rule_of(bit as u32).index), why: TOO_WIDE });
        let cut = too_wide.chain(cut.into_iter().map(|file| Cut::file(file, TOO_FAR))).collect();
        let mut out = Vec::new();
        let mut known = rustc_hash::FxHashSet::default();
        for found in found {
            let rule = rule_of(found.rule);
            if taint::flag(&rule.options, "taint_unify_mvars") && !taint::agree(&found) {
                continue;
            }
            let matched = self.flow_match(rule, &found);
            // One finding per place; the shortest way comes first.
            if known.insert((found.rule, found.file, matched.span, matched.message.clone())) {
                out.push(FlowMatch { file: found.file, found: RuleMatch { steps: found.steps, ..matched } });
            }
        }
        (out, cut)
    }

    fn flow_match(&self, rule: &CompiledRule, found: &taint::Found) -> RuleMatch {
        let model = &self.rules[rule.index];
        let mut bindings: BTreeMap<&str, (Span, String)> = BTreeMap::new();
        let mut constants: BTreeMap<&str, &str> = BTreeMap::new();
        for binding in found.sink.bindings.iter().chain(&found.source.bindings) {
            let name = self.shared.mvs.name(binding.mv);
            bindings.entry(name).or_insert_with(|| {
                if let Some(constant) = &binding.constant {
                    constants.insert(name, constant);
                }
                (binding.span, binding.text.to_string())
            });
        }
        let place = found.sink.place.as_deref().cloned().unwrap_or_default();
        let fix = match (&model.fix, &rule.fix_regex) {
            (Some(template), _) => {
                let text = interpolate(template.trim_end_matches('\n'), &bindings, usize::MAX, &|_| None);
                Some(text.replace('\n', &format!("\n{}", place.indent)))
            }
            (None, Some((regex, replacement, count))) => Some(replace(regex, &place.text, replacement, *count)),
            (None, None) => None,
        };
        let constant = |name: &str| constants.get(name).map(|c| c.to_string());
        RuleMatch {
            rule: rule.index,
            span: found.sink.span,
            message: interpolate(&model.message, &bindings, MAX_INTERPOLATED, &constant),
            fix: fix.filter(|text| text.len() <= MAX_FIX).map(|text| (found.sink.span, text)),
            scope: place.scope.into_iter().map(Into::into).collect(),
            body: place.body.into(),
            tokens: place.tokens.into(),
            metavariables: bindings.into_iter().map(|(name, (span, text))| (name.to_string(), span, text)).collect(),
            steps: Vec::new(),
        }
    }
}

/// Does a rule take it that unknown calls pass on what they get?
fn through_calls(rule: &CompiledRule) -> bool {
    ["taint_assume_safe_functions", "taint_only_propagate_through_assignments"]
        .iter()
        .all(|name| !taint::flag(&rule.options, name))
}
