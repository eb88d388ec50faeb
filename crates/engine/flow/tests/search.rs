//! The search on graphs made by hand.

use rampart_flow::{
    Edge, Entry, Facts, Graph, Group, Known, Limits, Node, Parts, Project, Reach, Sink, Source, Step, Unit, digests,
    search, search_again,
};
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
    let functions = vec![Default::default()];
    (Graph { nodes: vec![node; next as usize], starts, edges, functions, ..Graph::default() }, next - 1)
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

/// The same graph, as what it is in a file that begins with another function, of so many nodes.
fn after(others: u32, (graph, last): (Graph, u32)) -> (Graph, u32) {
    let (ahead, _) = fan(0, others);
    let moved = |node: &Node| Node { span: Span { start: 500, end: 600 }, function: 1, ..*node };
    let edges = graph.edges.iter().map(|edge| Edge { to: edge.to + others + 1, ..*edge });
    let starts = graph.starts.iter().skip(1).map(|start| start + others);
    let graph = Graph {
        nodes: ahead.nodes.iter().copied().chain(graph.nodes.iter().map(moved)).collect(),
        edges: ahead.edges.iter().copied().chain(edges).collect(),
        starts: ahead.starts.iter().copied().chain(starts).collect(),
        functions: vec![Default::default(), Default::default()],
        ..Graph::default()
    };
    (graph, last + others + 1)
}

/// What becomes of a search through two files when it is known what came of the one before it.
struct Case {
    others: u32,
    /// How the way goes in the first file.
    step: Step,
    /// Length of the way in the second file, and whether it begins at a source too.
    deep: u32,
    is_source: bool,
}

impl Case {
    /// Ways that are found, and what is kept if the search was made.
    fn run(&self, known: Option<&Known>) -> (usize, Option<Known>) {
        let entries = [Entry::default(), Entry::default()];
        let group = Group { entries: &entries, rules: vec![1, 1], ..Group::default() };
        let limits = Limits::default();
        let (mut way, last) = after(self.others, fan(0, 3));
        way.edges.last_mut().expect("it leads somewhere").step = self.step;
        let (other, end) = fan(0, self.deep);
        let units = [("a", way), ("b", other)].map(|(path, graph)| Unit { path: path.to_owned(), graph });
        let project = Project::link(units.iter().collect(), &[], Reach::Project);
        let source = |value: u32| Source { entry: 0, values: vec![value], ..Source::default() };
        let sink = |value: u32| vec![Sink { entry: 1, values: vec![value], ..Sink::default() }];
        let of_way = Facts { sources: vec![source(self.others + 1)], sinks: sink(last), ..Facts::default() };
        let sources = self.is_source.then(|| source(0)).into_iter().collect();
        let of_other = Facts { sources, sinks: sink(end), ..Facts::default() };
        let facts = [(0, &of_way), (1, &of_other)];
        let digests: Vec<_> = units.iter().zip(facts).map(|(unit, (_, facts))| digests(&unit.graph, facts)).collect();
        let parts = Parts::new(&project, facts.iter().map(|(_, facts)| *facts).zip(digests.iter().map(Vec::as_slice)));
        let (outcome, known) = search_again(&project, &facts, &group, &limits, &parts, known);
        assert_eq!(format!("{outcome:?}"), format!("{:?}", search(&project, &facts, &group, &limits)));
        (outcome.flows.len(), known)
    }
}

#[test]
fn a_search_is_made_again_only_where_it_could_go_another_way() {
    let case = || Case { others: 2, step: Step::Copy, deep: 5, is_source: false };
    let (flows, known) = case().run(None);
    let known = known.expect("nothing was known");
    assert_eq!(flows, 1);
    assert!(matches!(case().run(Some(&known)), (1, None)), "all is the same");
    let other = Case { deep: 7, ..case() };
    assert!(matches!(other.run(Some(&known)), (1, None)), "a file changed that has no part in it");
    let moved = Case { others: 6, ..case() };
    assert!(matches!(moved.run(Some(&known)), (1, None)), "the function lies elsewhere in its file");
    let source = Case { is_source: true, ..case() };
    assert!(matches!(source.run(Some(&known)), (2, Some(_))), "there is another source");
    let step = Case { step: Step::Derive, ..case() };
    assert!(matches!(step.run(Some(&known)), (1, Some(_))), "the function itself changed");
}
