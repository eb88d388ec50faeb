//! What a socket missed while it was away.

use rampart_access::Ctx;
use rampart_store::{EventId, Store};
use rampart_web::ApiError;

use crate::feed::Feed;
use crate::told::Told;

/// Events that are told again. Who missed more loads what they show anew, which is quicker.
const MOST: usize = 500;

/// What they may hear of what was told after `last`, in order; and whether that is all.
///
/// # Errors
/// As the database answers.
pub(crate) async fn missed(
    store: &Store,
    feed: &Feed,
    ctx: &Ctx,
    last: EventId,
) -> Result<(Vec<Told>, bool), ApiError> {
    let Some(workspace) = ctx.workspace else { return Ok((Vec::new(), false)) };
    let mut reader = store.read().await?;
    let since = rampart_events::since(&mut reader, workspace, last, &feed.of_workspaces(), MOST).await?;
    let told = since.events.iter().filter_map(|envelope| Told::of(envelope, feed)).filter(|told| told.is_for(ctx));
    Ok((told.collect(), since.complete))
}
