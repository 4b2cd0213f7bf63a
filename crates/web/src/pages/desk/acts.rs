//! What may be done with a dossier now: a form for each act that the law offers, and carrying one out.

use axum::extract::Path;
use jiff::civil::Date;
use office::{
    Error,
    one_stop::{Delivery, Dossier, Origin, before_signing},
    world::World,
};
use rules::{
    Refusal,
    access::Action,
    one_stop::{Act, ActKind, Case, Channel, Linking, ResultGiven, RuleSet, Way},
    procedure::{Procedure, StepDef, Who},
};

use super::{
    DOSSIER, delivery, dossier,
    people::{NOBODY, People},
    reasons, words,
};
use crate::{
    http::{Ctx, PageResult, Posted},
    pages::work::common::{choices, done, form_on, mendable, segment},
    view::{Choice, Field, Form, Input, Shell},
};

/// The form of an act.
pub struct Maker<'a> {
    pub ctx: &'a Ctx,
    pub s: &'a Shell,
    pub people: &'a People,
    pub dossier: &'a Dossier,
    pub case: &'a Case,
    pub unit: u32,
    pub procedure: Option<&'a Procedure>,
}

/// Until when a supplement is wanted: the day that the rules give, counted from now, is proposed.
pub fn until_field(ctx: &Ctx, name: String, rules: Option<&RuleSet>, unit: u32) -> Field {
    let (office, world) = (&ctx.app.office, ctx.app.office.world());
    let proposed = rules.and_then(|r| r.supplement_until(office.now(), world.calendar(unit, office.today())).ok().flatten());
    day_field(ctx, name, "desk-f-until", proposed)
}

/// A day before which handling is not stopped.
fn day_field(ctx: &Ctx, name: String, label: &str, proposed: Option<Date>) -> Field {
    let field = Field::new(name, ctx.t.msg(label), Input::Date).hint(ctx.t.msg("desk-f-until-hint"));
    match proposed {
        Some(day) => field.value(day.to_string()),
        None => field,
    }
}

