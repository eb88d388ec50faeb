//! Code through which data is costly to follow: in one file, and through many.

use std::time::Duration;

use crate::code::{again, each, file, function, nested, new_variable, when};
use crate::folder::{Folder, Scan};

/// What a scan may take, in processor time of all its processes: most take a twentieth of it, the costliest a third, and what is not
/// bounded takes minutes. A busy machine counts more processor time for the same work.
const BOUND: Duration = Duration::from_secs(12);

/// What a process may hold, in bytes.
const MEMORY: u64 = 1 << 30;

const RULES: &str = r#"
rules:
  - id: flow
    languages: [python, javascript, typescript, java, go]
    severity: HIGH
    message: flow
    mode: taint
    pattern-sources: [{pattern: source(...)}]
    pattern-sanitizers: [{pattern: clean(...)}]
    pattern-sinks: [{pattern: sink(...)}]
"#;

/// One of each way of writing; what is done for the others is the same.
const ENDINGS: [&str; 4] = ["py", "js", "java", "go"];

/// Files by path below `src`.
type Files = Vec<(String, String)>;

fn one(ending: &str, text: String) -> Files {
    vec![(format!("M.{ending}"), text)]
}

/// Scans hostile files in each language, all in their own scans. What comes from `source()` is found in each line with a `sink(`, or it
/// is said that a limit cut the search in one of the hostile files.
fn check(name: &str, endings: &[&str], files: impl Fn(&str) -> Files) {
    for ending in endings {
        let folder = Folder::new(RULES);
        folder.write("src/a.py", "x = source()\nsink(x)\n");
        folder.write("src/give.py", "def give():\n    return source()\n");
        folder.write("src/z.py", "from give import give\nsink(give())\n");
        let files = files(ending);
        for (path, text) in &files {
            folder.write(format!("src/{path}"), text);
        }
        let scan = folder.scan(&["--no-ignore", "--max-file-size", "0"]);
        println!("{name} .{ending}: {:.2?}, {} MB, {:?}", scan.time, scan.memory >> 20, scan.limits());
        is_within_bounds(&scan);
        let found = scan.found("flow");
        assert!(["src/a.py:2", "src/z.py:2"].iter().all(|&place| found.iter().any(|f| f == place)), "{found:?}");
        for (path, text) in &files {
            let sinks = text.lines().enumerate().filter(|(_, line)| line.contains("sink("));
            let missed =
                sinks.map(|(at, _)| format!("src/{path}:{}", at + 1)).filter(|place| !found.contains(place)).count();
            let is_said =
                || scan.limits().iter().any(|limit| files.iter().any(|(path, _)| limit.contains(path.as_str())));
            assert!(
                missed == 0 || is_said(),
                "{name} .{ending}: {missed} sinks are missed in {path}: {:?}",
                scan.limits()
            );
        }
    }
}

fn is_within_bounds(scan: &Scan) {
    assert!(scan.skipped().is_empty(), "{:?}", scan.skipped());
    assert!(scan.time < BOUND, "{:?} of processor time", scan.time);
    assert!(scan.memory < MEMORY, "{} MB", scan.memory >> 20);
}

// ── functions ────────────────────────────────────────────────────────────────────────────────────

