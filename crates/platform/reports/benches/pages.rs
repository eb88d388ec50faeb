//! How long a report of 500 findings takes, and how large it is: `cargo bench -p rampart-reports`. With a folder as argument the
//! reports are written there, to be looked at.

#[path = "../tests/sample.rs"]
mod sample;

use std::time::Instant;

use rampart_reports::{Form, render};

fn main() {
    let folder = std::env::args().nth(1).filter(|argument| !argument.starts_with('-'));
    for (form, name) in [(Form::Html, "html"), (Form::Pdf, "pdf")] {
        for findings in [5, 500] {
            let begun = Instant::now();
            let Ok(bytes) = render(&sample::document(findings), form) else {
                println!("{name}: not in this build; give --features pdf");
                break;
            };
            println!("{name}, {findings} findings: {} ms, {} kB", begun.elapsed().as_millis(), bytes.len() / 1_000);
            if let Some(folder) = &folder {
                std::fs::write(format!("{folder}/report-{findings}.{name}"), bytes).expect("the folder is there");
            }
        }
    }
}
