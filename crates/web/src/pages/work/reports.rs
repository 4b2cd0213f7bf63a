//! Reports: what one will hold, its files, and closing a period so that its figures can be proved later.

use jiff::civil::Date;
use office::{
    Error,
    programme::PERIOD_FREEZE,
    report::{self, ReportModel},
};
use rules::{
    Month, Period,
    access::{Action, scope},
};

use super::{
    common::{self, again, blame, choices, done, form, form_page, mendable},
    history::Names,
};
use crate::{
    http::{Ctx, PageError, PageResult, Posted, error::render},
    i18n::Lang,
    view::{Field, Form, FormPage, Input, Link, Notice, Pair, ReportPage, Section, enter::Made},
};

const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
/// Quarters offered.
const QUARTERS: i32 = 8;
/// Closed periods listed.
const MADE: usize = 20;

fn lang(t: Lang) -> report::Lang {
    match t {
        Lang::Vi => report::Lang::Vi,
        Lang::En => report::Lang::En,
    }
}

/// The period of the address, else the last quarter that is over.
fn period(ctx: &Ctx) -> Result<Period, PageError> {
    match &ctx.state.period {
        Some(_) => ctx.period(),
        None => Ok(Period::quarter_of(Month::of(ctx.app.office.today()).plus(-3))),
    }
}

/// The day on whose map the report is drawn: the end of its period, or today while it runs.
fn map_of(ctx: &Ctx, period: Period) -> Date {
    let today = ctx.app.office.today();
    period.months().map_or(today, |(_, to)| to.last_day().min(today))
}

/// The unit of the address, else the top of that map, else the first unit there that the reader may see.
fn unit(ctx: &Ctx, map: Date) -> Result<u32, PageError> {
    let world = ctx.app.office.world();
    if let Some(text) = &ctx.state.unit {
        return world.unit_idx(text, map).ok_or_else(|| ctx.fault(Error::not_found(text)));
    }
    let top = ctx.app.office.unit_or_top(None, map).map_err(|e| ctx.fault(e))?;
    let may = scope(&ctx.actor(), Action::View, None, &world.units);
    Ok(world.units.subtree_on(top, map).find(|u| may.contains(*u)).unwrap_or(top))
}

async fn model(ctx: &Ctx, unit: u32, period: Period) -> office::Result<ReportModel> {
    ctx.app.office.report(&ctx.actor(), unit, period, lang(ctx.t)).await
}

/// `GET /reports`
pub async fn show(ctx: Ctx) -> PageResult {
    ctx.signed_in()?;
    let t = ctx.t;
    let world = ctx.app.office.world();
    let period = period(&ctx)?;
    let map = map_of(&ctx, period);
    let mut s = ctx.shell(Section::Reports, t.msg("reports-title"), false).await?;
    let mut idx = unit(&ctx, map)?;
    // Another period may lie on another map, where the unit of the address is not: the page says so and shows the top of that map.
    let model = match model(&ctx, idx, period).await {
        Err(Error::Refused(r)) if r.code == "unit.not_on_map" => {
            s.notices.push(Notice { good: false, text: t.refusal(&r) });
            s.state.unit = None;
            let mut here = ctx.clone();
            here.state.unit = None;
            idx = unit(&here, map)?;
            model(&ctx, idx, period).await
        }
        result => result,
    };
    let model = model.map_err(|e| ctx.fault(e))?;
    let unit = world.units.key(idx).to_string();
    let now = Month::of(ctx.app.office.today());
    let mut periods: Vec<Period> = (0..QUARTERS).map(|b| Period::quarter_of(now.plus(-3 * b))).collect();
    periods.extend([Period::Year(now.year()), Period::Year(now.year() - 1)]);
    periods.extend((0..6).map(|b| Period::Month(now.plus(-b))));
    if !periods.contains(&period) {
        periods.insert(0, period);
    }
    let periods = periods.into_iter().map(|p| (p.to_string(), t.period(p)));
    let may = scope(&ctx.actor(), Action::View, None, &world.units);
    let frozen = model.ledger.as_ref().filter(|c| c.frozen);
    let mut holds: Vec<Pair> = [
        ("report-results", model.results.len()),
        ("report-units", model.by_unit.rows.len()),
        ("report-charts", model.charts.iter().filter(|c| c.uniform().is_none()).count().min(report::MAX_CHARTS)),
        ("report-overdue", model.overdue.len()),
        ("report-at-risk", model.at_risk.len()),
        ("report-waiting", model.waiting.len()),
        ("report-conflicts", model.conflicts.len()),
        ("report-remarks", model.difficulties.len() + model.proposals.len()),
    ]
    .into_iter()
    .map(|(key, n)| Pair::new(t.msg(key), t.int(i64::try_from(n).unwrap_or(i64::MAX))))
    .collect();
    holds.push(match frozen {
        Some(c) => Pair::new(t.msg("report-ledger"), t.msg1("report-frozen-at", "size", c.size)),
        None => Pair::new(t.msg("report-ledger"), t.msg("report-open")),
    });
    let freezes = ctx.allowed(Action::Freeze, Some(PERIOD_FREEZE), &ctx.top()) || ctx.allowed(Action::Freeze, None, &ctx.top());
    let freeze = if frozen.is_none() && freezes && map < ctx.app.office.today() {
        s.link_with("/reports/freeze", &[("period", &period.to_string())])
    } else {
        String::new()
    };
    let period_text = period.to_string();
    let file = |ext: &str| s.link_with(&format!("/reports/file.{ext}"), &[("unit", &unit), ("period", &period_text)]);
    let page = ReportPage {
        fields: vec![
            Field::new("unit", t.msg("field-unit"), Input::Select).choices(ctx.unit_choices_on(map, &unit, None, |u| may.contains(u))),
            Field::new("period", t.msg("field-period"), Input::Select).choices(choices(periods, &period_text)),
        ],
        holds,
        freeze,
        docx: file("docx"),
        xlsx: file("xlsx"),
        made: made(&ctx).await?,
        s,
    };
    Ok(render(&page))
}