impl Maker<'_> {
    fn t(&self, key: &str) -> String {
        self.ctx.t.msg(key)
    }

    fn text(&self, name: &str, key: &str) -> Field {
        Field::new(name, self.t(key), Input::Text).required()
    }

    fn long(&self, name: &str, key: &str) -> Field {
        Field::new(name, self.t(key), Input::Long(2)).required()
    }

    fn date(&self, name: &str, key: &str) -> Field {
        Field::new(name, self.t(key), Input::Date)
    }

    fn reasons(&self, kind: reasons::Kind) -> Vec<Field> {
        reasons::fields(self.ctx.t, self.procedure, "", kind)
    }

    /// The rules that the dossier was filed under.
    fn rules<'w>(&self, world: &'w World) -> Option<&'w RuleSet> {
        world.one_stop_rules_of(&self.case.rules, self.case.filed.local_date()).ok()
    }

    /// Until when a fee is to be paid: the day that the rules give is proposed.
    fn pay_until(&self) -> Field {
        let (office, world) = (&self.ctx.app.office, self.ctx.app.office.world());
        let calendar = world.calendar(self.unit, office.today());
        let proposed = self.rules(&world).and_then(|r| r.payment_until(office.now(), calendar).ok().flatten());
        day_field(self.ctx, "until".into(), "desk-f-pay-until", proposed)
    }

    /// How the result is wanted: as it was said when it was filed, else as is usual.
    fn delivery(&self) -> Vec<Field> {
        let usual = || self.procedure.map(|p| Delivery::usual(&p.def)).filter(|_| self.case.channel == Channel::Online);
        let said = self.dossier.delivery.clone().or_else(usual).unwrap_or_else(|| Delivery::new(Way::Desk));
        delivery::fields(self.ctx.t, &said)
    }

    fn steps(&self) -> Vec<Choice> {
        let now = self.case.step().map(|s| s.step.as_str());
        let steps: Vec<(String, String)> = self
            .procedure
            .iter()
            .flat_map(|p| &p.def.steps)
            .filter(|s| Some(s.id.as_str()) != now)
            .map(|s| (s.id.clone(), self.ctx.t.pick(&s.name).to_owned()))
            .collect();
        choices(steps, self.next_step().map_or("", |s| s.id.as_str()))
    }

    /// What comes after the present step: what is nearly always meant.
    fn next_step(&self) -> Option<&StepDef> {
        let now = self.case.step().map(|s| s.step.as_str());
        let all = self.procedure.map(|p| p.def.steps.as_slice()).unwrap_or_default();
        let at = all.iter().position(|s| Some(s.id.as_str()) == now);
        at.and_then(|i| all.get(i + 1)).or_else(|| all.iter().find(|s| s.who != Who::Desk))
    }

    fn units(&self) -> Vec<Choice> {
        let own = self.ctx.app.office.world().units.key(self.unit).to_string();
        let list = self.ctx.unit_choices("", None, |_| true);
        list.into_iter().filter(|c| c.value != own).collect()
    }

    /// The reader has a part in it to give back, and is not of the unit that sent it.
    fn gives_back(&self) -> bool {
        !self.ctx.allowed(Action::Edit, Some(DOSSIER), &self.dossier.record.unit)
    }

    /// The reader only decides: what lies before them goes on by a decision, and back by being handed over.
    fn sends_back(&self) -> bool {
        !self.ctx.allowed(Action::Submit, Some(DOSSIER), &self.dossier.record.unit)
    }

    fn fields(&self, kind: ActKind) -> Vec<Field> {
        match kind {
            ActKind::Accept => self.delivery(),
            ActKind::Supplement | ActKind::Resume | ActKind::Paid => Vec::new(),
            ActKind::NotAccept | ActKind::Refuse => self.reasons(reasons::Kind::Refusal),
            ActKind::AskSupplement | ActKind::ReturnAfterAppraisal => {
                let mut out = self.reasons(reasons::Kind::Request);
                let world = self.ctx.app.office.world();
                out.push(until_field(self.ctx, "until".into(), self.rules(&world), self.unit));
                out
            }
            ActKind::HandOver if self.sends_back() => {
                let earlier = self.procedure.map(|p| before_signing(self.case, &p.def)).unwrap_or_default();
                let last = earlier.last();
                let steps: Vec<(String, String)> = earlier.iter().map(|s| (s.id.clone(), self.ctx.t.pick(&s.name).to_owned())).collect();
                let people = self.people.takers(self.ctx, self.unit, last.map(|s| s.who));
                vec![
                    Field::new("step", self.t("desk-f-step"), Input::Select)
                        .choices(choices(steps, last.map_or("", |s| s.id.as_str())))
                        .required(),
                    Field::new("assignee", self.t("desk-f-assignee"), Input::Select).choices(people).required(),
                    self.long("reason", "desk-f-reason"),
                ]
            }
            ActKind::HandOver => {
                let people = self.people.takers(self.ctx, self.unit, self.next_step().map(|s| s.who));
                vec![
                    Field::new("step", self.t("desk-f-step"), Input::Select).choices(self.steps()).required(),
                    Field::new("assignee", self.t("desk-f-assignee"), Input::Select).choices(people).required(),
                ]
            }
            ActKind::AskOpinion => {
                vec![
                    self.text("agency", "desk-f-agency"),
                    self.long("question", "desk-f-question"),
                    self.date("due", "desk-f-due").required(),
                ]
            }
            ActKind::AnswerOpinion => {
                let open = self.case.opinions.iter().enumerate().filter(|(_, o)| o.answered.is_none());
                let open: Vec<(String, String)> = open.map(|(i, o)| (i.to_string(), o.agency.clone())).collect();
                let answers = [("yes", self.t("desk-opinion-agrees")), ("no", self.t("desk-opinion-disagrees"))];
                vec![
                    Field::new("opinion", self.t("desk-f-opinion"), Input::Select).choices(choices(open, "")).required(),
                    Field::new("agrees", self.t("desk-f-agrees"), Input::Radio).choices(choices(answers, "yes")).required(),
                    self.long("text", "desk-f-text"),
                ]
            }
            ActKind::DemandPayment => vec![Field::new("amount", self.t("desk-f-amount"), Input::Number).required(), self.pay_until()],
            ActKind::Apologise => vec![self.long("reason", "desk-f-reason"), self.date("day", "desk-f-new-day").required()],
            ActKind::ApologiseLate => vec![self.long("reason", "desk-f-reason"), self.date("day", "desk-f-expected").required()],
            ActKind::Suspend => vec![self.long("reason", "desk-f-reason"), self.text("basis", "desk-f-basis")],
            ActKind::ForwardToUnit => {
                let ways = [("competent", self.t("desk-f-linking-competent")), ("part", self.t("desk-f-linking-part"))];
                vec![
                    Field::new("unit", self.t("desk-f-unit"), Input::Select).choices(self.units()).required(),
                    Field::new("linking", self.t("desk-f-linking"), Input::Radio).choices(choices(ways, "competent")).required(),
                    self.date("due", "desk-f-due"),
                    self.long("reason", "desk-f-reason"),
                ]
            }
            ActKind::ReturnFromUnit => {
                let world = self.ctx.app.office.world();
                let own = |l: &rules::one_stop::Link| !self.gives_back() || self.dossier.elsewhere.linked.contains(&l.unit.to_string());
                let open = self.case.links.iter().enumerate().filter(|(_, l)| l.is_open() && own(l));
                let name = |l: &rules::one_stop::Link| world.unit_name(&l.unit.to_string(), self.ctx.t.tag()).to_owned();
                let open: Vec<(String, String)> = open.map(|(i, l)| (i.to_string(), name(l))).collect();
                let text = if self.gives_back() { "desk-f-part-done" } else { "desk-f-text" };
                vec![
                    Field::new("link", self.t("desk-f-link"), Input::Select).choices(choices(open, "")).required(),
                    self.long("text", text),
                ]
            }
            ActKind::Resolve => vec![
                self.text("number", "desk-f-result-number"),
                Field::new("file", self.t("desk-f-result-file"), Input::File),
                Field::new("electronic", self.t("desk-f-electronic"), Input::Check),
            ],
            ActKind::ReturnResult => {
                let wanted = self.dossier.delivery.as_ref().map_or(Way::Desk, |d| d.way);
                let ways = choices(delivery::ways(self.ctx.t), wanted.id());
                vec![Field::new("way", self.t("desk-f-way"), Input::Radio).choices(ways).required()]
            }
            ActKind::Withdraw | ActKind::Stop => vec![self.long("reason", "desk-f-reason")],
        }
    }

    pub fn form(&self, kind: ActKind) -> Form {
        let action = format!("/desk/dossiers/{}/do/{}", segment(&self.dossier.record.id.to_string()), kind.id());
        let submit = match kind {
            ActKind::ReturnFromUnit if self.gives_back() => self.t("desk-give-back"),
            ActKind::HandOver if self.sends_back() => self.t("desk-send-back"),
            _ => self.t(&words::key("case-act", kind.id())),
        };
        let mut form = form_on(self.s, &action, submit, self.fields(kind), self.dossier.record.version);
        form.grave = matches!(kind, ActKind::NotAccept | ActKind::Refuse | ActKind::Withdraw | ActKind::Stop);
        form
    }
}

