//! Functions that are given to others to be called.

use super::*;

impl Builder<'_> {
    /// A call that is not written as one: somebody calls a function that was given to it.
    pub(super) fn call_back(&mut self, at: NodeId, function: Value, args: &[(Slot, Value)]) -> Value {
        let result = self.hidden(at);
        let number = self.graph.calls.len() as u32;
        for &(slot, value) in args {
            self.edge_argument(value, number, slot);
        }
        let callee = match self.constants.get(&function) {
            Some(&Const::Function(number)) => Callee::Function(number),
            _ => Callee::Value(function),
        };
        self.graph.calls.push(Call {
            result,
            function: self.function,
            callee,
            receiver: None,
            args: args.to_vec(),
            after: Vec::new(),
            unknown: Unknown::Passes,
            thrown: self.thrown,
        });
        result
    }

    /// The function that a value is known to be.
    pub(super) fn function_value(&self, value: Value) -> Option<u32> {
        match self.constants.get(&value) {
            Some(&Const::Function(number)) => Some(number),
            _ => None,
        }
    }

    pub(super) fn params_of(&self, function: u32) -> Vec<Value> {
        let params = &self.graph.functions[function as usize].params;
        params.iter().filter(|p| !matches!(p.slot, Slot::Receiver)).map(|p| p.value).collect()
    }

    /// `xs.map(f)`: `f` gets each element, what it returns are the elements of the result.
    pub(super) fn callback(&mut self, id: NodeId, result: Value, collection: Value, args: &[(Slot, Value, NodeId)], keeps: bool) {
        let mut known = false;
        for &(_, value, _) in args {
            let Some(function) = self.function_value(value) else { continue };
            known = true;
            let params = self.params_of(function);
            // Entries of maps are given with their keys in some languages, elements with their index in others.
            let item = if params.len() > 1 && self.lang == Lang::Java { params.get(1) } else { params.first() };
            if let Some(&item) = item {
                self.edge(collection, item, Step::Load(Key::ANY));
            }
            if !keeps {
                let returned = self.graph.functions[function as usize].returned;
                let element = self.hidden(id);
                self.copy(returned, element);
                self.edge(element, result, Step::Store(Key::ANY));
            }
        }
        if keeps || !known {
            self.copy(collection, result);
            self.lengths.remove(&result);
        }
    }

    /// Inside `new Promise(resolve => …)` what is given to `resolve` is what the promise yields.
    pub(super) fn resolve_calls(&mut self, resolve: Value, result: Value) {
        let found: Vec<Value> = self
            .graph
            .calls
            .iter()
            .filter(|call| matches!(call.callee, Callee::Value(v) if self.reads_of(v, resolve)))
            .filter_map(|call| call.args.first().map(|a| a.1))
            .collect();
        for value in found {
            self.copy(value, result);
        }
    }

    fn reads_of(&self, value: Value, of: Value) -> bool {
        let mut at = value;
        for _ in 0..4 {
            if at == of {
                return true;
            }
            match self.edges.iter().rev().find(|(_, e)| e.to == at && e.step == Step::Copy) {
                Some(&(from, _)) => at = from,
                None => return false,
            }
        }
        false
    }
}
