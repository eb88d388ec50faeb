//! Comparisons of metavariables: what they say of given values.

use rampart_rules::compare::{Value, eval, parse};

fn lookup(name: &str) -> Option<Value> {
    Some(match name {
        "$N" => Value::Int(5),
        "$F" => Value::Float(1.5),
        "$S" => Value::Str("abc".into()),
        "$D" => Value::Str("0o17".into()),
        "$B" => Value::Bool(true),
        "$C" => Value::Code("f(x)".into()),
        "$...A" => Value::Str("health".into()),
        _ => return None,
    })
}

#[test]
fn expressions_have_the_truth_of_python() {
    let cases: &[(&str, Option<bool>)] = &[
        ("$N > 4", Some(true)),
        ("$N >= 0o5 and $N < 0x10", Some(true)),
        ("$N == 5.0", Some(true)),
        ("1 < $N < 4", Some(false)),
        ("1 < $N <= 5 < 6", Some(true)),
        ("(1 < $N) == True", Some(true)),
        ("1 + 1 < 3 < 4 and 2 > 1", Some(true)),
        ("not $N == 4", Some(true)),
        ("not ($N == 5 or $B)", Some(false)),
        ("$N + 2 * 3 == 11", Some(true)),
        ("($N + 2) * 3 == 21", Some(true)),
        ("-2 ** 2 == -4", Some(true)),
        ("2 ** 3 ** 2 == 512", Some(true)),
        ("2 ** -1 == 0", None),
        ("$N % 3 == 2", Some(true)),
        ("$N / 2 == 2", Some(true)),
        ("$N / 0 == 2", None),
        ("-7 // 2 == -4", Some(true)),
        ("7 // -2 == -4", Some(true)),
        ("-7 // -2 == 3", Some(true)),
        ("$N & 4 == 4", Some(true)),
        ("$F * 2 == 3", Some(true)),
        ("$S == 'abc'", Some(true)),
        ("$S != \"abd\"", Some(true)),
        ("$S == 5", Some(false)),
        ("$S > 5", None),
        ("'b' in $S", Some(true)),
        ("'x' not in $S", Some(true)),
        ("$S in ['abc', 'def']", Some(true)),
        ("not str($...A) in [\"health\",\"*\"]", Some(false)),
        ("$N in [1, 2, 5,]", Some(true)),
        ("$N in 5", Some(false)),
        ("int($D) == 15", Some(true)),
        ("int($S) == 1", None),
        ("str($N) == '5'", Some(true)),
        ("str($C) == 'f(x)'", Some(true)),
        ("$C == 'f(x)'", None),
        ("$B", Some(true)),
        ("$B == True", Some(true)),
        ("$N", None),
        ("$X > 1", None),
        ("re.match('.*c', $S)", Some(true)),
        ("re.match('b', $S)", Some(false)),
        ("re.match('b', $N)", None),
        ("strptime('1970-01-02') == 86400", Some(true)),
        ("strptime('2026-02-30') == 0", None),
        ("strptime('2024-02-29') < today()", Some(true)),
        ("$N > 9223372036854775807 + 1", None),
        ("$N == 5 or $X == 1", None),
    ];
    for (text, expected) in cases {
        let expr = parse(text, false).unwrap_or_else(|e| panic!("{text}: {e}"));
        assert_eq!(eval(&expr, &lookup), *expected, "{text}");
    }
}

#[test]
fn strip_reads_integers() {
    let expr = parse("$D < 20", true).unwrap();
    assert_eq!(eval(&expr, &lookup), Some(true));
}

#[test]
fn wrong_expressions_are_explained() {
    let cases = [
        ("", "ends too early"),
        ("$N >", "ends too early"),
        ("$N > )", "`)` was not expected after `$N >`"),
        ("$N 5", "`5` was not expected"),
        ("N > 5", "`N` is unknown"),
        ("len($N) > 5", "`len` is unknown"),
        ("'abc", "not closed"),
        ("0z1 == 1", "no number"),
        ("re.match('(', $S)", "not closed"),
        ("int() == 1", "needs one value"),
        ("[1, 2", "ends too early"),
    ];
    for (text, expected) in cases {
        let error = parse(text, false).map(|_| ()).unwrap_err();
        assert!(error.contains(expected), "{text}: {error}");
    }
    assert!(parse(&"(".repeat(100_000), false).is_err());
    assert!(parse(&"not ".repeat(100_000), false).is_err());
    assert!(parse(&format!("1{}", " < 1".repeat(200)), false).is_ok());
}