pub fn day(posted: &Posted, name: &str) -> Result<Option<Date>, Error> {
    let text = posted.get(name);
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| Error::Refused(Refusal::new("input.date").with("field", name).with("text", text)))
}

/// A refusal of a file stands at the field that brought it.
fn at_field(e: Error, field: &str) -> Error {
    match e {
        Error::Refused(r) => Error::Refused(r.with("field", field)),
        other => other,
    }
}

fn needed(posted: &Posted, name: &'static str) -> Result<String, Error> {
    let text = posted.get(name).trim();
    if text.is_empty() { Err(Error::Refused(Refusal::new("input.required").with("field", name))) } else { Ok(text.to_owned()) }
}

fn number<N: std::str::FromStr>(posted: &Posted, name: &'static str) -> Result<N, Error> {
    let text = needed(posted, name)?;
    let plain = text.replace(['.', ',', ' ', '\u{a0}'], "");
    plain.parse().map_err(|_| Error::Refused(Refusal::new("input.number").with("field", name).with("text", text)))
}

async fn read(ctx: &Ctx, posted: &Posted, unit: &str, kind: ActKind) -> Result<Act, Error> {
    let some_day =
        |name: &'static str| day(posted, name)?.ok_or_else(|| Error::Refused(Refusal::new("input.required").with("field", name)));
    Ok(match kind {
        ActKind::Accept => Act::Accept,
        ActKind::Supplement => Act::Supplement,
        ActKind::Resume => Act::Resume,
        ActKind::NotAccept => Act::NotAccept { reasons: reasons::read(posted, "") },
        ActKind::Refuse => Act::Refuse { reasons: reasons::read(posted, "") },
        ActKind::AskSupplement => Act::AskSupplement { reasons: reasons::read(posted, ""), until: day(posted, "until")? },
        ActKind::ReturnAfterAppraisal => Act::ReturnAfterAppraisal { reasons: reasons::read(posted, ""), until: day(posted, "until")? },
        ActKind::HandOver => {
            // Nobody is named only where that was chosen.
            let assignee = needed(posted, "assignee")?;
            let reason = Some(posted.get("reason").trim().to_owned()).filter(|r| !r.is_empty());
            Act::HandOver { step: needed(posted, "step")?, assignee: Some(assignee).filter(|a| a != NOBODY), reason }
        }
        ActKind::AskOpinion => {
            Act::AskOpinion { agency: needed(posted, "agency")?, question: needed(posted, "question")?, due: some_day("due")? }
        }
        ActKind::AnswerOpinion => {
            Act::AnswerOpinion { opinion: number(posted, "opinion")?, agrees: posted.get("agrees") == "yes", text: needed(posted, "text")? }
        }
        ActKind::DemandPayment => Act::DemandPayment { amount_vnd: number(posted, "amount")?, until: day(posted, "until")? },
        ActKind::Paid => {
            Act::Paid { amount_vnd: number(posted, "amount")?, online: posted.checked("online"), reference: needed(posted, "reference")? }
        }
        ActKind::Apologise => Act::Apologise { reason: needed(posted, "reason")?, new_day: some_day("day")? },
        ActKind::ApologiseLate => Act::ApologiseLate { reason: needed(posted, "reason")?, expected: some_day("day")? },
        ActKind::Suspend => Act::Suspend { reason: needed(posted, "reason")?, basis: needed(posted, "basis")? },
        ActKind::ForwardToUnit => Act::ForwardToUnit {
            unit: needed(posted, "unit")?.parse().map_err(|_| Error::not_found(posted.get("unit")))?,
            linking: if posted.get("linking") == "part" { Linking::Part } else { Linking::Competent },
            due: day(posted, "due")?,
            reason: needed(posted, "reason")?,
        },
        ActKind::ReturnFromUnit => Act::ReturnFromUnit { link: number(posted, "link")?, text: needed(posted, "text")? },
        ActKind::Resolve => {
            let mut file = None;
            for f in posted.files.iter().filter(|f| f.field == "file" && !f.name.is_empty()) {
                let kept = ctx.app.office.keep_file(&ctx.actor(), unit, "result", f.upload(), Origin::Scan).await;
                file = kept.map_err(|e| at_field(e, "file"))?.sha256;
            }
            Act::Resolve { result: ResultGiven { number: Some(needed(posted, "number")?), file, electronic: posted.checked("electronic") } }
        }
        ActKind::ReturnResult => Act::ReturnResult { way: Way::of(posted.get("way")).unwrap_or(Way::Desk) },
        ActKind::Withdraw => Act::Withdraw { reason: needed(posted, "reason")? },
        ActKind::Stop => Act::Stop { reason: needed(posted, "reason")? },
    })
}

