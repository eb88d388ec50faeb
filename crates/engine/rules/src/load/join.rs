//! Join rules: the rules whose findings are joined, and the conditions.

use super::fields::Loader;
use super::{nearest, rule_within};
use crate::model::{Join, JoinCondition, JoinOperator, JoinPart, Mode, Property, Rule, RuleError};
use crate::yaml::{Map, Node};

/// Rules within the join rule are added to the loader's parts. `None` after reporting what is wrong.
pub fn read(loader: &mut Loader, node: &Node, map: &Map, id: &str) -> Option<Join> {
    let value = loader.required(node, map, "join", "a join rule")?;
    let join = loader.map(value, "`join`")?;
    let mut good = loader.check_keys(join, &["refs", "rules", "on"], "`join`");
    let mut parts: Vec<JoinPart> = Vec::new();
    if let Some(rules) = join.get("rules") {
        for item in loader.list(rules, "rules")? {
            let rule = rule_within(loader, item, Some(id));
            loader.rule_id = Some(id.to_string());
            let Some(rule) = rule else {
                good = false;
                continue;
            };
            let name = rule.id[id.len() + 1..].to_string();
            parts.push(JoinPart { name, rule: rule.id.clone(), renames: Vec::new(), place: rule.place.clone() });
            loader.parts.push(rule);
        }
    }
    if let Some(refs) = join.get("refs") {
        for item in loader.list(refs, "refs")? {
            match reference(loader, item) {
                Some(part) => parts.push(part),
                None => good = false,
            }
        }
    }
    if parts.is_empty() && good {
        loader.error(value, "a join rule needs `rules` or `refs`".to_string());
        loader.hint("put the rules whose findings are joined below `rules:`");
        return None;
    }
    let on = loader.required(value, join, "on", "`join`")?;
    let mut conditions = Vec::new();
    for item in loader.list(on, "on")? {
        match loader.text_of(item, "on").map(|text| condition(text, &parts)) {
            Some(Ok(condition)) => conditions.push(condition),
            Some(Err(Wrong { message, hint })) => {
                // Where a part is wrong itself, that says it.
                if good {
                    loader.error(item, message).hint = hint;
                }
                good = false;
            }
            None => good = false,
        }
    }
    if good && conditions.iter().all(|c| c.operator == JoinOperator::Leads) {
        loader.error(on, "`on` needs a condition between two rules".to_string());
        loader.hint("such as `a.$X == b.$Y`; the finding is that of the last condition's right side");
        return None;
    }
    good.then_some(Join { parts, conditions })
}

fn reference(loader: &mut Loader, item: &Node) -> Option<JoinPart> {
    let map = loader.map(item, "an entry of `refs`")?;
    loader.check_keys(map, &["rule", "as", "renames"], "an entry of `refs`");
    let rule = loader.required_string(item, map, "rule", "an entry of `refs`")?.to_string();
    let name = loader.string(map, "as")?.unwrap_or_else(|| rule.clone());
    let mut renames = Vec::new();
    if let Some(list) = map.get("renames") {
        for item in loader.list(list, "renames")? {
            let rename = loader.map(item, "an entry of `renames`")?;
            loader.check_keys(rename, &["from", "to"], "an entry of `renames`");
            let from = loader.required_string(item, rename, "from", "an entry of `renames`")?.to_string();
            let to = loader.required_string(item, rename, "to", "an entry of `renames`")?.to_string();
            renames.push((from, to));
        }
    }
    Some(JoinPart { name, rule, renames, place: loader.place(map.get("rule")?) })
}

struct Wrong {
    message: String,
    hint: Option<String>,
}

/// `name.$X == name.path`
fn condition(text: &str, parts: &[JoinPart]) -> Result<JoinCondition, Wrong> {
    let wrong = || Wrong {
        message: format!("`{}` is no condition", &text[..text.floor_char_boundary(100)]),
        hint: Some("write `a.$X == b.$Y`; there are ==, !=, < (within), > (contains), ~ (as <) and -->".to_string()),
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    let [left, operator, right] = words[..] else { return Err(wrong()) };
    let operator = match operator {
        "==" => JoinOperator::Equal,
        "!=" => JoinOperator::Unequal,
        "<" | "~" => JoinOperator::Within,
        ">" => JoinOperator::Contains,
        "-->" => JoinOperator::Leads,
        _ => return Err(wrong()),
    };
    let side = |text: &str| {
        let (name, property) = match text.split_once(".$") {
            Some((name, _)) => (name, &text[name.len() + 1..]),
            None => (text.strip_suffix(".path").ok_or_else(wrong)?, "path"),
        };
        let part = parts.iter().position(|part| part.name == name).ok_or_else(|| Wrong {
            message: format!("no rule of this join is called `{name}`"),
            hint: nearest::hint(name, &parts.iter().map(|part| part.name.as_str()).collect::<Vec<_>>()),
        })?;
        Ok(Property { part, name: property.to_string() })
    };
    let (left, right) = (side(left)?, side(right)?);
    if operator == JoinOperator::Leads && left.part != right.part {
        return Err(Wrong {
            message: "`-->` joins the findings of one rule".to_string(),
            hint: Some("write the same name on both sides: `calls.$FROM --> calls.$TO`".to_string()),
        });
    }
    Ok(JoinCondition { left, operator, right })
}

/// Finds the rules that `refs` name, by id or by the file they stand in (its first rule). Join rules that name what is not there are
/// taken out and reported.
pub fn resolve(rules: &mut Vec<Rule>) -> Vec<RuleError> {
    let mut errors = Vec::new();
    let known: Vec<(String, String)> = rules
        .iter()
        .filter(|rule| !matches!(rule.mode, Mode::Join(_) | Mode::Extract(_)))
        .map(|rule| (rule.id.clone(), rule.place.file.to_string()))
        .collect();
    let find = |name: &str| {
        let is_id = |id: &str| id == name || id.strip_suffix(name).is_some_and(|rest| rest.ends_with('.'));
        let path = name.trim_start_matches("./");
        let is_file = |file: &str| file == path || file.strip_suffix(path).is_some_and(|rest| rest.ends_with('/'));
        let by_id = known.iter().find(|(id, _)| is_id(id));
        by_id.or_else(|| known.iter().find(|(id, file)| is_file(file) && !id.contains('/'))).map(|(id, _)| id.clone())
    };
    rules.retain_mut(|rule| {
        let Mode::Join(join) = &mut rule.mode else { return true };
        for part in &mut join.parts {
            match find(&part.rule) {
                Some(id) => part.rule = id,
                None => {
                    errors.push(RuleError {
                        rule_id: Some(rule.id.clone()),
                        place: part.place.clone(),
                        message: format!("there is no rule `{}`", part.rule),
                        hint: Some(
                            "`rule` is the id of a rule that is loaded, or the file of one: name it with --config too"
                                .to_string(),
                        ),
                        source_line: None,
                    });
                    return false;
                }
            }
        }
        true
    });
    errors
}
