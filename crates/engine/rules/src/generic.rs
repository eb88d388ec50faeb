use crate::model::Options;
pub struct GenericPattern;
pub struct GenericDoc<'t>(&'t str);
pub struct GenericMatch { pub start: usize, pub end: usize, pub bindings: Vec<(String, usize, usize)> }
impl<'t> GenericDoc<'t> { pub fn new(t: &'t str) -> Self { GenericDoc(t) } }
impl GenericPattern {
    pub fn compile(_t: &str, _o: &Options) -> Result<Self, String> { Ok(GenericPattern) }
    pub fn metavariables(&self) -> Vec<&str> { vec![] }
    pub fn required_words(&self) -> Vec<String> { vec![] }
    pub fn matches(&self, d: &GenericDoc) -> (Vec<GenericMatch>, bool) { let _ = d.0; (vec![], false) }
}