#[test]
fn recursion() {
    check("itself", &ENDINGS, |ending| {
        let again = when(ending, "b", "return f(a);\n");
        one(
            ending,
            file(
                ending,
                "M",
                &[
                    function(ending, "f", &["a"], &format!("{again}return a;\n")),
                    function(ending, "m", &[], "sink(f(source()));\n"),
                ]
                .concat(),
            ),
        )
    });
    check("chain", &ENDINGS, |ending| {
        let chain = each(3_000, |n| function(ending, &format!("f{n}"), &["a"], &format!("return f{}(a);\n", n + 1)));
        let end = function(ending, "f3000", &["a"], "return a;\n");
        let begin = function(ending, "m", &[], "sink(f0(source()));\n");
        one(ending, file(ending, "M", &[chain, end, begin].concat()))
    });
    check("all call all", &ENDINGS, |ending| {
        let calls = each(60, |n| when(ending, &format!("b == {n}"), &format!("return f{n}(a);\n")));
        let all = each(60, |n| function(ending, &format!("f{n}"), &["a"], &format!("{calls}return a;\n")));
        one(ending, file(ending, "M", &(all + &function(ending, "m", &[], "sink(f0(source()));\n"))))
    });
    check("all call all and add a field", &ENDINGS, |ending| {
        let (open, close) = if ending == "py" { ("[", "]") } else { ("(", ")") };
        let put = |n: usize| match ending {
            "py" | "js" => format!("a.b{n} = a;\n"),
            "java" => format!("this.b{n} = a;\n"),
            _ => format!("a[\"b{n}\"] = a;\n"),
        };
        let _ = (open, close);
        let calls = each(60, |n| when(ending, &format!("b == {n}"), &format!("return f{n}(a);\n")));
        let all = each(60, |n| function(ending, &format!("f{n}"), &["a"], &format!("{}{calls}return a;\n", put(n))));
        one(ending, file(ending, "M", &(all + &function(ending, "m", &[], "sink(f0(source()));\n"))))
    });
}

#[test]
fn recursion_through_files() {
    check("around", &ENDINGS, |ending| {
        let mut files: Files = (0..500)
            .map(|n| {
                let next = (n + 1) % 500;
                let end = when(ending, "b == 0", "return a;\n");
                let call = called(ending, next);
                let f = function(ending, &format!("f{n}"), &["a"], &format!("{end}return {call}(a);\n"));
                (format!("m/M{n}.{ending}"), import(ending, next) + &file(ending, &format!("M{n}"), &f))
            })
            .collect();
        let m = function(ending, "m", &[], &format!("sink({}(source()));\n", called(ending, 0)));
        files.push((format!("m/Main.{ending}"), import(ending, 0) + &file(ending, "Main", &m)));
        files
    });
}

/// The function `f{n}` of file `M{n}` as other files call it.
fn called(ending: &str, n: usize) -> String {
    if ending == "java" { format!("M{n}.f{n}") } else { format!("f{n}") }
}

/// Makes the function `f{n}` of file `M{n}` known.
fn import(ending: &str, n: usize) -> String {
    match ending {
        "py" => format!("from .M{n} import f{n}\n"),
        "js" => format!("import {{ f{n} }} from './M{n}';\nexport * from './M{n}';\n"),
        _ => String::new(),
    }
}

#[test]
fn long_functions() {
    let of = |ending: &str, statements: String| {
        let statements = new_variable(ending, "x0", "source()") + &statements;
        one(ending, file(ending, "M", &function(ending, "m", &["c"], &statements)))
    };
    check("assignments", &ENDINGS, |ending| {
        let chain = each(10_000, |n| new_variable(ending, &format!("x{}", n + 1), &format!("x{n}")));
        of(ending, chain + "sink(x10000);\n")
    });
    check("conditions", &ENDINGS, |ending| {
        let chain = each(10_000, |n| when(ending, &format!("c > {n}"), "x0 = g(x0);\n"));
        of(ending, chain + "sink(x0);\n")
    });
    check("conditions on it", &ENDINGS, |ending| {
        let chain = each(5_000, |n| when(ending, &format!("x0 == \"{n}\""), "y = x0;\n"));
        of(ending, new_variable(ending, "y", "\"\"") + &chain + "sink(x0);\n")
    });
    check("a loop", &ENDINGS, |ending| {
        let fresh = each(200, |n| new_variable(ending, &format!("x{}", n + 1), "\"\""));
        let body = each(2_000, |n| format!("x{} = x{};\n", (n + 1) % 200, n % 200));
        of(ending, fresh + &again(ending, "c > 0", &body) + "sink(x199);\n")
    });
    check("loops in loops", &ENDINGS, |ending| {
        let fresh = each(200, |n| new_variable(ending, &format!("x{}", n + 1), "\"\""));
        let body = each(200, |n| format!("x{} = x{} + x{};\n", (n + 1) % 200, n % 200, (n * 7) % 200));
        let loops = (0..20).fold(body, |body, _| again(ending, "c > 0", &(body + "x7 = x9;\n")));
        of(ending, fresh + &loops + "sink(x199);\n")
    });
    check("returns", &ENDINGS, |ending| {
        let chain = each(10_000, |n| {
            new_variable(ending, &format!("x{}", n + 1), &format!("x{n}"))
                + &when(ending, &format!("c > {n}"), "return x0;\n")
        });
        of(ending, chain + "sink(x10000);\n")
    });
    check("breaks", &ENDINGS, |ending| {
        let fresh = each(3_000, |n| new_variable(ending, &format!("x{}", n + 1), "\"\""));
        let body = each(3_000, |n| format!("x{} = x{n};\n", n + 1) + &when(ending, &format!("c > {n}"), "break;\n"));
        of(ending, fresh + &again(ending, "c > 0", &body) + "sink(x3000);\n")
    });
    check("try in try", &["py", "js", "java"], |ending| {
        let tries = (0..100).fold("x0 = g(x0);\n".to_owned(), |inner, _| match ending {
            "py" => format!(
                "try:\n{}except E:\n x0 = h(x0)\n",
                inner.lines().map(|l| format!(" {l}\n")).collect::<String>()
            ),
            _ => format!("try {{\n{inner}}} catch (E e) {{ x0 = h(x0); }} finally {{ k(x0); }}\n")
                .replace("(E e)", if ending == "js" { "(e)" } else { "(E e)" }),
        });
        of(ending, tries + "sink(x0);\n")
    });
}

