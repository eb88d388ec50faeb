//! What the standard libraries' own calls do with values: by the name of the method, as types are often not known.

mod go;
mod java;

use rampart_syntax::Lang;

use super::callbacks::Gives;

/// What a call does with its receiver, arguments and result.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Effect {
    /// The result is a number, a truth value, or nothing.
    Nothing,
    /// A new, empty collection.
    Empty,
    /// The arguments become the last elements of the receiver.
    Adds,
    /// The last argument becomes an element at the index that the first one says, or the first element.
    Inserts,
    /// An element is taken out, and returned.
    Removes,
    /// The last argument is stored under the first.
    Puts,
    /// The last argument is stored under the second, in what is under the first.
    PutsWithin,
    /// The element under the first argument; the second is a default.
    Gets,
    /// The element under the second argument in what is under the first; the third is a default.
    GetsWithin,
    /// Some element of the receiver.
    Element,
    /// The receiver, or a view of it.
    Same,
    SameAsArgument,
    /// The receiver takes over the elements of the argument, after its own.
    Extends,
    /// The receiver takes over the fields of the arguments, in place of its own.
    Gathers,
    MakesMap,
    /// A map of pairs of key and value.
    MapOfPairs,
    Keys,
    /// The field that the argument names is taken away.
    Deletes,
    /// `splice` and `slice` of lists.
    Splices,
    Slices,
    /// Every element becomes the argument.
    Fills,
    /// Pairs of a number and an element; tuples of one element of each argument.
    Counts,
    Zips,
    /// A text is added to the receiver, which is also the result.
    Builds,
    /// The receiver is empty afterwards.
    Clears,
    /// A collection of the elements of receiver and arguments.
    Concats,
    /// The first argument takes over the fields of the others.
    Assigns,
    /// The first argument is filled with what is made of the others.
    FillsFirst,
    /// The last argument is filled with what is made of the receiver or the first one.
    FillsSecond,
    /// Pairs of key and value.
    Entries,
    Values,
    /// The first argument with the others as further elements.
    Appended,
    /// The function that is the first argument gets each element.
    Maps(Gives),
    /// The same with the collection as second argument.
    MapsArgument(Gives),
    /// `getattr` and `setattr`.
    GetsNamed,
    PutsNamed,
    MakesTextOf,
    /// The same with the collection before the function.
    MapsFirst(Gives),
    /// An iterator gives the next element.
    Steps,
    /// Elements change their places; a function may compare them.
    Sorts,
    Folds,
    /// The arguments become a list.
    Lists,
    /// Keys and values in turn become a map.
    Tables,
    /// One key and one value.
    Pairs,
    /// The key, the value of one entry of a map.
    EntryKey,
    EntryValue,
    /// The only argument replaces what the receiver holds, or may do so.
    Boxes {
        replaces: bool,
    },
    /// The value under the first argument, which the function in the second makes when there is none.
    Computes,
    /// The second argument is stored under the first, if only after a function has had a look.
    Merges,
    /// A function is called, nothing is known of its arguments; the result is what it returns.
    Runs,
    /// A function gets the receiver when something went wrong.
    Recovers,
    /// A function gets what the receiver and the first argument hold.
    Combines,
    /// A function's results replace the elements of the receiver.
    Replaces,
    /// The third argument takes over the elements of the first.
    CopiesTo,
    /// The first argument loses what is under the second, or everything.
    Drops,
    /// Two parts of a text, and whether there were two.
    Cuts,
    /// The first argument takes over the elements of the second.
    CopiesFrom,
    /// The elements of the first argument change their places.
    Shuffles,
    FoldsArgument,
    Then,
    NewPromise,
    Rejects,
    /// A function with arguments bound: `partial(f, x)`, `f.bind(this, x)`.
    Binds,
    BindsReceiver,
    /// The argument at this position is called with those after it; the result is what it returns.
    CallsArgument(u8),
    /// The first argument is called with those after the second.
    Later,
    /// A thread of Python: the function and its arguments by name.
    Thread,
    /// A function is kept for an event, and called when that is raised.
    Listens,
    Emits,
    /// A text in which parts are replaced, perhaps by what a function returns.
    MakesText,
    /// A list of what the arguments yield.
    GathersResults,
}

impl Effect {
    /// What the receiver is afterwards is said by the effect alone.
    pub(super) fn replaces(self) -> bool {
        use Effect::*;
        matches!(
            self,
            Clears
                | Removes
                | Inserts
                | Puts
                | Gathers
                | Deletes
                | Splices
                | Fills
                | Sorts
                | Replaces
                | Boxes { replaces: true }
        )
    }
}

