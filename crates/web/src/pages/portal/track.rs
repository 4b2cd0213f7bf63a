//! Where a dossier stands: for whoever has its code and secret, or signed in as its person.

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use office::{
    Error,
    one_stop::{Happened, Origin, PartGiven, Proof, Tracked, payment::PaymentDue},
};
use rules::one_stop::{Reason, Status};

use super::{
    complain,
    frame::{Sent, Visit},
    pay,
    view::{Answer, FiledPage, Item, Moment, Pay, Question, QuestionPage, TrackPage},
    words,
};
use crate::{
    http::{
        PageError, PageResult,
        error::{render, sentence},
    },
    i18n::Lang,
    pages::{contact, pay_code, show::segment, work::common::download},
    view::{Choice, Link},
};

/// The unit that decides, in the reader's language.
pub fn unit_name(v: &Visit, d: &Tracked) -> String {
    v.ctx.app.office.world().unit_name(&d.unit, v.t().tag()).to_owned()
}

/// The word of a status.
pub fn status(t: Lang, s: Status) -> String {
    t.msg(&format!("case-status-{}", s.id().replace('_', "-")))
}

/// What was asked for, each point as a sentence.
pub fn asked(v: &Visit, dossier: &Tracked) -> Vec<String> {
    let (t, office) = (v.t(), &v.ctx.app.office);
    let world = office.world();
    let procedure = world.procedure_version(&dossier.procedure_code, dossier.case.procedure_from);
    let point = |r: &Reason| {
        let kind = serde_json::to_value(r.kind).ok().and_then(|k| k.as_str().map(|k| k.replace('_', "-"))).unwrap_or_default();
        let part =
            r.part.as_ref().map(|id| procedure.and_then(|p| p.def.part(id)).map_or_else(|| id.clone(), |p| t.pick(&p.name).to_owned()));
        let what = [Some(t.msg(&format!("case-reason-{kind}"))), part].into_iter().flatten().collect::<Vec<_>>().join(": ");
        if r.text.is_empty() { what } else { format!("{what} – {}", r.text) }
    };
    dossier.asks.iter().map(point).collect()
}

/// Until when that is to be answered; empty where no day was named.
pub fn asked_until(t: Lang, d: &Tracked) -> String {
    d.until.map(|day| t.msg1("portal-supplement-until", "date", t.date(day))).unwrap_or_default()
}

/// What its status means for the citizen.
fn lead(t: Lang, d: &Tracked) -> String {
    let id = match d.status {
        // Before it is received no term runs that could stand still.
        Status::Supplement if d.received_at.is_none() => "supplement-early".to_owned(),
        other => other.id().replace('_', "-"),
    };
    t.msg(&format!("portal-lead-{id}"))
}

/// `GET /portal/filed`: once more what was filed just now.
pub async fn filed(v: Visit) -> PageResult {
    let t = v.t();
    let Some((code, secret)) = v.filed().cloned() else { return Ok(v.go("/portal/track")) };
    let dossier = v.ctx.app.office.track(&v.typed(&code, &secret)).await.map_err(|e| v.fault(e))?;
    let f = v.frame(t.msg("portal-filed"));
    let mut next = vec![t.msg2("portal-next-desk", "unit", unit_name(&v, &dossier), "procedure", t.pick(&dossier.procedure))];
    if let Some(due) = dossier.due_at {
        next.push(t.msg1("portal-next-due", "due", t.moment(due)));
    }
    if dossier.fee_vnd > 0 {
        next.push(t.msg1("portal-next-fee", "amount", words::money(t, dossier.fee_vnd)));
    }
    next.push(t.msg("portal-next-supplement"));
    if v.helper().is_some() {
        next.push(t.msg("portal-next-helper"));
    }
    // The drawing is an image: styles and scripts of a page never reach into it.
    let address = format!("{}/portal/track?code={}", v.origin(), segment(&code));
    let qr = faces::qr::svg(&address).map(|svg| format!("data:image/svg+xml;base64,{}", STANDARD.encode(svg))).unwrap_or_default();
    let track = f.link(&format!("/portal/track/{}", segment(&code)));
    Ok(render(&FiledPage { code, secret, qr, next, track, f }))
}

/// `GET /portal/track`
pub async fn ask(v: Visit) -> PageResult {
    let code = v.ctx.param("code").unwrap_or_default().to_owned();
    // Whoever is signed in as its person needs no secret.
    if let Some(citizen) = v.visitor.as_ref().filter(|_| !code.is_empty()).map(|x| &x.citizen)
        && v.ctx.app.office.track(&Proof::Identity { citizen, code: &code }).await.is_ok()
    {
        let mut response = v.go(&format!("/portal/track/{}", segment(&code)));
        // A pass that has ended would lead back here.
        v.close_dossier(&mut response);
        return Ok(response);
    }
    Ok(render(&ask_page(&v, &code, String::new())))
}

