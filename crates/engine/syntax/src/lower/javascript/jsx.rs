//! JSX.

use super::{Cst, Kids, content, is_ellipsis, is_ellipsis_text, lower, slot, wrap};
use crate::kind::Kind;
use crate::lower::empty;
use crate::tree::{Builder, NodeId, Span};

/// `<a …>…</a>` and `<>…</>`.
pub(super) fn element(cst: Cst, b: &mut Builder) -> NodeId {
    match cst.get("open_tag") {
        Some(open) => tag(open, Some(cst), b),
        None => tag(cst, None, b),
    }
}

/// The element whose name and attributes stand in `open` and whose children in `element`, if it has any.
pub(super) fn tag(open: Cst, element: Option<Cst>, b: &mut Builder) -> NodeId {
    let name = slot(open, "name", b, lower);
    let attributes: Kids = open.all("attribute").filter(|a| !a.is_comment()).map(|a| item(a, b)).collect();
    let attributes_span = match (attributes.first(), attributes.last()) {
        (Some(&first), Some(&last)) => b.span(first).join(b.span(last)),
        _ => Span { start: open.span().end, end: open.span().end },
    };
    let attributes = b.node(Kind::XmlAttrs, attributes_span, &attributes);
    let body = match element {
        Some(element) => body(element, b),
        None => empty(Kind::XmlBody, open.span().end, b),
    };
    b.node(Kind::Xml, element.unwrap_or(open).span(), &[name, attributes, body])
}

/// An attribute or, in braces, a spread.
fn item(cst: Cst, b: &mut Builder) -> NodeId {
    if cst.kind() != "jsx_expression" {
        return lower(cst, b);
    }
    match content(cst) {
        Some(spread) if spread.kind() == "spread_element" => lower(spread, b),
        _ => hole(cst, b),
    }
}

/// `name`, `name="text"`, `name={expr}`, `name=<element/>`.
pub(super) fn attribute(cst: Cst, b: &mut Builder) -> NodeId {
    let mut parts = cst.named();
    let name = match parts.next() {
        Some(name) => lower(name, b),
        None => b.nil(cst.span().start),
    };
    let value = parts.next();
    if value.is_none() && is_ellipsis(name, b) {
        return name;
    }
    let value = match value {
        Some(value) => lower(value, b),
        None => b.nil(cst.span().end),
    };
    b.node(Kind::XmlAttr, cst.span(), &[name, value])
}

/// `{expr}`.
pub(super) fn hole(cst: Cst, b: &mut Builder) -> NodeId {
    wrap(Kind::Hole, 0, cst, b)
}

fn body(element: Cst, b: &mut Builder) -> NodeId {
    let open_end = element.get("open_tag").map_or(element.span().start, |open| open.span().end);
    let close_start = element.get("close_tag").map_or(element.span().end, |close| close.span().start).max(open_end);
    let mut kids = Kids::new();
    // A text is all that stands between two tags or holes: the grammar leaves out white space and splits at entities.
    let mut text_from = open_end;
    let mut has_text = false;
    for child in element.named().filter(|c| c.field().is_none()) {
        match child.kind() {
            "jsx_text" | "html_character_reference" => {
                has_text = true;
                continue;
            }
            // `{}` and `{/* comment */}` render nothing.
            "jsx_expression" if content(child).is_none() && !has_text => {
                text_from = child.span().end;
                continue;
            }
            _ => {}
        }
        let span = Span { start: text_from, end: child.span().start.max(text_from) };
        text(Some(span).filter(|_| has_text), b, &mut kids);
        has_text = false;
        text_from = child.span().end;
        if child.kind() != "jsx_expression" || content(child).is_some() {
            kids.push(lower(child, b));
        }
    }
    text(Some(Span { start: text_from, end: close_start.max(text_from) }).filter(|_| has_text), b, &mut kids);
    b.node(Kind::XmlBody, Span { start: open_end, end: close_start }, &kids)
}

fn text(span: Option<Span>, b: &mut Builder, kids: &mut Kids) {
    let Some(span) = span else { return };
    let text = b.text(span);
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return;
    }
    kids.push(if is_ellipsis_text(trimmed, b) && !trimmed.contains(char::is_whitespace) {
        b.ident_named(span, trimmed)
    } else {
        b.leaf(Kind::XmlText, span, text)
    });
}
