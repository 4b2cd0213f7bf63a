//! Work done beside people's own: what waits, what runs, what failed and may be tried again.

use rules::access::Action;
use store::JobState;

use super::common::{done, form};
use crate::{
    http::{Ctx, PageResult, Posted, error::render},
    i18n::Lang,
    view::{
        Field, Input, JobsPage, Mark, Section,
        trust::{JobRow, JobTotal},
    },
};

/// Jobs on the page, the latest first.
const SHOWN: i64 = 100;

fn mark(state: JobState) -> Mark {
    match state {
        JobState::Waiting => Mark::Waiting,
        JobState::Running => Mark::InProgress,
        JobState::Done => Mark::Completed,
        JobState::Failed => Mark::Overdue,
    }
}

fn kind_text(t: Lang, kind: &str) -> String {
    t.try_format(&format!("job-{}", kind.replace('_', "-")), &[]).unwrap_or_else(|| kind.to_owned())
}

/// `GET /jobs`
pub async fn list(ctx: Ctx) -> PageResult {
    ctx.demand(Action::ManageAccounts, None, &ctx.top())?;
    let (t, office) = (ctx.t, &ctx.app.office);
    let s = ctx.shell(Section::Admin, t.msg("jobs-title"), false).await?;
    let retry = ctx.allowed(Action::Configure, None, &ctx.top());
    let totals = office.store().job_counts().await.map_err(|e| ctx.fault(e))?;
    let totals = totals
        .into_iter()
        .map(|(kind, state, n)| JobTotal {
            kind: kind_text(t, &kind),
            mark: mark(state),
            state: t.msg(&format!("job-state-{}", state.id())),
            count: t.int(n),
        })
        .collect();
    let jobs = office.store().newest_jobs(SHOWN).await.map_err(|e| ctx.fault(e))?;
    let rows = jobs
        .into_iter()
        .map(|j| {
            let again = (retry && j.state == JobState::Failed).then(|| {
                let hidden = |name: &str, value: &str| Field::new(name, String::new(), Input::Hidden).value(value);
                form(&s, "/jobs", t.msg("job-again"), vec![hidden("kind", &j.kind), hidden("subject", &j.subject)])
            });
            JobRow {
                kind: kind_text(t, &j.kind),
                subject: j.subject,
                mark: mark(j.state),
                state: t.msg(&format!("job-state-{}", j.state.id())),
                progress: if j.total > 0 { t.msg2("job-progress", "done", j.done, "total", j.total) } else { String::new() },
                attempts: t.int(j.attempts),
                outcome: j.outcome.unwrap_or_default(),
                at: t.moment(j.updated_at),
                again,
            }
        })
        .collect();
    Ok(render(&JobsPage { s, totals, rows }))
}

/// `POST /jobs`: tries again what was given up.
pub async fn again(posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    ctx.demand(Action::Configure, None, &ctx.top())?;
    let (kind, subject) = (posted.get("kind"), posted.get("subject"));
    let office = &ctx.app.office;
    office.store().retry_job(kind, subject, office.now()).await.map_err(|e| ctx.fault(e))?;
    done(ctx, "/jobs", "job-again")
}
