//! What the pages of this folder share: words for statuses and figures, forms that lose nothing, addresses.

use axum::{
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::civil::Date;
use office::{
    Error, Once,
    one_stop::{FILE_MAX_BYTES, evidence_kinds},
    programme::{ReportedFigure, Target, TargetOn, Task},
    world::{Indicator, World},
};
use rules::{
    Localized,
    access::{Action, decide, decide_from_above, decide_second_person, scope},
    indicator::Format,
    target::{Assessment, Status},
};
use store::{Record, RecordId};

use super::files;
use crate::{
    chart,
    http::{
        Ctx, PageError, PageResult, Posted,
        error::{render, sentence, status_of},
    },
    i18n::Lang,
    pages::show::{self, words},
    view::{Choice, ConflictPage, Field, Figure, Form, FormPage, Input, Mark, Notice, Pair, Section, Shell, figures::WorkRow},
};

/// Rows of one page of a list: on a phone each is a card, and fifty cards are more than a thumb scrolls through.
pub const PAGE: usize = 25;

/// The mark of a status.
#[must_use]
pub fn mark_of(status: Status) -> Mark {
    match status {
        Status::Completed => Mark::Completed,
        Status::InProgress => Mark::InProgress,
        Status::Overdue => Mark::Overdue,
        Status::Recurring => Mark::Recurring,
        Status::AtRisk => Mark::AtRisk,
        Status::Waiting => Mark::Waiting,
        Status::Pilot => Mark::Pilot,
    }
}

/// The mark of a target on a unit: without any figure nothing can be said of most of them.
#[must_use]
pub fn mark_on(on: &TargetOn) -> Mark {
    match on.assessment.status {
        Status::InProgress if !on.is_known() => Mark::NoData,
        status => mark_of(status),
    }
}

/// Why something has its status, with what else should be known.
#[must_use]
pub fn why(a: &Assessment, t: Lang) -> String {
    let all = std::iter::once(&a.reason).chain(&a.notes);
    all.map(|r| format!("{}.", office::words::reason_sentence(r, t.tag()))).collect::<Vec<_>>().join(" ")
}

/// "còn 12 ngày", "chậm 3 ngày"; empty for what is done.
#[must_use]
pub fn left(t: Lang, today: Date, deadline: Option<Date>, done: bool) -> String {
    let (Some(deadline), false) = (deadline, done) else { return String::new() };
    match i64::from(rules::time::days_since_epoch(deadline) - rules::time::days_since_epoch(today)) {
        0 => t.msg("left-today"),
        n if n > 0 => t.msg1("left-days", "count", n),
        n => t.msg1("late-days", "count", -n),
    }
}

/// A date, or the words for an unknown one.
#[must_use]
pub fn date_or_unknown(t: Lang, date: Option<Date>) -> String {
    date.map_or_else(|| t.msg("date-unknown"), |d| t.date(d))
}

/// A value in the indicator's measure (97.63 for 97,63 %) as the language writes it.
#[must_use]
pub fn points_text(t: Lang, format: Format, points: f64) -> String {
    match format {
        Format::Percent(digits) => t.with_percent(&t.decimal(points, digits.into())),
        Format::Integer => t.decimal(points, 0),
        Format::Decimal(digits) => t.decimal(points, digits.into()),
        Format::Vnd => format!("{} đ", t.decimal(points, 0)),
    }
}

/// How a chart writes the values of an indicator, and what a value in points is divided by for it.
#[must_use]
pub fn chart_format(format: Format) -> (chart::Format, f64) {
    match format {
        Format::Percent(digits) => (chart::Format::Percent(digits.into()), 100.0),
        Format::Integer | Format::Vnd => (chart::Format::Integer, 1.0),
        Format::Decimal(digits) => (chart::Format::Decimal(digits.into()), 1.0),
    }
}

/// A reported figure as it stands: qualifier, value with at most the digits of its measure, percent sign.
#[must_use]
pub fn reported_text(t: Lang, indicator: Option<&Indicator>, f: &ReportedFigure) -> String {
    let Some(value) = f.def.value else {
        return f.def.as_written.clone().or_else(|| f.def.status.clone()).unwrap_or_else(|| "–".to_owned());
    };
    let number = match indicator {
        Some(i) => words::published(t, i.format, value),
        None => value.format(t.tag()),
    };
    let word = f.def.qualifier.word(t.tag());
    if word.is_empty() { number } else { format!("{word} {number}") }
}

/// "1.246 / 1.276"; empty where there are no two counts.
#[must_use]
pub fn counts(t: Lang, num: Option<i64>, den: Option<i64>) -> String {
    match (num, den) {
        (Some(n), Some(d)) if d != 0 => format!("{} / {}", t.int(n), t.int(d)),
        _ => String::new(),
    }
}

/// The figure of a target on a unit, with the door behind it where the reader may open it.
#[must_use]
pub fn figure_on(ctx: &Ctx, s: &Shell, world: &World, target: &Target, unit: u32, on: &TargetOn) -> Figure {
    let indicator = world.indicator(&target.def.indicator);
    let key = world.units.key(unit).to_string();
    let value = match (&on.reported, on.value, indicator) {
        (None, Some(v), Some(i)) => points_text(s.t, i.format, v),
        (_, _, Some(i)) => words::value_on(s.t, i, on),
        (Some(f), _, None) => reported_text(s.t, None, f),
        _ => "–".to_owned(),
    };
    let counts = match (&on.figure, &on.reported) {
        (Some(f), _) => counts(s.t, Some(f.num), Some(f.den)),
        (None, Some(f)) => counts(s.t, f.def.numerator, f.def.denominator),
        _ => String::new(),
    };
    Figure {
        value,
        counts,
        href: match ctx.allowed(Action::View, indicator.and_then(|i| i.live()).map(|d| d.register.as_str()), &key) {
            true => show::target_figure_link(s, indicator.map_or(&target.def.indicator, |i| &i.id), &key, on),
            false => String::new(),
        },
        live_id: format!("{}-{key}", target.def.id),
        estimated: on.estimated,
        period: show::period_on(s.t, on),
    }
}

/// "≥ 70 %"
#[must_use]
pub fn goal(t: Lang, world: &World, target: &Target) -> String {
    let sign = match target.def.comparison {
        rules::target::Comparison::AtLeast => "≥",
        rules::target::Comparison::AtMost => "≤",
    };
    match world.indicator(&target.def.indicator) {
        Some(i) => format!("{sign}\u{a0}{}", points_text(t, short(i.format, target.def.threshold_value), target.def.threshold_value)),
        None => format!("{sign}\u{a0}{}", target.def.threshold),
    }
}

/// A whole threshold is written without digits behind the comma.
fn short(format: Format, value: f64) -> Format {
    match format {
        Format::Percent(_) if value.fract() == 0.0 => Format::Percent(0),
        Format::Decimal(_) if value.fract() == 0.0 => Format::Decimal(0),
        other => other,
    }
}

/// A target on one unit, as a row.
#[must_use]
pub fn target_row(ctx: &Ctx, s: &Shell, world: &World, target: &Target, unit: u32, on: &TargetOn, today: Date) -> WorkRow {
    WorkRow {
        href: s.link(&format!("/targets/{}", segment(&target.def.id))),
        code: target.def.id.clone(),
        title: s.t.pick(&target.def.title).to_owned(),
        mark: mark_on(on),
        unit: ctx.unit_name(unit),
        // Contradicting deadlines stand side by side until somebody decides.
        deadline: match words::deadlines(target).as_slice() {
            [] => date_or_unknown(s.t, None),
            days => days.iter().map(|d| s.t.date(*d)).collect::<Vec<_>>().join(" · "),
        },
        left: left(
            s.t,
            today,
            target.deadline().or_else(|| target.undecided().first().copied()),
            on.assessment.status == Status::Completed,
        ),
        figure: figure_on(ctx, s, world, target, unit, on),
        goal: goal(s.t, world, target),
        bar: chart::Svg::default(),
        conflict: on.conflict || !target.undecided().is_empty(),
    }
}

/// How long a task still has; one that was handed in waits for others, not they for it.
#[must_use]
pub fn task_left(t: Lang, task: &Task, today: Date) -> String {
    if task.record.state == "submitted" {
        return t.msg("left-submitted");
    }
    let left = left(t, today, task.def.deadline, task.assessment.status == Status::Completed);
    if task.record.state == "returned" { [state_text(t, "returned"), left].join(" · ") } else { left }
}

/// A task, as a row.
#[must_use]
pub fn task_row(s: &Shell, world: &World, task: &Task, today: Date) -> WorkRow {
    let progress = task.def.progress.min(100);
    WorkRow {
        href: s.link(&format!("/tasks/{}", segment(&task.def.id))),
        code: task.def.id.clone(),
        title: s.t.pick(&task.def.title).to_owned(),
        mark: mark_of(task.assessment.status),
        unit: unit_text(s.t, world, &task.record.unit),
        deadline: match task.def.deadline {
            None if task.def.recurring => s.t.msg("status-recurring"),
            d => date_or_unknown(s.t, d),
        },
        left: task_left(s.t, task, today),
        figure: Figure { value: s.t.percent(f64::from(progress) / 100.0, 0), live_id: format!("p-{}", task.def.id), ..Figure::default() },
        goal: s.t.pick(&task.def.product).to_owned(),
        bar: chart::meter(Some(f64::from(progress) / 100.0), None),
        conflict: false,
    }
}

/// A unit's name by its key text.
#[must_use]
pub fn unit_text(t: Lang, world: &World, key: &str) -> String {
    world.unit_name(key, t.tag()).to_owned()
}

/// A lifecycle state in words.
#[must_use]
pub fn state_text(t: Lang, state: &str) -> String {
    t.try_format(&format!("state-{}", state.replace('_', "-")), &[]).unwrap_or_else(|| state.to_owned())
}

/// A text of a pack, where there is one.
#[must_use]
pub fn pick(t: Lang, text: Option<&Localized>) -> String {
    text.map(|l| t.pick(l).to_owned()).unwrap_or_default()
}

/// One part of a path, percent-encoded (RFC 3986): ids may hold signs and Vietnamese letters.
#[must_use]
pub fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for b in text.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'@' | b':' => out.push(char::from(b)),
            _ => out.push_str(&format!("%{b:02X}")),
        }
    }
    out
}

