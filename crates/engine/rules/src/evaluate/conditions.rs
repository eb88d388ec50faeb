//! Conditions on metavariables.

use super::sets::dedup;
use super::*;

/// What a metavariable is bound to.
fn bound(env: &Env, mv: Mv) -> Option<&Val> {
    env.iter().find(|(known, _)| *known == mv).map(|(_, val)| val)
}

impl<'f> Scope<'f> {
    /// Does a condition hold that says yes or no to bindings and makes none?
    pub(super) fn holds(&self, check: &Check, env: &Env) -> bool {
        let Check::Regex { mv, regex, constant, .. } = check else { return false };
        let Some(val) = bound(env, *mv) else { return false };
        if !self.budget.take(STEPS_OF_CHECK) {
            return false;
        }
        let text = self.text_of(val, *constant);
        self.budget.take(steps_of(regex) + text.len() as u64 / BYTES_PER_STEP);
        regex.is_match_at_start(&text).unwrap_or_else(|_| {
            self.budget.exhaust();
            false
        })
    }

    /// What an expression is tried on.
    fn text_of<'v>(&self, val: &'v Val, constant: bool) -> Cow<'v, str>
    where
        'f: 'v,
    {
        match constant.then(|| self.constant(val)).flatten() {
            Some(Value::Str(text, _)) => Cow::Owned(text.to_string()),
            Some(Value::Int(n)) => Cow::Owned(n.to_string()),
            _ => Cow::Borrowed(self.source(val)),
        }
    }

    /// Adds what a condition leaves of a range to `out`.
    pub(super) fn check(&self, check: &Check, mut range: Range, out: &mut Vec<Range>) {
        match check {
            Check::Never => {}
            Check::Regex { groups, .. } if groups.is_empty() => {
                if self.holds(check, &range.env) {
                    out.push(range);
                }
            }
            Check::Regex { mv, regex, groups, constant } => {
                let Some(val) = bound(&range.env, *mv) else { return };
                let text = self.text_of(val, *constant);
                self.budget.take(steps_of(regex) + text.len() as u64 / BYTES_PER_STEP);
                let found = match regex.match_at_start(&text) {
                    Ok(Some(found)) => found,
                    Ok(None) => return,
                    Err(_) => return self.budget.exhaust(),
                };
                let at = self.span_of(val).start as usize;
                let new: Env = groups
                    .iter()
                    .filter(|(_, mv)| bound(&range.env, *mv).is_none())
                    .filter_map(|&(group, mv)| found.group(group).map(|found| (mv, found)))
                    .map(|(mv, (start, end))| (mv, Val::Text(text[start..end].into(), Span::new(at + start, at + end))))
                    .collect();
                range.env.extend(new);
                out.push(range);
            }
            Check::Comparison(comparison) => {
                let yes = compare::eval(comparison, &|name| {
                    let mv = self.shared.mvs.find(name)?;
                    let val = bound(&range.env, mv)?;
                    Some(match self.constant(val) {
                        Some(Value::Str(text, _)) => compare::Value::Str(text.to_string()),
                        Some(Value::Int(n)) => compare::Value::Int(n),
                        Some(Value::Bool(b)) => compare::Value::Bool(b),
                        Some(Value::Float(text)) => match text.parse() {
                            Ok(number) => compare::Value::Float(number),
                            Err(_) => compare::Value::Code(text.to_string()),
                        },
                        _ => match val {
                            Val::Text(text, _) => compare::Value::Str(text.to_string()),
                            _ => compare::Value::Code(self.source(val).to_string()),
                        },
                    })
                });
                out.extend((yes == Some(true)).then_some(range));
            }
            Check::Entropy(mv) | Check::Redos(mv) => {
                let text = bound(&range.env, *mv).and_then(|val| match self.constant(val) {
                    Some(Value::Str(text, _) | Value::Regex(text, _)) => Some(text.to_string()),
                    _ => None,
                });
                let yes = text.is_some_and(|text| match check {
                    Check::Entropy(_) => analysis::is_high_entropy(&text),
                    _ => analysis::is_redos(&text),
                });
                out.extend(yes.then_some(range));
            }
            Check::Type { mv, patterns } => {
                let (Some(code), Some(&Val::Node(id))) = (self.code, bound(&range.env, *mv)) else { return };
                let yes = patterns.iter().any(|p| {
                    let shared = &self.shared.patterns[p.0 as usize];
                    let mut found = Vec::new();
                    let steps = self.budget.left().min(STEPS_OF_TYPE);
                    let mut matcher = Matcher::new(&shared.pattern, &code.target, &shared.options, false, steps);
                    matcher.at(id, &mut found);
                    self.budget.take(steps - matcher.steps_left());
                    !found.is_empty()
                });
                out.extend(yes.then_some(range));
            }
            Check::Setting { key, regex, value, place } => {
                let found = self.key(key, &range).and_then(|key| self.setting(&key, regex.as_deref()));
                let Some((settings, setting)) = found else { return };
                let mut bind = |mv: &Option<Mv>, text: &str| {
                    if let Some(mv) = mv.filter(|&mv| bound(&range.env, mv).is_none()) {
                        range.env.push((mv, Val::Text(text.into(), range.span)));
                    }
                };
                bind(value, &setting.value);
                bind(place, &format!("{}:{}", settings.path(setting), setting.line));
                out.push(range);
            }
            Check::Formula { mv, family, formula } => {
                if let Some(val) = bound(&range.env, *mv) {
                    out.extend(self.nested(&range, val, *family, formula));
                }
            }
        }
    }

    /// The name of a setting, where all of it is known.
    fn key(&self, parts: &[KeyPart], range: &Range) -> Option<String> {
        let mut key = String::new();
        for part in parts {
            match part {
                KeyPart::Text(text) => key.push_str(text),
                KeyPart::Bound(mv) => {
                    let (_, val) = range.env.iter().find(|(m, _)| m == mv)?;
                    match self.constant(val) {
                        Some(Value::Str(text, _)) => key.push_str(&text),
                        _ if self.is_member_name(val) => key.push_str(self.source(val)),
                        _ => return None,
                    }
                }
            }
        }
        Some(key)
    }

    /// The `NAME` of `settings.NAME`, which says itself and no value of its own.
    fn is_member_name(&self, val: &Val) -> bool {
        let (&Val::Node(id), Some(code)) = (val, self.code) else { return false };
        let tree = code.target.tree;
        let around = tree.parent(id).filter(|&up| tree.kind(id) == Node::Ident && tree.kind(up) == Node::Member);
        around.is_some_and(|up| tree.child(up, 1) == id)
    }

    /// The first value of a setting that matches.
    fn setting(&self, key: &str, regex: Option<&Regex>) -> Option<(&'f Settings, &'f Setting)> {
        let (settings, asker) = self.settings?;
        let matches = |setting: &&Setting| {
            self.budget.take(regex.map_or(1, steps_of));
            regex.is_none_or(|regex| regex.is_match_at_start(&setting.value).unwrap_or(false))
        };
        settings.values(key, asker).find(matches).map(|setting| (settings, setting))
    }

    /// The constant that a binding is or folds to.
    pub(super) fn constant(&self, val: &Val) -> Option<Value> {
        match (val, self.code) {
            (&Val::Node(id), Some(code)) => {
                let tree = code.target.tree;
                let id = if matches!(tree.kind(id), Node::ExprStmt) { tree.child(id, 0) } else { id };
                code.target
                    .names
                    .constant(tree, id)
                    .filter(|_| self.options.constant_propagation || tree.kind(id).is_literal())
            }
            (Val::Text(text, _), _) => Some(Value::Str(text.as_ref().into(), None)),
            _ => None,
        }
    }

    /// `metavariable-pattern`: the formula on the code that the metavariable is bound to.
    pub(super) fn nested(
        &self,
        range: &Range,
        val: &Val,
        family: Option<(Family, Option<Lang>)>,
        formula: &Compiled,
    ) -> Vec<Range> {
        if self.depth >= MAX_DEPTH {
            return Vec::new();
        }
        let span = self.span_of(val);
        let found = match family {
            // The same language: the nodes themselves.
            None => {
                let regions: Vec<Option<NodeId>> = match val {
                    Val::Node(id) => vec![Some(*id)],
                    Val::Nodes(ids, _) => ids.iter().map(|&id| Some(id)).collect(),
                    Val::Text(..) => vec![None],
                };
                let mut found = Vec::new();
                for region in regions {
                    let text = match val {
                        Val::Text(text, _) => text.to_string(),
                        _ => self.slice(span).to_string(),
                    };
                    // Text is no code: only expressions see it, and the string that it is the content of.
                    let content = (region.is_none()).then(|| self.string_at(span)).flatten();
                    if let (None, None, Some(code)) = (region, content, self.code) {
                        let outer = self.as_texts(&range.env);
                        found.extend(self.foreign(&text, Some(code.target.lang), outer, formula));
                        continue;
                    }
                    let code = if region.is_some() || content.is_some() { self.code } else { None };
                    let mut scope = Scope::file(self.shared, self.options, &text, code, self.budget);
                    scope.settings = self.settings;
                    scope.base = span.start;
                    scope.region = region.or(content);
                    (scope.outer, scope.context, scope.depth) = (range.env.clone(), Some(span), self.depth + 1);
                    found.extend(scope.evaluate(formula).into_iter().map(|r| r.env));
                }
                found
            }
            Some((_, lang)) => {
                let text = match (val, self.constant(val)) {
                    (Val::Text(text, _), _) => text.to_string(),
                    (_, Some(Value::Str(text, _))) => text.to_string(),
                    _ if lang.is_none() => self.slice(span).to_string(),
                    _ => return Vec::new(),
                };
                self.foreign(&text, lang, self.as_texts(&range.env), formula)
            }
        };
        if found.is_empty() {
            return Vec::new();
        }
        // The bindings made inside stay, one range for each way.
        let mut out = Vec::new();
        for env in found {
            let new: Env = env.into_iter().filter(|(mv, _)| !range.env.iter().any(|(m, _)| m == mv)).collect();
            if !new.is_empty() {
                let mut extended = range.clone();
                extended.env.extend(new);
                out.push(extended);
            }
        }
        if out.is_empty() {
            out.push(range.clone());
        }
        dedup(&mut out);
        out
    }

    /// Bindings without their nodes, for code that is another tree.
    pub(super) fn as_texts(&self, env: &Env) -> Env {
        env.iter().map(|(mv, v)| (*mv, Val::Text(self.source(v).into(), self.span_of(v)))).collect()
    }

    /// The string literal whose content is at `span`.
    pub(super) fn string_at(&self, span: Span) -> Option<NodeId> {
        let code = self.code?;
        let tree = code.target.tree;
        let strings = &code.by_kind[Node::Str as usize];
        self.budget.take(strings.len() as u64 / NODES_PER_STEP);
        strings.iter().copied().find(|&id| tree.span(id).contains(span) && !span.is_empty())
    }

    /// Runs a formula on a text in another language. Its bindings come back as texts.
    pub(super) fn foreign(&self, text: &str, lang: Option<Lang>, outer: Env, formula: &Compiled) -> Vec<Env> {
        let context = Some(Span::new(0, text.len()));
        let to_text = |scope: &Scope, ranges: Vec<Range>| -> Vec<Env> {
            ranges
                .into_iter()
                .map(|r| {
                    r.env.iter().map(|(mv, v)| (*mv, Val::Text(scope.source(v).into(), Span::default()))).collect()
                })
                .collect()
        };
        let Some(lang) = lang else {
            let mut scope = Scope::file(self.shared, self.options, text, None, self.budget);
            scope.settings = self.settings;
            (scope.outer, scope.context, scope.depth) = (outer, context, self.depth + 1);
            let ranges = scope.evaluate(formula);
            return to_text(&scope, ranges);
        };
        let base = match self.code {
            Some(code) => code.target.tree.symbols.base().clone(),
            None => Arc::new(self.shared.symbols.clone()),
        };
        self.budget.take(STEPS_OF_PARSE + text.len() as u64 * STEPS_PER_BYTE_PARSED);
        let limit = std::time::Duration::from_millis(500);
        let Ok(mut tree) = rampart_syntax::parse(lang, text, base, limit) else { return Vec::new() };
        let names = rampart_syntax::resolve::resolve(&mut tree, lang);
        let code = FileCode::new(lang, text, &tree, &names);
        let mut scope = Scope::file(self.shared, self.options, text, Some(&code), self.budget);
        scope.settings = self.settings;
        (scope.outer, scope.context, scope.depth) = (outer, context, self.depth + 1);
        let ranges = scope.evaluate(formula);
        to_text(&scope, ranges)
    }
}
