//! Java, lowered.

mod shape;

use std::time::Duration;

use rampart_syntax::{Kind, Lang, parse};

/// The lowered statements of each source.
fn check(cases: &[(&str, &[&str])]) {
    for (src, expected) in cases {
        let tree = parse(Lang::Java, &format!("{src}\n"), Default::default(), Duration::from_secs(5)).unwrap();
        assert_eq!(tree.errors, [], "{src}");
        assert_eq!(shape::shape(&tree.dump(tree.root())), expected.join("\n"), "{src}");
    }
}

#[test]
fn calls() {
    check(&[
        ("o.m(x);", &[r#"ExprStmt(Call(Member(Ident "o", Ident "m"), Args(Ident "x")))"#]),
        (r#"m(1, "a");"#, &[r#"ExprStmt(Call(Ident "m", Args(Int "1", Str "a")))"#]),
        ("super.m();", &[r#"ExprStmt(Call(Member(Super, Ident "m"), Args))"#]),
        ("this.<T>m();", &[r#"ExprStmt(Call(Member(This, Ident "m"), Args))"#]),
        ("A.super.m();", &[r#"ExprStmt(Call(Member(Member(Ident "A", Ident "super"), Ident "m"), Args))"#]),
        ("(a).b().c();", &[r#"ExprStmt(Call(Member(Call(Member(Ident "a", Ident "b"), Args), Ident "c"), Args))"#]),
    ]);
}

#[test]
fn members() {
    check(&[
        (
            "a.b.c = d[0];",
            &[r#"ExprStmt(Assign(Member(Member(Ident "a", Ident "b"), Ident "c"), Index(Ident "d", Int "0")))"#],
        ),
        (
            "f(Outer.this.x);",
            &[r#"ExprStmt(Call(Ident "f", Args(Member(Member(Ident "Outer", Ident "this"), Ident "x"))))"#],
        ),
        (
            "f(X.class, int[].class);",
            &[
                r#"ExprStmt(Call(Ident "f", Args(Member(Ident "X", Ident "class"), Member(TypeArray(Ident "int", -), Ident "class"))))"#,
            ],
        ),
    ]);
}

#[test]
fn objects() {
    check(&[
        (
            "new T(a) { void f() {} };",
            &[
                r#"ExprStmt(New(Ident "T", Args(Ident "a"), ClassBody(FuncDef(Attrs, -, Ident "f", Params, Ident "void", Block))))"#,
            ],
        ),
        ("new int[] {1, 2};", &[r#"ExprStmt(New(TypeArray(Ident "int", -), Args(Array(Int "1", Int "2")), -))"#]),
        (
            "new int[5][6][];",
            &[r#"ExprStmt(New(TypeArray(TypeArray(TypeArray(Ident "int", -), Int "6"), Int "5"), Args, -))"#],
        ),
        (
            "new a.b.C<>();",
            &[r#"ExprStmt(New(TypeApply(Member(Member(Ident "a", Ident "b"), Ident "C"), Args), Args, -))"#],
        ),
        (
            "o.new In(1);",
            &[r#"ExprStmt(Other "object_creation_expression"(Ident "o", New(Ident "In", Args(Int "1"), -)))"#],
        ),
    ]);
}

#[test]
fn operators() {
    check(&[
        ("x += 1;", &[r#"ExprStmt(AugAssign#1(Ident "x", Int "1"))"#]),
        ("y >>>= 2;", &[r#"ExprStmt(AugAssign#20(Ident "y", Int "2"))"#]),
        ("i++;", &[r#"ExprStmt(Unary#42(Ident "i"))"#]),
        ("--j;", &[r#"ExprStmt(Unary#41(Ident "j"))"#]),
        (
            "f(true || !false, -a + b * c);",
            &[
                r#"ExprStmt(Call(Ident "f", Args(Binary#10(Bool#1, Unary#11(Bool)), Binary#1(Unary#2(Ident "a"), Binary#3(Ident "b", Ident "c")))))"#,
            ],
        ),
        ("x = c ? a : b;", &[r#"ExprStmt(Assign(Ident "x", Ternary(Ident "c", Ident "a", Ident "b")))"#]),
        ("y = (int) z;", &[r#"ExprStmt(Assign(Ident "y", Cast(Ident "int", Ident "z")))"#]),
        (
            "y = (A & B) z;",
            &[r#"ExprStmt(Assign(Ident "y", Cast(Other "intersection_type"(Ident "A", Ident "B"), Ident "z")))"#],
        ),
    ]);
}

#[test]
fn instance_of() {
    check(&[
        ("f(x instanceof T);", &[r#"ExprStmt(Call(Ident "f", Args(Binary#33(Ident "x", Ident "T"))))"#]),
        (
            "f(x instanceof final T t);",
            &[
                r#"ExprStmt(Call(Ident "f", Args(Binary#33(Ident "x", VarDef(Ident "t", Ident "T", -, Attrs(Modifier "final"))))))"#,
            ],
        ),
        (
            "f(x instanceof P(int a, _));",
            &[
                r#"ExprStmt(Call(Ident "f", Args(Binary#33(Ident "x", Other "record_pattern"(Ident "P", Other "record_pattern_body"(VarDef(Ident "a", Ident "int", -, Attrs), Ident "_"))))))"#,
            ],
        ),
    ]);
}

#[test]
fn literals() {
    check(&[
        (r#"f("a\n", 'x', '\'');"#, &[r#"ExprStmt(Call(Ident "f", Args(Str "a\\n", Char "x", Char "\\'")))"#]),
        (
            r#"s = """
  hi "there" """;"#,
            &[r#"ExprStmt(Assign(Ident "s", Str "\n  hi \"there\" "))"#],
        ),
        (
            "f(1_000L, 0xFFL, 0b1, 017, 0x1Fd);",
            &[r#"ExprStmt(Call(Ident "f", Args(Int "1000", Int "0xff", Int "0b1", Int "017", Int "0x1fd")))"#],
        ),
        ("f(1.5F, 1e10, .5D);", &[r#"ExprStmt(Call(Ident "f", Args(Float "1.5", Float "1e10", Float ".5")))"#]),
        ("f(null, true, false);", &[r#"ExprStmt(Call(Ident "f", Args(Null, Bool#1, Bool)))"#]),
        (
            r#"t = STR."a \{b} c";"#,
            &[r#"ExprStmt(Assign(Ident "t", Tagged(Ident "STR", Interp#2(Str "a ", Hole(Ident "b"), Str " c"))))"#],
        ),
    ]);
}

#[test]
fn lambdas() {
    check(&[
        (
            "f(x -> x + 1);",
            &[
                r#"ExprStmt(Call(Ident "f", Args(Lambda(Params(Param(Ident "x", -, -, Attrs)), -, Binary#1(Ident "x", Int "1")))))"#,
            ],
        ),
        (
            "f((a, b) -> { return a; });",
            &[
                r#"ExprStmt(Call(Ident "f", Args(Lambda(Params(Param(Ident "a", -, -, Attrs), Param(Ident "b", -, -, Attrs)), -, Block(Return(Ident "a"))))))"#,
            ],
        ),
        (
            "f((int q) -> q);",
            &[
                r#"ExprStmt(Call(Ident "f", Args(Lambda(Params(Param(Ident "q", Ident "int", -, Attrs)), -, Ident "q"))))"#,
            ],
        ),
        ("f(() -> 1);", &[r#"ExprStmt(Call(Ident "f", Args(Lambda(Params, -, Int "1"))))"#]),
        (
            "f(A::b, A::new, int[]::new, super::toString);",
            &[
                r#"ExprStmt(Call(Ident "f", Args(Other "method_reference"(Ident "A", Ident "b"), Other "method_reference"(Ident "A", Ident "new"), Other "method_reference"(TypeArray(Ident "int", -), Ident "new"), Other "method_reference"(Super, Ident "toString"))))"#,
            ],
        ),
    ]);
}

#[test]
fn types() {
    check(&[
        (
            "List<? extends A> xs;",
            &[r#"VarDef(Ident "xs", TypeApply(Ident "List", Args(Other "wildcard"(Ident "A"))), -, Attrs)"#],
        ),
        (
            "Map.Entry<K, V>[] es;",
            &[
                r#"VarDef(Ident "es", TypeArray(TypeApply(Member(Ident "Map", Ident "Entry"), Args(Ident "K", Ident "V")), -), -, Attrs)"#,
            ],
        ),
        ("a.b.C c;", &[r#"VarDef(Ident "c", Member(Member(Ident "a", Ident "b"), Ident "C"), -, Attrs)"#]),
        (
            "@A List<@B T> d;",
            &[r#"VarDef(Ident "d", TypeApply(Ident "List", Args(Ident "T")), -, Attrs(Annotation(Ident "A", -)))"#],
        ),
        ("var x = 1;", &[r#"VarDef(Ident "x", Ident "var", Int "1", Attrs)"#]),
    ]);
}

#[test]
fn variables() {
    check(&[
        (
            "int a = 1, b[] = {2};",
            &[
                r#"VarDef(Ident "a", Ident "int", Int "1", Attrs)"#,
                r#"VarDef(Ident "b", TypeArray(Ident "int", -), Array(Int "2"), Attrs)"#,
            ],
        ),
        (
            r#"@A(k = 1, v = {"a", "b"}) final String s;"#,
            &[
                r#"VarDef(Ident "s", Ident "String", -, Attrs(Annotation(Ident "A", Args(KwArg "k"(Int "1"), KwArg "v"(Array(Str "a", Str "b")))), Modifier "final"))"#,
            ],
        ),
        (
            r#"@a.B("x") String s;"#,
            &[
                r#"VarDef(Ident "s", Ident "String", -, Attrs(Annotation(Member(Ident "a", Ident "B"), Args(Str "x"))))"#,
            ],
        ),
        ("@C int z;", &[r#"VarDef(Ident "z", Ident "int", -, Attrs(Annotation(Ident "C", -)))"#]),
    ]);
}

#[test]
fn branches() {
    check(&[
        (
            "if (a) b(); else if (c) { d(); } else ;",
            &[
                r#"If(Ident "a", ExprStmt(Call(Ident "b", Args)), If(Ident "c", Block(ExprStmt(Call(Ident "d", Args))), Empty))"#,
            ],
        ),
        ("while (a) ;", &[r#"While(Ident "a", Empty)"#]),
        ("do { b(); } while (c);", &[r#"DoWhile(Block(ExprStmt(Call(Ident "b", Args))), Ident "c")"#]),
        ("l: for (;;) { break l; }", &[r#"Label "l"(For(-, -, -, Block(Break(Ident "l"))))"#]),
        ("for (;;) continue;", &["For(-, -, -, Continue(-))"]),
        ("return;", &["Return(-)"]),
        ("return x;", &[r#"Return(Ident "x")"#]),
        (r#"assert a : "m";"#, &[r#"Assert(Ident "a", Str "m")"#]),
        ("assert b;", &[r#"Assert(Ident "b", -)"#]),
        ("throw e;", &[r#"Throw(Ident "e", -)"#]),
        (
            "synchronized (x) { f(); }",
            &[r#"Other "synchronized_statement"(Ident "x", Block(ExprStmt(Call(Ident "f", Args))))"#],
        ),
    ]);
}

#[test]
fn loops() {
    check(&[
        (
            "for (int i = 0; i < n; i++) f();",
            &[
                r#"For(VarDef(Ident "i", Ident "int", Int "0", Attrs), Binary#25(Ident "i", Ident "n"), Unary#42(Ident "i"), ExprStmt(Call(Ident "f", Args)))"#,
            ],
        ),
        (
            "for (int i = 0, j = 1; ; i++, j--) {}",
            &[
                r#"For(Block(VarDef(Ident "i", Ident "int", Int "0", Attrs), VarDef(Ident "j", Ident "int", Int "1", Attrs)), -, Block(ExprStmt(Unary#42(Ident "i")), ExprStmt(Unary#43(Ident "j"))), Block)"#,
            ],
        ),
        ("for (i = 0; ; ) ;", &[r#"For(Assign(Ident "i", Int "0"), -, -, Empty)"#]),
        (
            "for (final T x : xs) f(x);",
            &[
                r#"ForEach(VarDef(Ident "x", Ident "T", -, Attrs(Modifier "final")), Ident "xs", ExprStmt(Call(Ident "f", Args(Ident "x"))))"#,
            ],
        ),
    ]);
}

#[test]
fn exceptions() {
    check(&[
        (
            "try (A a = f(); b; this.c) { g(); } catch (final X | Y e) { h(); } catch (Z z) {} finally { i(); }",
            &[
                r#"Try(Block(VarDef(Ident "a", Ident "A", Call(Ident "f", Args), Attrs), ExprStmt(Ident "b"), ExprStmt(Member(This, Ident "c"))), Block(ExprStmt(Call(Ident "g", Args))), Catches(Catch(TypeUnion(Ident "X", Ident "Y"), Ident "e", Block(ExprStmt(Call(Ident "h", Args)))), Catch(Ident "Z", Ident "z", Block)), -, Block(ExprStmt(Call(Ident "i", Args))))"#,
            ],
        ),
        ("try { f(); } finally {}", &[r#"Try(-, Block(ExprStmt(Call(Ident "f", Args))), Catches, -, Block)"#]),
    ]);
}

#[test]
fn switches() {
    check(&[
        (
            "switch (x) { case 1: case 2: f(); break; case A, B: { g(); } default: h(); }",
            &[
                r#"Switch(Ident "x", Block(Case(Args(Int "1"), Block), Case(Args(Int "2"), Block(ExprStmt(Call(Ident "f", Args)), Break(-))), Case(Args(Ident "A", Ident "B"), Block(Block(ExprStmt(Call(Ident "g", Args))))), Case(Args, Block(ExprStmt(Call(Ident "h", Args))))))"#,
            ],
        ),
        (
            "int r = switch (x) { case 1, 2 -> 3; case T t when t.ok() -> { yield 4; } default -> throw e; };",
            &[
                r#"VarDef(Ident "r", Ident "int", Switch(Ident "x", Block(Case#1(Args(Int "1", Int "2"), Block(ExprStmt(Int "3"))), Case#1(Args(VarDef(Ident "t", Ident "T", -, Attrs), Other "guard"(Call(Member(Ident "t", Ident "ok"), Args))), Block(Other "yield_statement"(Int "4"))), Case#1(Args, Block(Throw(Ident "e", -))))), Attrs)"#,
            ],
        ),
        (
            "switch (x) { case P(int a, var b) -> f(); }",
            &[
                r#"Switch(Ident "x", Block(Case#1(Args(Other "record_pattern"(Ident "P", Other "record_pattern_body"(VarDef(Ident "a", Ident "int", -, Attrs), VarDef(Ident "b", Ident "var", -, Attrs)))), Block(ExprStmt(Call(Ident "f", Args))))))"#,
            ],
        ),
    ]);
}

#[test]
fn directives() {
    check(&[
        ("package a.b;", &[r#"Package "a.b""#]),
        ("import a.b.C;", &[r#"ImportFrom "a.b"(ImportName "C"(-))"#]),
        ("import static a.b.C.d;", &[r#"ImportFrom "a.b.C"(ImportName "d"(-))"#]),
        ("import a.b.*;", &[r#"ImportAll "a.b""#]),
        ("import Foo;", &[r#"ImportFrom(ImportName "Foo"(-))"#]),
        ("import a . b /* c */ . C;", &[r#"ImportFrom "a.b"(ImportName "C"(-))"#]),
        (
            "module m.n { requires transitive a.b; exports x to y; }",
            &[
                r#"Other "module_declaration"(Member(Ident "m", Ident "n"), Other "module_body"(Other "requires_module_directive"(Modifier "transitive", Member(Ident "a", Ident "b")), Other "exports_module_directive"(Ident "x", Ident "y")))"#,
            ],
        ),
    ]);
}

#[test]
fn classes() {
    check(&[
        (
            "@A(1) public abstract class C<T extends X, U> extends B<T> implements I, J {}",
            &[
                r#"ClassDef(Attrs(Annotation(Ident "A", Args(Int "1")), Modifier "public", Modifier "abstract"), TypeParams(Ident "T", Ident "U"), Ident "C", Extends(TypeApply(Ident "B", Args(Ident "T"))), Implements(Ident "I", Ident "J"), -, ClassBody)"#,
            ],
        ),
        (
            "class C { static { f(); } int x = 1, y; ; { g(); } class D {} }",
            &[
                r#"ClassDef(Attrs, -, Ident "C", Extends, Implements, -, ClassBody(Block(ExprStmt(Call(Ident "f", Args))), VarDef(Ident "x", Ident "int", Int "1", Attrs), VarDef(Ident "y", Ident "int", -, Attrs), Block(ExprStmt(Call(Ident "g", Args))), ClassDef(Attrs, -, Ident "D", Extends, Implements, -, ClassBody)))"#,
            ],
        ),
        (
            "sealed interface I<T> extends A, B permits X, Y { int K = 1; void f(); }",
            &[
                r#"ClassDef#1(Attrs(Modifier "sealed", Other "permits"(Ident "X", Ident "Y")), TypeParams(Ident "T"), Ident "I", Extends(Ident "A", Ident "B"), Implements, -, ClassBody(VarDef(Ident "K", Ident "int", Int "1", Attrs), FuncDef(Attrs, -, Ident "f", Params, Ident "void", -)))"#,
            ],
        ),
        (
            "enum E implements I { A, @X B(1), C { void f() {} }; int z; }",
            &[
                r#"ClassDef#2(Attrs, -, Ident "E", Extends, Implements(Ident "I"), -, ClassBody(VarDef(Ident "A", -, -, Attrs), VarDef(Ident "B", -, New(Ident "E", Args(Int "1"), -), Attrs(Annotation(Ident "X", -))), VarDef(Ident "C", -, New(Ident "E", Args, ClassBody(FuncDef(Attrs, -, Ident "f", Params, Ident "void", Block))), Attrs), VarDef(Ident "z", Ident "int", -, Attrs)))"#,
            ],
        ),
        (
            "record R<T>(int a, @N String b) { R { check(a); } }",
            &[
                r#"ClassDef#3(Attrs, TypeParams(Ident "T"), Ident "R", Extends, Implements, Params(Param(Ident "a", Ident "int", -, Attrs), Param(Ident "b", Ident "String", -, Attrs(Annotation(Ident "N", -)))), ClassBody(FuncDef(Attrs, -, Ident "R", Params, -, Block(ExprStmt(Call(Ident "check", Args(Ident "a")))))))"#,
            ],
        ),
        (
            "@interface An { int size() default 0; String[] names(); }",
            &[
                r#"ClassDef#5(Attrs, -, Ident "An", Extends, Implements, -, ClassBody(VarDef(Ident "size", Ident "int", Int "0", Attrs), VarDef(Ident "names", TypeArray(Ident "String", -), -, Attrs)))"#,
            ],
        ),
    ]);
}

#[test]
fn functions() {
    check(&[
        ("void f() {}", &[r#"FuncDef(Attrs, -, Ident "f", Params, Ident "void", Block)"#]),
        (
            "class C { C(int a) { this(a, 1); } }",
            &[
                r#"ClassDef(Attrs, -, Ident "C", Extends, Implements, -, ClassBody(FuncDef(Attrs, -, Ident "C", Params(Param(Ident "a", Ident "int", -, Attrs)), -, Block(ExprStmt(Call(This, Args(Ident "a", Int "1")))))))"#,
            ],
        ),
        (
            "class C { C() { super(); f(); } }",
            &[
                r#"ClassDef(Attrs, -, Ident "C", Extends, Implements, -, ClassBody(FuncDef(Attrs, -, Ident "C", Params, -, Block(ExprStmt(Call(Super, Args)), ExprStmt(Call(Ident "f", Args))))))"#,
            ],
        ),
        (
            "class C { C(O o) { o.super(1); } }",
            &[
                r#"ClassDef(Attrs, -, Ident "C", Extends, Implements, -, ClassBody(FuncDef(Attrs, -, Ident "C", Params(Param(Ident "o", Ident "O", -, Attrs)), -, Block(ExprStmt(Call(Member(Ident "o", Ident "super"), Args(Int "1")))))))"#,
            ],
        ),
        (
            "abstract <V> V m(final String a[], int... b) throws E, F;",
            &[
                r#"FuncDef(Attrs(Modifier "abstract", Other "throws"(Ident "E", Ident "F")), TypeParams(Ident "V"), Ident "m", Params(Param(Ident "a", TypeArray(Ident "String", -), -, Attrs(Modifier "final")), Param#2(Ident "b", Ident "int", -, Attrs)), Ident "V", -)"#,
            ],
        ),
        (
            "class C { void m(C this, int a) {} }",
            &[
                r#"ClassDef(Attrs, -, Ident "C", Extends, Implements, -, ClassBody(FuncDef(Attrs, -, Ident "m", Params(Param#3(This, Ident "C", -, Attrs), Param(Ident "a", Ident "int", -, Attrs)), Ident "void", Block)))"#,
            ],
        ),
        (
            "int[] f()[] { }",
            &[r#"FuncDef(Attrs, -, Ident "f", Params, TypeArray(TypeArray(Ident "int", -), -), Block)"#],
        ),
    ]);
}

#[test]
fn each_variable_starts_where_the_declaration_starts() {
    let src = "class C { @A final int a = 1, b = 2; void f() { for (final T x : xs) g(); } }";
    let tree = parse(Lang::Java, src, Default::default(), Duration::from_secs(5)).unwrap();
    let texts: Vec<_> =
        tree.ids().filter(|&id| tree.kind(id) == Kind::VarDef).map(|id| &src[tree.span(id).range()]).collect();
    assert_eq!(texts, ["@A final int a = 1", "@A final int a = 1, b = 2;", "final T x"]);
}

#[test]
fn errors_keep_what_is_inside() {
    let tree = parse(Lang::Java, "f(); g(1 2); h();", Default::default(), Duration::from_secs(5)).unwrap();
    assert!(!tree.errors.is_empty());
    let shape = shape::shape(&tree.dump(tree.root()));
    assert!(["f", "g", "h"].iter().all(|name| shape.contains(&format!("Call(Ident \"{name}\""))), "{shape}");
}

#[test]
fn copies_of_types_are_bounded() {
    let mut src = "int q".to_owned();
    for _ in 0..60 {
        src = format!("@A(() -> {{ {src}; }}) int a, b, c");
    }
    src.push(';');
    let tree = parse(Lang::Java, &src, Default::default(), Duration::from_secs(5)).unwrap();
    assert!(tree.len() < 20_000, "{}", tree.len());
    let src = format!("int a{};", "[]".repeat(10_000));
    let tree = parse(Lang::Java, &src, Default::default(), Duration::from_secs(5)).unwrap();
    assert!(tree.len() < 1_000, "{}", tree.len());
}
