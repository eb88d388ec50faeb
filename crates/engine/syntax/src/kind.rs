//! The kinds of the generic tree and the layout of their children.
//!
//! A kind with *slots* has a fixed number of children; a slot that is absent in the source holds a [`Kind::Nil`] node.
//! A kind that is a *list* has any number of children. Layouts are given as `[slot, slot, …]` or `[item…]`.

/// What a node is. Shared by all languages; what has no kind of its own is [`Kind::Other`] with its grammar name.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
#[repr(u8)]
pub enum Kind {
    /// An absent slot. Zero-width.
    Nil,

    // ── expressions ──────────────────────────────────────────────────────────────────────────────
    /// A name. `sym` = the name. Also a type name, a property key (quoted or not), a label.
    Ident,
    /// `this` (and nothing else: Python's `self` is an `Ident`).
    This,
    /// `super`.
    Super,
    /// `object.name` — `[object, name: Ident]`; JavaScript `?.` too. `pkg.Func` in Go, `a.b.C` in Java.
    Member,
    /// `object[index]` — `[object, index]`. Several subscripts are one `Tuple`.
    Index,
    /// `object[lo:hi:step]` — `[object, lo, hi, step]`.
    Slice,
    /// `callee(args)` — `[callee, Args]`.
    Call,
    /// `new Type(args) { body }` — `[type, Args, ClassBody]`.
    New,
    /// Arguments — `[arg…]`: expressions, `KwArg`, `Spread`.
    Args,
    /// `name=value` in a call or annotation — `[value]`, `sym` = name.
    KwArg,
    /// `*x`, `...x`, Go's `x...` — `[expr]`; [`Aux::DOUBLE`] for `**x`.
    Spread,
    /// A string without interpolation. `sym` = the text between the quotes as written (escapes kept).
    Str,
    /// A string that may have interpolation (every template of JavaScript, every f-string) — `[part…]`: `Str` for text, `Hole` for an expression. `Aux` = [`Aux::FSTRING`],
    /// [`Aux::TEMPLATE`] or [`Aux::ADJACENT`] (literals side by side that form one string; the parts are strings themselves).
    Interp,
    /// An interpolated expression — `[expr]`.
    Hole,
    /// `` tag`…` `` — `[tag, Str | Interp]`.
    Tagged,
    /// A number. `sym` = its text, normalised (no `_`, no suffix, lower case).
    Int,
    /// A number with a fraction or exponent; imaginary too.
    Float,
    /// `true`/`false`. `aux` 1 or 0.
    Bool,
    /// `null`, `None`, `nil`.
    Null,
    /// `undefined`.
    Undefined,
    /// A character literal (Java `'c'`, Go rune). `sym` = text between quotes.
    Char,
    /// A regular-expression literal. `[flags: Str | Nil]`, `sym` = pattern text.
    Regex,
    /// `[a, b]` — `[item…]`. Java array initialiser, Go composite literal body without keys is `Object`.
    Array,
    /// `(a, b)` and bare `a, b` — `[item…]`.
    Tuple,
    /// `{a, b}` in Python.
    Set,
    /// `{k: v}` — `[Pair | Spread…]`. Python dictionary (keys are expressions).
    Dict,
    /// JavaScript object literal — `[Pair | Spread | FuncDef…]` (keys are `Ident` unless computed); also the braces of
    /// a Go composite literal — `[Pair | expr…]`.
    Object,
    /// `key: value` — `[key, value]`.
    Pair,
    /// Go `T{…}` — `[type, Object]`.
    Composite,
    /// `a op b` — `[left, right]`, `aux` = [`Op`]. Includes `and`, `or`, comparison, `in`, `instanceof`.
    Binary,
    /// `op a` — `[operand]`, `aux` = [`Op`]. Includes `not`, `typeof`, `delete`, `&x`, `*p`, `<-c`; `++`/`--` ([`Op::Inc`]…).
    Unary,
    /// `target = value` — `[target, value]`; [`Aux::DECLARES`] for Go `:=` and Python walrus.
    Assign,
    /// `target op= value` — `[target, value]`, `aux` = [`Op`].
    AugAssign,
    /// `c ? a : b` — `[cond, then, else]`.
    Ternary,
    /// Any function without a declaration: arrow, `lambda`, `function () {}`, Go func literal, Java lambda —
    /// `[Params, return type, body]`; the body is a `Block` or an expression.
    Lambda,
    /// A class expression — `[ClassDef]`.
    ClassExpr,
    /// `[e for x in xs if c]` — `[element, clause…]`, clauses `CompFor`/`CompIf`; `aux` = [`Aux::LIST`]….
    Comprehension,
    /// `[target, iterable]`.
    CompFor,
    /// `[cond]`.
    CompIf,
    /// `await e` — `[expr]`.
    Await,
    /// `yield e` — `[expr]`; [`Aux::FROM`] for `yield from`/`yield*`.
    Yield,
    /// `(T) e`, `e as T`, `e.(T)`, `e!` — `[type, expr]`.
    Cast,
    /// `a, b` of JavaScript — `[expr…]`.
    Seq,
    /// A JSX element — `[name (Ident | Member | Nil for a fragment), XmlAttrs, XmlBody]`.
    Xml,
    /// `[XmlAttr | Spread…]`.
    XmlAttrs,
    /// `name=value` — `[name: Ident, value]`; the value is `Nil` when there is none.
    XmlAttr,
    /// `[XmlText | Hole | Xml…]`.
    XmlBody,
    /// Text between tags. `sym` = the text.
    XmlText,