#[test]
fn large_switches() {
    check("each case gives to the next", &ENDINGS, |ending| {
        let cases = each(1_000, |n| match ending {
            "py" => format!("    case {n}:\n      x{} = x{n};\n", n + 1),
            "go" => format!("case {n}:\nx{} = x{n};\nfallthrough\n", n + 1),
            _ => format!("case {n}: x{} = x{n};\n", n + 1),
        });
        let switch = match ending {
            "py" => format!("while c:\n  match c:\n{cases}"),
            "go" => format!("switch c {{\n{cases}default:\n}}\n"),
            _ => format!("switch (c) {{\n{cases}}}\n"),
        };
        let fresh = each(1_000, |n| new_variable(ending, &format!("x{}", n + 1), "\"\""));
        let begin = new_variable(ending, "x0", "source()");
        let text = [begin, fresh, switch, "sink(x1000);\n".to_owned()].concat();
        one(ending, file(ending, "M", &function(ending, "m", &["c"], &text)))
    });
    check("a generated parser", &ENDINGS, |ending| {
        let cases = each(1_000, |n| {
            let (a, b) = ((n * 7 + 1) % 1_000, n % 40);
            let code = format!("state = {a}; x{b} = x{} + text;", (n * 3) % 40);
            match ending {
                "py" => format!("    case {n}:\n      {code}\n"),
                "go" => format!("case {n}:\n{code}\nif state > {n} {{ continue; }}\n"),
                _ => format!("case {n}: {code} if (state > {n}) continue; break;\n"),
            }
        });
        let switch = match ending {
            "py" => format!("while state > 0:\n  match state:\n{cases}"),
            "go" => format!("for state > 0 {{\nswitch state {{\n{cases}}}\n}}\n"),
            _ => format!("while (state > 0) {{\nswitch (state) {{\n{cases}}}\n}}\n"),
        };
        let fresh = each(40, |n| new_variable(ending, &format!("x{n}"), "\"\""));
        let begin = new_variable(ending, "text", "source()") + &new_variable(ending, "state", "1");
        let text = [begin, fresh, switch, "sink(x1);\n".to_owned()].concat();
        one(ending, file(ending, "M", &function(ending, "m", &["c"], &text)))
    });
}

