//! The metamorphic suite over every fixture of `rules/`: `cargo bench -p rampart-findings --bench metamorphic`.

#[path = "../tests/metamorphic/changes.rs"]
mod changes;
#[path = "../tests/metamorphic/diff.rs"]
mod diff;
#[path = "../tests/metamorphic/suite.rs"]
mod suite;

fn main() {
    suite::run(1);
}
