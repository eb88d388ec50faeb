//! `metavariable-analysis`: does a text look like a secret, is an expression open to denial of service?

use std::sync::OnceLock;

use regex_syntax::ast::{self, Ast, RepetitionKind, RepetitionRange};

use crate::regex::loosened;

/// Bits of information from which a text may be a key: 64 random bits are one.
const MIN_BITS: f64 = 64.0;

/// Bits of information per bit of text. Hexadecimal digits are below 0.75, words below 0.5.
const MIN_DENSITY: f64 = 0.6;

/// Bits of a character that is no letter: one of 62 letters and digits, for keys are made of those.
const BITS_OF_OTHER: f64 = 5.954;

/// Bits of a space: sentences have many, keys none.
const BITS_OF_SPACE: f64 = 3.0;

/// Whether a text looks like a key rather than like words: it holds much information, and densely.
///
/// A letter holds as much as it surprises after the letter before it, by how often the two stand together in
/// [`WORDS`]; pairs that do not occur there surprise as two unrelated letters.
pub fn is_high_entropy(text: &str) -> bool {
    let bytes = text.as_bytes();
    // One character repeated holds nothing.
    if bytes.is_empty() || bytes.iter().all(|b| *b == bytes[0]) {
        return false;
    }
    let bits = bits(bytes);
    bits > MIN_BITS && bits / (8.0 * bytes.len() as f64) > MIN_DENSITY
}

fn bits(bytes: &[u8]) -> f64 {
    let model = model();
    let mut total = 0.0;
    for window in bytes.windows(3) {
        let letters = [letter(window[0]), letter(window[1]), letter(window[2])];
        total += match letters {
            [Some(a), Some(b), Some(c)] => model.trigram(a, b, c),
            _ => window.iter().map(|b| alone(*b)).sum::<f64>(),
        } / 3.0;
    }
    // The last two characters begin no window; what they hold counts as well.
    let tail = &bytes[bytes.len().saturating_sub(2)..];
    total + tail.iter().map(|b| alone(*b)).sum::<f64>() * tail.len() as f64 / 2.0
}

/// What a character holds by itself.
fn alone(byte: u8) -> f64 {
    match letter(byte) {
        Some(letter) => model().single[letter],
        None if byte == b' ' => BITS_OF_SPACE,
        None => BITS_OF_OTHER,
    }
}

fn letter(byte: u8) -> Option<usize> {
    byte.is_ascii_alphabetic().then(|| usize::from(byte.to_ascii_lowercase() - b'a'))
}

/// Surprise in bits.
struct Model {
    single: [f64; 26],
    /// A letter after another, `None` if never seen.
    pair: [[Option<f64>; 26]; 26],
}

impl Model {
    /// Three letters in a row: the first as any letter, each other as it follows the one before.
    fn trigram(&self, a: usize, b: usize, c: usize) -> f64 {
        match (self.pair[a][b], self.pair[b][c]) {
            (Some(ab), Some(bc)) => self.single[a] + ab + bc,
            _ => self.single[a] + self.single[b] + self.single[c] + UNSEEN,
        }
    }
}

/// What three letters hold beyond their frequencies if they do not stand together in words.
const UNSEEN: f64 = 1.5;

fn model() -> &'static Model {
    static MODEL: OnceLock<Model> = OnceLock::new();
    MODEL.get_or_init(|| {
        let mut single = [0.5; 26];
        let mut pairs = [[0.0; 26]; 26];
        let mut total = 13.0;
        for word in WORDS.split_ascii_whitespace() {
            let letters: Vec<usize> = word.bytes().filter_map(letter).collect();
            for (i, l) in letters.iter().enumerate() {
                single[*l] += 1.0;
                total += 1.0;
                if let Some(next) = letters.get(i + 1) {
                    pairs[*l][*next] += 1.0;
                }
            }
        }
        let mut pair = [[None; 26]; 26];
        for (row, counts) in pair.iter_mut().zip(&pairs) {
            let sum: f64 = counts.iter().sum();
            for (cell, count) in row.iter_mut().zip(counts) {
                *cell = (*count > 0.0).then(|| (sum / count).log2());
            }
        }
        Model { single: single.map(|count: f64| (total / count).log2()), pair }
    })
}