#[test]
fn closures() {
    check("in closures", &["py", "js", "java", "go"], |ending| {
        let begin = new_variable(ending, "x0", "source()");
        let inner = (0..200).rev().fold("sink(x199);\n".to_owned(), |inner, n| match ending {
            "py" => format!(
                "def f{n}():\n{} x{} = x{n}\n{}f{n}()\n",
                "",
                n + 1,
                inner.lines().map(|l| format!(" {l}\n")).collect::<String>()
            ),
            "java" => format!("Runnable f{n} = () -> {{ Object x{} = x{n};\n{inner}}};\nf{n}.run();\n", n + 1),
            "go" => format!("f{n} := func() {{ x{} := x{n}\n{inner}}}\nf{n}()\n", n + 1),
            _ => format!("const f{n} = () => {{ let x{} = x{n};\n{inner}}};\nf{n}();\n", n + 1),
        });
        one(ending, file(ending, "M", &function(ending, "m", &[], &(begin + &inner))))
    });
    check("callbacks handed down", &ENDINGS, |ending| {
        let function = |name: &str, params: &[&str], body: &str| {
            let text = function(ending, name, params, body);
            match ending {
                "java" => text.replace("Object back", "Function<Object, Object> back"),
                "go" => text.replace("back string", "back func(string) string"),
                _ => text,
            }
        };
        let call = if ending == "java" { "back.apply(source())" } else { "back(source())" };
        let take = if ending == "java" { "M::take" } else { "take" };
        let chain = each(500, |n| function(&format!("f{n}"), &["back"], &format!("return f{}(back);\n", n + 1)));
        let text = [
            chain,
            function("f500", &["back"], &format!("return {call};\n")),
            function("take", &["a"], "sink(a);\nreturn a;\n"),
            function("m", &[], &format!("f0({take});\n")),
        ];
        one(ending, file(ending, "M", &text.concat()))
    });
    check("promises", &["js"], |ending| {
        let text = format!(
            "Promise.resolve(source()){}\n.then(x => sink(x));\n",
            each(2_000, |_| "\n.then(x => x + 1)".into())
        );
        one(ending, text)
    });
    check("promises that are awaited", &["js"], |ending| {
        let chain = each(2_000, |n| format!("async function f{n}(x) {{ return await f{}(x); }}\n", n + 1));
        one(
            ending,
            format!(
                "{chain}async function f2000(x) {{ return x; }}\nasync function m() {{\nsink(await f0(source()));\n}}\n"
            ),
        )
    });
}

// ── values ───────────────────────────────────────────────────────────────────────────────────────

