//! Findings keep who they are while code changes around them.

mod changes;
mod diff;
mod suite;

#[test]
fn findings_keep_who_they_are() {
    // All of them are looked at by `cargo bench -p rampart-findings --bench metamorphic`, in minutes.
    suite::run(5);
}
