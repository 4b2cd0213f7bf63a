//! Filing as question pages: one group of questions a page, then the papers, then everything once more before it is sent.

use std::{collections::BTreeMap, sync::Arc};

use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use office::{
    Error,
    one_stop::{Delivery, Draft, DraftKey, Filer, Upload},
};
use rules::procedure::{PartDef, Procedure};

use super::{
    frame::{Sent, Visit},
    questions::{answers, question as ask, summary},
    result,
    view::{Answer, Check, Got, Papers, Part, QuestionPage, Takes},
    words,
};
use crate::{
    http::{
        PageError, PageResult,
        error::{render, sentence},
    },
    pages::show::segment,
    view::Link,
};

/// What a form sends to come back to the page on which everything is checked.
pub(super) const CHECK: &str = "check";
/// Pages after the questions: the papers, how the result is wanted, and the one on which everything is checked.
const MORE: usize = 3;

/// A draft with its procedure.
pub(super) struct Open {
    pub draft: Draft,
    pub procedure: Arc<Procedure>,
    pub key: DraftKey,
}

pub(super) async fn opened(v: &Visit, id: &str) -> Result<Open, PageError> {
    let office = &v.ctx.app.office;
    let key = v.key(id);
    let draft = office.draft(&v.filer(), &key).await.map_err(|e| v.fault(e))?;
    let procedure = office.world().procedure_version(&draft.procedure_code, draft.procedure_from).cloned();
    let procedure = procedure.ok_or_else(|| v.fault(Error::not_found(&draft.procedure_code)))?;
    Ok(Open { draft, procedure, key })
}

impl Open {
    pub(super) fn at(&self, rest: &str) -> String {
        format!("/portal/drafts/{}{rest}", segment(&self.draft.id))
    }

    /// How the result is wanted, as it was said or as is usual.
    pub(super) fn delivery(&self) -> Delivery {
        self.draft.delivery.clone().unwrap_or_else(|| Delivery::usual(&self.procedure.def))
    }

    /// "Bước 2/7 · …"
    pub(super) fn place(&self, v: &Visit, at: usize) -> String {
        let (t, of) = (v.t(), self.pages(v).len() + MORE);
        t.format("portal-place", &[("at", at.into()), ("of", of.into()), ("name", t.pick(&self.procedure.def.name).into())])
    }

    /// The pages shown for the answers so far.
    pub(super) fn pages(&self, v: &Visit) -> Vec<String> {
        self.procedure.answers(&self.draft.form, v.ctx.app.office.now()).pages
    }

    /// Where one goes on: after the page that was reached, or at the first one.
    fn next_after(&self, v: &Visit, page: Option<&str>) -> String {
        let pages = self.pages(v);
        let at = page.and_then(|p| pages.iter().position(|x| x == p)).map_or(0, |i| i + 1);
        pages.get(at).map_or_else(|| self.at("/papers"), |p| self.at(&format!("/q/{}", segment(p))))
    }

    /// Parts that are to be handed in as files.
    fn wanted(&self, v: &Visit) -> Vec<&PartDef> {
        let all = self.procedure.parts_wanted(&self.draft.form, v.ctx.app.office.now());
        all.into_iter().filter(|p| !p.from_form).collect()
    }
}

/// `GET /portal/drafts/{id}`: to the page where it was left.
pub async fn resume(v: Visit, Path(id): Path<String>) -> PageResult {
    let open = opened(&v, &id).await?;
    if let Some(code) = &open.draft.dossier {
        return Ok(v.go(&format!("/portal/track/{}", segment(code))));
    }
    Ok(v.go(&open.next_after(&v, open.draft.page.as_deref())))
}

/// `GET /portal/drafts/{id}/q/{page}`
pub async fn question(v: Visit, Path((id, page)): Path<(String, String)>) -> PageResult {
    let open = opened(&v, &id).await?;
    Ok(render(&question_page(&v, &open, &page, &[], v.ctx.param("back").unwrap_or_default())?))
}