/// Adds a named value unless it is empty.
pub fn add(pairs: &mut Vec<Pair>, label: String, value: impl Into<String>) {
    let value = value.into();
    if !value.is_empty() {
        pairs.push(Pair::new(label, value));
    }
}

/// Adds a named link unless it is empty.
pub fn add_link(pairs: &mut Vec<Pair>, label: String, value: impl Into<String>, href: String) {
    let value = value.into();
    if !value.is_empty() {
        pairs.push(Pair { label, value, href });
    }
}

impl Ctx {
    /// Whether the reader may do something on a unit's data.
    pub(crate) fn allowed(&self, action: Action, register: Option<&str>, unit: &str) -> bool {
        let world = self.app.office.world();
        let idx = unit.parse().ok().and_then(|k| world.units.idx(&k));
        decide(&self.actor(), action, register, idx, &world.units).is_ok()
    }

    /// The address of a unit's page; empty where the reader may not open it: then its name stands there as text.
    pub(crate) fn unit_href(&self, s: &Shell, key: &str) -> String {
        if self.allowed(Action::View, None, key) { s.link(&format!("/units/{}", segment(key))) } else { String::new() }
    }

    /// Refuses where [`Ctx::allowed`] says no.
    pub(crate) fn demand(&self, action: Action, register: Option<&str>, unit: &str) -> Result<(), PageError> {
        let world = self.app.office.world();
        let idx = unit.parse().ok().and_then(|k| world.units.idx(&k));
        decide(&self.actor(), action, register, idx, &world.units).map_err(|e| self.fault(Error::Refused(e)))
    }

