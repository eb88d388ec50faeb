pub enum Value { Str(String), Int(i64), Bool(bool), Float(f64), Code(String) }
pub struct Comparison;
impl Comparison {
    pub fn parse(_t: &str, _m: Option<&str>, _b: Option<u32>, _s: bool) -> Result<Comparison, String> { Ok(Comparison) }
    pub fn eval(&self, _l: &dyn Fn(&str) -> Option<Value>) -> Option<bool> { Some(true) }
}