    // ── statements ───────────────────────────────────────────────────────────────────────────────
    /// `[statement…]`.
    Block,
    /// `[expr]`.
    ExprStmt,
    /// One declared variable — `[target, type, init, Attrs]`; `aux` = [`Aux::VAR`], `LET`, `CONST` or 0.
    /// Fields of classes and structs too. The span of each starts where the declaration starts.
    VarDef,
    /// `[cond, then, else]`.
    If,
    /// `[cond, body]`.
    While,
    /// `[body, cond]`.
    DoWhile,
    /// `for (init; cond; update) body` — `[init, cond, update, body]`; init and update are `Nil`, one node or a `Block`.
    For,
    /// `for target in iterable` — `[target, iterable, body]`; Go `range` with `k, v` has a `Tuple` target, [`Aux::OF`]/`IN` for JavaScript,
    /// [`Aux::ASYNC`] for Python.
    ForEach,
    /// `[value]`.
    Return,
    /// `[label]`.
    Break,
    /// `[label]`.
    Continue,
    /// `throw`/`raise` — `[value, cause]`.
    Throw,
    /// `[resources (Block | Nil), body, Catches, else, finally]`.
    Try,
    /// `[Catch…]`.
    Catches,
    /// `[type, name, body]`.
    Catch,
    /// `with a as b:` — `[Block of (VarDef | ExprStmt), body]`; [`Aux::ASYNC`] for `async with`. Java `synchronized` is `Other`.
    With,
    /// `switch`, `match`, Go `select` — `[subject, Block of Case]`.
    Switch,
    /// `[Args of labels (empty for default), body]`; [`Aux::ARROW`] for Java's `case x -> …`.
    Case,
    /// `[cond, message]`.
    Assert,
    /// `del x` — `[expr…]`.
    Delete,
    /// `global`/`nonlocal` — `[Ident…]`.
    Global,
    /// `label: stmt` — `[stmt]`, `sym` = label.
    Label,
    /// Go `defer call` — `[expr]`.
    Defer,
    /// Go `go call` — `[expr]`.
    Go,
    /// `pass`, `;`.
    Empty,