/// `POST /desk/dossiers/{id}/do/{act}`
pub async fn act(Path((id, act)): Path<(String, String)>, posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let kind = ActKind::of(&act).ok_or_else(|| ctx.fault(Error::not_found(&act)))?;
    let version = posted.version()?;
    let path = format!("/desk/dossiers/{}", segment(&id));
    let unit = office.dossier_unit(&ctx.actor(), &id).await.map_err(|e| ctx.fault(e))?;
    let result = match read(ctx, &posted, &unit, kind).await {
        Ok(Act::Accept) => {
            let delivery = delivery::of(|name| posted.get(name));
            office.accept(&ctx.actor(), &id, version, delivery.as_ref(), posted.get("idempotency_key")).await
        }
        Ok(act) => office.act(&ctx.actor(), &id, version, &act, posted.get("idempotency_key")).await,
        Err(e) => Err(e),
    };
    match result {
        // Who gave it away for good does not see it any more.
        Ok(_) => match office.dossier_unit(&ctx.actor(), &id).await {
            Ok(_) => done(ctx, &path, "desk-act"),
            Err(_) => done(ctx, "/desk", "desk-act"),
        },
        Err(e) if mendable(&e) || matches!(&e, Error::Store(store::Error::Conflict { .. })) => {
            dossier::again(&ctx.on(&path), &id, kind, &posted, e).await
        }
        Err(e) => Err(ctx.fault(e)),
    }
}

