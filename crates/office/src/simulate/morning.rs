//! A morning at the desks: forty dossiers since the doors opened, and what is left of the weeks before, all through the use cases that
//! people use.

use std::sync::Arc;

use jiff::civil::Date;
use rules::{
    Timestamp,
    access::Actor,
    calendar::{Calendar, Term},
    one_stop::{Act, Channel, Reason, ReasonKind, ResultGiven, Way},
    procedure::{PartKind, Procedure, Who},
};
use serde_json::Value;

use super::{
    answers::{Person, fill},
    cast::{Cast, Ward},
    dice::Dice,
    run::together,
};
use crate::{
    Office,
    error::Result,
    one_stop::{Acted, Applicant, Citizen, CounterInput, Filed, Filer, Origin, PaidNow, PartGiven, Upload},
};

const MINUTE: i64 = 60_000_000;
/// Finished dossiers of each ward in the weeks before: what forecasts learn from.
const PAST: usize = 44;
/// Working days over which they came.
const PAST_DAYS: i64 = 45;

/// Share that is filed online beyond the ward's own share of what is done online from end to end: some fetch the result at the desk.
const AND_PART_OF_THE_WAY: f64 = 0.15;

/// How far a dossier has come by now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Far {
    Filed,
    Received,
    WithExpert,
    Supplement,
    Payment,
    NotAccepted,
    Withdrawn,
    WithLeader,
    Resolved,
    Returned,
}

/// The forty of the morning.
const MORNING: [(Far, usize); 10] = [
    (Far::Filed, 9),
    (Far::Received, 8),
    (Far::WithExpert, 8),
    (Far::WithLeader, 3),
    (Far::Supplement, 3),
    (Far::Payment, 2),
    (Far::NotAccepted, 1),
    (Far::Withdrawn, 1),
    (Far::Resolved, 3),
    (Far::Returned, 2),
];

/// Opens the desks of the wards whose officers the packs declare. Returns the number of dossiers.
pub async fn open(office: &Office, seed: u64, cast: &Cast, calendar: &Calendar, now: Timestamp) -> Result<usize> {
    let world = office.world();
    let declared = |w: &&Ward| world.accounts.iter().any(|a| a.id == w.officer.account);
    let desks: Vec<&Ward> = cast.wards.iter().filter(declared).collect();
    let runs = desks.into_iter().map(|w| async move {
        let desk = Desk { office, calendar, ward: w, now, procedures: offered(office, w, now) };
        desk.run(seed).await
    });
    Ok(together(runs).await?.into_iter().sum())
}

fn offered(office: &Office, ward: &Ward, now: Timestamp) -> Vec<Arc<Procedure>> {
    let world = office.world();
    let Some(unit) = world.units.idx(&ward.key) else { return Vec::new() };
    world.procedures_for(unit, now.local_date()).into_iter().cloned().collect()
}

struct Desk<'a> {
    office: &'a Office,
    calendar: &'a Calendar,
    ward: &'a Ward,
    now: Timestamp,
    procedures: Vec<Arc<Procedure>>,
}

/// Where a dossier stands while the simulation works on it.
struct Held {
    id: String,
    code: String,
    version: i64,
    at: Timestamp,
}

