//! Files and rules of which reading and matching are costly.

use std::process::{Command, Stdio};
use std::time::Duration;

use crate::code::{ENDINGS, body, lines, nested, value};
use crate::folder::{Folder, Scan};

/// `hello(…)`, which must be found in the files beside the hostile one, and patterns that are costly where they can be.
const RULES: &str = r#"
rules:
  - {id: hello, languages: [python, javascript, typescript, java, go], severity: HIGH, message: hello, pattern: hello(...)}
  - {id: any, languages: [python, javascript, typescript, java, go], severity: LOW, message: "$X", pattern: $X}
  - {id: sum, languages: [python, javascript, typescript, java, go], severity: LOW, message: "$X", pattern: $X + $X}
  - {id: todo, languages: [regex], severity: LOW, message: todo, pattern-regex: TODO}
  - {id: words, languages: [generic], severity: LOW, message: words, pattern: "TODO ... ( ... $X"}
  - {id: text, languages: [python, javascript, typescript, java, go], severity: LOW, message: text, pattern: '"..."'}
  - id: arguments
    languages: [python, javascript, typescript, java, go]
    severity: LOW
    message: arguments
    pattern: f(..., $A, ..., $B, ..., $A, ..., nope, ..., $C, ..., $D)
  - id: run
    languages: [python, go]
    severity: LOW
    message: run
    pattern: |
      $A = $B
      ...
      $C = $D
      ...
      $E = $F
      ...
      $G = $H
      ...
      nope()
  - id: run-braces
    languages: [javascript, typescript, java]
    severity: LOW
    message: run
    pattern: $A = $B; ... $C = $D; ... $E = $F; ... $G = $H; ... nope();
  - {id: deep, languages: [python, javascript, typescript, java, go], severity: LOW, message: deep, pattern: g(<... h(<... $X ...>) ...>)}
  - id: inside
    languages: [python, javascript, typescript, java, go]
    severity: LOW
    message: inside
    patterns: [{pattern: $X}, {pattern-inside: $Y}, {pattern-not: $Z}, {pattern-not-inside: nope(...)}]
  - id: inside-itself
    languages: [python, javascript, typescript, java, go]
    severity: LOW
    message: inside
    patterns: [{pattern: $F(...)}, {pattern-inside: $G(...)}]
  - id: catastrophic
    languages: [python, javascript, typescript, java, go]
    severity: LOW
    message: catastrophic
    patterns: [{pattern: $X}, {metavariable-regex: {metavariable: $X, regex: '(?!b)(a+)+(a+)+\1c'}}]
"#;

/// Rules that cost little, for texts that are made for the grammars: what the others do with the trees is the same for all of them.
const FEW_RULES: &str = r#"
rules:
  - {id: hello, languages: [python, javascript, typescript, java, go], severity: HIGH, message: hello, pattern: hello(...)}
  - {id: any, languages: [python, javascript, typescript, java, go], severity: LOW, message: "$X", pattern: $X}
"#;

/// The honest files are scanned as ever, by a rule that has nothing to do with the hostile file and one that has.
fn others_are_whole(scan: &Scan) {
    let hello = scan.found("hello");
    assert!(hello.contains(&"src/a.py:1".into()) && hello.contains(&"src/z.py:1".into()), "{hello:?}");
    assert!(scan.found("any").iter().any(|place| place == "src/z.py:1"));
}

/// Scans one hostile text in each language, all in their own scans, and says what came of them.
fn check(name: &str, endings: &[&str], text: impl Fn(&str) -> String) {
    check_with(RULES, name, endings, text);
}

fn check_with(rules: &str, name: &str, endings: &[&str], text: impl Fn(&str) -> String) {
    for ending in endings {
        let folder = Folder::new(rules);
        let file = format!("src/m.{ending}");
        folder.write(&file, text(ending));
        let scan = folder.scan(&["--no-ignore"]);
        let partial = scan.coverage("partially_parsed").len();
        let (skipped, time) = (scan.skipped(), scan.time);
        println!(
            "{name} .{ending}: {time:.1?}, skipped {skipped:?}, {} limits, {partial} parsed in part",
            scan.limits().len()
        );
        others_are_whole(&scan);
        // It was scanned, or it is said why not.
        let named = [format!("{file} timeout"), format!("{file} out-of-memory"), format!("{file} crashed")];
        assert!(skipped.iter().all(|skipped| named.contains(skipped)), "{name} .{ending}: {skipped:?}");
        assert!(!skipped.iter().any(|skipped| skipped.ends_with("crashed")), "{name} .{ending}: {skipped:?}");
    }
}

#[test]
fn brackets_that_never_close() {
    for sign in ["(", "[", "{", "<"] {
        check_with(FEW_RULES, sign, &ENDINGS, |_| sign.repeat(200_000));
    }
}