/// `judged`: the questions whose answers are judged; one that only now is asked is not yet wrong.
fn question_page(v: &Visit, open: &Open, page: &str, judged: &[&str], back: &str) -> Result<QuestionPage, PageError> {
    let (t, now) = (v.t(), v.ctx.app.office.now());
    let result = open.procedure.answers(&open.draft.form, now);
    let shown = open.procedure.shown(&open.draft.form, now);
    let at = shown.iter().position(|s| s.page.id == page).ok_or_else(|| v.fault(Error::not_found(page)))?;
    let here = &shown[at];
    let fault = |id: &str| result.faults.iter().find(|f| f.field == id).filter(|_| judged.contains(&id));
    let questions: Vec<_> = here.fields.iter().map(|f| ask(t, f, open.draft.form.get(&f.field.id), fault(&f.field.id))).collect();
    let faults = summary(&questions);
    let mut f = v.frame(t.pick(&here.page.title));
    f.wrong = !faults.is_empty();
    let before = if back == CHECK {
        open.at("/check")
    } else if at == 0 {
        super::find::address(&open.procedure)
    } else {
        open.at(&format!("/q/{}", segment(&shown[at - 1].page.id)))
    };
    Ok(QuestionPage {
        place: open.place(v, at + 1),
        lead: here.page.hint.as_ref().map(|h| t.pick(h).to_owned()).unwrap_or_default(),
        faults,
        questions,
        action: open.at(&format!("/q/{}", segment(page))),
        return_to: back.to_owned(),
        submit: t.msg(if back == CHECK { "portal-save-back" } else { "portal-next" }),
        save: t.msg("portal-later"),
        f: f.back_to(&before, "portal-back"),
    })
}

/// `POST /portal/drafts/{id}/q/{page}`: kept as typed, right or wrong.
pub async fn answer(Path((id, page)): Path<(String, String)>, sent: Sent) -> PageResult {
    let (v, office) = (&sent.visit, &sent.visit.ctx.app.office);
    let mut open = opened(v, &id).await?;
    let declared = open.procedure.def.pages.iter().find(|p| p.id == page).ok_or_else(|| v.fault(Error::not_found(&page)))?;
    let mut given = answers(&sent.posted, &declared.fields);
    // A question whose answer was taken away loses the one it had.
    for f in &declared.fields {
        given.entry(f.field.id.clone()).or_insert(serde_json::Value::Null);
    }
    open.draft = office.save_draft(&v.filer(), &open.key, open.draft.version, &page, &given).await.map_err(|e| v.fault(e))?;
    if sent.posted.get("then") == "later" {
        return Ok(v.go(&open.at("/saved")));
    }
    let back = sent.posted.get("back");
    let asked: Vec<&str> = sent.posted.all("asked").collect();
    let result = open.procedure.answers(&open.draft.form, office.now());
    if result.on_page(declared).any(|f| asked.contains(&f.field.as_str())) {
        let page = question_page(v, &open, &page, &asked, back)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&page)).into_response());
    }
    // An answer may bring a further question to the same page: it is asked before going on.
    if let Some(new) = result.asked.iter().find(|id| declared.fields.iter().any(|f| f.field.id == **id) && !asked.contains(&id.as_str())) {
        let query = if back == CHECK { format!("?back={CHECK}") } else { String::new() };
        return Ok(v.go(&format!("{}{query}#{new}", open.at(&format!("/q/{}", segment(&page))))));
    }
    let next = if back == CHECK { open.at("/check") } else { open.next_after(v, Some(&page)) };
    Ok(v.go(&next))
}

/// `GET /portal/drafts/{id}/papers`
pub async fn papers(v: Visit, Path(id): Path<String>) -> PageResult {
    let open = opened(&v, &id).await?;
    Ok(render(&papers_page(&v, &open, &BTreeMap::new()).await?))
}

/// `wrong`: what is to be said at which part.
async fn papers_page(v: &Visit, open: &Open, wrong: &BTreeMap<String, String>) -> Result<Papers, PageError> {
    let t = v.t();
    let mut parts = Vec::new();
    for p in open.wanted(v) {
        parts.push(part(v, open, p, wrong.get(&p.id)).await?);
    }
    let shown = open.pages(v);
    let place = open.place(v, shown.len() + 1);
    let before = shown.last().map_or_else(|| open.at(""), |p| open.at(&format!("/q/{}", segment(p))));
    let mut f = v.frame(t.msg("portal-papers")).back_to(&before, "portal-back");
    f.wrong = !wrong.is_empty();
    let link = |x: &Part| Link::new(format!("#{}-file", x.id), x.error.clone());
    let faults = parts.iter().filter(|x| !x.error.is_empty()).map(link).collect();
    Ok(Papers { place, faults, parts, action: open.at("/papers"), takes: Takes::new(), f })
}