impl Desk<'_> {
    async fn run(&self, seed: u64) -> Result<usize> {
        let mut dice = Dice::new(seed, &format!("morning {}", self.ward.key));
        let mut made = 0;
        if self.procedures.is_empty() {
            return Ok(made);
        }
        for _ in 0..PAST {
            let back = dice.between(2, PAST_DAYS);
            made += usize::from(self.past(&mut dice, back).await?);
        }
        // What is due next: late, today, tomorrow.
        for early in [1, 1, 0, 0, 0, -1, -1] {
            made += usize::from(self.open_one(&mut dice, early).await?);
        }
        let mut list: Vec<Far> = MORNING.iter().flat_map(|(far, n)| std::iter::repeat_n(*far, *n)).collect();
        dice.shuffle(&mut list);
        let opening = self.calendar.opening(self.now.local_date()).unwrap_or(self.now.plus_micros(-60 * MINUTE));
        let span = (self.now.0 - opening.0).max(40 * MINUTE);
        let count = list.len() as i64;
        for (i, far) in list.into_iter().enumerate() {
            // The earlier ones had time to come far.
            let part = if matches!(far, Far::Resolved | Far::Returned | Far::WithLeader) { 40 } else { 92 };
            let at = opening.plus_micros(span * part / 100 * i as i64 / count + dice.between(0, 40) * 1_000_000);
            made += usize::from(self.one(&mut dice, far, at, Pace::Minutes).await?);
        }
        Ok(made)
    }

    /// A dossier of a day gone by, finished.
    async fn past(&self, dice: &mut Dice, days_back: i64) -> Result<bool> {
        let Some(day) = self.working_day_back(days_back) else { return Ok(false) };
        let at = Timestamp::start_of(day).plus_micros((8 * 60 + dice.between(0, 160)) * MINUTE);
        let far = if dice.chance(0.85) { Far::Returned } else { Far::Resolved };
        self.one(dice, far, at, Pace::Days).await
    }

    /// A dossier with a term of days, received so that its day is today (`early` 0), was `early` working days ago, or comes.
    async fn open_one(&self, dice: &mut Dice, early: i64) -> Result<bool> {
        let long: Vec<Arc<Procedure>> =
            self.procedures.iter().filter(|p| matches!(p.def.term, Term::WorkingDays(2..=12))).cloned().collect();
        if long.is_empty() {
            return Ok(false);
        }
        let p = dice.pick(&long).clone();
        let Term::WorkingDays(term) = p.def.term else { return Ok(false) };
        let Some(day) = self.working_day_back(i64::from(term) + early) else { return Ok(false) };
        let at = Timestamp::start_of(day).plus_micros((8 * 60 + dice.between(0, 160)) * MINUTE);
        let far = if dice.chance(0.6) { Far::WithExpert } else { Far::WithLeader };
        self.made_of(dice, &p, far, at, Pace::Days).await
    }

    fn working_day_back(&self, days: i64) -> Option<Date> {
        let mut day = self.now.local_date();
        for _ in 0..days {
            day = self.calendar.previous_working_day(day).ok()?.value;
        }
        Some(day)
    }

    async fn one(&self, dice: &mut Dice, far: Far, at: Timestamp, pace: Pace) -> Result<bool> {
        // The front of the list is what people come for most.
        let rank = dice.below(self.procedures.len()).min(dice.below(self.procedures.len()));
        let Some(p) = self.procedures.get(rank).cloned() else { return Ok(false) };
        self.made_of(dice, &p, far, at, pace).await
    }

    async fn made_of(&self, dice: &mut Dice, p: &Arc<Procedure>, far: Far, at: Timestamp, pace: Pace) -> Result<bool> {
        let who = Person::new(dice, &self.ward.name, self.now.local_date());
        let Some(form) = fill(dice, p, &who, at) else { return Ok(false) };
        let unit = self.ward.key.to_string();
        let world = self.office.world();
        let day = at.local_date();
        let index = world.units.idx(&self.ward.key);
        let no_paper = index.is_some_and(|u| world.policies(u, day).any(|x| x.no_paper(day.weekday())));
        let online = far == Far::Filed || no_paper || dice.chance((self.ward.end_to_end.1 + AND_PART_OF_THE_WAY).min(0.97));
        if online && p.def.online == rules::procedure::Online::None {
            return Ok(false);
        }
        let fee_vnd = p.total_due(&form, at);
        // Most pay at the counter, some of them from their bank's app; a few look for that app first.
        let pays = fee_vnd > 0 && far != Far::Payment;
        let by_app = pays && !online && dice.chance(0.4);
        let filed = if online {
            self.file_online(p, &who, &form, &unit, at).await?
        } else {
            let input = CounterInput {
                procedure: p.def.code.clone(),
                unit,
                channel: Channel::Counter,
                applicant: Applicant {
                    name: who.name.clone(),
                    id_number: who.id_number.clone(),
                    phone: who.phone.clone(),
                    address: who.address.clone(),
                    ..Applicant::default()
                },
                form: form.clone(),
                parts: brought(p, &form, at),
                identified: true,
                paid: (pays && !by_app).then(|| PaidNow { amount_vnd: fee_vnd, online: false, reference: String::new() }),
                ..CounterInput::default()
            };
            self.office.at(at).receive(&self.ward.officer, &input).await?
        };
        let mut held = Held { id: filed.id.clone(), code: filed.code.clone(), version: filed.version, at };
        if by_app {
            held = self.pay(held, pace, dice).await?;
        }
        if online && far != Far::Filed {
            held = self.act(held, &self.ward.officer, Act::Accept, 4, pace, dice).await?;
            if far != Far::Payment {
                held = self.pay(held, pace, dice).await?;
            }
        }
        self.go_on(dice, p, far, held, pace, online).await?;
        Ok(true)
    }

    async fn file_online(
        &self,
        p: &Procedure,
        who: &Person,
        form: &serde_json::Map<String, Value>,
        unit: &str,
        at: Timestamp,
    ) -> Result<Filed> {
        let citizen = Citizen {
            id: store::RecordId::new().to_string(),
            id_number: who.id_number.clone(),
            name: who.name.clone(),
            level: 2,
            birth_date: Some(who.birth),
            sex: Some(who.sex.into()),
            address: Some(who.address.clone()),
            phone: Some(who.phone.clone()),
            email: None,
            provider: "simulator".into(),
        };
        let office = self.office.at(at);
        let filer = Filer::Citizen(&citizen);
        let (mut draft, key) = office.open_draft(&filer, &p.def.code, unit, None).await?;
        for page in &p.def.pages {
            let own: serde_json::Map<String, Value> =
                page.fields.iter().filter_map(|f| Some((f.field.id.clone(), form.get(&f.field.id)?.clone()))).collect();
            if !own.is_empty() {
                draft = office.save_draft(&filer, &key, draft.version, &page.id, &own).await?;
            }
        }
        let mut version = draft.version;
        for part in p.parts_wanted(form, at).into_iter().filter(|x| x.required && !x.from_form && x.kind != PartKind::Shown) {
            let upload = Upload {
                name: format!("{}.pdf", part.id),
                media_type: "application/pdf".into(),
                bytes: page_of_paper(&part.name.vi, &who.id_number),
            };
            version = office.add_upload(&filer, &key, &part.id, upload).await?.version;
        }
        office.submit_draft(&filer, &key, version, "").await
    }

    async fn act(&self, held: Held, who: &Actor, act: Act, minutes: i64, pace: Pace, dice: &mut Dice) -> Result<Held> {
        let wait = match pace {
            Pace::Minutes => minutes * MINUTE + dice.between(0, 50) * 1_000_000,
            Pace::Days => 0,
        };
        let mut at = held.at.plus_micros(wait);
        if pace == Pace::Days {
            let worked = u32::try_from(dice.between(minutes * 4, minutes * 30)).unwrap_or(60);
            at = self.calendar.add_working_minutes(held.at, worked).map_or(at, |a| a.value);
        }
        let at = at.min(self.now.plus_micros(-MINUTE)).max(held.at);
        let acted: Acted = self.office.at(at).act(who, &held.id, held.version, &act, "").await?;
        Ok(Held { version: acted.version, at, ..held })
    }

    /// The citizen pays from a phone some minutes after being asked.
    async fn pay(&self, held: Held, pace: Pace, dice: &mut Dice) -> Result<Held> {
        let wait = if pace == Pace::Minutes { dice.between(1, 4) } else { dice.between(2, 40) };
        let at = held.at.plus_micros(wait * MINUTE).min(self.now.plus_micros(-MINUTE)).max(held.at);
        if !self.office.at(at).simulated_transfer(&held.code).await? {
            return Ok(held);
        }
        let version = self.office.find(crate::one_stop::DOSSIER, &held.code).await?.version;
        Ok(Held { version, at, ..held })
    }

    /// From receipt to where it stands now.
    async fn go_on(&self, dice: &mut Dice, p: &Procedure, far: Far, mut held: Held, pace: Pace, online: bool) -> Result<()> {
        let (officer, chair) = (&*self.ward.officer, &*self.ward.chair);
        let ask = |kind, text: &str| {
            vec![Reason { kind, part: p.def.parts.iter().find(|x| x.required).map(|x| x.id.clone()), text: text.into() }]
        };
        match far {
            Far::Filed | Far::Received => return Ok(()),
            Far::NotAccepted => {
                // Only what was filed online can be refused at receipt; at the counter nothing is taken in.
                let reasons = ask(ReasonKind::OtherOffice, "Thủ tục thuộc thẩm quyền của đơn vị khác; mời nộp tại nơi đăng ký thường trú.");
                let refused = Act::Refuse { reasons };
                self.act(held, chair, refused, 9, pace, dice).await?;
                return Ok(());
            }
            Far::Supplement => {
                let text = dice.pick(&[
                    "Tờ khai chưa ký; mời ký và nộp lại trang cuối.",
                    "Bản chụp giấy tờ tùy thân không đọc được số; mời chụp lại hai mặt.",
                    "Thiếu giấy tờ chứng minh nơi cư trú.",
                ]);
                let until = self.calendar.add_working_days(held.at.local_date(), 5).ok().map(|d| d.value);
                self.act(held, officer, Act::AskSupplement { reasons: ask(ReasonKind::Missing, text), until }, 6, pace, dice).await?;
                return Ok(());
            }
            // Asked for on receipt already, where there is a fee.
            Far::Payment if self.office.payment_due(&held.code).await?.is_some() => return Ok(()),
            Far::Payment => {
                self.act(held, officer, Act::DemandPayment { amount_vnd: 8_000, until: None }, 5, pace, dice).await?;
                return Ok(());
            }
            Far::Withdrawn => {
                let reason = "Người nộp xin rút để nộp trực tuyến.".to_owned();
                self.act(held, officer, Act::Withdraw { reason }, 8, pace, dice).await?;
                return Ok(());
            }
            Far::WithExpert | Far::WithLeader | Far::Resolved | Far::Returned => {}
        }
        let mut gave_back = dice.chance(0.12);
        let steps: Vec<_> =
            p.def.steps.iter().filter(|s| s.who != Who::Desk || p.def.steps.first().is_some_and(|f| f.id != s.id)).collect();
        let mut i = 0;
        while let Some(step) = steps.get(i) {
            if step.who == Who::Leader && far == Far::WithExpert {
                break;
            }
            let to = if step.who == Who::Leader { &chair.account } else { &officer.account };
            held = self
                .act(held, officer, Act::HandOver { step: step.id.clone(), assignee: Some(to.clone()), reason: None }, 3, pace, dice)
                .await?;
            if step.who == Who::Leader && far == Far::WithLeader {
                return Ok(());
            }
            if step.who == Who::Leader && gave_back && pace == Pace::Days && i > 0 {
                // The leader sends it back once: what the map of the process shows as a loop.
                gave_back = false;
                i -= 1;
                continue;
            }
            i += 1;
        }
        if matches!(far, Far::Resolved | Far::Returned) {
            let number = format!("{:02}/{}", dice.between(1, 999), p.def.code);
            let result = ResultGiven { number: Some(number), file: None, electronic: p.def.result.electronic };
            held = self.act(held, chair, Act::Resolve { result }, 4, pace, dice).await?;
        }
        if far == Far::Returned {
            let way = if dice.chance(if online { 0.9 } else { 0.05 }) { Way::Online } else { Way::Desk };
            self.act(held, officer, Act::ReturnResult { way }, 5, pace, dice).await?;
        }
        Ok(())
    }
}