/// Words as they stand in code, its comments and its messages; some twice, as they are the frequent ones.
const WORDS: &str = "the of and to in is that for it as was with be by on not he his but at are this have from or had an
they which one you were her all she there would their we him been has when who will more no if out so said what up its
about into than them can only other new some could time these two may then do first any my now such like our over man me
even most made after also did many before must through back years where much your way well down should because each just
those people how too little state good very make world still own see men work long get here between both life being under
never day same another know while last might us great old year off come since against go came right used take three
account action active address admin agent algorithm alias amount analysis application argument array article assert
assign attribute audio author authenticate authorization available backend balance base basic batch begin binary block
body boolean border boundary branch browser buffer build button bytes cache calculate call cancel capture catch category
certificate change channel character check child class clean clear click client clock close cluster code collection
color column command comment commit common company compare compile complete component compress condition config
configuration confirm connect connection constant constructor contain content context control convert cookie copy count
country create credential cross current cursor custom customer data database date debug decimal declare decode default
define delete deliver demo deploy depth describe description design destination detail develop device digest direct
directory disable display distance document domain double download draft drop duration dynamic edit editor element email
empty enable encode encrypt engine enter entity entry enum environment error escape event example exception execute exist
expect expire explicit export expression extend external extract factory failure false feature fetch field file filter
final find finish flag float folder font footer force format found frame framework frequency friend function general
generate global grant graph group guest handle handler hash header health height hello hidden history host hour identifier
image implement import include increase index information inherit initial inject input insert inspect install instance
integer interface internal interval invalid invoice issue item iterate join journal json keep keyboard kind label language
launch layer layout length letter level library license limit line link list listen load local location lock logger login
logout loop machine mail main manager manifest manual market master match material maximum measure media member memory menu
merge message metadata method metric middle migrate minimum minute mobile mode model modify module money monitor month
mouse move multiple name native navigate nested network next node normal notification null number object observe offset
operation option order organization origin output owner package page panel parameter parent parse partial partner password
path pattern payment people permission person phone picture pixel place plain plan platform play please plugin point policy
pool popular position post power prefix prepare present press preview previous price primary print private process product
production profile program progress project promise property protocol provider proxy public publish purchase query queue
quick quote random range rate read ready real reason receive record redirect reference refresh region register release
remote remove render repeat replace report repository request require reset resolve resource response rest result retry
return review role root rotate route router rule sample save scale scan schedule schema scope screen script scroll search
second secret section secure security select send sender sentence sequence serial server service session setting setup
shape share shell short show sign signal signature simple single size sleep slice slot smart snapshot social socket
software sort source space special speed split stack staging standard start state static station status step stop storage
store stream street string strong structure style submit subscribe subscription success suffix summary supply support
switch symbol sync system table target task team template temporary tenant terminal test text thread throw ticket timeout
title today token toolbar tools total track train trainer transaction transfer transform translate transport tree trigger
true trust type undefined unique unit universe unknown unlock update upgrade upload user username utility valid validate
value variable vector vendor verify version video view virtual visible visit visitor volume wait wallet warning watch
weather web week weight widget width window wizard word worker workflow workspace wrapper write yellow yesterday zero zone
hands light real sentence really complicated objective someone something ringer change dead beef one two three four five
six seven eight nine ten key keys api access bearer username superuser passphrase localhost your here example changeme
placeholder insert replace dummy fake mock sample test testing foobar lorem ipsum dolor sit amet consectetur";

/// How many nodes of an expression are looked at.
const MAX_DEPTH: usize = 60;

/// Whether matching a regular expression may take exponential time: something that can match a text in several ways is
/// repeated, and what follows can fail. An expression that cannot be read is not suspect.
pub fn is_redos(pattern: &str) -> bool {
    let Some(text) = loosened(pattern) else { return false };
    let Ok(ast) = ast::parse::Parser::new().parse(&text) else { return false };
    has_open_sequence(&ast, 0)
}

/// A sequence with a dangerous part and something after it.
fn has_open_sequence(ast: &Ast, depth: usize) -> bool {
    if depth > MAX_DEPTH {
        return false;
    }
    if let Ast::Concat(concat) = ast {
        let parts = &concat.asts;
        let last = parts.iter().rposition(can_fail);
        if let Some(last) = last
            && parts[..last].iter().any(|p| find(p, 0, &is_dangerous))
        {
            return true;
        }
    }
    children(ast).iter().any(|c| has_open_sequence(c, depth + 1))
}

