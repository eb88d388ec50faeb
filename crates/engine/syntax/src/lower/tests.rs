//! Placeholders of patterns that must not be wrapped by what the grammar needs around them.

use std::time::Duration;

#[path = "../../tests/shape/mod.rs"]
mod shape;

use crate::lang::Lang;
use crate::lower_pattern;

/// `…` stands for the placeholder of `...`, `…X` for that of `$...X`, `$X` for itself.
fn check(lang: Lang, cases: &[(&str, &str)]) {
    for (src, expected) in cases {
        let mut text = String::new();
        for (i, part) in src.split('…').enumerate() {
            let name = part.starts_with(|c: char| c.is_ascii_uppercase());
            text.push_str(if i == 0 {
                ""
            } else if name {
                crate::tree::MV_ELLIPSIS
            } else {
                crate::tree::ELLIPSIS
            });
            text.push_str(part);
        }
        let text = text.replace('$', crate::tree::MV) + "\n";
        let tree = lower_pattern(lang, &text, Default::default(), Duration::from_secs(5), &[]).unwrap();
        assert_eq!(tree.errors, [], "{src}");
        let shape = shape::shape(&tree.dump(tree.root()));
        assert!(shape.contains(expected), "{src}\n{shape}\nlacks {expected}");
    }
}

#[test]
fn java() {
    check(
        Lang::Java,
        &[
            ("f(…, $X, …A);", r#"Args(Ellipsis, Metavar "$X", MetavarEllipsis "$...A")"#),
            ("f(\"…\", \"$X\");", r#"Args(Str "...", Str "$X")"#),
            ("…;", "ExprStmt(Ellipsis)"),
            ("… …;", "ExprStmt(Ellipsis)"),
            ("class C { … …; int x; …A …A; }", r#"ClassBody(ExprStmt(Ellipsis), VarDef("#),
            ("class C { …A …A; }", r#"ClassBody(ExprStmt(MetavarEllipsis "$...A"))"#),
            (
                "void f(… …, $T $X, …A …A) { …; }",
                r#"Params(Ellipsis, Param(Metavar "$X", Metavar "$T", -, Attrs), MetavarEllipsis "$...A")"#,
            ),
            ("f((…) -> 1);", "Lambda(Params(Ellipsis)"),
            ("f(… -> 1);", "Lambda(Params(Ellipsis)"),
            ("try { …; } catch (… …) { …; }", "Catch(Ellipsis, -, Block(ExprStmt(Ellipsis)))"),
            ("try { …; } catch ($T $E) { …; }", r#"Catch(Metavar "$T", Metavar "$E", Block"#),
            ("try (…) { …; }", "Try(Block(ExprStmt(Ellipsis)), Block"),
            ("try (… … = …) { …; }", "Try(Block(ExprStmt(Ellipsis)), Block"),
            ("for (… … : xs) { }", r#"ForEach(Ellipsis, Ident "xs", Block)"#),
            ("@A(…) class C {}", r#"Annotation(Ident "A", Args(Ellipsis))"#),
            ("@A(k = $V, … = …) class C {}", r#"Args(KwArg "k"(Metavar "$V"), Ellipsis)"#),
            ("@A($K = 1) class C {}", r#"KwArg "$K"(Int "1")"#),
            ("@$A class C {}", r#"Annotation(Metavar "$A", -)"#),
            ("enum E { …, A }", r#"ClassBody(ExprStmt(Ellipsis), VarDef(Ident "A""#),
            (
                "$T $X = new $T(…);",
                r#"VarDef(Metavar "$X", Metavar "$T", New(Metavar "$T", Args(Ellipsis), -), Attrs)"#,
            ),
            ("$X.$M(…);", r#"Call(Member(Metavar "$X", Metavar "$M"), Args(Ellipsis))"#),
            ("$T<…> x;", r#"TypeApply(Metavar "$T", Args(Ellipsis))"#),
            ("import $A.$B;", r#"ImportFrom "$A"(ImportName "$B"(-))"#),
        ],
    );
}

#[test]
fn go() {
    check(
        Lang::Go,
        &[
            ("f(…, $X, …A)", r#"Args(Ellipsis, Metavar "$X", MetavarEllipsis "$...A")"#),
            ("…", "ExprStmt(Ellipsis)"),
            ("func $F(…) { … }", r#"Metavar "$F", Params(Ellipsis), -, Block(ExprStmt(Ellipsis))"#),
            (
                "func f(…, x $T, …A) {}",
                r#"Params(Ellipsis, Param(Ident "x", Metavar "$T", -, Attrs), MetavarEllipsis "$...A")"#,
            ),
            ("func (…) f() {}", r#"Params(Ellipsis)"#),
            ("func f() (…, error) {}", r#"Params, Params(Ellipsis, Param(-, Ident "error", -, Attrs))"#),
            ("func f() (…) {}", r#"Params, Params(Ellipsis), Block"#),
            (
                "type T struct { …; A int; …F }",
                r#"ClassBody(ExprStmt(Ellipsis), VarDef(Ident "A", Ident "int", -, Attrs), ExprStmt(MetavarEllipsis "$...F"))"#,
            ),
            ("type T interface { …; M() }", r#"Extends, Implements, -, ClassBody(ExprStmt(Ellipsis), FuncDef("#),
            ("x := $T{…, K: $V, …A}", r#"Object(Ellipsis, Pair(Ident "K", Metavar "$V"), MetavarEllipsis "$...A")"#),
            ("x := T{…: …}", "Object(Ellipsis)"),
            ("import \"…\"", r#"Import "..."(-)"#),
            ("import $X \"a/$Y\"", r#"Import "a/$Y"(Metavar "$X")"#),
            ("$X, … := $F()", r#"Assign#1(Tuple(Metavar "$X", Ellipsis), Call(Metavar "$F", Args))"#),
            ("switch $X { case …: … }", r#"Case(Args(Ellipsis), Block(ExprStmt(Ellipsis)))"#),
            ("var $X $T = …", r#"VarDef#1(Metavar "$X", Metavar "$T", Ellipsis, Attrs)"#),
            ("$X.$M(…).…", r#"Chain(Call(Member(Metavar "$X", Metavar "$M"), Args(Ellipsis)))"#),
        ],
    );
}
