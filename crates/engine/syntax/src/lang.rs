//! The languages, their file names and their grammars.

use std::path::Path;
use std::sync::OnceLock;

use crate::cst::Grammar;

/// A language with a grammar. TypeScript stands for itself; `Tsx` is TypeScript with JSX and takes the same rules.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[repr(u8)]
pub enum Lang {
    Python,
    JavaScript,
    TypeScript,
    Tsx,
    Java,
    Go,
}

impl Lang {
    pub const ALL: [Lang; 6] = [Lang::Python, Lang::JavaScript, Lang::TypeScript, Lang::Tsx, Lang::Java, Lang::Go];

    /// The language a rule names in `languages:`, by any name or alias that Semgrep knows.
    pub fn from_rule_name(name: &str) -> Option<Lang> {
        Some(match name.to_ascii_lowercase().as_str() {
            "python" | "python3" | "python2" | "py" => Lang::Python,
            "javascript" | "js" => Lang::JavaScript,
            "typescript" | "ts" => Lang::TypeScript,
            "java" => Lang::Java,
            "go" | "golang" => Lang::Go,
            _ => return None,
        })
    }

    /// The language of a file by its name; `first_line` decides for scripts without an ending.
    pub fn of_file(path: &Path, first_line: &str) -> Option<Lang> {
        let name = path.file_name()?.to_str().unwrap_or("");
        match name.rsplit_once('.').map(|(_, e)| e) {
            Some("py" | "pyi" | "pyw") => Some(Lang::Python),
            Some("js" | "jsx" | "mjs" | "cjs") => Some(Lang::JavaScript),
            Some("ts" | "mts" | "cts") => Some(Lang::TypeScript),
            Some("tsx") => Some(Lang::Tsx),
            Some("java") => Some(Lang::Java),
            Some("go") => Some(Lang::Go),
            _ if first_line.starts_with("#!") => {
                let mut words = first_line[2..].split_whitespace().map(|w| w.rsplit('/').next().unwrap_or(w));
                let program = words.find(|w| *w != "env" && !w.starts_with('-'))?;
                if program.starts_with("python") {
                    Some(Lang::Python)
                } else if matches!(program, "node" | "nodejs") {
                    Some(Lang::JavaScript)
                } else {
                    None
                }
            }
            _ => None,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Lang::Python => "python",
            Lang::JavaScript => "javascript",
            Lang::TypeScript => "typescript",
            Lang::Tsx => "tsx",
            Lang::Java => "java",
            Lang::Go => "go",
        }
    }

    /// JavaScript and TypeScript in any dress.
    pub fn is_script(self) -> bool {
        matches!(self, Lang::JavaScript | Lang::TypeScript | Lang::Tsx)
    }

    /// What starts a comment that runs to the end of the line.
    pub fn line_comment(self) -> &'static str {
        if self == Lang::Python { "#" } else { "//" }
    }

    pub fn grammar(self) -> &'static Grammar {
        static GRAMMARS: [OnceLock<Grammar>; 6] = [const { OnceLock::new() }; 6];
        GRAMMARS[self as usize].get_or_init(|| {
            Grammar::new(match self {
                Lang::Python => tree_sitter_python::LANGUAGE.into(),
                Lang::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
                Lang::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
                Lang::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
                Lang::Java => tree_sitter_java::LANGUAGE.into(),
                Lang::Go => tree_sitter_go::LANGUAGE.into(),
            })
        })
    }
}
