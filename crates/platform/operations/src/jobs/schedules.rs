//! What is done at set times.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::{Method, StatusCode};
use rampart_access::audit::Record;
use rampart_access::{Ctx, Error as Refusal, Rule};
use rampart_jobs::{JobId, ScheduleInfo};
use rampart_kernel::Timestamp;
use rampart_web::{ApiError, Body, Caller, Route};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::error::Result;
use crate::module::Operations;

pub fn routes(operations: &Operations) -> Vec<Route> {
    let rule = Rule::PlatformAdmin;
    vec![
        Route::new(Method::GET, "/admin/schedules", rule, operations, list_schedules)
            .summary("What is done at set times")
            .answers::<Schedules>(StatusCode::OK),
        Route::new(Method::PATCH, "/admin/schedules/{name}", rule, operations, switch_schedule)
            .summary("Switch a schedule on or off")
            .takes::<SwitchBody>()
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

    /// # Errors
    /// When there is no such schedule.
    pub async fn switch_schedule(&self, ctx: &Ctx, name: &str, enabled: bool) -> Result<ScheduleInfo> {
        ctx.require_platform_admin()?;
        let mut tx = self.store.begin(ctx).await?;
        if !self.jobs.switch_schedule(&mut tx, name, enabled).await? {
            return Err(Refusal::NotFound.into());
        }
        let record = Record::new("schedule.switched", "schedule").of(name).detail("enabled", enabled);
        self.audit.record(&mut tx, ctx, record).await?;
        tx.commit().await?;
        let found = self.jobs.schedules().await?.into_iter().find(|schedule| schedule.name == name);
        Ok(found.ok_or(Refusal::NotFound)?)
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
    timezone: String,
    enabled: bool,
    #[schema(value_type = Option<String>, format = DateTime)]
    last_run_at: Option<Timestamp>,
    #[schema(value_type = String, format = DateTime)]
    next_run_at: Timestamp,
}

impl From<ScheduleInfo> for ScheduleAnswer {
    fn from(schedule: ScheduleInfo) -> ScheduleAnswer {
        ScheduleAnswer {
            name: schedule.name,
            cron: schedule.cron,
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
struct SwitchBody {
    enabled: bool,
}

async fn switch_schedule(
    State(operations): State<Operations>,
    Caller(ctx): Caller,
    Path(name): Path<String>,
    Body(body): Body<SwitchBody>,
) -> Result<Json<ScheduleAnswer>, ApiError> {
    Ok(Json(operations.switch_schedule(&ctx, &name, body.enabled).await?.into()))
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
