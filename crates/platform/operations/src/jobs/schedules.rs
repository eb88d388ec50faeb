//! What is done at set times.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use rampart_access::audit::Record;
use rampart_access::{Ctx, Error as Refusal, Rule};
use rampart_jobs::{JobId, ScheduleInfo, next_time};
use rampart_kernel::Timestamp;
use rampart_web::{ApiError, Body, Caller, Route};
use serde::{Deserialize, Serialize};
use serde_json::json;
use utoipa::ToSchema;

use crate::error::Result;
use crate::module::Operations;

pub fn routes(operations: &Operations) -> Vec<Route> {
    let rule = Rule::PlatformAdmin;
    vec![
        Route::new(Method::GET, "/admin/schedules", rule, operations, list_schedules)
            .summary("What is done at set times")
            .answers::<Schedules>(StatusCode::OK),
        Route::new(Method::PATCH, "/admin/schedules/{name}", rule, operations, change_schedule)
            .summary("Switch a schedule on or off, or move it")
            .takes::<ScheduleBody>()
            .answers::<ScheduleAnswer>(StatusCode::OK),
        Route::new(Method::POST, "/admin/schedules/{name}/run", rule, operations, run_schedule)
            .summary("Do it now")
            .answers::<Queued>(StatusCode::ACCEPTED),
    ]
}

impl Operations {
    /// By name.
    ///
    /// # Errors
    /// When the caller does not administer the installation; the same with all that follow.
    pub async fn schedules(&self, ctx: &Ctx) -> Result<Vec<ScheduleInfo>> {
        ctx.require_platform_admin()?;
        Ok(self.jobs.schedules().await?)
    }

    /// Switches a schedule on or off, and moves it to another time: five fields of cron, or nothing for the program's own.
    ///
    /// # Errors
    /// When there is no such schedule; [`Error::Cron`].
    pub async fn change_schedule(
        &self,
        ctx: &Ctx,
        name: &str,
        enabled: Option<bool>,
        cron: Option<&str>,
    ) -> Result<ScheduleInfo> {
        ctx.require_platform_admin()?;
        let mut tx = self.store.begin(ctx).await?;
        let before = self.jobs.find_schedule_in(&mut tx, name).await?.ok_or(Refusal::NotFound)?;
        let mut after = before.clone();
        after.enabled = enabled.unwrap_or(before.enabled);
        if let Some(cron) = cron.map(str::trim) {
            after.own_cron = (!cron.is_empty() && cron != before.cron).then(|| cron.to_owned());
            after.next_run_at =
                next_time(after.own_cron.as_deref().unwrap_or(&before.cron), &before.timezone, ctx.now())?;
        }
        self.jobs.save_schedule_in(&mut tx, &after).await?;
        let shown =
            |it: &ScheduleInfo| json!({ "enabled": it.enabled, "cron": it.own_cron.as_ref().unwrap_or(&it.cron) });
        let record = Record::new("schedule.changed", "schedule").of(name).changed(shown(&before), shown(&after));
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// The job; nothing when one waits or runs already.
    ///
    /// # Errors
    /// When there is no such schedule.
    pub async fn run_schedule(&self, ctx: &Ctx, name: &str) -> Result<Option<JobId>> {
        ctx.require_platform_admin()?;
        let schedule = self.schedules.iter().find(|schedule| schedule.name == name).ok_or(Refusal::NotFound)?;
        // It is the installation's, whatever workspace the request is for.
        let mut tx = self.store.begin(&(**ctx).clone().in_workspace(None)).await?;
        let job = schedule.run(&self.jobs, &mut tx).await?;
        self.audit.record(&mut tx, ctx, Record::new("schedule.run", "schedule").of(name)).await?;
        tx.commit().await?;
        Ok(job)
    }
}

/// Of a cron expression, in bytes.
const CRON_LENGTH: usize = 100;

#[derive(Serialize, ToSchema)]
struct Schedules {
    schedules: Vec<ScheduleAnswer>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct ScheduleAnswer {
    name: String,
    /// Five fields.
    cron: String,
    /// As the program has it, when an administrator moved it.
    #[serde(skip_serializing_if = "Option::is_none")]
    usual_cron: Option<String>,
    timezone: String,
    enabled: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_run_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    next_run_at: Timestamp,
}

impl From<ScheduleInfo> for ScheduleAnswer {
    fn from(schedule: ScheduleInfo) -> ScheduleAnswer {
        let (cron, usual_cron) = match schedule.own_cron {
            Some(own) => (own, Some(schedule.cron)),
            None => (schedule.cron, None),
        };
        ScheduleAnswer {
            name: schedule.name,
            cron,
            usual_cron,
            timezone: schedule.timezone,
            enabled: schedule.enabled,
            last_run_at: schedule.last_run_at,
            next_run_at: schedule.next_run_at,
        }
    }
}

async fn list_schedules(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
) -> Result<Json<Schedules>, ApiError> {
    let schedules = operations.schedules(&ctx).await?.into_iter().map(ScheduleAnswer::from).collect();
    Ok(Json(Schedules { schedules }))
}

#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ScheduleBody {
    enabled: Option<bool>,
    /// Five fields, at most 100 characters: `30 1 * * *` is each night at half past one. Empty: as the program has it.
    cron: Option<String>,
}

async fn change_schedule(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Path(name): Path<String>,
    Body(body): Body<ScheduleBody>,
) -> Result<Json<ScheduleAnswer>, ApiError> {
    if body.cron.as_ref().is_some_and(|cron| cron.len() > CRON_LENGTH) {
        return Err(ApiError::invalid("cron", "is at most 100 characters long"));
    }
    Ok(Json(operations.change_schedule(&ctx, &name, body.enabled, body.cron.as_deref()).await?.into()))
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct Queued {
    /// Nothing when one waits or runs already.
    job_id: Option<String>,
}

async fn run_schedule(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Path(name): Path<String>,
) -> Result<(StatusCode, Json<Queued>), ApiError> {
    let job = operations.run_schedule(&ctx, &name).await?;
    Ok((StatusCode::ACCEPTED, Json(Queued { job_id: job.map(|id| id.to_string()) })))
}