#[test]
fn large_values() {
    check("fields", &ENDINGS, |ending| {
        let fields = each(5_000, |n| match ending {
            "py" => format!("\"k{n}\": x,\n"),
            "java" => format!("o.put(\"k{n}\", x);\n"),
            "go" => format!("\"k{n}\": x,\n"),
            _ => format!("k{n}: x,\n"),
        });
        let (begin, end) = match ending {
            "py" => (format!("o = {{{fields}}}\n"), "o[\"k4999\"]"),
            "java" => (format!("Map<String, Object> o = new HashMap<>();\n{fields}"), "o.get(\"k4999\")"),
            "go" => (format!("o := map[string]string{{\n{fields}}}\n"), "o[\"k4999\"]"),
            _ => (format!("const o = {{\n{fields}}};\n"), "o.k4999"),
        };
        let text = new_variable(ending, "x", "source()") + &begin + &format!("sink({end});\n");
        if ending == "py" {
            return one(ending, text);
        }
        one(ending, file(ending, "M", &function(ending, "m", &[], &text)))
    });
    check("arguments", &ENDINGS, |ending| {
        let params: Vec<String> = (0..5_000).map(|n| format!("a{n}")).collect();
        let params: Vec<&str> = params.iter().map(String::as_str).collect();
        let text = [
            function(ending, "f", &params, "sink(a4999);\nreturn a0;\n"),
            function(ending, "m", &["x"], &format!("f({});\n", vec!["source()"; 5_000].join(", "))),
        ];
        one(ending, file(ending, "M", &text.concat()))
    });
    check("arguments of many calls", &ENDINGS, |ending| {
        let params: Vec<String> = (0..2_000).map(|n| format!("a{n}")).collect();
        let params: Vec<&str> = params.iter().map(String::as_str).collect();
        let call = if ending == "java" { "M.f" } else { "f" };
        let text = [
            function(ending, "f", &params, "sink(a1999);\nreturn a0;\n"),
            function(ending, "m", &["x"], &format!("{call}({});\n", vec!["source()"; 2_000].join(", ")).repeat(20)),
        ];
        one(ending, file(ending, "M", &text.concat()))
    });
    check("more arguments than can be counted", &["py", "js", "java"], |ending| {
        let params: Vec<String> = (0..70_000).map(|n| format!("a{n}")).collect();
        let params: Vec<&str> = params.iter().map(String::as_str).collect();
        let text = [
            function(ending, "f", &params, "return a0;\n"),
            function(ending, "m", &["x"], &format!("sink(f({}));\n", vec!["source()"; 70_000].join(", "))),
        ];
        one(ending, file(ending, "M", &text.concat()))
    });
    check("lists", &["py", "js"], |ending| {
        let text = format!("x = source()\no = [{}]\nsink(o[4999])\n", "x, ".repeat(5_000));
        one(ending, text)
    });
    check("values in themselves", &["py", "js"], |ending| {
        let push = if ending == "py" { "append" } else { "push" };
        let all = each(40, |n| {
            format!("o{n}.f{n} = o{};\no{n}.g = o{};\no{n}.{push}(o{});\n", (n + 1) % 40, (n * 7) % 40, (n * 3) % 40)
        });
        let begin = each(40, |n| format!("o{n} = make({n});\n"));
        one(ending, format!("{begin}{all}o0.x = source();\n{all}{}sink(o0.f0.f1.x);\n", again(ending, "c", &all)))
    });
    check("lists of lists", &ENDINGS, |ending| {
        let step = match ending {
            "java" => "x = List.of(x, x);\n",
            "go" => "x = []any{x, x};\n",
            _ => "x = [x, [x], x[0]];\n",
        };
        let text = new_variable(ending, "x", "source()") + &again(ending, "c", &step.repeat(500)) + "sink(x);\n";
        one(ending, file(ending, "M", &function(ending, "m", &["c"], &text)))
    });
}

#[test]
fn many_sources_and_sinks() {
    check("each with each", &ENDINGS, |ending| {
        let text =
            new_variable(ending, "x", "\"\"") + &"x = x + source();\n".repeat(2_000) + &"sink(x);\n".repeat(1_000);
        one(ending, file(ending, "M", &function(ending, "m", &[], &text)))
    });
    check("through one function", &ENDINGS, |ending| {
        let text = [
            function(ending, "f", &["a"], "return a;\n"),
            function(ending, "m", &[], &"sink(f(source()));\n".repeat(1_000)),
        ];
        one(ending, file(ending, "M", &text.concat()))
    });
    check("in one place", &ENDINGS, |ending| {
        let text = format!("sink({});\n", vec!["source()"; 4_000].join(" + "));
        one(ending, file(ending, "M", &function(ending, "m", &[], &text)))
    });
    check("fields of one object", &["py", "js"], |ending| {
        let all = each(2_000, |n| format!("o.a{n} = source();\n")) + &each(2_000, |n| format!("sink(o.a{n});\n"));
        one(ending, format!("o = make()\n{all}"))
    });
}

#[test]
fn one_line_of_a_megabyte() {
    check("minified", &["js"], |ending| {
        let part = |n: usize| {
            format!(
                "function f{n}(a,b){{var c=a,d;if(b)return f{}(c,d=b.x);for(d in c)c=d?b[d]:f{}(c,a);return c}}",
                n / 2,
                n + 1
            )
        };
        one(ending, format!("{}sink(f0(source()))", each(11_000, part)))
    });
    check("a module bundle", &["js"], |ending| {
        let part = |n: usize| {
            format!(
                "{n}:(e,t,n)=>{{\"use strict\";n.r(t),n.d(t,{{default:()=>i}});var r=n({}),o=n({});const i=function(e){{return r.default(e)||o.default(e)}}}},",
                n + 1,
                n * 7 % 6000
            )
        };
        one(
            ending,
            format!(
                "(()=>{{var e={{{}}},t={{}};function n(r){{var o=t[r];if(void 0!==o)return o.exports;var i=t[r]={{exports:{{}}}};return e[r](i,i.exports,n),i.exports}};sink(source())}})()",
                each(6_000, part)
            ),
        )
    });
}