#[test]
fn signs_that_grammars_choke_on() {
    for text in ["/[", "`${", "/a", "f<a,", "async ("] {
        check_with(FEW_RULES, text, &["js", "ts"], |_| text.repeat(100_000));
    }
    check_with(FEW_RULES, "<a ", &["js", "tsx"], |_| "<a ".repeat(100_000));
    for text in ["\"", "\\", "/*", "a<"] {
        check_with(FEW_RULES, text, &ENDINGS, |_| text.repeat(100_001));
    }
}

#[test]
fn deep_nesting() {
    const DEEP: usize = 10_000;
    check("parentheses", &ENDINGS, |ending| value(ending, &nested("(", "1", ")", DEEP)));
    check("calls", &ENDINGS, |ending| value(ending, &nested("f(", "", ")", DEEP)));
    check("members", &ENDINGS, |ending| value(ending, &format!("a{}", ".b()".repeat(DEEP))));
    check("signs before", &ENDINGS, |ending| value(ending, &format!("{}1", "- ".repeat(DEEP))));
    check("blocks", &["js", "ts", "tsx", "java", "go"], |ending| body(ending, &nested("{", "", "}", DEEP)));
    check("arrays", &ENDINGS, |ending| {
        let (open, close) = match ending {
            "java" => ("new int[]{", "}"),
            "go" => ("[]int{", "}"),
            _ => ("[", "]"),
        };
        value(ending, &nested(open, "", close, DEEP))
    });
    check("objects", &["py", "js", "ts"], |ending| value(ending, &nested("{\"a\":", "1", "}", DEEP)));
    check("choices", &["js", "ts", "java"], |ending| value(ending, &format!("{}2", "a ? 1 : ".repeat(DEEP))));
    check("functions", &ENDINGS, |ending| match ending {
        "py" => value(ending, &format!("{}1", "lambda: ".repeat(DEEP))),
        "java" => value(ending, &format!("{}1", "() -> ".repeat(DEEP))),
        "go" => value(ending, &nested("func() { return ", "1", "}", DEEP)),
        _ => value(ending, &format!("{}1", "() => ".repeat(DEEP))),
    });
    check("templates", &["js", "ts"], |ending| value(ending, &nested("`${", "1", "}`", DEEP)));
    check("formatted strings", &["py"], |ending| value(ending, &nested("f'{", "1", "}'", DEEP)));
    check("elements", &["js", "tsx"], |ending| value(ending, &nested("<a>", "", "</a>", DEEP)));
    check("else if", &ENDINGS, |ending| match ending {
        "py" => format!("if a:\n f()\n{}", "elif a:\n f()\n".repeat(DEEP)),
        "go" => body(ending, &format!("{}{{}}", "if a { f() } else ".repeat(DEEP))),
        _ => body(ending, &format!("{}{{}}", "if (a) f(); else ".repeat(DEEP))),
    });
    let indented = (0..1_200).map(|depth| " ".repeat(depth) + "if a:\n").collect::<String>();
    check("indentation", &["py"], |_| format!("{indented}{}pass\n", " ".repeat(1_200)));
}

#[test]
fn long_chains_of_operators() {
    check("sum", &ENDINGS, |ending| value(ending, &vec!["a"; 100_000].join("+")));
    check("strings", &ENDINGS, |ending| value(ending, &vec!["\"a\""; 100_000].join("+")));
    check("and", &ENDINGS, |ending| {
        value(ending, &vec!["a"; 100_000].join(if ending == "py" { " and " } else { "&&" }))
    });
}

#[test]
fn long_lists() {
    check("arguments", &ENDINGS, |ending| value(ending, &format!("f({}1)", "a, b, c, d, e, ".repeat(1_000))));
    check("equal arguments", &ENDINGS, |ending| value(ending, &format!("f({}a)", "a, ".repeat(5_000))));
    check("assignments", &ENDINGS, |ending| lines(ending, 10_000, |number| format!("x{} = y{number}", number % 7)));
    check("calls", &ENDINGS, |ending| lines(ending, 10_000, |number| format!("hello(x, {number})")));
    check("cases", &ENDINGS, |ending| {
        let cases =
            |start: &str, end: &str| (0..1_000).map(|number| format!("{start}{number}: {end}\n")).collect::<String>();
        match ending {
            "py" => format!("match x:\n{}", cases("  case ", "hello(1)")),
            "go" => body(ending, &format!("switch x {{\n{}}}", cases("case ", "hello(1)"))),
            _ => body(ending, &format!("switch (x) {{\n{}}}", cases("case ", "hello(1); break;"))),
        }
    });
}