    /// Refuses whoever may not do it anywhere.
    pub(crate) fn demand_somewhere(&self, action: Action, register: Option<&str>) -> Result<(), PageError> {
        let actor = self.actor();
        if scope(&actor, action, register, &self.app.office.world().units).is_empty() {
            let code = if actor.is_anonymous() { "access.sign_in" } else { "access.role" };
            return Err(self.fault(Error::refused(code)));
        }
        Ok(())
    }

    /// Key text of the tenant's top unit today; empty before any pack is loaded.
    pub(crate) fn top(&self) -> String {
        self.app.office.world().root_on(self.app.office.today()).map(ToString::to_string).unwrap_or_default()
    }

    /// Whether the reader may answer what a unit handed in: from above, or a second person at the top.
    pub(super) fn answers(&self, register: &str, unit: &str, by: Option<&str>) -> bool {
        let world = self.app.office.world();
        let Some(idx) = unit.parse().ok().and_then(|k| world.units.idx(&k)) else { return false };
        let actor = self.actor();
        let top = world.units.parent(idx).is_none() || Some(world.units.key(idx)) == world.root_on(self.app.office.today());
        let may = if top {
            decide(&actor, Action::Approve, Some(register), Some(idx), &world.units)
        } else {
            decide_from_above(&actor, Action::Approve, Some(register), idx, &world.units)
        };
        may.is_ok() && decide_second_person(&actor, Action::Approve, by.unwrap_or_default()).is_ok()
    }

