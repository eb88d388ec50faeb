//! The rules of a comparison: a language's rules of a corpus in one file, and samples of them.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::Context;
use rampart_rules::{load, yaml};
use rampart_syntax::Lang;
use serde_json::{Value, json};

/// Rules as data, in a fixed order, their ids distinct.
#[derive(Clone, Debug)]
pub struct Rules {
    list: Vec<Value>,
}

impl Rules {
    /// The rules of one file.
    ///
    /// # Errors
    /// When it cannot be read or holds none.
    pub fn of_file(file: &Path) -> anyhow::Result<Rules> {
        let list = read(file)?;
        anyhow::ensure!(!list.is_empty(), "no rules in {}", file.display());
        Ok(Rules { list })
    }

    /// The rules of a corpus that say what to look for rather than where it flows, and name one of
    /// `languages`, which stand between commas. Equal ids in two files are
    /// told apart by the path of the file, as in `python.flask.debug-enabled`.
    ///
    /// # Errors
    /// When the folder cannot be read, the language is unknown, or no rule is left.
    pub fn of_corpus(corpus: &Path, languages: &str) -> anyhow::Result<Rules> {
        let wanted: Vec<Lang> = languages
            .split(',')
            .map(|name| Lang::from_rule_name(name).with_context(|| format!("unknown language {name}")))
            .collect::<anyhow::Result<_>>()?;
        let mut files = Vec::new();
        collect(corpus, &mut files)?;
        files.sort();
        let (mut list, mut seen) = (Vec::new(), HashSet::new());
        for file in files {
            let folder = dotted(file.strip_prefix(corpus).unwrap_or(&file));
            // A corpus also holds YAML that is no rule file, and YAML that is wrong on purpose.
            for mut rule in read(&file).unwrap_or_default() {
                let id = format!("{folder}.{}", rule["id"].as_str().unwrap_or_default());
                rule["id"] = json!(id);
                if searches(&rule) && names(&rule, &wanted) && seen.insert(id) {
                    list.push(rule);
                }
            }
        }
        anyhow::ensure!(!list.is_empty(), "no rules for {languages} in {}", corpus.display());
        Ok(Rules { list })
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn ids(&self) -> HashSet<String> {
        self.list.iter().filter_map(|rule| rule["id"].as_str()).map(str::to_owned).collect()
    }

    pub fn first(&self, count: usize) -> Rules {
        Rules { list: self.list.iter().take(count).cloned().collect() }
    }

    /// One rule of every `step`: a sample of the same make-up as the whole.
    pub fn every(&self, step: usize) -> Rules {
        Rules { list: self.list.iter().step_by(step).cloned().collect() }
    }

    /// Writes a rule file. JSON is YAML: both tools read it.
    pub fn write(&self, file: &Path) -> anyhow::Result<()> {
        std::fs::write(file, serde_json::to_vec_pretty(&json!({ "rules": self.list }))?)
            .with_context(|| format!("cannot write {}", file.display()))
    }
}

fn searches(rule: &Value) -> bool {
    rule.get("mode").is_none_or(|mode| mode == "search")
}

fn names(rule: &Value, wanted: &[Lang]) -> bool {
    let languages = rule["languages"].as_array().map(Vec::as_slice).unwrap_or_default();
    languages.iter().any(|name| name.as_str().and_then(Lang::from_rule_name).is_some_and(|lang| wanted.contains(&lang)))
}

fn read(file: &Path) -> anyhow::Result<Vec<Value>> {
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    if !load::looks_like_rules(&text) {
        return Ok(Vec::new());
    }
    let (roots, problem) = yaml::read(&text);
    if let Some(problem) = problem {
        anyhow::bail!("{}:{}:{}: {}", file.display(), problem.line, problem.column, problem.message);
    }
    let mut roots = roots.iter().map(|root| root.to_json());
    let list = roots.next().map(|mut root| root["rules"].take());
    Ok(list.and_then(|list| list.as_array().cloned()).unwrap_or_default())
}

/// `python/flask/debug.yaml` as `python.flask.debug`.
fn dotted(file: &Path) -> String {
    let parts: Vec<_> = file.with_extension("").iter().map(|part| part.to_string_lossy().into_owned()).collect();
    parts.join(".")
}

/// YAML files below a folder, without hidden ones and the targets of tests.
fn collect(folder: &Path, out: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.starts_with('.') {
            continue;
        }
        if path.is_dir() {
            collect(&path, out)?;
        } else if (name.ends_with(".yaml") || name.ends_with(".yml")) && !name.contains(".test.") {
            out.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_corpus_is_merged_by_language() {
        let corpus = tempfile::tempdir().unwrap();
        let write = |file: &str, text: &str| {
            let file = corpus.path().join(file);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(file, text).unwrap();
        };
        let rule = |id: &str, rest: &str| {
            format!("rules:\n- id: {id}\n  message: m\n  severity: ERROR\n  pattern: f()\n  {rest}\n")
        };
        write("python/a/x.yaml", &rule("x", "languages: [python]"));
        write("python/b/x.yml", &rule("x", "languages: [go, py]"));
        write("python/b/taint.yaml", &rule("t", "languages: [python]\n  mode: taint"));
        write("python/b/x.test.yaml", &rule("x", "languages: [python]"));
        write("java/x.yaml", &rule("x", "languages: [java]"));
        write("python/broken.yaml", "rules: [");
        let rules = Rules::of_corpus(corpus.path(), "python").unwrap();
        let mut ids: Vec<String> = rules.ids().into_iter().collect();
        ids.sort();
        assert_eq!(ids, ["python.a.x.x", "python.b.x.x"]);
        assert_eq!((rules.first(1).len(), rules.every(2).len()), (1, 1));
    }
}
