//! Java: collections, streams, futures, texts.

use super::{Effect, Gives};

pub(super) fn constructor(class: &str, args: usize) -> Option<Effect> {
    Some(match class {
        "ArrayList" | "LinkedList" | "Vector" | "ArrayDeque" | "Stack" | "HashSet" | "LinkedHashSet" | "TreeSet"
        | "HashMap" | "LinkedHashMap" | "TreeMap" | "ConcurrentHashMap" | "Properties" | "PriorityQueue"
            if args == 0 =>
        {
            Effect::Empty
        }
        "ArrayList" | "LinkedList" | "HashSet" | "LinkedHashSet" | "TreeSet" | "HashMap" | "LinkedHashMap"
        | "TreeMap" | "ArrayDeque" => Effect::SameAsArgument,
        "SimpleEntry" | "SimpleImmutableEntry" if args == 2 => Effect::Pairs,
        "Thread" | "FutureTask" => Effect::Runs,
        _ => return None,
    })
}

pub(super) fn effect(name: &str, args: usize, has_receiver: bool, class: &str) -> Option<Effect> {
    if !has_receiver && class.is_empty() {
        return None;
    }
    if let Some(effect) = of_class(class, name, args) {
        return Some(effect);
    }
    Some(match (name, args) {
        ("add" | "addLast" | "offer" | "addElement" | "offerLast" | "put", 1) => Effect::Adds,
        ("push" | "addFirst" | "offerFirst", 1) => Effect::Inserts,
        ("add", 2) => Effect::Inserts,
        ("addAll", 1) => Effect::Extends,
        ("putAll", 1) => Effect::Gathers,
        ("put" | "set" | "setProperty" | "setAttribute" | "putValue", 2) => Effect::Puts,
        ("putIfAbsent", 2) | ("merge", 3) => Effect::Merges,
        ("computeIfAbsent" | "compute" | "computeIfPresent", 2) => Effect::Computes,
        ("get" | "getProperty" | "getAttribute" | "elementAt", 1) | ("getOrDefault" | "getProperty", 2) => Effect::Gets,
        ("remove", 1) | ("pop" | "poll" | "removeFirst" | "removeLast" | "pollFirst" | "pollLast" | "take", 0) => {
            Effect::Removes
        }
        (
            "getFirst" | "getLast" | "peek" | "element" | "peekFirst" | "peekLast" | "firstElement" | "next"
            | "nextElement",
            0,
        ) => Effect::Element,
        (
            "iterator" | "listIterator" | "stream" | "parallelStream" | "elements" | "toList" | "distinct" | "sorted"
            | "boxed" | "clone" | "descendingIterator",
            0,
        ) => Effect::Same,
        ("values", 0) => Effect::Values,
        ("collect" | "limit", 1) => Effect::Same,
        ("keySet" | "keys" | "navigableKeySet" | "stringPropertyNames", 0) => Effect::Keys,
        ("entrySet", 0) => Effect::Entries,
        ("getKey", 0) => Effect::EntryKey,
        ("getValue", 0) => Effect::EntryValue,
        ("findFirst" | "findAny", 0) => Effect::Element,
        ("clear", 0) => Effect::Clears,
        ("append" | "write" | "print", 1..) => Effect::Builds,
        ("insert", 2) => Effect::Builds,
        ("map" | "mapToObj" | "thenApply" | "thenApplyAsync", 1) => Effect::Maps(Gives::Results),
        ("flatMap" | "thenCompose", 1) => Effect::Maps(Gives::FlatResults),
        ("filter" | "forEach" | "peek" | "sorted" | "forEachOrdered" | "ifPresent" | "thenAccept" | "removeIf", 1) => {
            Effect::Maps(Gives::Elements)
        }
        ("reduce", 1 | 2) => Effect::Folds,
        ("replaceAll", 1) => Effect::Replaces,
        (
            "supplyAsync" | "submit" | "generate" | "runAsync" | "execute" | "schedule" | "invokeAll" | "invokeAny",
            1..,
        ) => Effect::Runs,
        ("exceptionally" | "orElseGet" | "handle" | "whenComplete", 1) => Effect::Recovers,
        ("thenCombine", 2) => Effect::Combines,
        ("complete", 1) => Effect::Boxes { replaces: true },
        ("compareAndSet", 2) => Effect::Boxes { replaces: false },
        (
            "equals" | "equalsIgnoreCase" | "contains" | "containsKey" | "containsValue" | "startsWith" | "endsWith"
            | "indexOf" | "lastIndexOf" | "isEmpty" | "size" | "length" | "hashCode" | "compareTo" | "matches"
            | "hasNext" | "parseInt" | "parseLong" | "parseDouble" | "parseBoolean" | "parseFloat" | "parseShort"
            | "isBlank" | "intValue" | "longValue" | "hasMoreElements" | "anyMatch" | "allMatch" | "noneMatch"
            | "count" | "booleanValue" | "doubleValue" | "mapToInt" | "mapToLong" | "mapToDouble" | "nextInt"
            | "nextLong" | "nextDouble" | "nextBoolean" | "hasNextInt" | "ordinal",
            _,
        ) => Effect::Nothing,
        (
            "copyOf" | "unmodifiableList" | "unmodifiableSet" | "unmodifiableMap" | "requireNonNull"
            | "synchronizedList",
            1,
        ) => Effect::SameAsArgument,
        _ => return None,
    })
}

/// What only the class tells apart.
fn of_class(class: &str, name: &str, args: usize) -> Option<Effect> {
    Some(match (class, name, args) {
        ("Map", "of", _) => Effect::Tables,
        ("Map", "entry", 2) => Effect::Pairs,
        ("List" | "Set" | "Stream" | "ImmutableList" | "ImmutableSet", "of", _) | ("Arrays", "asList", _) => {
            Effect::Lists
        }
        ("Arrays", "stream" | "copyOf" | "copyOfRange", 1..) => Effect::SameAsArgument,
        ("System", "arraycopy", 5) => Effect::CopiesTo,
        ("Integer" | "Long" | "Short" | "Byte" | "Double" | "Float" | "Boolean", "valueOf", _) => Effect::Nothing,
        ("AtomicReference" | "ThreadLocal" | "InheritableThreadLocal", "set" | "lazySet", 1) => {
            Effect::Boxes { replaces: true }
        }
        ("AtomicReference", "getAndSet", 1) => Effect::Boxes { replaces: false },
        ("StringBuilder" | "StringBuffer", "setLength", 1) => Effect::Clears,
        _ => return None,
    })
}
