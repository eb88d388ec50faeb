//! Expressions in PCRE's dialect: what they match, what they refuse, and that they end.

use rampart_rules::regex::{Flags, Regex, Required};

const LINES: Flags = Flags { multi_line: true, case_insensitive: false, dot_all: false };

/// The texts matched, each with its groups behind colons.
fn matches(pattern: &str, flags: Flags, text: &str) -> Vec<String> {
    let regex = Regex::new(pattern, flags).unwrap_or_else(|e| panic!("{pattern}: {e}"));
    let found = regex.find_iter(text).map(|m| {
        let m = m.unwrap_or_else(|e| panic!("{pattern}: {e}"));
        let mut shown = text[m.start()..m.end()].to_string();
        for n in 1..regex.group_count() {
            shown += ":";
            shown += m.group(n).map_or("-", |(a, b)| &text[a..b]);
        }
        shown
    });
    let found: Vec<String> = found.collect();
    assert_eq!(regex.is_match(text), Ok(!found.is_empty()), "{pattern}");
    assert!(found.is_empty() || regex.required().holds(text), "{pattern} {:?}", regex.required());
    for (at, _) in text.char_indices().chain([(text.len(), ' ')]) {
        let rest = &text[at..];
        let is_there = regex.match_at_start(rest).map(|found| found.is_some());
        assert_eq!(regex.is_match_at_start(rest), is_there, "{pattern} on {rest:?}");
    }
    found
}

#[test]
fn the_dialect_is_pcre() {
    // Expected values are those of PCRE2.
    let cases: &[(&str, &str, &[&str])] = &[
        ("a+", "caat a", &["aa", "a"]),
        ("^b$", "a\nb\nc", &["b"]),
        ("^", "a\nb\n", &["", ""]),
        ("$", "a\n", &["", ""]),
        (r"a\Z", "a\n", &["a"]),
        (r"a\z", "a\n", &[]),
        (r"\Aa", "a\na", &["a"]),
        (r"[]a]+", "x]a]", &["]a]"]),
        (r"[^]a]+", "x]a]y", &["x", "y"]),
        (r"[[a&&b]+", "[&a", &["[&a"]),
        (r"[\w-.]+", "a-.b!", &["a-.b"]),
        (r"[a\]\-z]+", "a]-zb", &["a]-z"]),
        (r"[[:alpha:]_]+[[:^digit:]]", "ab_1c!", &["ab_", "c!"]),
        (r"[a-\d]+", "a-5b", &["a-5"]),
        (r"[\b]", "\u{8}", &["\u{8}"]),
        (r"\h+\H", "x \tz", &[" \tz"]),
        (r"a\Rb", "a\r\nb a\nb", &["a\r\nb", "a\nb"]),
        (r"\v", "\u{b}", &["\u{b}"]),
        (r"foo\Kbar", "foobar bar", &["bar"]),
        (r"\Q.*\E+", ".*** .*", &[".***", ".*"]),
        (r"\<a\>\/\-\_\'", "<a>/-_'", &["<a>/-_'"]),
        (r"\x41\x{42}\103\t\e", "ABC\t\u{1b}", &["ABC\t\u{1b}"]),
        (r"\cA", "\u{1}", &["\u{1}"]),
        ("a{,2}", "a{,2}", &["a{,2}"]),
        ("a{2}b{x}", "aab{x}", &["aab{x}"]),
        ("{a}", "{a}", &["{a}"]),
        ("(?<y>a)(?P<z>b)?", "ab a", &["ab:a:b", "a:a:-"]),
        ("(?'q'a)", "a", &["a:a"]),
        ("(?i)straSSe", "STRASSE", &["STRASSE"]),
        ("a(?i)b|c", "aB C c", &["aB", "C", "c"]),
        ("(?i:a)b", "Ab AB", &["Ab"]),
        ("(?x) a  b # comment\n c", "abc", &["abc"]),
        ("(?x)[a b]+", "a b", &["a b"]),
        ("(?s).+", "a\nb", &["a\nb"]),
        ("(?-m)^b", "a\nb", &[]),
        ("a(?#comment)b", "ab", &["ab"]),
        (r"(a)\1", "aa", &["aa:a"]),
        (r"(a)\g{-1}\g1", "aaa", &["aaa:a"]),
        (r"(?P<n>['x]).\k<n>(?P=n)", "'a''", &["'a'':'"]),
        ("a(?=b)", "ab ac", &["a"]),
        ("a(?!b)", "ab ac", &["a"]),
        ("(?<=a)b", "ab cb", &["b"]),
        ("(?<!a)b", "ab cb", &["b"]),
        ("(?>a+)b", "aab", &["aab"]),
        ("a++b", "aab", &["aab"]),
        ("a++a", "aaa", &[]),
        ("(?=.*a){2,3}b", "ba", &["b"]),
        ("(?=.*a)*b", "b", &["b"]),
        (r"\bfoo\b", "foo éfoo foo_ foo.", &["foo", "foo", "foo"]),
        (r"(?=f)\bfoo\b", "foo éfoo foo_ foo.", &["foo", "foo", "foo"]),
        (r"\w+", "é_a1ü", &["_a1"]),
        (r"\s", "\u{a0} ", &[" "]),
        (r"\d", "٣3", &["3"]),
        (r"\p{Lu}\pN\P{L}\p{^L}", "É٣..", &["É٣.."]),
        (r"\N+", "ab\nc", &["ab", "c"]),
        ("(a|ab)(c|bcd)", "abcd", &["abcd:a:bcd"]),
        ("a*", "baac", &["", "aa", ""]),
        ("é.", "éü", &["éü"]),
        (r"(\()?x(?(1)\))", "(x) x (x", &["(x):(", "x:-", "x:-"]),
        (r"(\((?:[^()]|(?1))*\))", "f(a(b)c)", &["(a(b)c):(a(b)c)"]),
        ("(*UTF8)a", "a", &["a"]),
    ];
    for (pattern, text, expected) in cases {
        assert_eq!(matches(pattern, LINES, text), *expected, "{pattern} in {text:?}");
    }
}