    // ── definitions and directives ───────────────────────────────────────────────────────────────
    /// `import a.b as c` — `[alias: Ident | Nil]`, `sym` = dotted module or file name (JavaScript, Go).
    /// JavaScript `import * as c from "m"` and `import "m"` too.
    Import,
    /// `from m import a as b` — `[ImportName…]`, `sym` = module. Java `import a.b.C` is module `a.b`, name `C`.
    /// JavaScript default import is the name `default`.
    ImportFrom,
    /// `[alias: Ident | Nil]`, `sym` = the imported name.
    ImportName,
    /// `from m import *` — `[]`, `sym` = module.
    ImportAll,
    /// `package a.b` — `[]`, `sym` = name.
    Package,
    /// JavaScript `export …` around a declaration is dropped (the declaration gets the modifier `export`);
    /// other exports — `[expr…]`.
    Export,
    /// A named function or method — `[Attrs, TypeParams | Nil, name: Ident, Params, return type, body]`; constructors too.
    /// [`Aux::METHOD`] for what scripts write without `function`.
    FuncDef,
    /// `[Param…]`.
    Params,
    /// `[name (Ident or a pattern), type, default, Attrs]`; `aux` = [`Aux::REST`], [`Aux::DOUBLE`], [`Aux::RECEIVER`] or 0.
    Param,
    /// A class, interface, enum, record or struct — `[Attrs, TypeParams | Nil, name, Extends, Implements, Params | Nil, ClassBody]`;
    /// `aux` = [`Aux::CLASS`] ….
    ClassDef,
    /// `[type | KwArg…]`.
    Extends,
    /// `[type…]`.
    Implements,
    /// `[member…]`: `VarDef`, `FuncDef`, `ClassDef`, statements.
    ClassBody,
    /// A type declared as another — `[Attrs, name, type]`.
    TypeDef,
    /// Decorators, annotations and modifiers — `[Annotation | Modifier…]`.
    Attrs,
    /// `@name(args)` — `[name (Ident | Member | Call…), Args | Nil]`.
    Annotation,
    /// `static`, `public`, `async`, `const` — `[]`, `sym` = the word.
    Modifier,
    /// `[Ident…]` (bounds dropped).
    TypeParams,

    // ── types (a plain name is `Ident` or `Member`) ──────────────────────────────────────────────
    /// `T<A, B>` — `[type, Args of types]`.
    TypeApply,
    /// `T[]`, `[]T` — `[type, size | Nil]`.
    TypeArray,
    /// `*T` — `[type]`.
    TypePointer,
    /// Function type — `[Params, return type]`.
    TypeFunc,
    /// `A | B` — `[type…]`.
    TypeUnion,
    /// Go `map[K]V` — `[key, value]`.
    TypeMap,

    /// Anything else — `[child…]`, `sym` = name of the grammar's node.
    Other,

    // ── only in patterns ─────────────────────────────────────────────────────────────────────────
    /// `$X` — `[]`, `sym` = `$X`.
    Metavar,
    /// `$...X` — `[]`, `sym` = `$...X`.
    MetavarEllipsis,
    /// `...`.
    Ellipsis,
    /// `<... e ...>` — `[expr]`.
    Deep,
    /// `(T $X)` — `[type]`, `sym` = `$X`.
    Typed,
    /// `o. ... ` — `[object]`: stands for the object and any chain of members and calls on it.
    Chain,
}

impl Kind {
    /// Number of kinds; `kind as usize` is below it.
    pub const COUNT: usize = Kind::Chain as usize + 1;

    /// A statement, definition or directive: what may stand in a `Block`.
    pub fn is_statement(self) -> bool {
        (Kind::Block as u8..=Kind::ClassDef as u8).contains(&(self as u8))
            && !matches!(self, Kind::Catches | Kind::Catch | Kind::Case | Kind::ImportName | Kind::Params | Kind::Param)
            || self == Kind::TypeDef
    }

    /// A literal whose value is its text.
    pub fn is_literal(self) -> bool {
        matches!(
            self,
            Kind::Str | Kind::Int | Kind::Float | Kind::Bool | Kind::Null | Kind::Undefined | Kind::Char | Kind::Regex
        )
    }
}

/// Small facts about a node that are not children. The meaning depends on the kind; 0 always means "nothing special".
pub struct Aux;

