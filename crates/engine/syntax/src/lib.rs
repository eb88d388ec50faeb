//! Source text to generic tree: languages, grammars, lowering, names.
//!
//! Owns everything that is known about a language. Knows no rules, no files, no network.
//!
//! ```
//! use rampart_syntax::{Lang, parse};
//! let tree = parse(Lang::Python, "f(1)", Default::default(), std::time::Duration::from_secs(1)).unwrap();
//! assert_eq!(tree.dump(tree.root()), "Block\n  ExprStmt\n    Call\n      Ident \"f\"\n      Args\n        Int \"1\"\n");
//! ```

mod cst;
mod kind;
mod lang;
mod lower;
pub mod pattern;
pub mod resolve;
mod symbols;
mod tree;

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

pub use cst::{MAX_DEPTH, ParseFailure};
pub use kind::{Aux, Kind, Op};
pub use lang::Lang;
pub use resolve::{Def, DefId, DefKind, Names, Value};
pub use symbols::{LocalSymbols, Sym, Symbols, hash_text};
pub use tree::{Builder, Node, NodeId, Span, Tree, is_metavar};

thread_local! {
    static PARSER: RefCell<tree_sitter::Parser> = RefCell::new(tree_sitter::Parser::new());
}

/// Parses and lowers a file. The root is a `Block` of the file's statements.
///
/// # Errors
/// When parsing passes `limit`, in processor time, or the text is 2 GiB or more. Text that the grammar does not understand is no error: see
/// [`Tree::errors`].
pub fn parse(lang: Lang, src: &str, base: Arc<Symbols>, limit: Duration) -> Result<Tree, ParseFailure> {
    let begin = processor_time();
    let tree = lower_text(lang, src, limit, Builder::new(src, base.clone(), false))?;
    // Files named as JavaScript often hold types: the grammar of TypeScript with JSX then understands more.
    if lang == Lang::JavaScript && !tree.errors.is_empty() {
        let left = limit.saturating_sub(processor_time().saturating_sub(begin));
        return Ok(match lower_text(Lang::Tsx, src, left, Builder::new(src, base, false)) {
            Ok(typed) if typed.errors.len() < tree.errors.len() => typed,
            _ => tree,
        });
    }
    Ok(tree)
}

/// What this thread has used so far. Time by the clock would give up other files on a busy machine than on an idle one.
fn processor_time() -> Duration {
    #[cfg(unix)]
    {
        let time = rustix::time::clock_gettime(rustix::time::ClockId::ThreadCPUTime);
        Duration::new(time.tv_sec.unsigned_abs(), time.tv_nsec.unsigned_abs() as u32)
    }
    #[cfg(not(unix))]
    {
        use std::time::Instant;
        thread_local!(static BEGIN: Instant = Instant::now());
        BEGIN.with(Instant::elapsed)
    }
}

fn lower_pattern(
    lang: Lang,
    src: &str,
    base: Arc<Symbols>,
    limit: Duration,
    types: &[String],
) -> Result<Tree, ParseFailure> {
    let mut builder = Builder::new(src, base, true);
    builder.set_types(types);
    lower_text(lang, src, limit, builder)
}

fn lower_text(lang: Lang, src: &str, limit: Duration, mut builder: Builder) -> Result<Tree, ParseFailure> {
    let arena = PARSER.with_borrow_mut(|parser| cst::parse(parser, lang.grammar(), src, limit))?;
    builder.errors.clone_from(&arena.errors);
    builder.too_deep = arena.too_deep;
    let root = lower::lower(lang, arena.root(), &mut builder);
    Ok(builder.finish(root))
}