/// How time passes between acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pace {
    Minutes,
    Days,
}

/// What somebody puts on the counter.
fn brought(p: &Procedure, form: &serde_json::Map<String, Value>, at: Timestamp) -> Vec<PartGiven> {
    let wanted = p.parts_wanted(form, at).into_iter().filter(|x| x.required && !x.from_form);
    wanted
        .map(|x| PartGiven {
            part: x.id.clone(),
            name: x.name.vi.clone(),
            sha256: None,
            size: 0,
            media_type: String::new(),
            at,
            origin: Origin::Paper,
            paper: None,
            copies: x.copies.into(),
            searchable: None,
            receipt: None,
        })
        .collect()
}

/// One page of PDF that says what it stands for: simulated papers must not look real.
fn page_of_paper(name: &str, number: &str) -> Vec<u8> {
    let text = rules::text::fold(name).replace(['(', ')', '\\'], " ");
    let body = format!("BT /F1 14 Tf 60 760 Td (Giay to mo phong: {text}) Tj 0 -24 Td ({number}) Tj ET");
    let objects = [
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned(),
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >> /Contents 4 0 R >>".to_owned(),
        format!("<< /Length {} >>\nstream\n{body}\nendstream", body.len()),
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned(),
    ];
    let mut out = String::from("%PDF-1.4\n");
    let mut places = Vec::new();
    for (i, object) in objects.iter().enumerate() {
        places.push(out.len());
        out += &format!("{} 0 obj\n{object}\nendobj\n", i + 1);
    }
    let start = out.len();
    out += &format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for at in places {
        out += &format!("{at:010} 00000 n \n");
    }
    out += &format!("trailer\n<< /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n", objects.len() + 1);
    out.into_bytes()
}
