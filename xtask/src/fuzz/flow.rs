//! Data flow: a text parted into files that import one another, with sources and sinks anywhere.

use std::sync::Arc;

use rampart_flow::{
    Entry, Facts, Graph, Group, Limits, NOWHERE, Project, Propagator, Reach, Requirement, Sanitizer, Sink, Source,
    Unit, Value,
};
use rampart_syntax::{Lang, ParseFailure, Span};

use super::mutate::Random;
use super::targets::{PARSE_LIMIT, Verdict};

/// A third of what a scan allows: an input that is slow all the same does work that is not counted.
const STATES: usize = 300_000;

/// Nodes and edges of a graph for each byte of the text, and in any case.
const SIZE_PER_BYTE: usize = 64;
const SIZE: usize = 200_000;

/// Kinds of marks: two rules' sources, sinks, sanitizers and propagators, some with conditions.
fn entries() -> Vec<Entry> {
    let plain = Entry::default();
    let second = Entry { label: Some(1), ..Entry::default() };
    let both = Requirement::And(vec![Requirement::Label(0), Requirement::Not(Box::new(Requirement::Label(1)))]);
    let after_first = Entry { label: Some(1), requires: Some(Requirement::Label(0)), ..Entry::default() };
    let picky = Entry { requires: Some(both), ..Entry::default() };
    vec![plain.clone(), second, after_first, plain.clone(), picky, plain.clone(), plain]
}

/// The first line is the language; the rest are up to three files, parted by lines.
pub fn run(text: &str) -> Verdict {
    let (first, text) = text.split_once('\n').unwrap_or(("python", text));
    let lang = Lang::ALL.into_iter().find(|lang| lang.name() == first.trim()).unwrap_or(Lang::Java);
    let mut random = Random::new(text.len() as u64, text.get(..40).unwrap_or(""), 0);
    let count = 1 + random.below(3);
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let mut units = Vec::new();
    let mut texts = Vec::new();
    for (number, part) in lines.chunks(lines.len().div_ceil(count).max(1)).enumerate() {
        let text = head(lang, number) + &part.concat();
        let mut tree = match rampart_syntax::parse(lang, &text, Arc::default(), PARSE_LIMIT) {
            Ok(tree) => tree,
            Err(ParseFailure::Timeout) => return Verdict::GaveUp,
            Err(failure) => return Verdict::Wrong(failure.to_string()),
        };
        let names = rampart_syntax::resolve::resolve(&mut tree, lang);
        let graph = rampart_flow::build(&tree, &names, lang, rampart_flow::Order::Dropped).graph;
        let size = graph.nodes.len() + graph.edges.len();
        if size > SIZE + text.len() * SIZE_PER_BYTE {
            return Verdict::Wrong(format!("{} nodes and {} edges", graph.nodes.len(), graph.edges.len()));
        }
        units.push(Unit { path: format!("m/f{number}.{}", ending(lang)), graph });
        texts.push(text);
    }
    let facts: Vec<Facts> = units.iter().map(|unit| marks(&unit.graph, &mut random)).collect();
    let entries = entries();
    let group = Group { rules: vec![0b11, 0b10, 0b10, 0b01, 0b10, 0b01, 0b11], entries: &entries, ..Group::default() };
    for reach in [Reach::Function, Reach::File, Reach::Project] {
        let project = Project::link(units.iter().collect(), &[], reach);
        let facts: Vec<(u32, &Facts)> = facts.iter().enumerate().map(|(u, facts)| (u as u32, facts)).collect();
        let limits = Limits { states: STATES, ..Limits::default() };
        let outcome = rampart_flow::search(&project, &facts, &group, &limits);
        let inside = |unit: u32, span: Span| texts[unit as usize].get(span.range()).is_some();
        for flow in &outcome.flows {
            let is_known = flow.rule < 2
                && (flow.sink.1 as usize) < facts[flow.sink.0 as usize].1.sinks.len()
                && (flow.source.1 as usize) < facts[flow.source.0 as usize].1.sources.len();
            if !is_known || flow.steps.is_empty() || !flow.steps.iter().all(|step| inside(step.unit, step.span)) {
                return Verdict::Wrong(format!("{flow:?}"));
            }
        }
    }
    Verdict::Fine
}

fn ending(lang: Lang) -> &'static str {
    match lang {
        Lang::Python => "py",
        Lang::JavaScript => "js",
        Lang::TypeScript => "ts",
        Lang::Tsx => "tsx",
        Lang::Java => "java",
        Lang::Go => "go",
    }
}

/// Makes the files know one another, in a circle.
fn head(lang: Lang, number: usize) -> String {
    let [next, last] = [(number + 1) % 3, (number + 2) % 3];
    match lang {
        Lang::Python => format!("from .f{next} import *\nfrom . import f{last}\n"),
        Lang::Java => "package m;\n".to_owned(),
        Lang::Go => "package m\n".to_owned(),
        _ => format!("export * from './f{next}';\nimport * as f{last} from './f{last}';\n"),
    }
}

/// Marks on nodes and calls anywhere.
fn marks(graph: &Graph, random: &mut Random) -> Facts {
    let mut facts = Facts::default();
    let many = 1 + random.small(200);
    let value = |random: &mut Random| match random.below(graph.nodes.len()) as Value {
        value if (value as usize) < graph.nodes.len() => value,
        _ => NOWHERE,
    };
    for _ in 0..many {
        let source = Source { entry: random.below(3) as u32, values: vec![value(random)], ..Source::default() };
        facts.sources.push(source);
        let calls = (!graph.calls.is_empty()).then(|| random.below(graph.calls.len()) as u32);
        let calls = calls.filter(|_| random.below(2) == 0).into_iter().collect();
        facts.sinks.push(Sink { entry: 3 + random.below(2) as u32, values: vec![value(random)], calls });
        if random.below(4) == 0 {
            facts.sanitizers.push(Sanitizer { entry: 5, values: vec![value(random)], ..Sanitizer::default() });
            let (from, to) = (vec![value(random)], vec![value(random)]);
            facts.propagators.push(Propagator { entry: 6, from, to, later: Vec::new() });
        }
    }
    facts
}
