//! The generic matcher: what patterns match in texts, what they bind, and that it ends.

use rampart_rules::generic::{Comments, GenericDoc, GenericPattern, is_readable};
use rampart_rules::model::Options;

/// Matched texts, each with its bindings.
fn matches_in(pattern: &str, doc: &GenericDoc, text: &str, options: &Options) -> Vec<String> {
    let pattern = GenericPattern::compile(pattern, options).unwrap();
    let found = pattern.matches(doc);
    assert!(!found.incomplete);
    let show = |m: &rampart_rules::generic::GenericMatch| {
        let mut shown = text[m.start..m.end].to_string();
        for (name, start, end) in &m.bindings {
            shown += &format!(" {name}={}", &text[*start..*end]);
        }
        shown
    };
    found.matches.iter().map(show).collect()
}

fn check(pattern: &str, text: &str, expected: &[&str]) {
    let found = matches_in(pattern, &GenericDoc::new(text, None), text, &Options::default());
    assert_eq!(found, expected, "{pattern:?} in {text:?}");
}

#[test]
fn patterns_match_as_semgrep_says() {
    for (pattern, text, expected) in [
        ("foo bar", "foo\n  bar foobar foo bar", &["foo\n  bar", "foo bar"][..]),
        ("foo", "foo_bar foo-bar Foo", &["foo"]),
        ("a.b", "a . b a.b", &["a . b", "a.b"]),
        ("f($X)", "f(1) f(a b) f(é)", &["f(1) $X=1"]),
        ("$X = $X", "a = a b = c", &["a = a $X=a"]),
        ("f(...)", "f() f(a, (b), c)", &["f()", "f(a, (b)"]),
        ("a ... c", "a b c c", &["a b c"]),
        ("a ... c", "a a c", &["a c"]),
        ("a ...", "a b a c", &["a b a c"]),
        ("a ... b", "a\n1\n2\n3\n4\n5\n6\n7\n8\n9\nb", &["a\n1\n2\n3\n4\n5\n6\n7\n8\n9\nb"]),
        ("a ... b", "a\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nb", &[]),
        ("a ... ... b", "a\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nb", &["a\n1\n2\n3\n4\n5\n6\n7\n8\n9\n10\nb"]),
        ("f($...A)", "f(1, 2)", &["f(1, 2) $...A=1, 2"]),
        ("x $...A y", "x 1 2 y", &["x 1 2 y $...A= 1 2"]),
        ("$...A y", "x\n  1 y", &["1 y $...A=1"]),
        ("a:\n  b", "a: b", &[]),
        ("a:\n  b", "a:\n    b\n", &["a:\n    b"]),
        ("a:\n  b", "a:\n    b c\n", &[]),
        ("a:\n  ...\n  b", "a:\n  x\n  b\n", &["a:\n  x\n  b"]),
        ("b ) c", "(a b) c", &[]),
        ("( a ... ) c", "(a b) c", &["(a b) c"]),
        ("{ a }", "{\n  a\n}", &["{\n  a\n}"]),
        ("....", "a .... b", &["...."]),
        ("\"$X\"", "\"a\" \"b c\"", &["\"a\" $X=a"]),
        ("é", "é è", &["é"]),
        ("a\tb", "a b", &["a b"]),
        ("a b", "a\r\nb", &["a\r\nb"]),
    ] {
        check(pattern, text, expected);
    }
}

#[test]
fn options_are_obeyed() {
    let text = "a // b\n/* a */ b # a\nc";
    let line = Options { generic_ellipsis_max_span: 0, ..Options::default() };
    let doc = GenericDoc::new(text, None);
    assert_eq!(matches_in("a ... c", &doc, text, &line), [""; 0]);
    for (style, pattern, expected) in [
        ("c", "a // b b # a", &["a // b\n/* a */ b # a"][..]),
        ("cpp", "a b # a", &["a // b\n/* a */ b # a"]),
        ("shell", "a */ b c", &["a */ b # a\nc"]),
    ] {
        let doc = GenericDoc::new(text, Comments::by_name(style));
        assert_eq!(matches_in(pattern, &doc, text, &line), expected, "{style}");
    }
}