/// Is what follows the call never reached?
pub(super) fn never_returns(lang: Lang, class: &str, name: &str) -> bool {
    match lang {
        Lang::Go => matches!(
            (class, name),
            ("", "panic")
                | ("os", "Exit")
                | ("runtime", "Goexit")
                | ("log", "Fatal" | "Fatalf" | "Fatalln" | "Panic" | "Panicf" | "Panicln")
        ),
        Lang::Java => class == "System" && name == "exit",
        Lang::Python => class == "sys" && name == "exit" || class == "os" && name == "_exit",
        _ => class == "process" && name == "exit",
    }
}

/// Members that say how much there is, not what.
pub(super) fn is_measure(lang: Lang, name: &str) -> bool {
    matches!(name, "length" | "size") && (lang.is_script() || lang == Lang::Java)
}

/// Does the method without arguments take the first element, not the last?
pub(super) fn removes_first(lang: Lang, name: &str) -> bool {
    matches!(name, "shift" | "popleft" | "removeFirst" | "poll" | "pollFirst")
        || lang == Lang::Java && matches!(name, "remove" | "pop")
}

pub(super) fn constructor(lang: Lang, class: &str, args: usize) -> Option<Effect> {
    match lang {
        Lang::Java => java::constructor(class, args),
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => match class {
            "Promise" => Some(Effect::NewPromise),
            "Map" if args == 1 => Some(Effect::MapOfPairs),
            "Map" | "WeakMap" if args == 0 => Some(Effect::Nothing),
            "Set" | "Array" if args == 1 => Some(Effect::SameAsArgument),
            "Number" | "Boolean" | "Date" => Some(Effect::Nothing),
            _ => None,
        },
        _ => None,
    }
}

/// Does calling this name make an object whose methods mean something of their own?
pub(super) fn makes_own_kind(lang: Lang, path: &[String]) -> bool {
    lang == Lang::Python && path.last().is_some_and(|name| name.ends_with("ConfigParser"))
}

/// The effect of calling `name` with `args` arguments, on a receiver or not, of the class or package `class` if that is known; nothing
/// when the library has no such call, or passes on what it gets.
pub(super) fn effect(lang: Lang, name: &str, args: usize, has_receiver: bool, class: &str) -> Option<Effect> {
    match lang {
        Lang::Python => python(name, args, has_receiver, class),
        Lang::JavaScript | Lang::TypeScript | Lang::Tsx => script(name, args, has_receiver),
        Lang::Java => java::effect(name, args, has_receiver, class),
        Lang::Go => go::effect(name, args, has_receiver, class),
    }
}

fn python(name: &str, args: usize, has_receiver: bool, class: &str) -> Option<Effect> {
    if !has_receiver {
        return Some(match (name, args) {
            (
                "int" | "float" | "bool" | "len" | "isinstance" | "issubclass" | "hasattr" | "callable" | "ord"
                | "hash" | "id" | "abs" | "round" | "all" | "any" | "complex",
                _,
            ) => Effect::Nothing,
            ("list", 0) => Effect::Empty,
            ("dict", 0) => Effect::MakesMap,
            ("getattr", 2 | 3) => Effect::GetsNamed,
            ("setattr", 3) => Effect::PutsNamed,
            ("str", 1) => Effect::MakesTextOf,
            ("dict", 2..) => Effect::MakesMap,
            ("enumerate", 1..) => Effect::Counts,
            ("zip", 1..) => Effect::Zips,
            ("list" | "tuple" | "set" | "frozenset" | "sorted" | "reversed" | "iter", 1..) => Effect::SameAsArgument,
            ("dict", 1) => Effect::MakesMap,
            ("map", 2) => Effect::MapsArgument(Gives::Results),
            ("filter", 2) => Effect::MapsArgument(Gives::Elements),
            ("reduce", 2..) => Effect::FoldsArgument,
            ("partial", 1..) => Effect::Binds,
            ("Thread" | "Process" | "Timer", 1..) => Effect::Thread,
            ("gather", 1..) => Effect::GathersResults,
            ("to_thread", 1..) => Effect::CallsArgument(0),
            _ => return None,
        });
    }
    Some(match (name, args) {
        ("append" | "add" | "appendleft" | "put" | "put_nowait", 1) => Effect::Adds,
        ("insert", 2) => Effect::Inserts,
        ("submit" | "to_thread" | "apply_async" | "call_soon", 1..) => Effect::CallsArgument(0),
        ("run_in_executor", 2..) => Effect::CallsArgument(1),
        ("gather", 1..) => Effect::GathersResults,
        ("partial", 1..) => Effect::Binds,
        ("Thread" | "Process", 1..) => Effect::Thread,
        ("reduce", 2..) => Effect::FoldsArgument,
        ("sort" | "reverse", _) => Effect::Sorts,
        ("extend", 1) => Effect::Extends,
        ("update", 1..) => Effect::Gathers,
        ("keys", 0) => Effect::Keys,
        ("copy", 0) => Effect::Same,
        ("pop" | "popleft" | "popitem", _) => Effect::Removes,
        ("setdefault" | "__setitem__", 2) => Effect::Puts,
        // `ConfigParser.set(section, option, value)`
        ("set", 3) => Effect::PutsWithin,
        ("get", 2 | 3) if class.ends_with("ConfigParser") => Effect::GetsWithin,
        ("get" | "__getitem__", 1 | 2) => Effect::Gets,
        ("clear", 0) => Effect::Clears,
        ("items", 0) => Effect::Entries,
        ("values", 0) => Effect::Values,
        ("write" | "writelines", 1) => Effect::Builds,
        (
            "startswith" | "endswith" | "isdigit" | "isnumeric" | "isdecimal" | "isalnum" | "isalpha" | "isspace"
            | "islower" | "isupper" | "find" | "rfind" | "index" | "count" | "__len__" | "__contains__"
            | "isidentifier",
            _,
        ) => Effect::Nothing,
        _ => return None,
    })
}