// ── names ────────────────────────────────────────────────────────────────────────────────────────

#[test]
fn modules_around_modules() {
    const COUNT: usize = 300;
    let all = |text: &dyn Fn(usize) -> String| each(COUNT, text);
    check("all import all", &["py", "js"], |ending| {
        let import = |n: usize| import(ending, n).lines().next().unwrap().to_owned() + "\n";
        let imports = all(&import);
        let calls = each(30, |n| when(ending, &format!("b == {n}"), &format!("return f{n}(a);\n")));
        let module = |n: usize| {
            let text = function(ending, &format!("f{n}"), &["a"], &format!("{calls}return a;\n"));
            (
                format!("m/M{n}.{ending}"),
                format!("{}{}{text}", imports.replace(&import(n), ""), if ending == "js" { "export " } else { "" }),
            )
        };
        let main = (format!("m/main.{ending}"), format!("{imports}sink(f7(source()));\n"));
        (0..COUNT).map(module).chain([main]).collect()
    });
    check("all give on all of all", &["py", "js"], |ending| {
        let wild = |n: usize| {
            if ending == "py" { format!("from .M{n} import *\n") } else { format!("export * from './M{n}';\n") }
        };
        let wilds = all(&wild);
        let module =
            |n: usize| (format!("m/M{n}.{ending}"), format!("{wilds}nothing_{n}(absent{n}(source()), other{n});\n"));
        let main = match ending {
            "py" => "from .M7 import *\nfrom .M9 import nowhere\nnowhere(gone(source()))\n".to_owned(),
            _ => "import { nowhere } from './M7';\nimport * as all from './M9';\nnowhere(all.gone(source()));\nall.a.b();\n".to_owned(),
        };
        let init = (format!("m/{}", if ending == "py" { "__init__.py" } else { "index.js" }), wilds.clone());
        (0..COUNT).map(module).chain([(format!("m/main.{ending}"), main), init]).collect()
    });
    check("names around in a circle", &["py", "js"], |ending| {
        let module = |n: usize| {
            let next = (n + 1) % COUNT;
            let text = match ending {
                "py" => format!("from .M{next} import g, h as g\nfrom . import *\ng(source())\n"),
                _ => format!(
                    "export {{ g, g as h, default }} from './M{next}';\nimport * as self from './M{n}';\nself.self.g(source());\n"
                ),
            };
            (format!("m/M{n}.{ending}"), text)
        };
        let init = (
            format!("m/{}", if ending == "py" { "__init__.py" } else { "index.js" }),
            "from . import *\nfrom .M1 import *\n".to_owned(),
        );
        (0..COUNT).map(module).chain((ending == "py").then_some(init)).collect()
    });
}

