//! What a condition says about the values in it: on a way where a value equals a constant, or is a member of a set of them, it is
//! no longer what somebody else chose.

use rampart_syntax::Op;

use super::*;

impl Builder<'_> {
    /// Whether the condition is known to hold or not.
    pub(super) fn truth(&self, cond: NodeId) -> Option<bool> {
        if self.tree.kind(cond) == Kind::Nil {
            return None;
        }
        self.constants.get(&self.of[cond.index()])?.truth(self.lang)
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
                } else if (is(Op::Eq) || is(Op::Same) || is(Op::Is)) && holds || (is(Op::NotEq) || is(Op::NotSame) || is(Op::IsNot)) && !holds {
                    if self.is_constant(right) {
                        self.made_constant(left);
                    } else if self.is_constant(left) {
                        self.made_constant(right);
                    } else {
                        self.compared_call(left, right, holds == (is(Op::Eq) || is(Op::Same) || is(Op::Is)));
                    }
                } else if is(Op::In) && holds || is(Op::NotIn) && !holds {
                    if self.is_choice(right) {
                        self.made_constant(left);
                    }
                } else if (is(Op::NotEq) || is(Op::NotSame) || is(Op::GtE) || is(Op::Gt)) && holds
                    || (is(Op::Eq) || is(Op::Same) || is(Op::Lt)) && !holds
                {
                    // `LIST.indexOf(x) !== -1`, `>= 0`.
                    self.found_in(left);
                }
            }
            Kind::Call => self.guard_call(cond, holds),
            Kind::Ident => {
                // A name given the outcome of a check: `ok := allowed[x]`.
                if let Some(&check) = self.checks.get(&self.origin_of(cond)) {
                    if self.of[cond.index()] != NOWHERE && check != cond {
                        self.guard(check, holds);
                    }
                }
            }
            Kind::Index if holds => {
                // `allowed[x]`
                if self.is_choice(tree.child(cond, 0)) {
                    self.made_constant(tree.child(cond, 1));
                }
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

    fn origin_of(&self, _cond: NodeId) -> Value {
        NOWHERE
    }

    fn guard_call(&mut self, call: NodeId, holds: bool) {
        let tree = self.tree;
        let callee = tree.child(call, 0);
        let args = tree.children(tree.child(call, 1)).to_vec();
        let value = self.of[call.index()];
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
                ("contains" | "includes" | "has" | "containsKey" | "containsValue" | "hasOwnProperty" | "__contains__", &[item])
                    if self.is_choice(object) =>
                {
                    self.made_constant(item);
                }
                // `slices.Contains(allowed, x)`, `_.includes(allowed, x)`, `Objects.equals(x, "a")`.
                ("Contains" | "includes" | "contains" | "has", &[list, item]) if self.is_choice(list) => self.made_constant(item),
                ("equals" | "EqualFold" | "Equal" | "equal", &[a, b]) => {
                    if self.is_constant(a) {
                        self.made_constant(b);
                    } else if self.is_constant(b) {
                        self.made_constant(a);
                    }
                }
                ("isdigit" | "isnumeric" | "isdecimal" | "isalnum" | "isalpha" | "isidentifier", &[]) => self.made_constant(object),
                ("isInteger" | "isSafeInteger" | "isNumeric" | "isAlphanumeric" | "isCreatable" | "isDigits" | "isNumber", &[item, ..]) => self.made_constant(item),
                _ => {}
            }
        }
        // What a rule takes for a sanitizer may be a check.
        if holds && value != NOWHERE && let Some(&number) = self.call_at.get(&call) {
            if tree.kind(callee) == Kind::Member {
                self.checked(tree.child(callee, 0), number, RECEIVER);
            }
            for (i, &arg) in args.iter().enumerate() {
                self.checked(arg, number, i as u16);
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
            Some(Const::Function(_) | Const::Class(_) | Const::Record(_) | Const::Null) | None => self.literal(id).is_some_and(|c| c != Const::Null),
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
                    def.home() != self.body && !matches!(def.kind, DefKind::Param) || def.init.is_some_and(|init| self.is_collection(init))
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
                Some(def) => !matches!(self.names.get(def).kind, DefKind::Param | DefKind::Local) || matches!(self.tree.text(object), "self" | "cls" | "settings" | "config"),
                None => true,
            },
            Kind::Member => self.is_choice_member(object),
            _ => false,
        }
    }

    /// Literals, and the calls that make fixed collections of them.
    fn is_collection(&self, id: NodeId) -> bool {
        let tree = self.tree;
        match tree.kind(id) {
            Kind::Array | Kind::Tuple | Kind::Set => {
                !tree.children(id).is_empty() && tree.children(id).iter().all(|&item| self.is_constant(item))
            }
            Kind::Dict | Kind::Object => !tree.children(id).is_empty() && tree.children(id).iter().all(|&p| tree.kind(p) == Kind::Pair),
            Kind::Composite => self.is_collection(tree.child(id, 1)),
            Kind::Call => {
                let callee = tree.child(id, 0);
                let name = match tree.kind(callee) {
                    Kind::Member => tree.text(tree.child(callee, 1)),
                    _ => tree.text(callee),
                };
                let args = tree.children(tree.child(id, 1));
                matches!(name, "of" | "asList" | "ofEntries" | "copyOf" | "unmodifiableSet" | "unmodifiableList" | "set" | "frozenset" | "tuple" | "list" | "freeze")
                    && !args.is_empty()
                    && args.iter().all(|&a| self.is_constant(a) || self.is_collection(a))
            }
            Kind::New => {
                let args = tree.children(tree.child(id, 1));
                matches!(tree.text(tree.child(id, 0)), "Set" | "Map" | "HashSet" | "ArrayList" | "TreeSet") && args.len() == 1 && self.is_collection(args[0])
            }
            _ => false,
        }
    }

    /// From here on the variable holds one of the program's own constants.
    pub(super) fn made_constant(&mut self, id: NodeId) {
        let held = self.of[id.index()];
        if held == NOWHERE || !matches!(self.tree.kind(id), Kind::Ident | Kind::Member | Kind::Index) {
            // `x.toLowerCase() == "a"` says as much of `x`.
            let tree = self.tree;
            if tree.kind(id) == Kind::Call && tree.kind(tree.child(id, 0)) == Kind::Member {
                let callee = tree.child(id, 0);
                let name = tree.text(tree.child(callee, 1));
                if matches!(name, "toLowerCase" | "toUpperCase" | "trim" | "strip" | "lower" | "upper" | "toString" | "casefold") {
                    self.made_constant(tree.child(callee, 0));
                }
            }
            return;
        }
        let version = self.hidden(id);
        self.replace(id, held, version);
    }

    /// From here on the variable has passed the check that `call` is.
    fn checked(&mut self, id: NodeId, call: u32, position: u16) {
        let held = self.of[id.index()];
        if held == NOWHERE || !matches!(self.tree.kind(id), Kind::Ident | Kind::Member) {
            return;
        }
        let version = self.hidden(id);
        let now = self.current(id);
        self.edge(now, version, Step::Checked(call, position));
        if let Some(known) = self.constants.get(&held).cloned() {
            self.constants.insert(version, known);
        }
        self.replace(id, held, version);
    }
}