impl Aux {
    pub const DOUBLE: u16 = 1;
    pub const REST: u16 = 2;
    pub const RECEIVER: u16 = 3;
    pub const FSTRING: u16 = 1;
    pub const TEMPLATE: u16 = 2;
    pub const ADJACENT: u16 = 3;
    pub const BYTES: u16 = 1;
    pub const DECLARES: u16 = 1;
    pub const FROM: u16 = 1;
    pub const ASYNC: u16 = 1;
    pub const VAR: u16 = 1;
    pub const LET: u16 = 2;
    pub const CONST: u16 = 3;
    pub const OF: u16 = 1;
    pub const IN: u16 = 2;
    pub const LIST: u16 = 0;
    pub const SET: u16 = 1;
    pub const DICT: u16 = 2;
    pub const GENERATOR: u16 = 3;
    pub const CLASS: u16 = 0;
    pub const INTERFACE: u16 = 1;
    pub const ENUM: u16 = 2;
    pub const RECORD: u16 = 3;
    pub const STRUCT: u16 = 4;
    pub const METHOD: u16 = 1;
    pub const ANNOTATION: u16 = 5;
    pub const ARROW: u16 = 1;
}

/// Operators of `Binary`, `Unary` and `AugAssign`, one per meaning across languages.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[repr(u16)]
pub enum Op {
    Plus = 1,
    Minus,
    Mul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    MatMul,
    And,
    Or,
    Not,
    Coalesce,
    BitAnd,
    BitOr,
    BitXor,
    BitNot,
    BitClear,
    Shl,
    Shr,
    UShr,
    Eq,
    NotEq,
    /// `===`
    Same,
    /// `!==`
    NotSame,
    Lt,
    LtE,
    Gt,
    GtE,
    In,
    NotIn,
    Is,
    IsNot,
    InstanceOf,
    TypeOf,
    Void,
    Delete,
    /// `&x`
    Ref,
    /// `*p`
    Deref,
    /// `<-c` receive; as binary, `c <- v` send
    Arrow,
    PreInc,
    PreDec,
    PostInc,
    PostDec,
}

impl Op {
    /// The operator written `text` between two operands (`+`, `and`, `instanceof`, …) or before an `=`.
    pub fn binary(text: &str) -> Option<Op> {
        Some(match text {
            "+" => Op::Plus,
            "-" => Op::Minus,
            "*" => Op::Mul,
            "/" => Op::Div,
            "//" => Op::FloorDiv,
            "%" => Op::Mod,
            "**" => Op::Pow,
            "@" => Op::MatMul,
            "&&" | "and" => Op::And,
            "||" | "or" => Op::Or,
            "??" => Op::Coalesce,
            "&" => Op::BitAnd,
            "|" => Op::BitOr,
            "^" => Op::BitXor,
            "&^" => Op::BitClear,
            "<<" => Op::Shl,
            ">>" => Op::Shr,
            ">>>" => Op::UShr,
            "==" => Op::Eq,
            "!=" | "<>" => Op::NotEq,
            "===" => Op::Same,
            "!==" => Op::NotSame,
            "<" => Op::Lt,
            "<=" => Op::LtE,
            ">" => Op::Gt,
            ">=" => Op::GtE,
            "in" => Op::In,
            "not in" => Op::NotIn,
            "is" => Op::Is,
            "is not" => Op::IsNot,
            "instanceof" => Op::InstanceOf,
            "<-" => Op::Arrow,
            _ => return None,
        })
    }

    /// The operator written `text` before one operand.
    pub fn unary(text: &str) -> Option<Op> {
        Some(match text {
            "+" => Op::Plus,
            "-" => Op::Minus,
            "!" | "not" => Op::Not,
            "~" => Op::BitNot,
            "^" => Op::BitXor,
            "&" => Op::Ref,
            "*" => Op::Deref,
            "<-" => Op::Arrow,
            "typeof" => Op::TypeOf,
            "void" => Op::Void,
            "delete" => Op::Delete,
            "++" => Op::PreInc,
            "--" => Op::PreDec,
            _ => return None,
        })
    }
}