#[test]
fn large_hierarchies() {
    check("a chain", &["py", "js", "java"], |ending| {
        let class = |n: usize| {
            let up = n + 1;
            match ending {
                "py" => format!("class C{n}(C{up}):\n  def g{n}(self, a):\n    return self.g{up}(a)\n"),
                "java" => format!("class C{n} extends C{up} {{ Object g{n}(Object a) {{ return g{up}(a); }} }}\n"),
                _ => format!("class C{n} extends C{up} {{ g{n}(a) {{ return this.g{up}(a); }} }}\n"),
            }
        };
        let (top, use_) = match ending {
            "py" => ("class C1000:\n  def g1000(self, a):\n    return a\n", "sink(C999().g1000(source()))\n"),
            "java" => (
                "class C1000 { Object g1000(Object a) { return a; } }\n",
                "class M { void m(C999 c) {\nsink(c.g1000(source()));\n} }\n",
            ),
            _ => ("class C1000 { g1000(a) { return a; } }\n", "sink(new C999().g1000(source()));\n"),
        };
        one(ending, [top.to_owned(), (0..1_000).rev().map(class).collect(), use_.to_owned()].concat())
    });
    check("implementations", &ENDINGS, |ending| {
        let class = |n: usize| match ending {
            "py" => format!("class C{n}(I):\n  def f(self, a):\n    return a\n"),
            "java" => format!("class C{n} implements I {{ public Object f(Object a) {{ return a; }} }}\n"),
            "go" => format!("type C{n} struct{{}}\nfunc (c C{n}) f(a string) string {{ return a }}\n"),
            _ => format!("class C{n} extends I {{ f(a) {{ return a; }} }}\n"),
        };
        let call = |n: usize| match ending {
            "py" => format!("def m{n}(i: I):\n  sink(i.f(source()))\n"),
            "java" => format!("class M{n} {{ void m(I i) {{\nsink(i.f(source()));\n}} }}\n"),
            "go" => format!("func m{n}(i I) {{\nsink(i.f(source()))\n}}\n"),
            _ => format!("function m{n}(i) {{\nsink(i.f(source()));\n}}\nm{n}(new C{n}());\n"),
        };
        let top = match ending {
            "py" => "class I:\n  def f(self, a):\n    return a\n",
            "java" => "interface I { Object f(Object a); }\n",
            "go" => "package p\ntype I interface { f(a string) string }\n",
            _ => "class I { f(a) { return a; } }\n",
        };
        one(ending, top.to_owned() + &each(2_000, class) + &each(500, call))
    });
    check("many classes", &ENDINGS, |ending| {
        let class = |n: usize| match ending {
            "py" => format!("class C{n}:\n  def f{n}(self, a):\n    return C{}().f{}(a) + B.c + b.C\n", n + 1, n + 1),
            "java" => format!(
                "class C{n} {{ Object f{n}(Object a) {{ return new C{}().f{}(a) + B.c + b.C; }} }}\n",
                n + 1,
                n + 1
            ),
            "go" => format!(
                "type C{n} struct{{}}\nfunc (c C{n}) f{n}(a string) string {{ return C{}{{}}.f{}(a) + b.C }}\n",
                n + 1,
                n + 1
            ),
            _ => format!("class C{n} {{ f{n}(a) {{ return new C{}().f{}(a) + B.c + b.C; }} }}\n", n + 1, n + 1),
        };
        let head = if ending == "go" { "package p\n" } else { "" };
        one(ending, head.to_owned() + &each(4_000, class))
    });
    check("many methods", &ENDINGS, |ending| {
        let method = |n: usize| match ending {
            "py" => format!("  def f{n}(self, a):\n    return self.f{}(a)\n", n + 1),
            "java" => format!("Object f{n}(Object a) {{ return f{}(a); }}\n", n + 1),
            "go" => format!("func (c *C) f{n}(a string) string {{ return c.f{}(a) }}\n", n + 1),
            _ => format!("f{n}(a) {{ return this.f{}(a); }}\n", n + 1),
        };
        let methods = each(4_000, method);
        let text = match ending {
            "py" => format!("class C:\n{methods}"),
            "go" => format!("package p\ntype C struct{{}}\n{methods}"),
            _ => format!("class C {{\n{methods}}}\n"),
        };
        one(ending, text)
    });
    check("around in a circle", &["py", "js", "java"], |ending| {
        let class = |n: usize| {
            let (a, b) = ((n + 1) % 300, (n * 7) % 300);
            match ending {
                "py" => {
                    format!("class C{n}(C{a}, C{b}, C{n}):\n  def h{n}(self, a):\n    return self.g(super().g(a))\n")
                }
                "java" => format!("class C{n} extends C{a} {{ Object h{n}(Object a) {{ return g(super.g(a)); }} }}\n"),
                _ => format!("class C{n} extends C{a} {{ h{n}(a) {{ return this.g(super.g(a)); }} }}\n"),
            }
        };
        one(ending, each(300, class) + &if ending == "java" { String::new() } else { "sink(source())\n".to_owned() })
    });
    check("all inherit from all", &["py"], |ending| {
        let bases = each(200, |n| format!("C{n}, "));
        one(
            ending,
            each(200, |n| format!("class C{n}({bases}):\n  def h{n}(self, a):\n    return self.g(super().k(a))\n"))
                + "sink(source())\n",
        )
    });
}