#[test]
fn fifty_thousand_findings_are_cut_and_it_is_said() {
    for ending in ["py", "java"] {
        let folder = Folder::new(RULES);
        folder.write(format!("src/m.{ending}"), lines(ending, 50_000, |number| format!("hello({number})")));
        let scan = folder.scan(&[]);
        others_are_whole(&scan);
        assert_eq!(scan.found("hello").len(), 10_002);
        assert!(scan.coverage("limits").iter().any(|limit| limit.as_str().unwrap().contains("rule hello: more than")));
    }
}

#[test]
fn one_line_of_fifty_megabytes() {
    let folder = Folder::new(RULES);
    folder.write("src/m.py", format!("hello(1) # {}\n", "x".repeat(50_000_000)));
    let scan = folder.scan(&["--max-file-size", "0"]);
    others_are_whole(&scan);
    assert!(scan.skipped().is_empty() && scan.found("hello").contains(&"src/m.py:1".into()), "{:?}", scan.skipped());
    // Unless it is asked for, such a file is not read.
    assert_eq!(folder.scan(&[]).skipped(), ["src/m.py too-large"]);
}

#[test]
fn many_spaces_in_a_match() {
    check("spaces", &["py", "java", "go"], |ending| value(ending, &format!("hello({}1)", " ".repeat(900_000))));
}