/// Periods that were closed, the newest first: their report can be made again with the same figures.
async fn made(ctx: &Ctx) -> Result<Vec<Made>, PageError> {
    let (t, office) = (ctx.t, &ctx.app.office);
    let names = Names::load(ctx).await?;
    let mut list = office.store().all(PERIOD_FREEZE).await.map_err(|e| ctx.fault(e))?;
    list.sort_by_key(|r| std::cmp::Reverse(r.created_at));
    let mut out = Vec::new();
    for r in list.iter().take(MADE) {
        let f: office::programme::Freeze = r.view().map_err(|e| ctx.fault(e))?;
        let period = f.period.to_string();
        let link = |ext: &str, key: &str| {
            let query = serde_urlencoded::to_string([("period", period.as_str()), ("lang", t.tag())]).unwrap_or_default();
            Link::new(format!("/reports/file.{ext}?{query}"), t.msg(key))
        };
        out.push(Made {
            title: t.period(f.period),
            at: t.moment(r.created_at),
            who: names.of(t, &f.by),
            files: vec![link("docx", "file-word"), link("xlsx", "file-excel")],
            frozen: t.int(f.size),
        });
    }
    Ok(out)
}

/// Making the file is work for the processor, so it does not stand in the way of other requests.
async fn file(ctx: &Ctx, kind: &'static str) -> PageResult {
    let period = period(ctx)?;
    let unit = unit(ctx, map_of(ctx, period))?;
    let model = model(ctx, unit, period).await.map_err(|e| ctx.fault(e))?;
    let language = lang(ctx.t);
    let simulated = if ctx.app.office.simulated() { format!("-{}", ctx.t.msg("file-simulated")) } else { String::new() };
    let name = format!("{} {} {}{simulated}.{kind}", ctx.t.msg("file-report"), ctx.unit_name(unit), period);
    let made =
        tokio::task::spawn_blocking(move || if kind == "docx" { report::docx(&model, language) } else { report::xlsx(&model, language) });
    let bytes = match made.await {
        Ok(Ok(bytes)) => bytes,
        Ok(Err(e)) => return Err(ctx.fault(Error::Internal(e.to_string()))),
        Err(e) => return Err(ctx.fault(Error::Internal(e.to_string()))),
    };
    Ok(common::download(bytes, if kind == "docx" { DOCX } else { XLSX }, &name))
}

/// `GET /reports/file.docx?unit=&period=`
pub async fn docx(ctx: Ctx) -> PageResult {
    file(&ctx, "docx").await
}

/// `GET /reports/file.xlsx?unit=&period=`
pub async fn xlsx(ctx: Ctx) -> PageResult {
    file(&ctx, "xlsx").await
}

/// `GET /reports/freeze?period=`
pub async fn freeze_form(ctx: Ctx) -> PageResult {
    let period = period(&ctx)?.to_string();
    Ok(render(&freeze_page(&ctx, &period, "").await?))
}

async fn freeze_page(ctx: &Ctx, period: &str, reason: &str) -> Result<FormPage, PageError> {
    let t = ctx.t;
    ctx.demand(Action::Freeze, Some(PERIOD_FREEZE), &ctx.top())?;
    let fields = vec![
        Field::new("period", t.msg("field-period"), Input::Text).value(period).hint(t.msg("field-period-hint")).required(),
        Field::new("reason", t.msg("field-reason"), Input::Long(3)).value(reason).required(),
    ];
    let mut page = form_page(ctx, Section::Reports, t.msg("freeze-title"), t.msg("freeze-lead"), |s| Form {
        cancel: s.link("/reports"),
        ..form(s, "/reports/freeze", t.msg("freeze-button"), fields)
    })
    .await?;
    if let Ok(p) = period.parse::<Period>() {
        page.understood = vec![Pair::new(t.msg("field-period"), t.period(p))];
    }
    Ok(page)
}

/// `POST /reports/freeze`
pub async fn freeze(posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    let (text, reason) = (posted.get("period").trim().to_owned(), posted.get("reason").to_owned());
    let result = match text.parse::<Period>() {
        Ok(p) => ctx.app.office.freeze(&ctx.actor(), p, &reason).await.map(|_| p),
        Err(e) => Err(Error::from(e)),
    };
    match result {
        Ok(p) => {
            let query = serde_urlencoded::to_string([("period", p.to_string())]).unwrap_or_default();
            // The period is in the path already: the state must not say another.
            let mut ctx = ctx.clone();
            ctx.state.period = None;
            done(&ctx, &format!("/reports?{query}"), "frozen")
        }
        Err(e) if mendable(&e) => {
            let mut page = freeze_page(&ctx.on("/reports/freeze"), &text, &reason).await?;
            blame(&mut page.s, &mut page.form.fields, &e, |code| (code == "input.time" || code.starts_with("freeze.")).then_some("period"));
            Ok(again(&page))
        }
        Err(e) => Err(ctx.fault(e)),
    }
}