#[test]
fn wrong_patterns_are_refused() {
    for pattern in ["", "  \n ", "... $...X", "$...X $...Y", "a\n  b\n    ... $...X"] {
        assert!(GenericPattern::compile(pattern, &Options::default()).is_err(), "{pattern:?}");
    }
    let deep: String = (0..100).map(|n| format!("{}a\n", " ".repeat(n))).collect();
    assert!(GenericPattern::compile(&deep, &Options::default()).is_err());
    assert!(GenericPattern::compile(&"... ".repeat(10_000), &Options::default()).is_err());
    assert!(GenericPattern::compile(&"a ".repeat(100_000), &Options::default()).is_err());
}

#[test]
fn minified_and_binary_texts_are_not_readable() {
    for (text, expected) in [
        ("", true),
        ("a\nb\n", true),
        (&"a".repeat(400), true),
        (&"a;".repeat(4_000), false),
        ("a\u{1}\u{2}b", false),
        (&"é".repeat(100), true),
    ] {
        assert_eq!(is_readable(text), expected, "{text:.20}");
    }
}

#[test]
fn hostile_texts_end() {
    let many = "a ".repeat(10_000);
    let brackets = "( [ { ".repeat(5_000) + &"] ".repeat(5_000);
    let steps: String = (0..3_000).map(|n| format!("{}a\n", " ".repeat(n))).collect();
    let lines = "a b c\n".repeat(5_000);
    for text in [&many, &brackets, &steps, &lines] {
        let doc = GenericDoc::new(text, None);
        for pattern in [
            "a ... a ... a ... a ... a ... a ... b",
            "$A ... $B ... $C ... $D ... $A ... z9",
            "$...A a $...B a $...C a $...A b",
            "...",
            "( ... ( ... ( ... )",
            "a\n ...\n b",
        ] {
            let pattern = GenericPattern::compile(pattern, &Options::default()).unwrap();
            let started = std::time::Instant::now();
            pattern.matches(&doc);
            assert!(started.elapsed().as_secs() < 60, "{:?}", started.elapsed());
        }
    }
}

#[test]
fn the_other_engine_matches_as_semgrep_says() {
    let lines = Options { aliengrep: true, generic_multiline: false, ..Options::default() };
    let text_wide = Options { aliengrep: true, ..Options::default() };
    let extended = Options {
        generic_extra_braces: vec![("<".into(), ">".into())],
        generic_extra_word_characters: vec!["-".into()],
        generic_caseless: true,
        ..text_wide.clone()
    };
    for (options, pattern, text, expected) in [
        (&text_wide, "one two", "one  two\none\ntwo xone two", &["one  two", "one\ntwo"][..]),
        (&lines, "one two", "one\ntwo one two", &["one two"]),
        (&text_wide, "f(...)", "f(a, (b), c) f()", &["f(a, (b), c)", "f()"]),
        (&text_wide, "k = $V", "k = v1; k=2 k = -", &["k = v1 $V=v1", "k=2 $V=2"]),
        (&text_wide, "$A $A", "xy xy xyz", &["xy xy $A=xy"]),
        (&text_wide, "g($...A)", "g( x, y )", &["g( x, y ) $...A=x, y"]),
        (&lines, "a ... z", "a\nz a b z", &["a b z"]),
        (&lines, "a .... z", "a\nz a b\nz", &["a\nz"]),
        (&lines, "x = ...", "x = 1 2\ny", &["x = 1 2"]),
        (&text_wide, "(...x)", "()x)", &[]),
        (&extended, "FOO <...> $X", "foo <a <b> c> e-mail", &["foo <a <b> c> e-mail $X=e-mail"]),
    ] {
        assert_eq!(
            matches_in(pattern, &GenericDoc::new(text, None), text, options),
            expected,
            "{pattern:?} in {text:?}"
        );
    }
    let hostile = "( ".repeat(5_000);
    for pattern in ["( ... ) ... ]", "( ... ( ... ( ... ] ...", "$A ... $B ... $A ... }", "...", "....", "$...X )"] {
        GenericPattern::compile(pattern, &text_wide).unwrap().matches(&GenericDoc::new(&hostile, None));
    }
    assert!(GenericPattern::compile(&"(".repeat(1_999), &text_wide).is_ok());
    assert!(GenericPattern::compile(&"( ".repeat(2_001), &text_wide).is_err());
}
