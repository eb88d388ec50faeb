//! Go, lowered.

mod shape;

use std::time::Duration;

use rampart_syntax::{Kind, Lang, parse};

/// The lowered statements of each source.
fn check(cases: &[(&str, &[&str])]) {
    for (src, expected) in cases {
        let tree = parse(Lang::Go, &format!("{src}\n"), Default::default(), Duration::from_secs(5)).unwrap();
        assert_eq!(tree.errors, [], "{src}");
        assert_eq!(shape::shape(&tree.dump(tree.root())), expected.join("\n"), "{src}");
    }
}

#[test]
fn imports() {
    check(&[
        ("package p", &[r#"Package "p""#]),
        (r#"import "fmt""#, &[r#"Import "fmt"(-)"#]),
        (
            r#"import (
	f "a/b"
	. "c"
	_ `d`
)"#,
            &[r#"Import "a/b"(Ident "f")"#, r#"Import "c"(Ident ".")"#, r#"Import "d"(Ident "_")"#],
        ),
    ]);
}

#[test]
fn calls() {
    check(&[
        ("pkg.F(x)", &[r#"ExprStmt(Call(Member(Ident "pkg", Ident "F"), Args(Ident "x")))"#]),
        ("f(xs...)", &[r#"ExprStmt(Call(Ident "f", Args(Spread(Ident "xs"))))"#]),
        ("a.b.c()", &[r#"ExprStmt(Call(Member(Member(Ident "a", Ident "b"), Ident "c"), Args))"#]),
        ("func() {}()", &["ExprStmt(Call(Lambda(Params, -, Block), Args))"]),
        ("f[int](x)", &[r#"ExprStmt(Call(TypeApply(Ident "f", Args(Ident "int")), Args(Ident "x")))"#]),
        ("make([]int, 3)", &[r#"ExprStmt(Call(Ident "make", Args(TypeArray(Ident "int", -), Int "3")))"#]),
        ("new(T)", &[r#"ExprStmt(Call(Ident "new", Args(Ident "T")))"#]),
        ("[]byte(x)", &[r#"ExprStmt(Call(TypeArray(Ident "byte", -), Args(Ident "x")))"#]),
        ("map[string]int(y)", &[r#"ExprStmt(Call(TypeMap(Ident "string", Ident "int"), Args(Ident "y")))"#]),
        ("(*T)(x)", &[r#"ExprStmt(Call(Unary#38(Ident "T"), Args(Ident "x")))"#]),
        ("x.(T)", &[r#"ExprStmt(Cast(Ident "T", Ident "x"))"#]),
    ]);
}

#[test]
fn literals() {
    check(&[
        (
            "f(1_000, 0xFF, 0o17, 1.5E3, 2i)",
            &[r#"ExprStmt(Call(Ident "f", Args(Int "1000", Int "0xff", Int "0o17", Float "1.5e3", Float "2i")))"#],
        ),
        (r#"f("a\n", `b`, 'a')"#, &[r#"ExprStmt(Call(Ident "f", Args(Str "a\\n", Str "b", Char "a")))"#]),
        ("f(nil, true, false, iota)", &[r#"ExprStmt(Call(Ident "f", Args(Null, Bool#1, Bool, Ident "iota")))"#]),
    ]);
}

#[test]
fn composites() {
    check(&[
        (
            r#"p := T{a: 1, "b": 2, c}"#,
            &[
                r#"ExprStmt(Assign#1(Ident "p", Composite(Ident "T", Object(Pair(Ident "a", Int "1"), Pair(Str "b", Int "2"), Ident "c"))))"#,
            ],
        ),
        (
            "q := &pkg.T{}",
            &[r#"ExprStmt(Assign#1(Ident "q", Unary#37(Composite(Member(Ident "pkg", Ident "T"), Object))))"#],
        ),
        (
            "r := []T{{1}, {a: 2}}",
            &[
                r#"ExprStmt(Assign#1(Ident "r", Composite(TypeArray(Ident "T", -), Object(Object(Int "1"), Object(Pair(Ident "a", Int "2"))))))"#,
            ],
        ),
        (
            r#"s := map[string]int{"a": 1}"#,
            &[
                r#"ExprStmt(Assign#1(Ident "s", Composite(TypeMap(Ident "string", Ident "int"), Object(Pair(Str "a", Int "1")))))"#,
            ],
        ),
        (
            "t := [...]int{1}",
            &[r#"ExprStmt(Assign#1(Ident "t", Composite(TypeArray(Ident "int", -), Object(Int "1"))))"#],
        ),
        (
            "v := L[int]{1}",
            &[r#"ExprStmt(Assign#1(Ident "v", Composite(TypeApply(Ident "L", Args(Ident "int")), Object(Int "1"))))"#],
        ),
        (
            "w := struct{ A int }{1}",
            &[
                r#"ExprStmt(Assign#1(Ident "w", Composite(Other "struct_type"(VarDef(Ident "A", Ident "int", -, Attrs)), Object(Int "1"))))"#,
            ],
        ),
    ]);
}

#[test]
fn operators() {
    check(&[
        (
            "x = -a + b*c &^ d",
            &[
                r#"ExprStmt(Assign(Ident "x", Binary#1(Unary#2(Ident "a"), Binary#17(Binary#3(Ident "b", Ident "c"), Ident "d"))))"#,
            ],
        ),
        (
            "y = !a && b || ^c",
            &[
                r#"ExprStmt(Assign(Ident "y", Binary#10(Binary#9(Unary#11(Ident "a"), Ident "b"), Unary#15(Ident "c"))))"#,
            ],
        ),
        ("z = *p", &[r#"ExprStmt(Assign(Ident "z", Unary#38(Ident "p")))"#]),
        ("w = <-c", &[r#"ExprStmt(Assign(Ident "w", Unary#39(Ident "c")))"#]),
        (
            "f(a[i], a[1:2], a[:], a[1:2:3], (a))",
            &[
                r#"ExprStmt(Call(Ident "f", Args(Index(Ident "a", Ident "i"), Slice(Ident "a", Int "1", Int "2", -), Slice(Ident "a", -, -, -), Slice(Ident "a", Int "1", Int "2", Int "3"), Ident "a")))"#,
            ],
        ),
    ]);
}

#[test]
fn assignments() {
    check(&[
        ("a := 1", &[r#"ExprStmt(Assign#1(Ident "a", Int "1"))"#]),
        ("a, b := f()", &[r#"ExprStmt(Assign#1(Tuple(Ident "a", Ident "b"), Call(Ident "f", Args)))"#]),
        ("c, d = 1, 2", &[r#"ExprStmt(Assign(Tuple(Ident "c", Ident "d"), Tuple(Int "1", Int "2")))"#]),
        ("e += 1", &[r#"ExprStmt(AugAssign#1(Ident "e", Int "1"))"#]),
        ("e &^= 2", &[r#"ExprStmt(AugAssign#17(Ident "e", Int "2"))"#]),
        ("i++", &[r#"ExprStmt(Unary#42(Ident "i"))"#]),
        ("j--", &[r#"ExprStmt(Unary#43(Ident "j"))"#]),
        ("c <- v", &[r#"ExprStmt(Binary#39(Ident "c", Ident "v"))"#]),
        ("y, ok := m[k]", &[r#"ExprStmt(Assign#1(Tuple(Ident "y", Ident "ok"), Index(Ident "m", Ident "k")))"#]),
    ]);
}

#[test]
fn variables() {
    check(&[
        ("var x T = e", &[r#"VarDef#1(Ident "x", Ident "T", Ident "e", Attrs)"#]),
        (
            "var a, b = 1, 2",
            &[r#"VarDef#1(Ident "a", -, Int "1", Attrs)"#, r#"VarDef#1(Ident "b", -, Int "2", Attrs)"#],
        ),
        ("var c, d = f()", &[r#"VarDef#1(Tuple(Ident "c", Ident "d"), -, Call(Ident "f", Args), Attrs)"#]),
        (
            "var g, h int",
            &[r#"VarDef#1(Ident "g", Ident "int", -, Attrs)"#, r#"VarDef#1(Ident "h", Ident "int", -, Attrs)"#],
        ),
        (
            "var (\n	i = 1\n	j string\n)",
            &[r#"VarDef#1(Ident "i", -, Int "1", Attrs)"#, r#"VarDef#1(Ident "j", Ident "string", -, Attrs)"#],
        ),
        ("const q int = 1", &[r#"VarDef#3(Ident "q", Ident "int", Int "1", Attrs)"#]),
        (
            "const (\n	r = iota\n	s\n)",
            &[r#"VarDef#3(Ident "r", -, Ident "iota", Attrs)"#, r#"VarDef#3(Ident "s", -, -, Attrs)"#],
        ),
    ]);
}

#[test]
fn functions() {
    check(&[
        ("func f() {}", &[r#"FuncDef(Attrs, -, Ident "f", Params, -, Block)"#]),
        (
            "func g(a, b int, c ...string) (x int, err error) { return x, nil }",
            &[
                r#"FuncDef(Attrs, -, Ident "g", Params(Param(Ident "a", Ident "int", -, Attrs), Param(Ident "b", Ident "int", -, Attrs), Param#2(Ident "c", Ident "string", -, Attrs)), Params(Param(Ident "x", Ident "int", -, Attrs), Param(Ident "err", Ident "error", -, Attrs)), Block(Return(Tuple(Ident "x", Null))))"#,
            ],
        ),
        (
            "func h(int, ...T) (string, error)",
            &[
                r#"FuncDef(Attrs, -, Ident "h", Params(Param(-, Ident "int", -, Attrs), Param#2(-, Ident "T", -, Attrs)), Params(Param(-, Ident "string", -, Attrs), Param(-, Ident "error", -, Attrs)), -)"#,
            ],
        ),
        (
            "func i[K comparable, V any](m map[K]V) (T) {}",
            &[
                r#"FuncDef(Attrs, TypeParams(Ident "K", Ident "V"), Ident "i", Params(Param(Ident "m", TypeMap(Ident "K", Ident "V"), -, Attrs)), Ident "T", Block)"#,
            ],
        ),
        (
            "func (r *R) m(x int) error { return nil }",
            &[
                r#"FuncDef(Attrs, -, Ident "m", Params(Param#3(Ident "r", TypePointer(Ident "R"), -, Attrs), Param(Ident "x", Ident "int", -, Attrs)), Ident "error", Block(Return(Null)))"#,
            ],
        ),
        (
            "f := func(a int) error { return nil }",
            &[
                r#"ExprStmt(Assign#1(Ident "f", Lambda(Params(Param(Ident "a", Ident "int", -, Attrs)), Ident "error", Block(Return(Null)))))"#,
            ],
        ),
    ]);
}

#[test]
fn branches() {
    check(&[
        (
            "if x { f() } else if y { g() } else { h() }",
            &[
                r#"If(Ident "x", Block(ExprStmt(Call(Ident "f", Args))), If(Ident "y", Block(ExprStmt(Call(Ident "g", Args))), Block(ExprStmt(Call(Ident "h", Args)))))"#,
            ],
        ),
        (
            "if a := f(); a != nil { g() }",
            &[
                r#"ExprStmt(Assign#1(Ident "a", Call(Ident "f", Args)))"#,
                r#"If(Binary#22(Ident "a", Null), Block(ExprStmt(Call(Ident "g", Args))), -)"#,
            ],
        ),
        (
            "if a { f() } else if b := h(); b { i() }",
            &[
                r#"If(Ident "a", Block(ExprStmt(Call(Ident "f", Args))), Block(ExprStmt(Assign#1(Ident "b", Call(Ident "h", Args))), If(Ident "b", Block(ExprStmt(Call(Ident "i", Args))), -)))"#,
            ],
        ),
        ("defer f(x)", &[r#"Defer(Call(Ident "f", Args(Ident "x")))"#]),
        ("go func() {}()", &["Go(Call(Lambda(Params, -, Block), Args))"]),
        ("l: for { break l }", &[r#"Label "l"(While(Bool#1, Block(Break(Ident "l"))))"#]),
        ("for { continue }", &["While(Bool#1, Block(Continue(-)))"]),
        ("goto l", &[r#"Other "goto_statement"(Ident "l")"#]),
        ("return", &["Return(-)"]),
        ("func f() { end: }", &[r#"FuncDef(Attrs, -, Ident "f", Params, -, Block(Label "end"(Empty)))"#]),
    ]);
}

#[test]
fn loops() {
    check(&[
        ("for {}", &["While(Bool#1, Block)"]),
        ("for x {}", &[r#"While(Ident "x", Block)"#]),
        (
            "for i := 0; i < n; i++ { f() }",
            &[
                r#"For(Assign#1(Ident "i", Int "0"), Binary#25(Ident "i", Ident "n"), Unary#42(Ident "i"), Block(ExprStmt(Call(Ident "f", Args))))"#,
            ],
        ),
        ("for k, v := range m {}", &[r#"ForEach(Tuple(Ident "k", Ident "v"), Ident "m", Block)"#]),
        ("for range c {}", &[r#"ForEach(-, Ident "c", Block)"#]),
        ("for i = range 10 {}", &[r#"ForEach(Ident "i", Int "10", Block)"#]),
        ("for ; ; {}", &["For(-, -, -, Block)"]),
    ]);
}

#[test]
fn switches() {
    check(&[
        (
            "switch x { case 1, 2: f(); fallthrough; default: g() }",
            &[
                r#"Switch(Ident "x", Block(Case(Args(Int "1", Int "2"), Block(ExprStmt(Call(Ident "f", Args)), Other "fallthrough_statement")), Case(Args, Block(ExprStmt(Call(Ident "g", Args))))))"#,
            ],
        ),
        (
            "switch { case x > 1: f() }",
            &[r#"Switch(-, Block(Case(Args(Binary#27(Ident "x", Int "1")), Block(ExprStmt(Call(Ident "f", Args))))))"#],
        ),
        (
            "switch a := f(); a {}",
            &[r#"ExprStmt(Assign#1(Ident "a", Call(Ident "f", Args)))"#, r#"Switch(Ident "a", Block)"#],
        ),
        (
            "switch y := x.(type) { case int, *T: f(y); case nil: }",
            &[
                r#"Switch(Assign#1(Ident "y", Cast(Ident "type", Ident "x")), Block(Case(Args(Ident "int", TypePointer(Ident "T")), Block(ExprStmt(Call(Ident "f", Args(Ident "y"))))), Case(Args(Null), Block)))"#,
            ],
        ),
        ("switch z.(type) {}", &[r#"Switch(Cast(Ident "type", Ident "z"), Block)"#]),
        (
            "select { case v := <-c: f(v); case c <- 1: g(); case <-d: default: }",
            &[
                r#"Switch(-, Block(Case(Args(Assign#1(Ident "v", Unary#39(Ident "c"))), Block(ExprStmt(Call(Ident "f", Args(Ident "v"))))), Case(Args(Binary#39(Ident "c", Int "1")), Block(ExprStmt(Call(Ident "g", Args)))), Case(Args(Unary#39(Ident "d")), Block), Case(Args, Block)))"#,
            ],
        ),
    ]);
}

#[test]
fn structs() {
    check(&[
        (
            r#"type T struct { A, B int `json:"a"`; *E; pkg.F `x`; G[int] }"#,
            &[
                r#"ClassDef#4(Attrs, -, Ident "T", Extends, Implements, -, ClassBody(VarDef(Ident "A", Ident "int", -, Attrs(Annotation(Str "json:\"a\"", -))), VarDef(Ident "B", Ident "int", -, Attrs(Annotation(Str "json:\"a\"", -))), VarDef(-, TypePointer(Ident "E"), -, Attrs), VarDef(-, Member(Ident "pkg", Ident "F"), -, Attrs(Annotation(Str "x", -))), VarDef(-, TypeApply(Ident "G", Args(Ident "int")), -, Attrs)))"#,
            ],
        ),
        (
            "type P[T any] struct { t T }",
            &[
                r#"ClassDef#4(Attrs, TypeParams(Ident "T"), Ident "P", Extends, Implements, -, ClassBody(VarDef(Ident "t", Ident "T", -, Attrs)))"#,
            ],
        ),
        (
            "type I interface { M(x int) (int, error); J; ~int | string }",
            &[
                r#"ClassDef#1(Attrs, -, Ident "I", Extends(Ident "J", TypeUnion(Other "negated_type"(Ident "int"), Ident "string")), Implements, -, ClassBody(FuncDef(Attrs, -, Ident "M", Params(Param(Ident "x", Ident "int", -, Attrs)), Params(Param(-, Ident "int", -, Attrs), Param(-, Ident "error", -, Attrs)), -)))"#,
            ],
        ),
    ]);
}

#[test]
fn types() {
    check(&[
        ("type K = int", &[r#"TypeDef(Attrs, Ident "K", Ident "int")"#]),
        (
            "type (\n	L []string\n	N struct{}\n)",
            &[
                r#"TypeDef(Attrs, Ident "L", TypeArray(Ident "string", -))"#,
                r#"ClassDef#4(Attrs, -, Ident "N", Extends, Implements, -, ClassBody)"#,
            ],
        ),
        (
            "type R func(a int, b ...string) (x, y int)",
            &[
                r#"TypeDef(Attrs, Ident "R", TypeFunc(Params(Param(Ident "a", Ident "int", -, Attrs), Param#2(Ident "b", Ident "string", -, Attrs)), Params(Param(Ident "x", Ident "int", -, Attrs), Param(Ident "y", Ident "int", -, Attrs))))"#,
            ],
        ),
        ("var f *pkg.T", &[r#"VarDef#1(Ident "f", TypePointer(Member(Ident "pkg", Ident "T")), -, Attrs)"#]),
        ("var g [3]int", &[r#"VarDef#1(Ident "g", TypeArray(Ident "int", Int "3"), -, Attrs)"#]),
        (
            "var h pkg.G[int, string]",
            &[
                r#"VarDef#1(Ident "h", TypeApply(Member(Ident "pkg", Ident "G"), Args(Ident "int", Ident "string")), -, Attrs)"#,
            ],
        ),
        (
            "var e func(int) error",
            &[r#"VarDef#1(Ident "e", TypeFunc(Params(Param(-, Ident "int", -, Attrs)), Ident "error"), -, Attrs)"#],
        ),
        ("var a <-chan int", &[r#"VarDef#1(Ident "a", Other "channel_type"(Ident "int"), -, Attrs)"#]),
        (
            "var j struct{ x int }",
            &[r#"VarDef#1(Ident "j", Other "struct_type"(VarDef(Ident "x", Ident "int", -, Attrs)), -, Attrs)"#],
        ),
        ("var d interface{}", &[r#"VarDef#1(Ident "d", Other "interface_type", -, Attrs)"#]),
        ("var i (int)", &[r#"VarDef#1(Ident "i", Ident "int", -, Attrs)"#]),
    ]);
}

#[test]
fn a_statement_with_an_initialiser_is_two() {
    let src = "if a := f(); a { g() }\n";
    let tree = parse(Lang::Go, src, Default::default(), Duration::from_secs(5)).unwrap();
    let spans: Vec<_> =
        tree.children(tree.root()).iter().map(|&id| (tree.kind(id), &src[tree.span(id).range()])).collect();
    assert_eq!(spans, [(Kind::ExprStmt, "a := f()"), (Kind::If, src.trim_end())]);
}

#[test]
fn copies_of_types_are_bounded() {
    let mut ty = "int".to_owned();
    for _ in 0..60 {
        ty = format!("[func() int {{ var a, b, c {ty} }}()]int");
    }
    let tree = parse(Lang::Go, &format!("var x {ty}"), Default::default(), Duration::from_secs(5)).unwrap();
    assert!(tree.len() < 20_000, "{}", tree.len());
}