async fn part(v: &Visit, open: &Open, p: &PartDef, error: Option<&String>) -> Result<Part, PageError> {
    let t = v.t();
    let mine = open.draft.parts.iter().filter(|g| g.part == p.id);
    let got: Vec<Got> =
        mine.map(|g| Got { name: g.name.clone(), size: words::size(t, g.size), sha256: g.sha256.clone().unwrap_or_default() }).collect();
    let mut reuse = Vec::new();
    if let (Some(kind), Filer::Citizen(citizen), true) = (&p.reuse, v.filer(), got.is_empty()) {
        for paper in v.ctx.app.office.reusable_papers(citizen, kind).await.map_err(|e| v.fault(e))? {
            let of = [paper.number, paper.issued_on.map(|d| t.date(d)), paper.issuer].into_iter().flatten().collect::<Vec<_>>().join(", ");
            reuse.push(Link::new(paper.id, t.msg1("portal-reuse", "paper", of)));
        }
    }
    Ok(Part {
        id: p.id.clone(),
        name: t.pick(&p.name).to_owned(),
        hint: words::part(t, p, true),
        required: p.required,
        ask: t.msg(if got.is_empty() { "portal-choose-file" } else { "portal-choose-more" }),
        got,
        reuse,
        error: error.cloned().unwrap_or_default(),
    })
}

/// `POST /portal/drafts/{id}/papers`: takes files, a paper of earlier times, or one away; or goes on.
pub async fn hand_in(Path(id): Path<String>, sent: Sent) -> PageResult {
    let (v, office) = (&sent.visit, &sent.visit.ctx.app.office);
    let open = opened(v, &id).await?;
    let get = |n: &str| sent.posted.get(n);
    let (filer, part) = (v.filer(), get("part"));
    let here = format!("{}?done=papers#{part}", open.at("/papers"));
    if get("then") == "next" {
        let missing = |p: &&&PartDef| p.required && !open.draft.parts.iter().any(|g| g.part == p.id);
        let t = v.t();
        let wrong: BTreeMap<String, String> =
            open.wanted(v).iter().filter(missing).map(|p| (p.id.clone(), t.msg1("portal-part-missing", "name", t.pick(&p.name)))).collect();
        let next = if open.draft.delivery.is_some() { "/check" } else { "/result" };
        return if wrong.is_empty() { Ok(v.go(&open.at(next))) } else { again(v, &open, &wrong).await };
    }
    if !get("remove").is_empty() {
        let done = office.drop_upload(&filer, &open.key, open.draft.version, part, get("remove")).await;
        done.map_err(|e| v.fault(e))?;
        return Ok(v.go(&open.at("/papers")));
    }
    if !get("paper").is_empty() {
        office.reuse_paper(&filer, &open.key, open.draft.version, part, get("paper")).await.map_err(|e| v.fault(e))?;
        return Ok(v.go(&here));
    }
    let files: Vec<Upload> = sent
        .posted
        .files
        .iter()
        .filter(|f| !f.name.is_empty())
        .map(|f| Upload { name: f.name.clone(), media_type: f.media_type.clone(), bytes: f.bytes.clone() })
        .collect();
    if files.is_empty() {
        return again(v, &open, &BTreeMap::from([(part.to_owned(), v.t().msg("portal-no-file"))])).await;
    }
    for upload in files {
        match office.add_upload(&filer, &open.key, part, upload).await {
            Ok(_) => {}
            Err(e @ Error::Refused(_)) => {
                let said = sentence(&e, v.t());
                let open = opened(v, &id).await?;
                return again(v, &open, &BTreeMap::from([(part.to_owned(), said)])).await;
            }
            Err(e) => return Err(v.fault(e)),
        }
    }
    Ok(v.go(&here))
}

async fn again(v: &Visit, open: &Open, wrong: &BTreeMap<String, String>) -> PageResult {
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&papers_page(v, open, wrong).await?)).into_response())
}

/// `GET /portal/drafts/{id}/check`
pub async fn check(v: Visit, Path(id): Path<String>) -> PageResult {
    let open = opened(&v, &id).await?;
    Ok(render(&check_page(&v, &open, false, None).await?))
}