    /// Somebody is signed in.
    pub(crate) fn signed_in(&self) -> Result<(), PageError> {
        if self.visitor.is_some() { Ok(()) } else { Err(self.fault(Error::refused("access.sign_in"))) }
    }

    /// The same request as if it had asked for another page: a form shown again stands on the page it came from.
    pub(crate) fn on(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }

    /// Units valid today below the top, indented, for a list. `keep` says which.
    pub(crate) fn unit_choices(&self, chosen: &str, empty: Option<String>, keep: impl Fn(u32) -> bool) -> Vec<Choice> {
        self.unit_choices_on(self.app.office.today(), chosen, empty, keep)
    }

    /// As [`Ctx::unit_choices`], on the map of a day.
    pub(super) fn unit_choices_on(&self, day: Date, chosen: &str, empty: Option<String>, keep: impl Fn(u32) -> bool) -> Vec<Choice> {
        let world = self.app.office.world();
        let Some(top) = world.root_on(day).and_then(|k| world.units.idx(k)) else { return Vec::new() };
        let mut out: Vec<Choice> =
            empty.map(|text| Choice { value: String::new(), text, selected: chosen.is_empty() }).into_iter().collect();
        for u in world.units.subtree_on(top, day).filter(|u| keep(*u)) {
            let depth = if u == top { 0 } else { 1 + world.units.ancestors(u).take_while(|a| *a != top).count() };
            let key = world.units.key(u).to_string();
            let selected = key == chosen;
            out.push(Choice { value: key, text: format!("{}{}", "\u{a0}\u{a0}".repeat(depth), self.unit_name(u)), selected });
        }
        out
    }
}

/// A list of one field.
#[must_use]
pub fn choices<V: AsRef<str>>(list: impl IntoIterator<Item = (V, String)>, chosen: &str) -> Vec<Choice> {
    list.into_iter().map(|(v, text)| Choice { selected: v.as_ref() == chosen, value: v.as_ref().to_owned(), text }).collect()
}

/// A form with a key of its own, so that sending it twice writes once.
#[must_use]
pub fn form(s: &Shell, action: &str, submit: String, fields: Vec<Field>) -> Form {
    Form {
        action: s.link(action),
        submit,
        files: fields.iter().any(|f| f.input == Input::File),
        fields,
        idempotency_key: RecordId::new().to_string(),
        version: String::new(),
        cancel: String::new(),
        grave: false,
    }
}

/// A form on a record: it names the version that was seen.
#[must_use]
pub fn form_on(s: &Shell, action: &str, submit: String, fields: Vec<Field>, version: i64) -> Form {
    Form { version: version.to_string(), ..form(s, action, submit, fields) }
}

/// Name of the field that keeps files already stored, when a form comes back.
const KEPT: &str = "kept";

/// What is taken, and how large it may be.
fn evidence_hint(t: Lang) -> String {
    let max = i64::try_from(FILE_MAX_BYTES / 1024 / 1024).unwrap_or(i64::MAX);
    t.msg2("field-evidence-hint", "kinds", evidence_kinds(), "max", max)
}