fn script(name: &str, args: usize, has_receiver: bool) -> Option<Effect> {
    if !has_receiver {
        return Some(match name {
            "parseInt" | "parseFloat" | "Number" | "Boolean" | "isNaN" | "isFinite" | "BigInt" => Effect::Nothing,
            "String" if args == 1 => Effect::MakesTextOf,
            "setTimeout" | "setInterval" if args > 0 => Effect::Later,
            "setImmediate" | "queueMicrotask" if args > 0 => Effect::CallsArgument(0),
            _ => return None,
        });
    }
    Some(match (name, args) {
        ("push" | "add", 1..) => Effect::Adds,
        ("unshift", 1) => Effect::Inserts,
        ("pop" | "shift", 0) => Effect::Removes,
        ("set", 2) => Effect::Puts,
        ("get" | "at", 1) => Effect::Gets,
        ("concat", _) => Effect::Concats,
        ("splice", 1..) => Effect::Splices,
        ("slice", _) => Effect::Slices,
        ("fill", 1..) => Effect::Fills,
        ("delete", 1) => Effect::Deletes,
        ("keys", 0 | 1) => Effect::Keys,
        ("fromEntries", 1) => Effect::MapOfPairs,
        ("map", 1..) => Effect::Maps(Gives::Results),
        ("flatMap", 1..) => Effect::Maps(Gives::FlatResults),
        ("filter" | "forEach", 1..) => Effect::Maps(Gives::Elements),
        ("sort" | "toSorted" | "reverse" | "toReversed", _) => Effect::Sorts,
        ("bind", 1..) => Effect::BindsReceiver,
        ("on" | "once" | "addListener" | "addEventListener", 2..) => Effect::Listens,
        ("emit", 2..) => Effect::Emits,
        ("replace" | "replaceAll", 2) => Effect::MakesText,
        ("reject", 1) => Effect::Rejects,
        ("nextTick", 1..) => Effect::CallsArgument(0),
        ("find" | "findLast", 1..) => Effect::Maps(Gives::Element),
        ("reduce" | "reduceRight", 1..) => Effect::Folds,
        ("then" | "catch" | "finally", 1..) => Effect::Then,
        ("assign", 2..) => Effect::Assigns,
        ("entries", 0 | 1) => Effect::Entries,
        ("values", 0 | 1) => Effect::Values,
        ("from", 2) => Effect::MapsFirst(Gives::Results),
        ("next", 0) => Effect::Steps,
        ("all" | "allSettled", 1) => Effect::SameAsArgument,
        ("resolve", 1) => Effect::SameAsArgument,
        ("freeze" | "from", 1) => Effect::SameAsArgument,
        ("parseInt" | "parseFloat" | "isInteger" | "isArray" | "isSafeInteger" | "isNaN", _) => Effect::Nothing,
        (
            "includes" | "indexOf" | "lastIndexOf" | "startsWith" | "endsWith" | "test" | "has" | "some" | "every"
            | "findIndex" | "charCodeAt" | "codePointAt" | "localeCompare" | "search" | "hasOwnProperty",
            _,
        ) => Effect::Nothing,
        _ => return None,
    })
}