/// `said`: why it was not filed, beside what is wrong in the form.
async fn check_page(v: &Visit, open: &Open, judged: bool, said: Option<&Error>) -> Result<Check, PageError> {
    let (t, office) = (v.t(), &v.ctx.app.office);
    let review = office.review_draft(&v.filer(), &open.key).await.map_err(|e| v.fault(e))?;
    let mut f = v.frame(t.msg("portal-check")).back_to(&open.at("/result"), "portal-back");
    let mut faults: Vec<Link> = said.map(|e| Link::new("", sentence(e, t))).into_iter().collect();
    let mut groups = Vec::new();
    for shown in open.procedure.shown(&open.draft.form, office.now()) {
        let href = f.link(&format!("{}?back={CHECK}", open.at(&format!("/q/{}", segment(&shown.page.id)))));
        let mut list = Vec::new();
        for q in shown.fields {
            let (label, id) = (t.pick(&q.field.label).to_owned(), &q.field.id);
            let wrong = review.faults.iter().find(|x| x.field == *id);
            if let Some(x) = wrong.filter(|_| judged) {
                faults.push(Link::new(href.clone(), super::questions::sentence(t, x, &label)));
            }
            let value = super::questions::said(t, q, open.draft.form.get(id));
            list.push(Answer { label, value, href: format!("{href}#{id}"), text: t.msg("portal-change") });
        }
        groups.push((t.pick(&shown.page.title).to_owned(), list));
    }
    let mut files = Vec::new();
    for p in open.wanted(v) {
        let (label, href) = (t.pick(&p.name).to_owned(), f.link(&format!("{}#{}", open.at("/papers"), p.id)));
        if review.missing.contains(&p.id) && judged {
            faults.push(Link::new(href.clone(), t.msg1("portal-part-missing", "name", label.as_str())));
        }
        let names: Vec<&str> = open.draft.parts.iter().filter(|g| g.part == p.id).map(|g| g.name.as_str()).collect();
        let value = if names.is_empty() { t.msg("portal-part-none") } else { names.join("\n") };
        files.push(Answer { label, value, href, text: t.msg("portal-change") });
    }
    if !files.is_empty() {
        groups.push((t.msg("portal-papers"), files));
    }
    let href = f.link(&format!("{}?back={CHECK}", open.at("/result")));
    let (label, value) = (t.msg("portal-result-way"), result::said(t, &open.delivery()));
    groups.push((t.msg("portal-result-group"), vec![Answer { label, value, href, text: t.msg("portal-change") }]));
    let fees = review.fees.iter().map(|x| Answer {
        label: t.pick(&x.name).to_owned(),
        value: words::money(t, x.amount_vnd),
        text: x.waiver.as_ref().map(|w| t.pick(w).to_owned()).unwrap_or_default(),
        href: String::new(),
    });
    let fees: Vec<Answer> = fees.collect();
    f.wrong = !faults.is_empty();
    let unit = office.world().unit_name(&open.draft.unit, t.tag()).to_owned();
    Ok(Check {
        faults,
        to: t.msg2("portal-check-to", "procedure", t.pick(&open.procedure.def.name), "unit", unit),
        groups,
        fees,
        total: t.msg1("portal-total", "amount", words::money(t, review.total_vnd)),
        action: open.at("/check"),
        kept: t.msg1("portal-saved-until", "date", t.date(open.draft.expires_on)),
        f,
    })
}

/// `POST /portal/drafts/{id}/check`: files it. Sent twice it is filed once: the draft names the dossier that it became.
pub async fn submit(Path(id): Path<String>, sent: Sent) -> PageResult {
    let (v, office) = (&sent.visit, &sent.visit.ctx.app.office);
    let open = opened(v, &id).await?;
    if open.draft.dossier.is_some() {
        // A second click, or a reload: it was filed already.
        return Ok(v.go("/portal/filed"));
    }
    let review = office.review_draft(&v.filer(), &open.key).await.map_err(|e| v.fault(e))?;
    if review.identity_needed.is_some() {
        let next = serde_urlencoded::to_string([("next", open.at("/check"))]).unwrap_or_default();
        return Ok(v.go(&format!("/portal/sign-in?{next}")));
    }
    if !review.faults.is_empty() || !review.missing.is_empty() {
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render(&check_page(v, &open, true, None).await?)).into_response());
    }
    // The draft itself is the key: whoever sends its form again gets the same dossier.
    let once = format!("draft:{}", open.draft.id);
    let filed = match office.submit_draft(&v.filer(), &open.key, open.draft.version, &once).await {
        Ok(filed) => filed,
        Err(e) if e.code() == "draft.newer_version" => {
            // The draft stands under today's version now: everything is shown once more, as it would be filed.
            let open = opened(v, &id).await?;
            return Ok((StatusCode::CONFLICT, render(&check_page(v, &open, true, Some(&e)).await?)).into_response());
        }
        Err(e) => return Err(v.fault(e)),
    };
    let mut response: Response = v.go("/portal/filed");
    v.remember_dossier(&mut response, &filed.code, &filed.secret).await?;
    v.remember_filed(&mut response, &filed.code, &filed.secret);
    Ok(response)
}