/// The field for evidence; files that were stored by an earlier attempt are offered again.
pub async fn evidence_fields(ctx: &Ctx, kept: &[String]) -> Vec<Field> {
    let mut out = vec![Field::new("evidence", ctx.t.msg("field-evidence"), Input::File).hint(evidence_hint(ctx.t))];
    for (i, sha) in kept.iter().enumerate() {
        let Ok(info) = ctx.app.office.store().blob_info(sha).await else { continue };
        let list = [(sha.clone(), info.name), (String::new(), ctx.t.msg("evidence-drop"))];
        out.push(Field::new(format!("{KEPT}-{i}"), ctx.t.msg("evidence-kept"), Input::Select).choices(choices(list, sha)).required());
    }
    out
}

/// The files that a form brought.
pub struct Brought {
    pub stored: Vec<String>,
    /// What is wrong with one that was not taken; the form comes back then, with the others kept.
    pub wrong: Option<Error>,
}

/// Stores the files of a form and adds those of an earlier attempt.
///
/// # Errors
/// `evidence.foreign` for a hash that the person did not upload and that the `record` does not name: knowing a hash gives no right.
pub async fn evidence_of(posted: &Posted, record: Option<&Record>) -> Result<Brought, PageError> {
    let mut list: Vec<String> = Vec::new();
    for (_, sha) in posted.fields.iter().filter(|(n, v)| n.starts_with("kept-") && !v.is_empty()) {
        if !list.contains(sha) {
            kept(posted, record, sha).await?;
            list.push(sha.clone());
        }
    }
    let (stored, wrong) = posted.store_files().await?;
    for sha in stored {
        if !list.contains(&sha) {
            list.push(sha);
        }
    }
    Ok(Brought { stored: list, wrong })
}

/// Refuses a file of an earlier attempt that was none.
async fn kept(posted: &Posted, record: Option<&Record>, sha: &str) -> Result<(), PageError> {
    let (ctx, me) = (&posted.ctx, posted.ctx.actor().account);
    let mine = match ctx.app.office.store().blob_info(sha).await {
        Ok(info) => {
            info.added_by == me || ctx.app.uploads.was_sent(&me, sha) || {
                match record {
                    Some(record) => files::names(ctx, record, sha).await?,
                    None => false,
                }
            }
        }
        Err(store::Error::NotFound { .. }) => false,
        Err(e) => return Err(ctx.fault(e)),
    };
    if mine { Ok(()) } else { Err(ctx.fault(Error::refused("evidence.foreign"))) }
}

/// Whether a person can mend it on the form; anything else is a page of its own.
#[must_use]
pub fn mendable(e: &Error) -> bool {
    matches!(status_of(e), StatusCode::UNPROCESSABLE_ENTITY) || e.code() == "not_found"
}

/// Puts the sentence at the field it speaks of; `field_of` names the field of codes that name none. What fits nowhere stands on top.
pub fn blame(s: &mut Shell, fields: &mut [Field], e: &Error, field_of: impl Fn(&str) -> Option<&'static str>) {
    let named = match e {
        Error::Refused(r) => r.args.iter().find(|(n, _)| *n == "field").map(|(_, v)| v.clone()),
        _ => None,
    };
    let name = named.or_else(|| field_of(e.code()).map(str::to_owned)).unwrap_or_default();
    let text = sentence(e, s.t);
    match fields.iter_mut().find(|f| f.name == name) {
        Some(f) => f.error = text,
        None => s.notices.push(Notice { good: false, text }),
    }
}

/// A form shown again with what was typed and what is wrong.
pub fn again(page: &FormPage) -> Response {
    let status = if page.clash.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    (status, render(page)).into_response()
}

/// A decision form shown again: faults of its reason and of its choice.
pub fn again_conflict(mut page: ConflictPage, [reason, claim]: [Field; 2]) -> PageResult {
    page.claim_error.clone_from(&claim.error);
    // The summary names both; the fields themselves stand apart in the template.
    page.form.fields = [&claim, &reason].into_iter().filter(|f| !f.error.is_empty()).cloned().collect();
    page.reason = reason;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
}

/// A decision form whose record somebody else decided first.
pub fn stale_conflict(page: &ConflictPage) -> Response {
    (StatusCode::CONFLICT, render(page)).into_response()
}

