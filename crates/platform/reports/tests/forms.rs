//! Both forms of a report: whole, and with nothing in them that is not data.

mod sample;

use rampart_reports::{CodeLine, Document, Form, Place, Step, Weakness, render};
use sample::document;

/// What would be markup, a function or a way out in one of the languages that reports are made of.
const HOSTILE: &str = "#read(\"/etc/passwd\") $ x $ *b* </style><script>alert(1)</script> <img src=x onerror=a> {{ d }} {% raw %} \
                       \\u{202e} \u{202e}\u{1b}[2J [link](javascript:x) @ref <w0> // /* `";

fn hostile() -> Document {
    let text = HOSTILE.to_owned();
    let place = Place {
        number: 1,
        id: Some(text.clone()),
        path: text.clone(),
        line: 3,
        message: text.clone(),
        status: "ignored".into(),
        reason: Some(text.clone()),
        confidence: "low".into(),
        code: vec![CodeLine { number: 3, text: text.repeat(20), hit: true }],
        steps: vec![Step { path: text.clone(), line: 1, text: text.clone(), note: text.clone() }],
        fix: Some(text.clone()),
        ..Place::default()
    };
    let mut document = document(1);
    document.repository.clone_from(&text);
    document.facts[0].value.clone_from(&text);
    document.summary.limits.push(text.clone());
    document.files.scanned.push(text.clone());
    document.files.left[0].files.push((text.clone(), text.clone()));
    document.weaknesses.push(Weakness {
        title: text.clone(),
        rule: text.clone(),
        severity: text.clone(),
        cwe: Some(text.clone()),
        owasp: Some(text.clone()),
        explanation: text.clone(),
        impact: text.clone(),
        remedy: text.clone(),
        references: vec!["javascript:alert(1)".into(), "https://example.com/\"onclick=x".into(), text.clone()],
        places: vec![place],
        ..Weakness::default()
    });
    document
}

#[test]
fn a_page_is_one_file_that_asks_nobody() {
    let page = String::from_utf8(render(&document(3), Form::Html).unwrap()).unwrap();
    for part in
        ["default-src &#x27;none&#x27;; style-src &#x27;sha256-", "team&#x2f;shop", "Appendix: files", "module_1"]
    {
        assert!(page.contains(part), "{part}: {}", &page[..2_000]);
    }
    for part in ["<script", "src=", "@import", "url(", "<link"] {
        assert!(!page.contains(part), "{part}");
    }
}

#[cfg(not(feature = "pdf"))]
#[test]
fn a_build_without_pdf_says_so() {
    assert!(matches!(render(&document(1), Form::Pdf), Err(rampart_reports::Error::NoPaper)));
}

#[test]
fn hostile_text_stays_text_on_a_page() {
    let page = String::from_utf8(render(&hostile(), Form::Html).unwrap()).unwrap();
    assert!(page.contains("&lt;script&gt;alert(1)") && page.contains("#read("), "it is shown");
    for bad in ["<script", "<img", "href=\"javascript", "\u{202e}", "\u{1b}", "onclick=x\""] {
        assert!(!page.contains(bad), "{bad}");
    }
    assert_eq!(page.matches("</style>").count(), 1);
}

#[cfg(feature = "pdf")]
#[test]
fn a_document_for_paper_has_all_of_it() {
    let paper = render(&document(3), Form::Pdf).unwrap();
    assert!(paper.starts_with(b"%PDF-1."));
    let empty = render(&rampart_reports::Document::default(), Form::Pdf).unwrap();
    assert!(empty.starts_with(b"%PDF-1.") && empty.len() < paper.len());
}

#[cfg(feature = "pdf")]
#[test]
fn hostile_text_is_set_as_text() {
    // Were any of it markup, setting would fail: there is no file, no such label, no such function.
    let paper = render(&hostile(), Form::Pdf).unwrap();
    assert!(paper.starts_with(b"%PDF-1."));
    let read = String::from_utf8_lossy(&paper);
    assert!(!read.contains("/JavaScript") && !read.contains("/Launch") && !read.contains("(javascript:"));
}
