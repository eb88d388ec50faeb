//! What a rule says, as data: the rule language after reading and before compiling.
//!
//! Both syntaxes (`patterns:` and `match:`) become the same [`Formula`].

use std::sync::Arc;

use rampart_syntax::Lang;

/// Where something stands in a rule file. Lines and columns count from 1.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The rule file as the user named it.
    pub file: std::sync::Arc<str>,
    pub line: u32,
    pub column: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

#[derive(Clone, Debug)]
pub struct Rule {
    pub id: String,
    pub message: String,
    pub severity: Severity,
    /// The severity as written (`ERROR`, `HIGH`, …).
    pub severity_text: String,
    pub targets: Targets,
    pub metadata: serde_json::Value,
    pub paths: Paths,
    pub options: Options,
    pub fix: Option<String>,
    pub fix_regex: Option<FixRegex>,
    pub mode: Mode,
    /// What it finds is joined by the rule that it stands in, and not reported.
    pub is_part: bool,
    pub place: Place,
}

/// What a rule can run on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Targets {
    /// `languages:` as written.
    pub names: Vec<String>,
    /// Languages with a grammar. `TypeScript` implies `Tsx`; rules for JavaScript run on TypeScript files only if they say so.
    pub langs: Vec<Lang>,
    /// `generic` (or `none`): text matched by the generic matcher.
    pub generic: bool,
    /// `regex`: text matched by regular expressions only.
    pub regex: bool,
    /// Languages that Rampart has no grammar for yet.
    pub unsupported: Vec<String>,
}

/// `paths:` — globs, relative to the scanned root.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Paths {
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

#[derive(Clone, Debug)]
pub enum Mode {
    Search(Formula),
    Taint(Box<Taint>),
    Extract(Box<Extract>),
    Join(Box<Join>),
    /// Modes that this engine does not run, by name.
    Unsupported(String),
}

impl Mode {
    /// The formulas of the rule, in no order.
    pub fn formulas(&self) -> Vec<&Formula> {
        match self {
            Mode::Search(formula) => vec![formula],
            Mode::Taint(taint) => taint.specs().map(|spec| &spec.formula).collect(),
            Mode::Extract(extract) => vec![&extract.formula],
            Mode::Join(_) | Mode::Unsupported(_) => Vec::new(),
        }
    }
}

/// Pieces of a file that rules for another language run on.
#[derive(Clone, Debug)]
pub struct Extract {
    pub formula: Formula,
    /// The metavariable that is bound to a piece.
    pub piece: String,
    pub language: Targets,
    pub transform: Transform,
    /// All pieces of a file are one text; otherwise each is a text of its own.
    pub concat: bool,
    /// Ids of the rules that run on it; all when empty.
    pub include: Vec<String>,
    pub exclude: Vec<String>,
}

/// What becomes of a piece before rules run on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transform {
    None,
    /// It is a string literal: its content.
    Unquote,
    /// It is a list of strings in JSON: its elements, one below the other.
    JsonArray,
}

/// Findings of several rules, joined where what they are bound to fits together.
#[derive(Clone, Debug)]
pub struct Join {
    pub parts: Vec<JoinPart>,
    /// All must hold. What is reported is the finding of the last one's right side.
    pub conditions: Vec<JoinCondition>,
}

/// A rule whose findings are joined.
#[derive(Clone, Debug)]
pub struct JoinPart {
    /// What conditions call it.
    pub name: String,
    /// Its id; until [`crate::load::expand`] what the join rule calls it.
    pub rule: String,
    /// Metavariables that conditions know by another name: (name in the rule, name in conditions).
    pub renames: Vec<(String, String)>,
    pub place: Place,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JoinCondition {
    pub left: Property,
    pub operator: JoinOperator,
    pub right: Property,
}

/// What a finding is bound to, or where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Property {
    /// Index into [`Join::parts`].
    pub part: usize,
    /// A metavariable, or `path`.
    pub name: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum JoinOperator {
    Equal,
    Unequal,
    /// The left is a part of the right.
    Within,
    /// The right is a part of the left.
    Contains,
    /// The right can be reached from the left by findings that join one to the next.
    Leads,
}

/// What a taint rule follows: from where, to where, and what stops it.
#[derive(Clone, Debug, Default)]
pub struct Taint {
    pub sources: Vec<TaintEntry>,
    pub sinks: Vec<TaintEntry>,
    pub sanitizers: Vec<TaintEntry>,
    pub propagators: Vec<TaintEntry>,
}

impl Taint {
    /// The four lists, in the order of [`TaintKind`].
    pub fn lists_mut(&mut self) -> [&mut Vec<TaintEntry>; 4] {
        [&mut self.sources, &mut self.sinks, &mut self.sanitizers, &mut self.propagators]
    }

