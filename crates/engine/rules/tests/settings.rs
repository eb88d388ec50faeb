//! When a rule's condition on the project's settings holds.

use rampart_rules::load::load_str;
use rampart_rules::{CompileOptions, FileInput, Limits, RuleSet, Settings};
use rampart_syntax::Lang;

/// Which lines a rule reports, each with its message.
fn check(condition: &str, code: &str, expected: &[(usize, &str)]) {
    let text = format!(
        "rules:\n- id: r\n  languages: [python]\n  severity: LOW\n  message: $NAME $PLACE\n  patterns:\n  - pattern-either:\n    - \
         pattern: get($KEY, ...)\n    - pattern: section($SECTION, $KEY)\n    - pattern: conf.$KEY\n  - {condition}\n"
    );
    let (rules, wrong) = load_str("r.yaml", &text);
    let (set, errors) = RuleSet::compile(rules, &CompileOptions::default());
    assert!(wrong.is_empty() && errors.is_empty(), "{wrong:?} {errors:?}");
    assert!(set.asks_settings());
    let mut settings = Settings::default();
    settings.file("live.ini");
    settings.add("a.hash", "md5", 2);
    settings.add("strong", "sha256", 3);
    let input = FileInput { path: "a.py", text: code, lang: Some(Lang::Python), settings: &settings };
    let matches = set.scan(&input, &Limits::default()).matches;
    let line = |offset: u32| code[..offset as usize].matches('\n').count() + 1;
    let found: Vec<(usize, &str)> = matches.iter().map(|m| (line(m.span.start), m.message.as_str())).collect();
    assert_eq!(found, expected, "{condition}\n{code}");
}

#[test]
fn a_setting_is_known_by_a_constant_key() {
    let weak = "setting: {key: $KEY, regex: (md5|sha1)$, value: $NAME, place: $PLACE}";
    check(weak, "get('a.hash')\n", &[(1, "md5 live.ini:2")]);
    check(weak, "K = 'a_hash'\ndef f():\n    get(K, 'sha256')\n", &[(3, "md5 live.ini:2")]);
    check(weak, "conf.A_HASH\n", &[(1, "md5 live.ini:2")]);
    check(weak, "get('strong')\nget('unknown', 'md5')\nget(name)\nconf.STRONG\n", &[]);
    check(weak, "section('a', 'hash')\n", &[]);
}

#[test]
fn a_key_may_have_parts() {
    let part = "setting: {key: $SECTION.$KEY, value: $NAME, place: $PLACE}";
    check(part, "section('a', 'hash')\nsection('b', 'hash')\nget('a.hash')\n", &[(1, "md5 live.ini:2")]);
}

#[test]
fn without_an_expression_any_value_will_do() {
    check("setting: {key: $KEY, value: $NAME, place: $PLACE}", "get('strong')\n", &[(1, "sha256 live.ini:3")]);
}
