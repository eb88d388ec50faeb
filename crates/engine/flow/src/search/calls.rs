//! Into calls and back.

use super::*;

impl Search<'_, '_> {
    pub(super) fn enter(&mut self, call_id: u32, slot: Slot, id: StateId) {
        let state = self.states[id as usize];
        let u = state.at.0;
        let project = self.project;
        let call = &project.units[u as usize].graph.calls[call_id as usize];
        // The object around is not what a call without a receiver is given, and what happened before is no value.
        let is_implied = call.is_implied && slot == Slot::Receiver;
        let counts = !is_implied && slot != Slot::Course;
        if counts {
            for (sink, rules) in self.marks.sinks_of_call((u, call_id)) {
                self.reach(u, sink, rules & state.rules, id);
            }
        }
        let targets = project.targets(u, call_id);
        if targets.is_empty() {
            if call.unknown == Unknown::Passes
                && slot != Slot::Course
                && self.limits.through_calls
                && !(is_implied && state.path != 0)
                && !project.is_silent(u, call_id)
            {
                self.pass_on((u, call.result), id);
            }
            return;
        }
        let mut bound = false;
        for &target in targets {
            let function = &project.units[target.0 as usize].graph.functions[target.1 as usize];
            for param in &function.params {
                let Some(prefix) = binds(call, slot, param, function) else { continue };
                bound = true;
                let path = match prefix {
                    Prefix::None => state.path,
                    Prefix::Key(key) => {
                        let keys: SmallVec<[Key; MAX_PATH]> =
                            std::iter::once(key).chain(self.paths[state.path as usize].iter().copied()).collect();
                        self.path(&keys)
                    }
                    Prefix::Element(key) => match self.load(state.path, key) {
                        Some(path) => path,
                        None => continue,
                    },
                };
                self.enter_param((target.0, param.value), target, path, (u, call_id), id);
            }
        }
        // An object is made, and what makes it takes no such argument: it is kept in the object.
        if !bound && matches!(call.callee, Callee::New(_)) && !matches!(slot, Slot::Receiver | Slot::Course) {
            self.pass_on((u, call.result), id);
        }
    }

    /// What a call is given reaches its result, which is then of interest as a whole.
    fn pass_on(&mut self, result: ValueRef, id: StateId) {
        let state = self.states[id as usize];
        self.push(State { at: result, path: 0, from: id, caller: NO_STATE, kind: StateKind::Step, ..state });
    }

    fn enter_param(&mut self, param: ValueRef, function: FunctionRef, path: PathId, call: (u32, u32), id: StateId) {
        if self.states[id as usize].rules & self.open(param) & !self.exhausted == 0 {
            return;
        }
        if self.is_full(param.0) {
            self.cut.insert(param.0);
            return;
        }
        let label = self.states[id as usize].label;
        let next = self.contexts.len() as ContextId;
        let context = *self.context_ids.entry((param, path, label)).or_insert(next);
        if context == next {
            self.contexts.push(Context { function, incoming: Vec::new(), exits: Vec::new() });
        }
        self.contexts[context as usize].incoming.push((call.0, call.1, id));
        for (slot, exit) in self.contexts[context as usize].exits.clone() {
            self.come_back(call, function, slot, exit, id);
        }
        let state = self.states[id as usize];
        self.push(State { at: param, path, context, from: id, caller: NO_STATE, kind: StateKind::Entry, ..state });
    }

    /// A state stands where something leaves `function`.
    pub(super) fn leave(&mut self, function: FunctionRef, slot: ExitSlot, id: StateId) {
        let state = self.states[id as usize];
        if state.context != 0 && self.contexts[state.context as usize].function == function {
            // What a parameter held from the start it still holds: the caller knows.
            self.contexts[state.context as usize].exits.push((slot, id));
            for (u, call, caller) in self.contexts[state.context as usize].incoming.clone() {
                self.come_back((u, call), function, slot, id, caller);
            }
            return;
        }
        self.left.insert(function);
        let project = self.project;
        for &(u, call) in project.callers(function) {
            self.come_back((u, call), function, slot, id, NO_STATE);
        }
    }

    /// What the state `exit` holds reaches the call's result, or what was given to it.
    pub(super) fn come_back(
        &mut self,
        (u, call_id): (u32, u32),
        callee: FunctionRef,
        slot: ExitSlot,
        exit: StateId,
        caller: StateId,
    ) {
        let call = &self.project.units[u as usize].graph.calls[call_id as usize];
        let function = &self.project.units[callee.0 as usize].graph.functions[callee.1 as usize];
        let Some(to) = arrives(call, function, slot) else { return };
        let state = self.states[exit as usize];
        let rules = state.rules & self.states.get(caller as usize).map_or(Rules::MAX, |caller| caller.rules);
        if rules & self.open((u, to)) & !self.exhausted == 0 {
            return;
        }
        if self.is_full(u) {
            self.cut.insert(u);
            return;
        }
        let (context, source) = match self.states.get(caller as usize) {
            Some(caller) => (caller.context, caller.source),
            // Back in the function that the context is of, the context holds again.
            None if state.context != 0 && self.contexts[state.context as usize].function == (u, call.function) => {
                (state.context, state.source)
            }
            None => (0, state.source),
        };
        self.push(State {
            at: (u, to),
            rules,
            seen: 0,
            path: state.path,
            label: state.label,
            context,
            from: exit,
            caller,
            source,
            kind: StateKind::Return,
        });
    }
}
