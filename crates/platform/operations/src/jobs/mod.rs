//! What waits to be done, what failed, and what is done at set times.

mod routes;
mod schedules;
mod service;

use rampart_web::Route;

use crate::module::Operations;

pub fn routes(operations: &Operations) -> Vec<Route> {
    [routes::routes(operations), schedules::routes(operations)].into_iter().flatten().collect()
}
