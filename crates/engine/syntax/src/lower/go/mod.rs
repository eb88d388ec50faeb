use super::other;
use crate::cst::Cst;
use crate::tree::{Builder, NodeId};

pub(super) fn lower(cst: Cst, b: &mut Builder) -> NodeId {
    other(cst, b, lower)
}