fn ask_page(v: &Visit, code: &str, error: String) -> QuestionPage {
    let t = v.t();
    let field = |id: &str, value: &str, error: String| Question {
        id: id.into(),
        label: t.msg(&format!("portal-track-{id}")),
        hint: t.msg(&format!("portal-track-{id}-hint")),
        value: value.into(),
        required: true,
        html: "text",
        error,
        ..Question::default()
    };
    let questions = vec![field("code", code, error.clone()), field("secret", "", String::new())];
    let mut f = v.frame(t.msg("portal-track")).back_to("/portal", "portal-back-home");
    f.wrong = !error.is_empty();
    QuestionPage {
        place: String::new(),
        // Whoever is signed in comes here with a code only where the dossier is another person's.
        lead: t.msg(if v.visitor.is_some() && !code.is_empty() { "portal-track-lead-other" } else { "portal-track-lead" }),
        faults: super::questions::summary(&questions),
        questions,
        action: "/portal/track".into(),
        return_to: String::new(),
        submit: t.msg("portal-see-dossier"),
        save: String::new(),
        f,
    }
}

/// `POST /portal/track`
pub async fn enter(sent: Sent) -> PageResult {
    let (v, get) = (&sent.visit, |n: &str| sent.posted.get(n).trim().to_owned());
    let (code, secret) = (get("code"), get("secret"));
    match v.ctx.app.office.track(&v.typed(&code, &secret)).await {
        Ok(dossier) => {
            let mut response = v.go(&format!("/portal/track/{}", segment(&dossier.code)));
            v.remember_dossier(&mut response, &dossier.code, &secret).await?;
            Ok(response)
        }
        Err(e @ Error::Refused(_)) => {
            let page = ask_page(v, &code, sentence(&e, v.t()));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response())
        }
        Err(e) => Err(v.fault(e)),
    }
}

/// `POST /portal/track/close`: the next who has this phone sees nothing of it.
pub async fn close(sent: Sent) -> PageResult {
    let v = &sent.visit;
    let mut response = v.go("/portal/track?done=closed");
    v.close_dossier(&mut response);
    Ok(response)
}

/// The dossier of an address, for whoever may see it. Who has not shown a secret yet is asked for it.
pub async fn dossier(v: &Visit, code: &str) -> Result<Tracked, PageError> {
    let proof = v.proof(code)?;
    v.ctx.app.office.track(&proof).await.map_err(|e| v.fault(e))
}

/// `GET /portal/track/{code}`
pub async fn show(v: Visit, Path(code): Path<String>) -> PageResult {
    let d = dossier(&v, &code).await?;
    let office = &v.ctx.app.office;
    let due = office.payment_due(&d.code).await.map_err(|e| v.fault(e))?;
    let receipts = pay::receipts(&v, &d).await?;
    let complaints = complain::told(&v, &d.code).await?;
    Ok(render(&TrackPage { pay: due.map(|due| self::pay(&v, &d, &due)), receipts, complaints, ..page(&v, &d) }))
}

/// What is to be paid: a code for the bank's app, and the same in words for whoever types it.
fn pay(v: &Visit, d: &Tracked, due: &PaymentDue) -> Pay {
    let until = d.case.payment.as_ref().and_then(|p| p.until).map(|day| (v.t().msg("portal-pay-until"), v.t().date(day)));
    let facts = pay_code::facts(v.t(), due).into_iter().chain(until);
    let facts = facts.map(|(label, value)| Answer { label, value, ..Answer::default() });
    let gateway = v.ctx.app.options.gateway.as_ref().filter(|_| due.account.is_some());
    let under_way =
        due.under_way.map(|at| v.t().msg2("portal-pay-under-way", "amount", words::money(v.t(), due.amount_vnd), "at", v.t().moment(at)));
    Pay {
        under_way: under_way.unwrap_or_default(),
        facts: facts.collect(),
        qr: pay_code::image(due),
        gateway: gateway.map(|_| format!("/portal/track/{}/gateway", segment(&d.code))).unwrap_or_default(),
    }
}