    pub fn specs(&self) -> impl Iterator<Item = &TaintSpec> {
        [&self.sources, &self.sinks, &self.sanitizers, &self.propagators].into_iter().flatten().filter_map(
            |e| match e {
                TaintEntry::Spec(spec) => Some(&**spec),
                TaintEntry::Use(..) => None,
            },
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TaintKind {
    Sources,
    Sinks,
    Sanitizers,
    Propagators,
}

#[derive(Clone, Debug)]
pub enum TaintEntry {
    Spec(Arc<TaintSpec>),
    /// `use: name` — the entries of a library.
    Use(String, Place),
}

/// One source, sink, sanitizer or propagator.
#[derive(Clone, Debug)]
pub struct TaintSpec {
    pub formula: Formula,
    /// Only the whole match counts, not what lies in it. `None`: what the kind takes as its default.
    pub exact: Option<bool>,
    pub by_side_effect: SideEffect,
    pub control: bool,
    pub at_exit: bool,
    pub not_conflicting: bool,
    pub label: Option<String>,
    pub requires: Option<Labels>,
    pub replaces: Vec<String>,
    /// Metavariables of a propagator.
    pub from: String,
    pub to: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum SideEffect {
    #[default]
    No,
    Yes,
    Only,
}

/// A condition on labels.
#[derive(Clone, Debug, PartialEq)]
pub enum Labels {
    Has(String),
    Not(Box<Labels>),
    And(Vec<Labels>),
    Or(Vec<Labels>),
    Always(bool),
}

/// A named list of taint entries that rules share.
#[derive(Clone, Debug)]
pub struct Library {
    pub id: String,
    pub kind: TaintKind,
    pub entries: Vec<TaintEntry>,
    pub place: Place,
}

/// A pattern or expression with its place in the rule file.
#[derive(Clone, Debug)]
pub struct PatternText {
    pub text: String,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub struct Formula {
    pub kind: FormulaKind,
    /// Applied in order to the ranges of `kind`.
    pub conditions: Vec<Condition>,
    /// One list per `focus-metavariable`; a list is a union, several lists intersect.
    pub focus: Vec<Vec<String>>,
    /// `as: $X` of the new syntax.
    pub bind_as: Option<String>,
    /// A `fix` inside the formula; overrides the rule's.
    pub fix: Option<String>,
    pub place: Place,
}

#[derive(Clone, Debug)]
pub enum FormulaKind {
    Pattern(PatternText),
    Regex(PatternText),
    /// `patterns` / `all`. Children may be `Not` and `Inside`.
    And(Vec<Formula>),
    /// `pattern-either` / `any`.
    Or(Vec<Formula>),
    /// `pattern-not…`, `not`. `pattern-not-inside` is `Not(Inside(…))`, `pattern-not-regex` is `Not(Regex)`.
    Not(Box<Formula>),
    /// `pattern-inside`, `inside`.
    Inside(Box<Formula>),
    /// `anywhere` of the new syntax.
    Anywhere(Box<Formula>),
}

#[derive(Clone, Debug)]
pub enum Condition {
    Regex {
        metavariable: String,
        regex: PatternText,
        constant_propagation: bool,
    },
    Pattern {
        metavariable: String,
        language: Option<String>,
        formula: Box<Formula>,
    },
    /// `comparison` with the base to read integers in and quotes to strip, as Semgrep defines them.
    Comparison {
        metavariable: Option<String>,
        comparison: PatternText,
        base: Option<u32>,
        strip: bool,
    },
    Analysis {
        metavariable: String,
        analyzer: Analyzer,
    },
    Type {
        metavariable: String,
        types: Vec<String>,
        language: Option<String>,
    },
    /// A setting of the project has a value that matches; ours, not Semgrep's.
    Setting {
        /// Text with metavariables.
        key: PatternText,
        /// Any value will do when there is none.
        regex: Option<PatternText>,
        /// Metavariables that get the value, and its file and line.
        value: Option<String>,
        place: Option<String>,
    },
    /// `metavariable-name` (`module`, `requires`-style constraints); kept as JSON until used.
    Name {
        metavariable: String,
        spec: serde_json::Value,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Analyzer {
    Entropy,
    Redos,
}

#[derive(Clone, Debug)]
pub struct FixRegex {
    pub regex: PatternText,
    pub replacement: String,
    /// How many occurrences to replace; `None` or 0 is all.
    pub count: Option<u32>,
}

/// `options:` with Semgrep's defaults. Unknown options are errors; those of taint mode are read and kept in `taint`.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    pub constant_propagation: bool,
    pub symbolic_propagation: bool,
    pub ac_matching: bool,
    pub commutative_boolop: bool,
    pub symmetric_eq: bool,
    pub vardef_assign: bool,
    pub flddef_assign: bool,
    pub attr_expr: bool,
    pub unify_ids_strictly: bool,
    pub arrow_is_function: bool,
    pub let_is_var: bool,
    pub go_deeper_expr: bool,
    pub go_deeper_stmt: bool,
    pub implicit_deep_exprstmt: bool,
    pub implicit_ellipsis: bool,
    pub xml_singleton_loose_matching: bool,
    pub xml_attrs_implicit_ellipsis: bool,
    pub xml_children_ordered: bool,
    pub decorators_order_matters: bool,
    pub generic_ellipsis_max_span: u32,
    /// `spacegrep` (false) or `aliengrep` (true).
    pub aliengrep: bool,
    pub generic_multiline: bool,
    pub generic_caseless: bool,
    pub generic_braces: Option<Vec<(String, String)>>,
    pub generic_extra_braces: Vec<(String, String)>,
    pub generic_extra_word_characters: Vec<String>,
    /// `c`, `cpp` or `shell`.
    pub generic_comment_style: Option<String>,
    pub taint: std::collections::BTreeMap<String, serde_json::Value>,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            constant_propagation: true,
            symbolic_propagation: false,
            ac_matching: true,
            commutative_boolop: false,
            symmetric_eq: false,
            vardef_assign: true,
            flddef_assign: false,
            attr_expr: true,
            unify_ids_strictly: true,
            arrow_is_function: true,
            let_is_var: true,
            go_deeper_expr: true,
            go_deeper_stmt: true,
            implicit_deep_exprstmt: true,
            implicit_ellipsis: true,
            xml_singleton_loose_matching: true,
            xml_attrs_implicit_ellipsis: true,
            xml_children_ordered: true,
            decorators_order_matters: false,
            generic_ellipsis_max_span: 10,
            aliengrep: false,
            generic_multiline: true,
            generic_caseless: false,
            generic_braces: None,
            generic_extra_braces: Vec::new(),
            generic_extra_word_characters: Vec::new(),
            generic_comment_style: None,
            taint: std::collections::BTreeMap::new(),
        }
    }
}

/// Why a rule, or a part of it, cannot be used. Never stops the other rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleError {
    /// `None` when the file itself could not be read as rules.
    pub rule_id: Option<String>,
    pub place: Place,
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The line of the rule file at `place`, for a frame with a caret.
    pub source_line: Option<String>,
}

impl std::fmt::Display for RuleError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}:{}: {}", self.place.file, self.place.line, self.place.column, self.message)
    }
}

impl std::error::Error for RuleError {}
