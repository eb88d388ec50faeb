//! Go: built-in functions, texts, maps and slices.

use super::Effect;

pub(super) fn effect(name: &str, args: usize, has_receiver: bool, class: &str) -> Option<Effect> {
    if !has_receiver && class.is_empty() {
        return Some(match (name, args) {
            (
                "len" | "cap" | "int" | "int64" | "int32" | "int16" | "int8" | "uint" | "uint64" | "uint32" | "uint8"
                | "float64" | "float32" | "bool" | "close" | "panic",
                _,
            ) => Effect::Nothing,
            ("append", 1..) => Effect::Appended,
            ("make", _) => Effect::Empty,
            ("delete", 2) | ("clear", 1) => Effect::Drops,
            ("copy", 2) => Effect::CopiesFrom,
            _ => return None,
        });
    }
    Some(match (name, args) {
        ("WriteString" | "WriteByte" | "WriteRune" | "Write", 1) => Effect::Builds,
        ("Fprintf" | "Fprint" | "Fprintln", 2..) => Effect::FillsFirst,
        ("Unmarshal" | "As", 2) | ("Decode" | "Scan", 1) => Effect::FillsSecond,
        ("Store", 2) => Effect::Puts,
        ("Copy", 2) if class == "maps" => Effect::CopiesFrom,
        ("Reset", 0) => Effect::Clears,
        ("Cut", 2) if matches!(class, "strings" | "bytes") => Effect::Cuts,
        ("Strings" | "Slice" | "SliceStable" | "Sort" | "Stable" | "Reverse" | "SortFunc", _)
            if matches!(class, "sort" | "slices") =>
        {
            Effect::Shuffles
        }
        (
            "Atoi" | "ParseInt" | "ParseUint" | "ParseFloat" | "ParseBool" | "Contains" | "HasPrefix" | "HasSuffix"
            | "Index" | "EqualFold" | "Count" | "Compare" | "ContainsAny" | "ContainsRune" | "LastIndex" | "IndexByte"
            | "MatchString" | "Match" | "Len" | "Equal" | "IsDigit" | "IsLetter" | "ContainsFunc",
            _,
        ) => Effect::Nothing,
        _ => return None,
    })
}
