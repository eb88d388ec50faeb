//! What a condition says about the values in it: on a way where a value equals a constant, or is a member of a set of them, it is
//! no longer what somebody else chose.

use rampart_syntax::Op;

use super::*;

/// A condition whose outcome a variable holds.
pub(super) struct Check {
    cond: NodeId,
    /// The variables in it, and what they held.
    inputs: Vec<(Var, Value)>,
}

/// Longer conditions are not remembered.
const MAX_INPUTS: usize = 16;

impl Builder<'_> {
    /// Whether the condition is known to hold or not.
    pub(super) fn truth(&self, cond: NodeId) -> Option<bool> {
        if self.tree.kind(cond) == Kind::Nil {
            return None;
        }
        if let Some(known) = self.constants.get(&self.of[cond.index()]).and_then(|known| known.truth(self.lang)) {
            return Some(known);
        }
        // One side of `and` and `or` may decide alone.
        let tree = self.tree;
        let sides = || [self.truth(tree.child(cond, 0)), self.truth(tree.child(cond, 1))];
        match tree.kind(cond) {
            Kind::Binary if tree.op(cond) == Op::And as u16 && sides().contains(&Some(false)) => Some(false),
            Kind::Binary if tree.op(cond) == Op::Or as u16 && sides().contains(&Some(true)) => Some(true),
            Kind::Unary if tree.op(cond) == Op::Not as u16 => self.truth(tree.child(cond, 0)).map(|b| !b),
            _ => None,
        }
    }

    /// Takes note that `cond` holds (or does not) from here on.
    pub(super) fn guard(&mut self, cond: NodeId, holds: bool) {
        let tree = self.tree;
        match tree.kind(cond) {
            Kind::Unary if tree.op(cond) == Op::Not as u16 => self.guard(tree.child(cond, 0), !holds),
            Kind::Block => {
                if let Some(&last) = tree.children(cond).last() {
                    self.guard(last, holds);
                }
            }
            Kind::ExprStmt => self.guard(tree.child(cond, 0), holds),
            Kind::Binary => {
                let op = tree.op(cond);
                let [left, right] = [tree.child(cond, 0), tree.child(cond, 1)];
                let is = |o: Op| op == o as u16;
                if is(Op::And) && holds || is(Op::Or) && !holds {
                    self.guard(left, holds);
                    self.guard(right, holds);
                } else if is(Op::And) || is(Op::Or) {
                    // One of the two, it is not known which: what both say.
                    let one = self.branch(|b| b.guard(left, holds));
                    let other = self.branch(|b| b.guard(right, holds));
                    if !one.changed.is_empty() && !other.changed.is_empty() {
                        self.join(vec![one, other], cond);
                    }
                } else if (is(Op::Eq) || is(Op::Same) || is(Op::Is)) && holds
                    || (is(Op::NotEq) || is(Op::NotSame) || is(Op::IsNot)) && !holds
                {
                    let is_fixed = |b: &Self, id: NodeId| b.is_constant(id) || tree.kind(id) == Kind::Null;
                    if tree.kind(left) == Kind::Unary && tree.op(left) == Op::TypeOf as u16 {
                        // `typeof x === "number"`
                        if matches!(self.constant_of(right), Some(Const::Str(ty)) if matches!(&*ty, "number" | "boolean" | "undefined" | "bigint"))
                        {
                            self.made_constant(tree.child(left, 0));
                        }
                    } else if is_fixed(self, right) {
                        self.made_constant(left);
                        self.decided_of_part(left, cond);
                    } else if is_fixed(self, left) {
                        self.made_constant(right);
                    } else {
                        self.compared_call(left, right, holds == (is(Op::Eq) || is(Op::Same) || is(Op::Is)));
                    }
                } else if is(Op::In) && holds || is(Op::NotIn) && !holds {
                    if self.is_choice(right) {
                        self.made_constant(left);
                        self.decided_of_part(left, cond);
                    }
                } else if is(Op::In) && !holds || is(Op::NotIn) && holds {
                    // What must not be in it is not: `".." in path`.
                    if self.is_constant(left) {
                        self.decided(right, cond);
                    }
                } else if (is(Op::NotEq) || is(Op::NotSame) || is(Op::GtE) || is(Op::Gt)) && holds
                    || (is(Op::Eq) || is(Op::Same) || is(Op::Lt)) && !holds
                {
                    // `LIST.indexOf(x) !== -1`, `>= 0`.
                    self.found_in(left);
                } else if is(Op::InstanceOf) && holds && self.is_number_type(right) {
                    self.made_constant(left);
                }
            }
            Kind::Call => self.guard_call(cond, holds),
            Kind::Ident => self.guard_name(cond, holds),
            Kind::Index
                if holds
                // `allowed[x]`
                && self.is_choice(tree.child(cond, 0)) =>
            {
                self.made_constant(tree.child(cond, 1));
            }
            Kind::Await | Kind::Cast => {
                let last = *tree.children(cond).last().unwrap_or(&cond);
                if last != cond {
                    self.guard(last, holds);
                }
            }
            Kind::Assign => self.guard(tree.child(cond, 1), holds),
            _ => {}
        }
    }

    /// A name that was given the outcome of a check says what the check says, while what was checked is the same.
    fn guard_name(&mut self, name: NodeId, holds: bool) {
        let Some(def) = self.names.def(name) else { return };
        let Some(check) = self.checks.get(&def) else { return };
        if check.inputs.iter().all(|&(var, value)| self.state[var as usize] == value) {
            let cond = check.cond;
            self.guard(cond, holds);
        }
    }

    /// Takes note that a variable is given the outcome of a condition.
    pub(super) fn note_check(&mut self, def: DefId, cond: NodeId) {
        let tree = self.tree;
        let info = self.names.get(def);
        let is_condition = match tree.kind(cond) {
            Kind::Binary => {
                (Op::Eq as u16..=Op::InstanceOf as u16).contains(&tree.op(cond))
                    || tree.op(cond) == Op::And as u16
                    || tree.op(cond) == Op::Or as u16
            }
            Kind::Unary => tree.op(cond) == Op::Not as u16,
            Kind::Call | Kind::Index | Kind::Await => true,
            _ => false,
        };
        if !is_condition || info.assigned > 1 && self.lang != Lang::Go || info.home() != self.body {
            self.checks.remove(&def);
            return;
        }
        let mut inputs = Vec::new();
        for i in tree[cond].low..=cond.0 {
            if let Some(input) =
                self.names.def(NodeId(i)).filter(|&d| d != def && self.names.get(d).home() == self.body)
            {
                inputs.push((input.0, self.state[input.0 as usize]));
            }
        }
        if inputs.len() <= MAX_INPUTS {
            self.checks.insert(def, Check { cond, inputs });
        }
    }

    fn guard_call(&mut self, call: NodeId, holds: bool) {
        let tree = self.tree;
        let callee = tree.child(call, 0);
        let args = tree.children(tree.child(call, 1)).to_vec();
        let value = self.of[call.index()];
        // `isinstance(x, int)`
        if let (true, Kind::Ident, "isinstance", &[item, ty]) =
            (holds, tree.kind(callee), tree.text(callee), args.as_slice())
            && self.is_number_type(ty)
        {
            self.made_constant(item);
        }
        if holds && tree.kind(callee) == Kind::Member {
            let name = tree.text(tree.child(callee, 1));
            let object = tree.child(callee, 0);
            match (name, args.as_slice()) {
                ("equals" | "equalsIgnoreCase" | "contentEquals", &[other]) => {
                    if self.is_constant(object) {
                        self.made_constant(other);
                    } else if self.is_constant(other) {
                        self.made_constant(object);
                    }
                }
                (
                    "contains" | "includes" | "has" | "containsKey" | "containsValue" | "hasOwnProperty"
                    | "__contains__",
                    &[item],
                ) if self.is_choice(object) => {
                    self.made_constant(item);
                }
                // `slices.Contains(allowed, x)`, `_.includes(allowed, x)`, `Objects.equals(x, "a")`.
                ("Contains" | "includes" | "contains" | "has", &[list, item]) if self.is_choice(list) => {
                    self.made_constant(item)
                }
                ("hasOwn", &[table, item]) if self.is_choice(table) => self.made_constant(item),
                ("equals" | "EqualFold" | "Equal" | "equal", &[a, b]) => {
                    if self.is_constant(a) {
                        self.made_constant(b);
                    } else if self.is_constant(b) {
                        self.made_constant(a);
                    }
                }
                // Nothing in it is nothing of anybody's.
                ("isEmpty" | "isBlank", &[]) => self.made_constant(object),
                ("isEmpty" | "isBlank", &[item]) if self.lang == Lang::Java => self.made_constant(item),
                ("matches" | "MatchString" | "test" | "matcher", _) => self.guard_pattern(object, name, &args),
                ("allMatch", &[test]) => self.guard_characters(object, test),
                ("isdigit" | "isnumeric" | "isdecimal" | "isalnum" | "isalpha" | "isidentifier", &[]) => {
                    self.made_constant(object)
                }
                (
                    "isInteger" | "isSafeInteger" | "isNumeric" | "isAlphanumeric" | "isCreatable" | "isDigits"
                    | "isNumber",
                    &[item, ..],
                ) => self.made_constant(item),
                _ => {}
            }
        }
        if tree.kind(callee) == Kind::Member {
            let name = tree.text(tree.child(callee, 1));
            let searches = matches!(
                name,
                "contains" | "includes" | "Contains" | "ContainsAny" | "search" | "match" | "find" | "matches" | "test"
            );
            if searches && !holds {
                self.decided(tree.child(callee, 0), call);
                for &arg in &args {
                    self.decided(arg, call);
                }
            } else if holds {
                for &arg in &args {
                    self.decided_of_part(arg, call);
                }
                self.decided_of_part(tree.child(callee, 0), call);
            }
        }
        // What a rule takes for a sanitizer may be a check.
        if holds
            && value != NOWHERE
            && let Some(&number) = self.call_at.get(&call)
        {
            if tree.kind(callee) == Kind::Member {
                self.checked(tree.child(callee, 0), number, RECEIVER);
            }
            for (i, &arg) in args.iter().enumerate() {
                self.checked(arg, number, i as u16);
            }
        }
    }

    /// A text that a regular expression of letters, digits and the like describes as a whole.
    fn guard_pattern(&mut self, object: NodeId, name: &str, args: &[NodeId]) {
        let tree = self.tree;
        match (name, args) {
            // `x.matches("[0-9]+")`, `Pattern.matches("[0-9]+", x)`, `regexp.MatchString("^[0-9]+$", x)`
            ("matches", &[pattern]) if self.is_narrow(pattern, true) => self.made_constant(object),
            ("matches", &[pattern, text]) if self.is_narrow(pattern, true) => self.made_constant(text),
            ("MatchString", &[pattern, text]) if self.is_narrow(pattern, false) => self.made_constant(text),
            ("MatchString" | "test", &[text]) if self.is_narrow(object, false) => self.made_constant(text),
            // `PATTERN.matcher(x).matches()`
            ("matches", &[]) if tree.kind(object) == Kind::Call && tree.kind(tree.child(object, 0)) == Kind::Member => {
                let &[text] = tree.children(tree.child(object, 1)) else { return };
                if self.is_narrow(tree.child(tree.child(object, 0), 0), true) {
                    self.made_constant(text);
                }
            }
            _ => {}
        }
    }

    /// Is the expression a regular expression, or its text, that matches only harmless characters? `whole`: it is matched with all of the text.
    fn is_narrow(&self, id: NodeId, whole: bool) -> bool {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Str | Kind::Regex => patterns::is_narrow(tree.text(id), whole),
            Kind::Call => {
                let callee = tree.child(id, 0);
                let name = if tree.kind(callee) == Kind::Member {
                    tree.text(tree.child(callee, 1))
                } else {
                    tree.text(callee)
                };
                let compiles = matches!(name, "compile" | "MustCompile" | "RegExp");
                compiles
                    && tree
                        .children(tree.child(id, 1))
                        .first()
                        .is_some_and(|&text| tree.kind(text) == Kind::Str && self.is_narrow(text, whole))
            }
            Kind::Ident => {
                let Some(def) = self.names.def(id).map(|d| self.names.get(d)) else { return false };
                def.assigned == 1
                    && def.init.is_some_and(|init| tree.kind(init) != Kind::Ident && self.is_narrow(init, whole))
            }
            _ => false,
        }
    }

    /// `x.chars().allMatch(Character::isDigit)`
    fn guard_characters(&mut self, object: NodeId, test: NodeId) {
        let tree = self.tree;
        let is_test = tree.children(test).last().is_some_and(|&name| {
            matches!(tree.text(name), "isDigit" | "isLetter" | "isLetterOrDigit" | "isAlphabetic")
        });
        if is_test && tree.kind(object) == Kind::Call && tree.kind(tree.child(object, 0)) == Kind::Member {
            let of = tree.child(object, 0);
            if tree.text(tree.child(of, 1)) == "chars" {
                self.made_constant(tree.child(of, 0));
            }
        }
    }

    /// `check(x) == true` and the like.
    fn compared_call(&mut self, left: NodeId, right: NodeId, equal: bool) {
        let _ = (left, right, equal);
    }

    fn found_in(&mut self, search: NodeId) {
        let tree = self.tree;
        if tree.kind(search) != Kind::Call || tree.kind(tree.child(search, 0)) != Kind::Member {
            return;
        }
        let callee = tree.child(search, 0);
        let args = tree.children(tree.child(search, 1)).to_vec();
        if tree.text(tree.child(callee, 1)) == "indexOf"
            && let &[item] = args.as_slice()
            && self.is_choice(tree.child(callee, 0))
        {
            self.made_constant(item);
        }
    }

    pub(super) fn is_constant(&self, id: NodeId) -> bool {
        match self.constants.get(&self.of[id.index()]) {
            Some(Const::Function(_) | Const::Class(_) | Const::Record(_) | Const::Null) | None => {
                self.literal(id).is_some_and(|c| c != Const::Null)
            }
            Some(_) => true,
        }
    }

    /// A collection that the program itself chose: a literal of constants, or a name that is not a text and not from outside.
    fn is_choice(&self, id: NodeId) -> bool {
        let tree = self.tree;
        match self.constants.get(&self.of[id.index()]) {
            Some(Const::Collection) => return true,
            Some(_) => return false,
            None => {}
        }
        match tree.kind(id) {
            // What is assigned once, and not in this function, is a choice made beforehand.
            Kind::Ident => match self.names.def(id) {
                Some(def) => {
                    let def = self.names.get(def);
                    def.home() != self.body && !matches!(def.kind, DefKind::Param)
                }
                None => true,
            },
            Kind::Member => self.is_choice_member(id),
            _ => self.is_collection(id),
        }
    }

    fn is_choice_member(&self, id: NodeId) -> bool {
        let object = self.tree.child(id, 0);
        match self.tree.kind(object) {
            Kind::This | Kind::Super => true,
            Kind::Ident => match self.names.def(object) {
                Some(def) => {
                    !matches!(self.names.get(def).kind, DefKind::Param | DefKind::Local)
                        || matches!(self.tree.text(object), "self" | "cls" | "settings" | "config")
                }
                None => true,
            },
            Kind::Member => self.is_choice_member(object),
            _ => false,
        }
    }

    /// Literals, and the calls that make fixed collections of them.
    pub(super) fn is_collection(&self, id: NodeId) -> bool {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Array | Kind::Tuple | Kind::Set => tree.children(id).iter().all(|&item| self.is_constant(item)),
            Kind::Dict | Kind::Object => {
                !tree.children(id).is_empty() && tree.children(id).iter().all(|&p| tree.kind(p) == Kind::Pair)
            }
            Kind::Composite => self.is_collection(tree.child(id, 1)),
            Kind::Call => {
                let callee = tree.child(id, 0);
                let name = match tree.kind(callee) {
                    Kind::Member => tree.text(tree.child(callee, 1)),
                    _ => tree.text(callee),
                };
                let args = tree.children(tree.child(id, 1));
                matches!(
                    name,
                    "of" | "asList"
                        | "ofEntries"
                        | "copyOf"
                        | "unmodifiableSet"
                        | "unmodifiableList"
                        | "set"
                        | "frozenset"
                        | "tuple"
                        | "list"
                        | "freeze"
                ) && !args.is_empty()
                    && args.iter().all(|&a| self.is_constant(a) || self.is_collection(a))
            }
            Kind::New => {
                let args = tree.children(tree.child(id, 1));
                let ty = tree.child(id, 0);
                let ty = if tree.kind(ty) == Kind::TypeApply { tree.child(ty, 0) } else { ty };
                // `new String[] {…}` has its elements for an argument.
                tree.kind(ty) == Kind::TypeArray && args.len() == 1 && self.is_collection(args[0])
                    || matches!(
                        tree.text(ty),
                        "Set"
                            | "Map"
                            | "HashSet"
                            | "LinkedHashSet"
                            | "ArrayList"
                            | "TreeSet"
                            | "HashMap"
                            | "LinkedHashMap"
                            | "TreeMap"
                    ) && args.iter().all(|&a| {
                        self.constants.get(&self.of[a.index()]) == Some(&Const::Collection) || self.is_collection(a)
                    })
            }
            _ => false,
        }
    }

    /// From here on the variable holds one of the program's own constants.
    pub(super) fn made_constant(&mut self, id: NodeId) {
        if self.tree.kind(id) == Kind::Cast {
            return self.made_constant(self.tree.child(id, 1));
        }
        let held = self.of[id.index()];
        if held == NOWHERE || !matches!(self.tree.kind(id), Kind::Ident | Kind::Member | Kind::Index) {
            // `x.toLowerCase() == "a"` says as much of `x`.
            let tree = self.tree;
            if tree.kind(id) == Kind::Call && tree.kind(tree.child(id, 0)) == Kind::Member {
                let callee = tree.child(id, 0);
                let name = tree.text(tree.child(callee, 1));
                if matches!(
                    name,
                    "toLowerCase" | "toUpperCase" | "trim" | "strip" | "lower" | "upper" | "toString" | "casefold"
                ) {
                    self.made_constant(tree.child(callee, 0));
                }
            }
            return;
        }
        let version = self.hidden(id);
        self.chosen.insert(version);
        self.replace(id, held, version);
    }

    /// A function returns this: which of its parameters are constants when it is something true?
    pub(super) fn vouch(&mut self, result: NodeId) {
        let positions: Vec<(Var, u16)> = self
            .params
            .iter()
            .filter_map(|&Parameter { var, slot, .. }| match slot {
                Slot::At(n) => Some((var, n)),
                _ => None,
            })
            .collect();
        let is_false = self.truth(result) == Some(false) || matches!(self.constant_of(result), Some(Const::Null));
        if positions.is_empty() || is_false {
            return;
        }
        let mut vouched = Vec::new();
        self.branch(|b| {
            b.guard(result, true);
            vouched.extend(positions.iter().filter(|(var, _)| b.chosen.contains(&b.state[*var as usize])).map(|p| p.1));
        });
        let function = &mut self.graph.functions[self.function as usize];
        match &mut self.vouched {
            Some(known) => known.retain(|n| vouched.contains(n)),
            none => *none = Some(vouched),
        }
        function.vouches = self.vouched.clone().unwrap_or_default();
    }

    /// From here on the variable has passed the check that `call` is.
    fn checked(&mut self, id: NodeId, call: u32, position: u16) {
        let held = self.of[id.index()];
        if held == NOWHERE || !matches!(self.tree.kind(id), Kind::Ident | Kind::Member) {
            return;
        }
        let now = self.current(id);
        if self.chosen.contains(&now) {
            return;
        }
        let version = self.hidden(id);
        self.edge(now, version, Step::Checked(call, position));
        if self.chosen.contains(&now) {
            self.chosen.insert(version);
        }
        if let Some(known) = self.constants.get(&held).cloned() {
            self.constants.insert(version, known);
        }
        self.replace(id, held, version);
    }

    /// From here on the variable has passed the condition `cond`, if a rule says that it is a check.
    fn decided(&mut self, id: NodeId, cond: NodeId) {
        let tree = self.tree;
        let condition = self.of[cond.index()];
        match tree.kind(id) {
            Kind::Slice => return self.decided(tree.child(id, 0), cond),
            Kind::Ident | Kind::Member => {}
            _ => return,
        }
        let held = self.of[id.index()];
        if held == NOWHERE || condition == NOWHERE {
            return;
        }
        let version = self.hidden(id);
        let now = self.current(id);
        self.edge(now, version, Step::Decided(condition));
        self.replace(id, held, version);
    }

    /// The same for what a part was taken of: `urlparse(x).netloc in ALLOWED` says something of `x`.
    fn decided_of_part(&mut self, part: NodeId, cond: NodeId) {
        let tree = self.tree;
        let mut object = part;
        while matches!(tree.kind(object), Kind::Member | Kind::Call) {
            let inner = tree.child(object, 0);
            if tree.kind(object) == Kind::Call && tree.kind(inner) != Kind::Member {
                break;
            }
            object = inner;
        }
        if object == part {
            return;
        }
        for from in self.made_from.get(&self.of[object.index()]).cloned().unwrap_or_default() {
            self.decided(from, cond);
        }
    }
}