/// The form that adds scans to a dossier.
pub fn attach_form(ctx: &Ctx, s: &Shell, d: &Dossier) -> Option<Form> {
    let procedure = d.procedure.as_deref()?;
    if !ctx.allowed(Action::Edit, Some(DOSSIER), &d.record.unit) {
        return None;
    }
    let t = ctx.t;
    let parts = procedure.def.parts.iter().map(|p| (p.id.clone(), t.pick(&p.name).to_owned()));
    let missing = procedure.def.parts.iter().find(|p| !p.from_form && !d.parts.iter().any(|g| g.part == p.id && g.sha256.is_some()));
    let fields = vec![
        Field::new("attach_part", t.msg("desk-f-attach-part"), Input::Select)
            .choices(choices(parts, missing.map_or("", |p| p.id.as_str())))
            .required(),
        Field::new("attach_file", t.msg("desk-f-attach-file"), Input::File).required(),
    ];
    let action = format!("/desk/dossiers/{}/attach", segment(&d.record.id.to_string()));
    Some(form_on(s, &action, t.msg("desk-attach"), fields, d.record.version))
}

/// `POST /desk/dossiers/{id}/attach`: scans of what was handed in on paper.
pub async fn attach(Path(id): Path<String>, posted: Posted) -> PageResult {
    let (ctx, office) = (&posted.ctx, &posted.ctx.app.office);
    let version = posted.version()?;
    let path = format!("/desk/dossiers/{}", segment(&id));
    let unit = office.dossier_unit(&ctx.actor(), &id).await.map_err(|e| ctx.fault(e))?;
    let part = posted.get("attach_part");
    let result = async {
        let mut kept = Vec::new();
        for f in posted.files.iter().filter(|f| f.field == "attach_file" && !f.name.is_empty()) {
            let scan = office.keep_file(&ctx.actor(), &unit, part, f.upload(), Origin::Scan).await;
            kept.push(scan.map_err(|e| at_field(e, "attach_file"))?);
        }
        if kept.is_empty() {
            return Err(Error::Refused(Refusal::new("input.required").with("field", "attach_file")));
        }
        office.attach(&ctx.actor(), &id, version, &kept).await
    };
    match result.await {
        Ok(_) => done(ctx, &path, "desk-attach"),
        Err(e) if mendable(&e) || matches!(&e, Error::Store(store::Error::Conflict { .. })) => {
            dossier::attached_wrong(&ctx.on(&path), &id, &posted, e).await
        }
        Err(e) => Err(ctx.fault(e)),
    }
}
