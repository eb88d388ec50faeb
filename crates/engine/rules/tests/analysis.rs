//! What looks like a secret and what like words; which expressions take exponential time.

use rampart_rules::analysis::{is_high_entropy, is_redos};

#[test]
fn keys_are_high_and_words_are_low() {
    let low = [
        "",
        "a",
        "x1",
        "?!",
        "change",
        "4711",
        "deadbeef",
        "trainer",
        "password",
        "hunter12",
        "correcthorsebatterystaple",
        "aVeryLongNameOfAMethodThatDoesSomething",
        "{{ config.databasePassword }}",
        "Please enter your password here.",
        "the quick brown fox jumps over the lazy dog",
        "application/x-www-form-urlencoded",
        "us-east-1",
        "localhost",
        "https://example.com/path/to/resource",
        "yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy",
        "================================",
        "your-api-key-here",
        "connection refused",
        "com.example.application.UserController",
        "SELECT name FROM users",
        "user.not.found.message",
        "INSERT_YOUR_TOKEN_HERE",
    ];
    let high = [
        "9f86d081884c7d65",
        "5e884898da28047151d0e56f8dc62927",
        "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzKEYQx",
        "AKIA2E0A8F3B244C9986",
        "ghp_x7Rk2mQ9vLz8Tn4Wp1Ys6Hd3Jf5Gb0Xc",
        "Zm9vYmFyIGJheiBxdXV4IDEyMzQ1Njc4OTA=",
        "xoxb-2837465928-q8Zr5tVw7YxN2mKp",
        "qX7$kP2!vR9@mZ4#",
        "8d969eef6ecad3c29a3a629280e686cf0c3f5d5a",
        "pk_live_51HxQ2eKq9Zt7Wm3Nc8Rv",
        "b1946ac92492d2347c6235b4d2611184",
    ];
    for text in low {
        assert!(!is_high_entropy(text), "{text}");
    }
    for text in high {
        assert!(is_high_entropy(text), "{text}");
    }
}

#[test]
fn repeated_ambiguity_is_open_to_denial_of_service() {
    let open = [
        "(a+)+$",
        "^(a+)+b",
        "(a*)*x",
        "(a|a)*$",
        r"(\w|\d)+!",
        "(.*a){12}b",
        r"^(([a-z])+.)+[A-Z]([a-z])+$",
        r"(x+x+)+y",
        r"(?:a{1,3})*b",
        r"^(?:.*,){11}P",
        "((ab)*)+c",
        r"([^>]+)*>",
        r"foo(?=x)(a+)+$",
        r"(.|a)*=",
    ];
    let safe = [
        "",
        "a+",
        "(a+)+",
        "a*b*c",
        "(ab)+c",
        "(a|b)*c",
        "(a+){2}b",
        "(a?)+b",
        r"^\d{4}-\d{2}$",
        "(foo|far)*x",
        "(",
        "(a+)(b+)c",
        "[a-z]+@[a-z]+",
        r"(a|b|c)+$",
        r"(\d|-)+x",
    ];
    for pattern in open {
        assert!(is_redos(pattern), "{pattern}");
    }
    for pattern in safe {
        assert!(!is_redos(pattern), "{pattern}");
    }
    assert!(!is_redos(&"(".repeat(100_000)));
    is_redos(&format!("{}a{}b", "(".repeat(100), ")+".repeat(100)));
}
