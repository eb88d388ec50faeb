//! A report as a document for paper, set by typst.
//!
//! The template reads one file, the data, as JSON: strings of it are strings, never markup. There is nothing else to be read.

use std::sync::LazyLock;

use typst::diag::{FileError, FileResult};
use typst::foundations::{Bytes, Datetime, Duration, Smart};
use typst::syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot};
use typst::text::{Font, FontBook};
use typst::utils::LazyHash;
use typst::{Library, LibraryExt, World};
use typst_layout::PagedDocument;
use typst_pdf::PdfOptions;

use crate::document::Document;
use crate::{Error, safe};

const TEMPLATE: &str = include_str!("../templates/paper.typ");

/// What the template calls its data.
const DATA: &str = "/document.json";

/// The serif is for words, the other one for code. Letters that neither has are shown as boxes.
const FAMILIES: [&str; 2] = ["Libertinus Serif", "DejaVu Sans Mono"];

/// Findings up to which the document says to programs that read aloud what is a heading and what a table. It is five times as large
/// with that, and takes half as long again.
const MOST_TAGGED: usize = 150;

struct Fonts {
    book: LazyHash<FontBook>,
    all: Vec<Font>,
}

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let fonts = typst_assets::fonts().flat_map(|data| Font::iter(Bytes::new(data)));
    let all: Vec<Font> = fonts.filter(|font| FAMILIES.contains(&font.info().family.as_str())).collect();
    Fonts { book: LazyHash::new(FontBook::from_fonts(&all)), all }
});

static LIBRARY: LazyLock<LazyHash<Library>> = LazyLock::new(|| LazyHash::new(Library::default()));

static MAIN: LazyLock<Source> = LazyLock::new(|| Source::new(id_of("/paper.typ"), TEMPLATE.to_owned()));

fn id_of(path: &str) -> FileId {
    RootedPath::new(VirtualRoot::Project, VirtualPath::new(path).expect("a path of ours is one")).intern()
}

/// All that there is while a document is set.
struct Desk {
    data: Bytes,
}

impl World for Desk {
    fn library(&self) -> &LazyHash<Library> {
        &LIBRARY
    }

    fn book(&self) -> &LazyHash<FontBook> {
        &FONTS.book
    }

    fn main(&self) -> FileId {
        MAIN.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        if id == MAIN.id() { Ok(MAIN.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == id_of(DATA) { Ok(self.data.clone()) } else { Err(FileError::AccessDenied) }
    }

    fn font(&self, index: usize) -> Option<Font> {
        FONTS.all.get(index).cloned()
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        None
    }
}

pub fn render(document: &Document) -> Result<Vec<u8>, Error> {
    let places: usize = document.weaknesses.iter().map(|weakness| weakness.places.len()).sum();
    let tagged = places <= MOST_TAGGED;
    let data = data(document)?;
    let set = typst::compile::<PagedDocument>(&Desk { data: Bytes::new(data) });
    let outcome = set.output.and_then(|document| {
        let creator = Smart::Custom(Some("Rampart".to_owned()));
        let options = PdfOptions { creator, tagged, ..PdfOptions::default() };
        typst_pdf::pdf(&document, &options)
    });
    // What was remembered of this document is of no use for another.
    typst::comemo::evict(0);
    outcome.map_err(|errors| {
        Error::Paper(errors.iter().map(|error| error.message.to_string()).collect::<Vec<_>>().join("; "))
    })
}

fn data(document: &Document) -> Result<Vec<u8>, Error> {
    let mut document = document.clone();
    for weakness in &mut document.weaknesses {
        weakness.references.retain(|address| safe::is_web(address));
        for place in &mut weakness.places {
            for line in &mut place.code {
                line.text = safe::line(&line.text);
            }
            for step in &mut place.steps {
                step.text = safe::line(&step.text);
            }
        }
    }
    let mut data = serde_json::to_value(document)?;
    safe::each(&mut data, &|text| {
        // An address is followed as it is; the template breaks what it shows of it.
        if safe::is_web(text) { text.to_owned() } else { safe::breakable(&safe::shown(text)) }
    });
    Ok(serde_json::to_vec(&data)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_read_but_template_and_data() {
        let desk = Desk { data: Bytes::new(b"{}".to_vec()) };
        for path in ["/etc/passwd", "/document.json/../secret", "/other.typ"] {
            assert!(desk.file(id_of(path)).is_err(), "{path}");
            assert!(desk.source(id_of(path)).is_err(), "{path}");
        }
        assert!(desk.file(id_of(DATA)).is_ok() && desk.source(id_of(DATA)).is_err());
    }

    #[test]
    fn both_families_are_there() {
        for family in FAMILIES {
            assert!(FONTS.book.contains_family(&family.to_lowercase()), "{family}");
        }
    }
}
