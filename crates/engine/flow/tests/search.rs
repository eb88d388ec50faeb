//! The search on graphs made by hand.

use rampart_flow::{
    Edge, Entry, Facts, Graph, Group, Limits, Node, Project, Reach, Sink, Source, Step, Unit, search, search_again,
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

#[test]
fn a_search_is_made_again_only_where_it_could_go_another_way() {
    let entries = [Entry::default(), Entry::default()];
    let group = Group { entries: &entries, rules: vec![1, 1], ..Group::default() };
    let limits = Limits::default();
    // By the length of the second file and whether its value is a source too: what the search says, and whether it was made.
    let run = |first: u8, deep: u32, is_source: bool, known: Option<&rampart_flow::Known>| {
        let ((way, last), (other, end)) = (fan(0, 3), fan(0, deep));
        let units = [("a", way), ("b", other)].map(|(path, graph)| Unit { path: path.to_owned(), graph });
        let project = Project::link(units.iter().collect(), &[], Reach::Project);
        let source = |values: Vec<u32>| vec![Source { entry: 0, values, ..Source::default() }];
        let sink = |value: u32| vec![Sink { entry: 1, values: vec![value], ..Sink::default() }];
        let of_way = Facts { sources: source(vec![0]), sinks: sink(last), ..Facts::default() };
        let of_other = Facts {
            sources: source(is_source.then_some(0).into_iter().collect()),
            sinks: sink(end),
            ..Facts::default()
        };
        let facts = [(0, &of_way), (1, &of_other)];
        let contents = [[first; 32], [deep as u8 + 100 * u8::from(is_source); 32]];
        let (outcome, known) = search_again(&project, &facts, &group, &limits, &contents, known);
        assert_eq!(format!("{outcome:?}"), format!("{:?}", search(&project, &facts, &group, &limits)));
        (outcome.flows.len(), known)
    };
    let (flows, known) = run(1, 5, false, None);
    let known = known.expect("nothing was known");
    assert_eq!(flows, 1);
    // The same; a file that has no part in it; another source; another first file.
    assert!(matches!(run(1, 5, false, Some(&known)), (1, None)));
    assert!(matches!(run(1, 7, false, Some(&known)), (1, None)));
    assert!(matches!(run(1, 5, true, Some(&known)), (2, Some(_))));
    assert!(matches!(run(2, 5, false, Some(&known)), (1, Some(_))));
}