/// Leads to a page that says what was done.
pub fn done(ctx: &Ctx, path: &str, key: &str) -> PageResult {
    let mut query = vec![("done", key)];
    let state = [("unit", &ctx.state.unit), ("period", &ctx.state.period), ("as_of", &ctx.state.as_of)];
    query.extend(state.iter().filter_map(|(n, v)| v.as_deref().map(|v| (*n, v))));
    if ctx.t != Lang::default() {
        query.push(("lang", ctx.t.tag()));
    }
    let query = serde_urlencoded::to_string(query).unwrap_or_default();
    let mark = if path.contains('?') { '&' } else { '?' };
    Ok(Redirect::to(&format!("{path}{mark}{query}")).into_response())
}

/// A page with one form on it.
pub async fn form_page(
    ctx: &Ctx,
    section: Section,
    title: String,
    lead: String,
    make: impl FnOnce(&Shell) -> Form,
) -> Result<FormPage, PageError> {
    let s = ctx.shell(section, title, false).await?;
    let form = make(&s);
    Ok(FormPage { s, lead, form, understood: Vec::new(), clash: Vec::new(), beside: Vec::new(), beside_title: ctx.t.msg("form-beside") })
}

/// Bytes for download, under an ASCII name and the true one (RFC 6266).
pub fn download(bytes: Vec<u8>, media_type: &str, name: &str) -> Response {
    use axum::http::{HeaderValue, header};
    let plain: String =
        rules::text::fold(name).chars().map(|c| if c.is_ascii_alphanumeric() || ".-_".contains(c) { c } else { '-' }).collect();
    let safe: String = name.chars().filter(|c| !c.is_control() && !"\"\\/".contains(*c)).collect();
    let disposition = format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", segment(&safe).replace(['@', ':'], "_"));
    let mut response = bytes.into_response();
    let h = response.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_str(media_type).unwrap_or(HeaderValue::from_static("application/octet-stream")));
    h.insert(header::CONTENT_DISPOSITION, HeaderValue::from_str(&disposition).unwrap_or(HeaderValue::from_static("attachment")));
    response
}

/// The form's own key with a digest of all that it says: sent twice – by two clicks, a reload after a restart, to another process – it
/// is carried out once. (A change of a record is guarded by its version.) `None` for a form without a key.
pub fn once(posted: &Posted, evidence: &[String]) -> Option<Once> {
    let key = posted.get("idempotency_key");
    // The token of the session is no part of what is said: somebody may have signed in again meanwhile.
    let said = posted.fields.iter().filter(|(n, _)| n != "csrf").flat_map(|(n, v)| [n.as_str(), v.as_str()]);
    let parts = [posted.ctx.path.as_str()].into_iter().chain(said).chain(evidence.iter().map(String::as_str));
    (!key.is_empty() && key.len() <= FORM_KEY_MAX).then(|| Once::new(&posted.ctx.actor(), &format!("form:{key}"), parts))
}

/// Our own keys have 26 signs.
const FORM_KEY_MAX: usize = 64;

/// What this very form made when it came before.
///
/// # Errors
/// `idempotency.mismatch`: the form came before and said something else.
pub async fn sent_before(posted: &Posted, once: Option<&Once>) -> Result<Option<Vec<RecordId>>, PageError> {
    match once {
        Some(once) => posted.ctx.app.office.done_before(once).await.map_err(|e| posted.ctx.fault(e)),
        None => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_download_has_a_plain_and_a_true_name() {
        let r = download(vec![1], "text/csv", "Báo cáo quý II \"2025\".csv");
        let text = r.headers()["content-disposition"].to_str().unwrap();
        assert!(text.starts_with("attachment; filename=\"bao-cao-quy-ii--2025-.csv\""), "{text}");
        assert!(text.contains("filename*=UTF-8''B%C3%A1o%20c%C3%A1o"), "{text}");
    }

    #[test]
    fn what_is_left_is_said_in_days() {
        let day = |t: &str| t.parse::<Date>().unwrap();
        assert_eq!(left(Lang::En, day("2025-06-30"), Some(day("2025-07-01")), false), "1 day left");
        assert_eq!(left(Lang::En, day("2025-06-30"), Some(day("2025-06-27")), false), "3 days late");
        assert_eq!(left(Lang::En, day("2025-06-30"), Some(day("2025-06-27")), true), "");
    }

    #[test]
    fn a_segment_survives_the_address() {
        assert_eq!(segment("204/QĐ 1"), "204%2FQ%C4%90%201");
    }
}