#[test]
fn bytes_that_are_no_text() {
    let folder = Folder::new(RULES);
    let utf16 = |text: &str, big: bool| -> Vec<u8> {
        text.encode_utf16().flat_map(|unit| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect()
    };
    folder.write("src/nul.py", b"hello(1)\n\0");
    folder.write("src/invalid.py", b"x = '\xFF\xC0\x80\xED\xA0\x80'\nhello('\xFE')\n");
    folder.write("src/cut.py", b"hello(1) # \xE2\x82");
    folder.write("src/utf16-le-mark.py", utf16("\u{FEFF}x = 'é'\nhello(1)\n", false));
    folder.write("src/utf16-be-mark.py", utf16("\u{FEFF}\nhello(1)\n", true));
    folder.write("src/utf16-le.py", utf16("hello(1)\n", false));
    folder.write("src/utf16-be.py", utf16("hello(1)\n", true));
    folder.write("src/utf16-odd.py", [utf16("\u{FEFF}hello(1)\n", false), vec![b'x']].concat());
    folder.write("src/mark.py", "\u{FEFF}hello(1)\n");
    folder.write("src/windows.py", "x = 1\r\nhello(1)\r\n");
    folder.write("src/mac.py", "x = 1\rhello(1)\r");
    folder.write("src/empty.py", "");
    folder.write("src/newline.py", "\n");
    folder.write("src/only-mark.py", "\u{FEFF}");
    let scan = folder.scan(&[]);
    let expected = [
        "src/a.py:1",
        "src/cut.py:1",
        "src/invalid.py:2",
        "src/mac.py:1",
        "src/mark.py:1",
        "src/utf16-be-mark.py:2",
        "src/utf16-le-mark.py:2",
        "src/utf16-odd.py:1",
        "src/windows.py:2",
        "src/z.py:1",
    ];
    assert_eq!(scan.found("hello"), expected);
    assert_eq!(scan.skipped(), ["src/nul.py binary", "src/utf16-be.py binary", "src/utf16-le.py binary"]);
}

#[cfg(unix)]
#[test]
fn things_that_are_no_files() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = Folder::new(RULES);
    folder.write("src/closed/b.py", "hello(1)\n");
    folder.write("src/secret.py", "hello(1)\n");
    assert!(Command::new("mkfifo").arg(folder.path("src/pipe.py")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(folder.path("src/socket.py")).unwrap();
    symlink("/dev/zero", folder.path("src/zero.py")).unwrap();
    symlink("..", folder.path("src/closed/up")).unwrap();
    symlink("self.py", folder.path("src/self.py")).unwrap();
    for (path, mode) in [("src/closed", 0o000), ("src/secret.py", 0o000)] {
        std::fs::set_permissions(folder.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let is_root = std::fs::read_dir(folder.path("src/closed")).is_ok();
    let scan = folder.scan(&[]);
    std::fs::set_permissions(folder.path("src/closed"), std::fs::Permissions::from_mode(0o755)).unwrap();
    others_are_whole(&scan);
    let skipped = scan.skipped();
    for name in ["pipe.py", "self.py", "socket.py", "zero.py"] {
        assert!(skipped.contains(&format!("src/{name} not-a-file")), "{skipped:?}");
    }
    // Nobody can lock out the administrator.
    if !is_root {
        assert!(
            skipped.contains(&"src/secret.py unreadable".into()) && skipped.iter().any(|s| s.starts_with("src/closed"))
        );
    }
    // A device that is named by the user never ends either.
    let output = folder.command(&["--format", "json", "/dev/zero", "src/pipe.py"]).output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 2)), "{}", String::from_utf8_lossy(&output.stderr));
}

#[cfg(unix)]
#[test]
fn files_that_vanish_or_change_during_the_scan() {
    let folder = Folder::new(RULES);
    for number in 0..2_000 {
        folder.write(format!("src/n{number:04}.py"), "hello(1)\n");
    }
    let scan = folder.command(&["--format", "json"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    for number in (0..2_000).step_by(2) {
        let path = folder.path(format!("src/n{number:04}.py"));
        if number % 4 == 0 { std::fs::remove_file(path).unwrap() } else { std::fs::write(path, "\0").unwrap() }
    }
    let output = scan.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0), "{}", String::from_utf8_lossy(&output.stderr));
    let scan = Scan { report: serde_json::from_slice(&output.stdout).unwrap(), time: Duration::ZERO, memory: 0 };
    others_are_whole(&scan);
    let found = scan.found("hello");
    assert!((0..2_000).filter(|n| n % 2 == 1).all(|n| found.binary_search(&format!("src/n{n:04}.py:1")).is_ok()));
    let reasons = [" unreadable", " binary", " not-a-file"];
    assert!(
        scan.skipped().iter().all(|skipped| reasons.iter().any(|reason| skipped.ends_with(reason))),
        "{:?}",
        scan.skipped()
    );
}

/// Rules that hurt beside the good one: `hello` finds what it finds, and what is wrong is said.
fn check_rules(name: &str, more: &str, errors: std::ops::RangeInclusive<usize>) -> Scan {
    let folder = Folder::new(RULES);
    folder.write("rules.yaml", format!("rules:\n  - {{id: hello, languages: [python], severity: HIGH, message: hello, pattern: hello(...)}}\n{more}"));
    folder.write("src/m.py", format!("x = '{}'\nhello(x)\n", "a".repeat(5_000)));
    let scan = folder.scan(&[]);
    assert_eq!(scan.found("hello"), ["src/a.py:1", "src/m.py:2", "src/z.py:1"], "{name}");
    assert!(errors.contains(&scan.coverage("rule_errors").len()), "{name}: {:?}", scan.coverage("rule_errors"));
    scan
}

#[test]
fn catastrophic_expressions_end() {
    for regex in [
        "(a+)+$",
        "(?!b)(a+)+(a+)+c",
        "(a|a)*(?=b)c",
        r"(a*)*\1b",
        "(?<=a)(a|aa)+c",
        "(.*)(.*)(.*)(.*)(.*)\\1x",
        "a{1000}{1000}",
    ] {
        let text = format!("{{id: text, languages: [regex], severity: LOW, message: m, pattern-regex: '{regex}'}}");
        let bound = format!(
            "{{id: bound, languages: [python], severity: LOW, message: m, patterns: [{{pattern: $X}}, \
             {{metavariable-regex: {{metavariable: $X, regex: \".{regex}\"}}}}]}}",
            regex = regex.replace('\\', "\\\\")
        );
        check_rules(regex, &format!("  - {text}\n  - {bound}\n"), 0..=2);
    }
}

#[test]
fn wrong_rules_among_right_ones() {
    let rule = |number: usize| match number % 2 {
        0 => {
            format!("  - {{id: r{number}, languages: [python], severity: LOW, message: m, pattern: hello({number})}}\n")
        }
        _ if number % 4 == 1 => {
            format!("  - {{id: r{number}, languages: [python], severity: LOW, message: m, pattern: 'def ('}}\n")
        }
        _ => format!("  - {{id: r{number}, languages: [python], severity: LOW, message: m, pattern-regex: '(('}}\n"),
    };
    let scan = check_rules("half of them", &(0..20).map(rule).collect::<String>(), 10..=10);
    assert_eq!(scan.found("r2"), ["src/z.py:1"]);
}

#[test]
fn rule_files_that_grow_when_read() {
    let mut bomb = String::from("  - id: bomb\n    metadata:\n      a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..20 {
        let inner = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb += &format!("      a{level}: &a{level} [{inner}]\n");
    }
    bomb += "    languages: [python]\n    severity: LOW\n    message: m\n    pattern: f()\n";
    check_rules("anchors", &bomb, 1..=3);
    let deep = format!(
        "  - id: deep\n    languages: [python]\n    severity: LOW\n    message: m\n    patterns: {}\n",
        nested("[", "", "]", 50_000)
    );
    check_rules("lists", &deep, 1..=3);
    let either = format!(
        "  - {{id: either, languages: [python], severity: LOW, message: m, {}pattern: $X{}}}\n",
        "patterns: [{".repeat(5_000),
        "}]".repeat(5_000)
    );
    check_rules("formulas", &either, 1..=3);
    let long = format!(
        "  - {{id: long, languages: [javascript], severity: LOW, message: m, pattern: '{}'}}\n",
        "f<a,".repeat(20_000)
    );
    check_rules("a pattern", &long, 0..=1);
}
