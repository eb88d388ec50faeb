//! Code that means the same in each language. A file is told by its ending.

pub const ENDINGS: [&str; 6] = ["py", "js", "ts", "tsx", "java", "go"];

/// An expression where `ending` has expressions.
pub fn value(ending: &str, expression: &str) -> String {
    match ending {
        "py" => format!("x = {expression}\n"),
        "java" => body(ending, &format!("var x = {expression};")),
        "go" => body(ending, &format!("x := {expression}")),
        _ => format!("let x = {expression};\n"),
    }
}

/// Statements where `ending` has statements.
pub fn body(ending: &str, statements: &str) -> String {
    match ending {
        "java" => format!("class A {{ void m() {{\n{statements}\n}} }}\n"),
        "go" => format!("package p\nfunc m() {{\n{statements}\n}}\n"),
        _ => statements.to_owned(),
    }
}

pub fn nested(open: &str, inner: &str, close: &str, times: usize) -> String {
    format!("{}{inner}{}", open.repeat(times), close.repeat(times))
}

pub fn lines(ending: &str, count: usize, line: impl Fn(usize) -> String) -> String {
    let end = if matches!(ending, "py" | "go") { "\n" } else { ";\n" };
    body(ending, &(0..count).map(|number| line(number) + end).collect::<String>())
}

/// A function of the file; statements end with a semicolon, in Python too.
pub fn function(ending: &str, name: &str, params: &[&str], statements: &str) -> String {
    match ending {
        "py" => format!("def {name}({}):\n{}\n", params.join(", "), indented(statements)),
        "java" => format!("static Object {name}({}) {{\n{statements}\n}}\n", typed(params, |p| format!("Object {p}"))),
        "go" => format!("func {name}({}) string {{\n{statements}\n}}\n", typed(params, |p| format!("{p} string"))),
        _ => format!("function {name}({}) {{\n{statements}\n}}\n", params.join(", ")),
    }
}

fn typed(params: &[&str], with: impl Fn(&str) -> String) -> String {
    params.iter().map(|p| with(p)).collect::<Vec<_>>().join(", ")
}

fn indented(statements: &str) -> String {
    statements.trim_end().lines().map(|line| format!("  {line}\n")).collect()
}

/// Functions where `ending` has functions.
pub fn file(ending: &str, class: &str, functions: &str) -> String {
    match ending {
        "java" => format!("class {class} {{\n{functions}}}\n"),
        "go" => format!("package p\n{functions}"),
        _ => functions.to_owned(),
    }
}

/// A new variable.
pub fn new_variable(ending: &str, name: &str, value: &str) -> String {
    match ending {
        "py" => format!("{name} = {value};\n"),
        "java" => format!("Object {name} = {value};\n"),
        "go" => format!("{name} := {value};\n"),
        _ => format!("let {name} = {value};\n"),
    }
}

/// `statements` when `condition`.
pub fn when(ending: &str, condition: &str, statements: &str) -> String {
    match ending {
        "py" => format!("if {condition}:\n{}", indented(statements)),
        _ => format!("if ({condition}) {{\n{statements}}}\n"),
    }
}

/// `statements` again and again.
pub fn again(ending: &str, condition: &str, statements: &str) -> String {
    match ending {
        "py" => format!("while {condition}:\n{}", indented(statements)),
        "go" => format!("for {condition} {{\n{statements}}}\n"),
        _ => format!("while ({condition}) {{\n{statements}}}\n"),
    }
}

/// `text` of each number, one after the other.
pub fn each(count: usize, text: impl Fn(usize) -> String) -> String {
    (0..count).map(text).collect()
}