/// A repetition of what can itself match in several ways.
fn is_dangerous(ast: &Ast) -> bool {
    let Ast::Repetition(repetition) = ast else { return false };
    let (_, max) = bounds(&repetition.op.kind);
    max.is_none_or(|max| max >= 4) && find(&repetition.ast, 0, &is_ambiguous)
}

/// Matches some texts in several ways when it is repeated.
fn is_ambiguous(ast: &Ast) -> bool {
    match ast {
        Ast::Repetition(repetition) => match bounds(&repetition.op.kind) {
            (_, None) => true,
            (0, Some(max)) => max >= 2,
            (min, Some(max)) => max > min,
        },
        Ast::Alternation(alternation) => {
            let branches: Vec<&Ast> = alternation.asts.iter().map(ungrouped).take(50).collect();
            branches.iter().enumerate().any(|(i, a)| branches[..i].iter().any(|b| overlap(a, b)))
        }
        _ => false,
    }
}

/// Whether two branches of one character each share a character.
fn overlap(a: &Ast, b: &Ast) -> bool {
    match (a, b) {
        (Ast::Literal(a), Ast::Literal(b)) => a.c == b.c,
        (Ast::Dot(_), b) | (b, Ast::Dot(_)) => match b {
            Ast::Literal(literal) => literal.c != '\n',
            b => is_class(b),
        },
        (class, other) | (other, class) if is_class(class) && (is_class(other) || matches!(other, Ast::Literal(_))) => {
            "aAzZ09_-. \t!\"'/\\@#".chars().chain(literal_char(other)).any(|c| contains(class, c) && contains(other, c))
        }
        _ => false,
    }
}

fn is_class(ast: &Ast) -> bool {
    matches!(ast, Ast::ClassBracketed(_) | Ast::ClassPerl(_) | Ast::ClassUnicode(_))
}

fn literal_char(ast: &Ast) -> Option<char> {
    match ast {
        Ast::Literal(literal) => Some(literal.c),
        _ => None,
    }
}

/// Whether an expression of one character matches `c`.
fn contains(ast: &Ast, c: char) -> bool {
    if let Ast::Literal(literal) = ast {
        return literal.c == c;
    }
    let Ok(hir) = regex_syntax::parse(&ast.to_string()) else { return false };
    match hir.kind() {
        regex_syntax::hir::HirKind::Class(regex_syntax::hir::Class::Unicode(class)) => {
            class.ranges().iter().any(|r| r.start() <= c && c <= r.end())
        }
        regex_syntax::hir::HirKind::Literal(literal) => literal.0.as_ref() == c.to_string().as_bytes(),
        _ => false,
    }
}

fn can_fail(ast: &Ast) -> bool {
    find(ast, 0, &|a| matches!(a, Ast::Literal(_) | Ast::Dot(_) | Ast::Assertion(_)) || is_class(a))
}

/// Whether `test` holds for the node or one below it.
fn find(ast: &Ast, depth: usize, test: &dyn Fn(&Ast) -> bool) -> bool {
    depth <= MAX_DEPTH && (test(ast) || children(ast).iter().any(|c| find(c, depth + 1, test)))
}

fn children(ast: &Ast) -> &[Ast] {
    match ast {
        Ast::Repetition(repetition) => std::slice::from_ref(&repetition.ast),
        Ast::Group(group) => std::slice::from_ref(&group.ast),
        Ast::Alternation(alternation) => &alternation.asts,
        Ast::Concat(concat) => &concat.asts,
        _ => &[],
    }
}

fn ungrouped(mut ast: &Ast) -> &Ast {
    while let Ast::Group(group) = ast {
        ast = &group.ast;
    }
    ast
}

fn bounds(kind: &RepetitionKind) -> (u32, Option<u32>) {
    match kind {
        RepetitionKind::ZeroOrOne => (0, Some(1)),
        RepetitionKind::ZeroOrMore => (0, None),
        RepetitionKind::OneOrMore => (1, None),
        RepetitionKind::Range(RepetitionRange::Exactly(n)) => (*n, Some(*n)),
        RepetitionKind::Range(RepetitionRange::AtLeast(n)) => (*n, None),
        RepetitionKind::Range(RepetitionRange::Bounded(min, max)) => (*min, Some(*max)),
    }
}
