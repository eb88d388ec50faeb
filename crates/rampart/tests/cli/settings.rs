use crate::{Project, Scan};

#[test]
fn a_project_has_its_options_in_a_file() {
    let project = Project::new(&[("src/a.py", "hello() # TODO\n"), ("src/gen/b.py", "hello()\n")]);
    project.write(
        "rampart.toml",
        "config = \"rules.yaml\"\nformat = \"json\"\nexclude = [\"gen/\"]\nseverity = [\"high\"]\nerror = true\n",
    );
    let run = project.run(&["scan", "src"]);
    assert_eq!(run.code, 1, "{}", run.err);
    assert_eq!(Scan::of(&run.out).findings, ["src/a.py:1 demo.hello"]);
    let run = project.run(&["scan", "src", "--severity", "low"]);
    assert_eq!(Scan::of(&run.out).findings, ["src/a.py:1 demo.todo"], "the command line weighs more");
}

#[test]
fn mistakes_have_a_place_and_a_hint() {
    let check = |text: &str, expected: &str| {
        let project = Project::new(&[("rampart.toml", text)]);
        let run = project.run(&["scan", "src", "-c", "rules.yaml"]);
        assert_eq!((run.code, run.err.as_str()), (2, expected), "{text}");
    };
    check(
        "jobs = 2\nexlude = [\"x\"]\n",
        "error: rampart.toml: unknown field `exlude`\n --> rampart.toml:2:1\n  |\n2 | exlude = [\"x\"]\n  | ^^^^^^\nhint: did you mean `exclude`?\n",
    );
    check("fail-on = \"loud\"\n", "error: rampart.toml: `fail-on`: levels are info, low, medium, high and critical\n");
    check("jobs = 0\n", "error: rampart.toml: `jobs`: between 1 and 256\n");
}
