//! What messages look like: in every language, to every reader.

use rampart_mail::{Link, Links, Locale, Message, Name, render, render_with, samples};

/// What a reader of the page sees: without the head, the styles and the tags, with the entities read.
fn words_of(html: &str) -> String {
    let body = html.split_once("<body").unwrap().1.split_once('>').unwrap().1;
    let mut words = String::new();
    let mut inside = true;
    for c in body.chars() {
        match c {
            '<' => inside = false,
            '>' => {
                inside = true;
                words.push(' ');
            }
            c if inside => words.push(c),
            _ => {}
        }
    }
    let entities = [("&#x2f;", "/"), ("&#x27;", "'"), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    entities.iter().fold(words, |words, (entity, sign)| words.replace(entity, sign))
}

fn squeeze(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn every_message_has_words_in_every_language() {
    for locale in Locale::ALL {
        for message in samples() {
            let letter = render(&message, *locale).unwrap();
            assert!(!letter.subject.is_empty() && letter.subject.chars().count() <= 90, "{:?}", letter.subject);
            assert!(!letter.text.contains("{{") && !letter.html.contains("{{"), "{}", message.name());
            assert!(letter.html.contains(&format!("lang=\"{locale}\"")));
        }
    }
}

#[test]
fn languages_differ() {
    for message in samples().iter().filter(|message| message.name() != "notification") {
        let subjects = [Locale::En, Locale::De].map(|locale| render(message, locale).unwrap().subject);
        assert_ne!(subjects[0], subjects[1]);
    }
}

#[test]
fn text_and_page_say_the_same() {
    for locale in Locale::ALL {
        for message in samples() {
            let letter = render(&message, *locale).unwrap();
            let page = squeeze(&words_of(&letter.html));
            let text = letter.text.lines().map(|line| line.trim_start_matches(['*', ' ']).trim_end_matches(':'));
            for line in text.map(squeeze).filter(|line| !line.is_empty() && line != "--") {
                // Links of a list are behind its titles, and names are beside their values.
                let shown = letter.html.contains(&format!("href=\"{line}\"")) || page.contains(&line);
                let fact = line.split_once(": ").is_some_and(|(name, value)| page.contains(&format!("{name} {value}")));
                let list = line.split(", ").all(|part| page.contains(part));
                assert!(shown || fact || list, "{}: `{line}` is not in\n{page}", message.name());
            }
        }
    }
}

#[test]
fn a_page_loads_nothing_and_runs_nothing() {
    for message in samples() {
        let html = render(&message, Locale::En).unwrap().html.to_lowercase();
        for bad in ["<script", "<img", "<link", "url(", "@import", "javascript:"] {
            let found = html.contains(bad);
            assert!(!found, "{}: {bad}", message.name());
        }
        assert!(html.len() < 100_000, "longer ones are cut by mail programs");
    }
}

#[test]
fn names_of_others_stay_text() {
    let message = Message::Invitation {
        inviter: Name::new("Eve\r\nBcc: all@example.org <script>alert(1)</script>"),
        workspace: Name::new("\"><img src=x onerror=alert(1)> {{ 7 * 7 }} https://evil.example/"),
        role: Name::new("member"),
        link: Link::parse("https://rampart.example/i?code=a&b=\"'<x>").unwrap(),
        hours: 168,
    };
    let letter = render(&message, Locale::En).unwrap();
    assert!(!letter.subject.contains(['\r', '\n']), "{:?}", letter.subject);
    assert!(!letter.html.contains("<script") && !letter.html.contains("<img"), "{}", letter.html);
    assert!(letter.text.contains("{{ 7 * 7 }}") && !letter.text.contains("49"));
    assert!(!letter.text.contains("https://evil.example") && !letter.html.contains("https://evil.example"));
    assert!(letter.html.contains("href=\"https://rampart.example/i?code=a&amp;b=%22%27%3Cx%3E\""), "{}", letter.html);
    assert!(letter.text.contains("7 days"));
}

#[test]
fn masked_links_lead_nowhere() {
    for message in samples() {
        let letter = render_with(&message, Locale::En, Links::Masked).unwrap();
        let whole = letter.text.contains("rampart.example/app") || letter.html.contains("rampart.example/app");
        assert!(!whole && letter.text.contains("https://rampart.example/***"), "{}", letter.text);
    }
}
