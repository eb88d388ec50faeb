//! The search on graphs made by hand.

use rampart_flow::{Edge, Entry, Facts, Graph, Group, Limits, Node, Project, Reach, Sink, Source, Step, Unit, search};
use rampart_syntax::Span;

/// Node 0 reaches, along `deep` nodes, one that nothing follows, and that many times over; and, along as many, the last node.
fn fan(wide: u32, deep: u32) -> (Graph, u32) {
    let mut edges: Vec<(u32, u32)> = Vec::new();
    let mut next = 1;
    for _ in 0..=wide {
        let mut from = 0;
        for _ in 0..deep {
            edges.push((from, next));
            (from, next) = (next, next + 1);
        }
    }
    edges.sort_unstable();
    let starts = (0..=next).map(|node| edges.partition_point(|&(from, _)| from < node) as u32).collect();
    let node = Node { span: Span { start: 0, end: 0 }, function: 0, shown: true };
    let edges = edges.into_iter().map(|(_, to)| Edge { to, step: Step::Copy }).collect();
    (Graph { nodes: vec![node; next as usize], starts, edges, ..Graph::default() }, next - 1)
}

#[test]
fn what_leads_to_no_sink_takes_nothing_from_what_does() {
    let (wide, deep) = (50, 40);
    let (graph, last) = fan(wide, deep);
    let unit = Unit { path: "a".to_owned(), graph };
    let project = Project::link(vec![&unit], &[], Reach::File);
    let facts = Facts {
        sources: vec![Source { entry: 0, values: vec![0], ..Source::default() }],
        sinks: vec![Sink { entry: 1, values: vec![last], ..Sink::default() }],
        ..Facts::default()
    };
    let entries = [Entry::default(), Entry::default()];
    let group = Group { entries: &entries, rules: vec![1, 1], ..Group::default() };
    // One file may have a twelfth of them: enough for the way to the sink, and far from enough for all of the others.
    let limits = Limits { states: 12 * 60, ..Limits::default() };
    let outcome = search(&project, &[(0, &facts)], &group, &limits);
    assert_eq!((outcome.flows.len(), outcome.cut.len()), (1, 0));
    assert_eq!(outcome.states, deep as usize + 1);
}