#[test]
fn deep_expressions() {
    check("calls in calls", &ENDINGS, |ending| {
        let text = [
            function(ending, "f", &["a"], "return a;\n"),
            function(ending, "m", &[], &format!("sink({});\n", nested("f(", "source()", ")", 300))),
        ];
        one(ending, file(ending, "M", &text.concat()))
    });
    check("a chain of calls", &ENDINGS, |ending| {
        one(
            ending,
            file(ending, "M", &function(ending, "m", &["x"], &format!("sink(source(){});\n", ".a(x)".repeat(300)))),
        )
    });
}

// ── our own rules ────────────────────────────────────────────────────────────────────────────────

#[test]
fn our_own_rules() {
    let rules = |language: &str| format!("{}/../../rules/{language}", env!("CARGO_MANIFEST_DIR"));
    for (ending, language) in [("py", "python"), ("js", "javascript"), ("java", "java"), ("go", "go")] {
        let folder = Folder::new(RULES);
        let pass = |n: usize| function(ending, &format!("f{n}"), &["a"], &format!("return f{}(a);\n", (n + 1) % 300));
        let text = match ending {
            "py" => format!("import os\nfrom flask import request\n{}", each(300, |n| {
                pass(n) + &format!("def h{n}():\n  x = request.args['a']\n  os.system(x)\n  os.system(f{n}(x))\n")
            })),
            "js" => format!("const app = require('express')();\nconst run = require('child_process');\n{}", each(300, |n| {
                pass(n) + &format!("app.get('/{n}', (req, res) => {{\nconst x = req.query.a;\nrun.exec(x);\nrun.exec(f{n}(x));\n}});\n")
            })),
            "java" => file(ending, "M", &each(300, |n| {
                pass(n) + &format!("void h{n}(HttpServletRequest r) throws Exception {{\nString x = r.getParameter(\"a\");\nRuntime.getRuntime().exec(x);\nRuntime.getRuntime().exec((String) f{n}(x));\n}}\n")
            })).replacen("class", "import javax.servlet.http.HttpServletRequest;\nclass", 1),
            _ => format!("package p\nimport (\n\"net/http\"\n\"os/exec\"\n)\n{}", each(300, |n| {
                pass(n) + &format!("func h{n}(w http.ResponseWriter, r *http.Request) {{\nx := r.URL.Query().Get(\"a\")\nexec.Command(\"sh\", \"-c\", x).Run()\nexec.Command(\"sh\", \"-c\", f{n}(x)).Run()\n}}\n")
            })),
        };
        folder.write(format!("src/M.{ending}"), text);
        let scan = folder.scan(&["-c", &rules(language)]);
        let followed = scan.report["results"].as_array().unwrap().iter();
        let lines: std::collections::BTreeSet<u64> = followed
            .filter(|finding| finding["extra"]["dataflow_trace"].is_object())
            .filter_map(|finding| finding["start"]["line"].as_u64())
            .collect();
        println!(
            "our own .{ending}: {:.2?}, {} MB, {} lines, {:?}",
            scan.time,
            scan.memory >> 20,
            lines.len(),
            scan.limits()
        );
        is_within_bounds(&scan);
        assert!(lines.len() >= 300, "{ending}: {lines:?}");
    }
}

#[test]
fn a_limit_is_said_with_its_place() {
    let folder = Folder::new(RULES);
    let begin =
        new_variable("js", "x0", "source()") + &each(2_000, |n| new_variable("js", &format!("x{}", n + 1), "0"));
    let cases = each(2_000, |n| format!("case {n}: x{} = x{n};\n", n + 1));
    let switch = format!("{begin}switch (c) {{\n{cases}}}\nsink(x2000);\n");
    folder.write("src/m.js", format!("\n\n{}", function("js", "m", &["c"], &switch)));
    let said = "src/m.js: line 3: too many variables meet in too many places";
    let scan = folder.scan(&[]);
    assert!(scan.limits().iter().any(|limit| limit.starts_with(said)), "{:?}", scan.limits());
    let output = folder.command(&[]).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let words = text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains(said), "{text}");
}