#[test]
fn flags_are_obeyed() {
    let flags = |m, i, s| Flags { multi_line: m, case_insensitive: i, dot_all: s };
    assert_eq!(matches("^b$", flags(false, false, false), "a\nb"), [""; 0]);
    // Without lines `$` is the end, or just before the newline that ends the text.
    assert_eq!(matches("b$", flags(false, false, false), "b\nb\n"), ["b"]);
    assert_eq!(matches("b$", flags(false, false, false), "b\nb"), ["b"]);
    assert_eq!(matches("b.a", flags(false, true, true), "B\nA"), ["B\nA"]);
}

#[test]
fn a_match_at_the_start_is_anchored() {
    let at_start =
        |pattern: &str, text: &str| Regex::new(pattern, Flags::default()).unwrap().is_match_at_start(text).unwrap();
    for (pattern, text, expected) in [
        ("foo|bar", "barn", true),
        ("foo|bar", "a bar", false),
        ("(?!foo).*", "food", false),
        ("(?!foo).*", "bar", true),
        ("a$", "a\n", true),
        ("a$", "a\nb", false),
        ("(?!.*b)", "ab", false),
    ] {
        assert_eq!(at_start(pattern, text), expected, "{pattern} {text}");
    }
}

#[test]
fn names_of_groups_are_known() {
    let regex = Regex::new("(?<A>a)(b)(?P<C>c)", Flags::default()).unwrap();
    assert_eq!(regex.names().collect::<Vec<_>>(), [(1, "A"), (3, "C")]);
    let regex = Regex::new(r"(?<A>a)(b)(?P<C>c)(?!d)", Flags::default()).unwrap();
    assert_eq!(regex.names().collect::<Vec<_>>(), [(1, "A"), (3, "C")]);
}

#[test]
fn wrong_expressions_are_refused() {
    for pattern in [
        "(",
        ")",
        "[a",
        "*a",
        "a|*",
        r"\",
        r"\y",
        r"\1",
        r"(a)\2",
        r"\k<n>(?=a)",
        "(?<1>a)",
        "[z-a]",
        "a{3,2}",
        "(?|a)",
        "(*SKIP)a",
        r"\p{Nonsense}",
        "(?y)",
        "(?<n",
        r"\x{110000}",
        "[[.a.]]",
        r"\g{9}",
        "(((a{1000}){1000}){1000})",
    ] {
        assert!(Regex::new(pattern, LINES).is_err(), "{pattern}");
    }
    assert!(Regex::new(&"(".repeat(100_000), LINES).is_err());
    assert!(Regex::new(&"(?:".repeat(30_000), LINES).is_err());
    assert!(Regex::new(&"a".repeat(1_000_000), LINES).is_err());
}

#[test]
fn no_expression_hangs() {
    let text = "a".repeat(50_000) + "!";
    for pattern in ["(a+)+$", "(a|a)*b", r"(?=x)?(a+)+\z", r"(a*)*(?!a)b", r"(a+)+\1c", "(?:a?){100}(?:a){100}(?=b)"] {
        let regex = Regex::new(pattern, LINES).unwrap();
        let started = std::time::Instant::now();
        let _ = regex.find_iter(&text).take(3).count();
        assert!(started.elapsed().as_secs() < 30, "{pattern}");
    }
    let regex = Regex::new(r"^(?:(a+)\1?)+(?<!a)!", LINES).unwrap();
    assert!(regex.find_iter(&text).any(|m| m.is_err()));
}

#[test]
fn a_text_must_contain_what_every_match_contains() {
    let literal = |text: &str, caseless| Required::Literal { text: text.into(), caseless };
    let cases = [
        ("foo", literal("foo", false)),
        ("(?i)foo", literal("foo", true)),
        ("(?i)pass", literal("pa", true)),
        ("foo|bar", Required::Any(vec![literal("foo", false), literal("bar", false)])),
        ("foo|b*", Required::Nothing),
        (r"foo\s*=\s*bar", Required::All(vec![literal("foo", false), literal("bar", false)])),
        ("x.foo(abc)+", Required::All(vec![literal("foo", false), literal("abc", false)])),
        (r"(?<!x)foo(?=bar)(\w)\1", literal("foo", false)),
        (r"[a-z]+\d", Required::Nothing),
    ];
    for (pattern, expected) in cases {
        assert_eq!(*Regex::new(pattern, LINES).unwrap().required(), expected, "{pattern}");
    }
}
