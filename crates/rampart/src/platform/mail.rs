//! `rampart mail preview`: every message as a file, to be looked at.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use rampart_mail::{Locale, render, samples};

use crate::exit;
use crate::failure::Failure;

/// Writes each message as page and text, and a page that leads to them all.
pub fn preview(out: &Path) -> Result<u8, Failure> {
    let mut index = "<!doctype html>\n<meta charset=\"utf-8\">\n<title>Messages</title>\n".to_owned();
    let mut count = 0;
    for locale in Locale::ALL {
        let folder = out.join(locale.name());
        fs::create_dir_all(&folder)
            .map_err(|error| Failure::new(format!("cannot make {}: {error}", folder.display())))?;
        let _ = writeln!(index, "<h1>{locale}</h1>\n<ul>");
        for (number, message) in samples().iter().enumerate() {
            let letter = render(message, *locale).map_err(Failure::new)?;
            let name = format!("{:02}-{}", number + 1, message.name());
            write(&folder.join(format!("{name}.html")), &letter.html)?;
            write(&folder.join(format!("{name}.txt")), &format!("Subject: {}\n\n{}", letter.subject, letter.text))?;
            let _ = writeln!(
                index,
                "<li><a href=\"{locale}/{name}.html\">{name}</a>, <a href=\"{locale}/{name}.txt\">text</a></li>"
            );
            count += 1;
        }
        index += "</ul>\n";
    }
    let page = out.join("index.html");
    write(&page, &index)?;
    println!("{count} messages; begin at {}", page.display());
    Ok(exit::DONE)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    fs::write(path, text).map_err(|error| Failure::new(format!("cannot write {}: {error}", path.display())))
}
