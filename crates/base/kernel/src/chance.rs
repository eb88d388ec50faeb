//! The port that chance comes from.

/// Where chance comes from. What it gives must be good enough for keys; only tests hand in anything else.
pub trait Chance: Send + Sync + 'static {
    fn fill(&self, bytes: &mut [u8]);
}

/// The random numbers of the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "this is the port through which everybody else asks")]
    fn fill(&self, bytes: &mut [u8]) {
        // Going on without would make guessable keys: better no program than that.
        getrandom::fill(bytes).expect("the operating system gives random numbers");
    }
}
