//! A report for people: what was looked at, what was found and what was decided, as a page for a browser and as a document for paper.
//!
//! Both forms are made of one [`Document`]. What comes from code is hostile: it reaches the templates as data and never as markup,
//! and what hides or reorders text is spelled out. While a document is set there are no files but the template and the data, and no
//! network.
//!
//! PDF is a part of the program with the feature `pdf`; without it, asking for it is refused.
//!
//! Knows no database and no clock: the module above says what is true and when.
//!
//! ```
//! use rampart_reports::{Document, Form};
//!
//! let document = Document { repository: "team/shop".into(), title: "Security report of a scan".into(), ..Document::default() };
//! let page = rampart_reports::render(&document, Form::Html)?;
//! assert!(page.starts_with(b"<!doctype html>"));
//! # Ok::<(), rampart_reports::Error>(())
//! ```

mod document;
mod page;
#[cfg(feature = "pdf")]
mod paper;
mod safe;

pub use document::{
    CodeLine, Comparison, Count, Document, Fact, Files, Left, MOST_FILES, MOST_PLACES, Place, Step, Summary, Weakness,
};
use thiserror::Error;

/// In which form a document is rendered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Html,
    Pdf,
}

#[derive(Debug, Error)]
pub enum Error {
    #[error("the page cannot be written: {0}")]
    Page(#[from] minijinja::Error),
    #[error("the data of the document cannot be written: {0}")]
    Data(#[from] serde_json::Error),
    #[error("the document cannot be set: {0}")]
    Paper(String),
    #[error("this build of the program has no PDF (cargo feature `pdf`); ask for html, which prints as well")]
    NoPaper,
}

/// A second of work for hundreds of findings: not for a thread that answers others.
///
/// # Errors
/// When a template does not fit its data, which is a mistake of ours.
pub fn render(document: &Document, form: Form) -> Result<Vec<u8>, Error> {
    match form {
        Form::Html => page::render(document),
        #[cfg(feature = "pdf")]
        Form::Pdf => paper::render(document),
        #[cfg(not(feature = "pdf"))]
        Form::Pdf => Err(Error::NoPaper),
    }
}