fn page(v: &Visit, d: &Tracked) -> TrackPage {
    let t = v.t();
    let at = format!("/portal/track/{}", segment(&d.code));
    let f = v.frame(t.pick(&d.procedure)).back_to("/portal", "portal-back-home");
    let when = |on: bool, path: &str| if on { format!("{at}{path}") } else { String::new() };
    let class = match d.status {
        Status::Resolved | Status::ReturnedResult => "good",
        Status::Supplement | Status::Payment | Status::NotAccepted | Status::Rejected | Status::Stopped => "bad",
        _ => "",
    };
    let fact = |key: &str, value: String| Answer { label: t.msg(key), value, ..Answer::default() };
    let mut facts = vec![fact("portal-with", unit_name(v, d))];
    let reached = contact::lines(t, d.contact.as_ref()).into_iter();
    facts.extend(reached.map(|(label, value)| Answer { label, value, ..Answer::default() }));
    facts.push(fact("portal-filed-at", t.moment(d.filed_at)));
    facts.extend(d.received_at.map(|at| fact("portal-received-at", t.moment(at))));
    if let Some(a) = d.case.apologies.last() {
        facts.push(fact("portal-new-day", t.date(a.new_day)));
    }
    if let Some(end) = d.case.end.as_ref() {
        if let Some(given) = &end.result {
            facts.extend(given.number.clone().filter(|n| !n.is_empty()).map(|n| fact("portal-result-number", n)));
            facts.push(fact("portal-result-date", t.date(end.at.local_date())));
        }
        facts.extend(d.case.returned.map(|r| fact("portal-result-returned", t.moment(r.at))));
    }
    if let Some(due) = d.due_at.filter(|_| d.case.apologies.is_empty()) {
        facts.push(fact(if d.provisional { "portal-due-provisional" } else { "portal-due" }, t.moment(due)));
    }
    facts.extend(d.delivery.as_ref().map(|delivery| fact("portal-result-way", super::result::said(t, delivery))));
    if d.fee_vnd > 0 {
        facts.push(fact("portal-fees", words::money(t, d.fee_vnd)));
    }
    let file = |sha: &str| f.link(&format!("{at}/file/{sha}"));
    let world = v.ctx.app.office.world();
    let procedure = world.procedure_version(&d.procedure_code, d.case.procedure_from);
    // What it is, and what its person called the file.
    let named = |p: &PartGiven| {
        let part = procedure.and_then(|x| x.def.part(&p.part)).map_or(p.part.as_str(), |x| t.pick(&x.name));
        if p.origin == Origin::Upload { format!("{part}: {}", p.name) } else { part.to_owned() }
    };
    let parts = d.parts.iter().map(|p| Item {
        href: p.sha256.as_deref().map(file).unwrap_or_default(),
        name: named(p),
        about: p.sha256.clone().unwrap_or_default(),
    });
    let result = d.result.as_ref().map(|r| Link::new(file(&r.sha256), t.msg1("portal-result-get", "name", r.name.as_str())));
    TrackPage {
        code: d.code.clone(),
        status: status(t, d.status),
        status_class: class,
        lead: lead(t, d),
        facts,
        asks: asked(v, d),
        until: asked_until(t, d),
        supplement: when(d.may_supplement, "/supplement"),
        pay: None,
        receipts: Vec::new(),
        complaints: Vec::new(),
        complain: f.link(&format!("{at}/complain")),
        result: result.unwrap_or_default(),
        result_hash: d.result.as_ref().map(|r| r.sha256.clone()).unwrap_or_default(),
        rate: when(d.may_rate, "/rate"),
        served: [("attitude", ["2", "1", "0"]), ("agencies", ["0", "1", "2"])]
            .map(|(name, answers)| {
                let text = |n: &str| t.msg(&format!("portal-{name}-{n}"));
                let answers = answers.map(|n| Choice { value: n.to_owned(), text: text(n), selected: false });
                (name, text("how"), answers.to_vec())
            })
            .to_vec(),
        stars: (1..=5).rev().map(|n| Choice { value: n.to_string(), text: t.msg(&format!("portal-stars-{n}")), selected: false }).collect(),
        rated: d.rated.map(|n| t.msg1("portal-rated", "stars", i64::from(n))).unwrap_or_default(),
        withdraw: when(d.may_withdraw, "/withdraw"),
        close: v.holds(&d.code),
        timeline: timeline(t, d),
        parts: parts.collect(),
        f,
    }
}

fn timeline(t: Lang, d: &Tracked) -> Vec<Moment> {
    let last = d.timeline.len().saturating_sub(1);
    let word = |h: &Happened| {
        let id = h.what.replace('_', "-");
        t.try_format(&format!("portal-did-{id}"), &[])
            .or_else(|| t.try_format(&format!("case-act-{id}"), &[]))
            .unwrap_or_else(|| h.what.clone())
    };
    let due = |h: &Happened| match (h.due_before, h.due_after) {
        (Some(a), Some(b)) if a != b => t.msg2("portal-due-moved", "before", t.moment(a), "after", t.moment(b)),
        _ => String::new(),
    };
    let one = |(i, h): (usize, &Happened)| Moment {
        at: t.moment(h.at),
        what: word(h),
        text: [h.text.clone().unwrap_or_default(), due(h)].into_iter().filter(|x| !x.is_empty()).collect::<Vec<_>>().join(" "),
        class: if i == last && d.status.is_open() { "now" } else { "done" },
    };
    d.timeline.iter().enumerate().map(one).collect()
}

/// `GET /portal/track/{code}/file/{sha256}`: an own part, or the result.
pub async fn file(v: Visit, Path((code, sha256)): Path<(String, String)>) -> PageResult {
    let proof = v.proof(&code)?;
    let (info, bytes) = v.ctx.app.office.citizen_file(&proof, &sha256).await.map_err(|e| v.fault(e))?;
    let mut response = download(bytes, &info.media_type, &info.name);
    // Whoever loads it can compare it with what was acknowledged.
    if let Ok(value) = HeaderValue::from_str(&format!("\"{sha256}\"")) {
        response.headers_mut().insert(header::ETAG, value);
    }
    Ok(response)
}
