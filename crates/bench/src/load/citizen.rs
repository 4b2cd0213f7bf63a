//! Citizens: they find a procedure, sign in, answer page by page, hand in papers, file, and come back to see how it stands.

use std::sync::Arc;

use super::{
    Town,
    browser::{Browser, Page},
    form::{Form, Kind, escape},
    people::Pace,
    tally::Tally,
};
use crate::data::{FAMILY, GIVEN, MIDDLE, Random};

/// Between two pages a person reads, thinks and types.
const THINK: (u64, u64) = (5_000, 15_000);
/// Until somebody looks again how the dossier stands; in life days, here within the measured minutes.
const LATER: (u64, u64) = (20_000, 60_000);
/// How often.
const LOOKS: usize = 3;
/// Pages of one draft at most: more would be a circle.
const PAGES: usize = 24;

/// Ordinary words and the procedure that they should find.
pub const WANTS: [(&str, &str); 4] =
    [("khai sinh cho con", "1.001193"), ("xac nhan doc than", "1.004873"), ("trích lục", "2.000635"), ("xác nhận cư trú", "1.010041")];

/// What is answered where the page has no answer yet: the end of the question's name, and the answer. Others are left empty, or get some
/// words where they must not be.
const ANSWERS: [(&str, &str); 17] = [
    ("has_notice", "paper"),
    ("surrogacy", "false"),
    ("parents_married", "true"),
    ("exempt", "none"),
    ("status", "single"),
    ("purpose", "property"),
    ("again", "false"),
    ("ethnicity", "Kinh"),
    ("nationality", "Việt Nam"),
    ("birth_place", "Bệnh viện Vũng Tàu"),
    ("home_town", "Vũng Tàu"),
    ("registered_at", "Ủy ban nhân dân phường Thắng Tam"),
    ("copies", "2"),
    ("_address", "12 Lê Lợi"),
    ("_residence", "12 Lê Lợi"),
    ("registered_on", "2019"),
    ("use", "Nộp hồ sơ"),
];

pub fn full_name(r: &mut Random) -> String {
    format!("{} {} {}", r.pick(&FAMILY), r.pick(&MIDDLE), r.pick(&GIVEN))
}

/// The smallest PDF that is one.
pub fn paper(n: u64) -> Vec<u8> {
    let mut out =
        format!("%PDF-1.4\n% {n}\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n").into_bytes();
    // As large as a photograph sent from a phone after the browser made it smaller.
    out.resize(180_000, b' ');
    out.extend_from_slice(b"\ntrailer<</Root 1 0 R>>\n%%EOF\n");
    out
}

pub struct Citizen {
    pub browser: Browser,
    pub pace: Pace,
    pub town: Arc<Town>,
    pub tally: Arc<Tally>,
}

impl Citizen {
    /// One person after another, until the time is over.
    pub async fn live(mut self) {
        self.pace.arrive().await;
        while !self.pace.over() {
            self.browser.forget();
            let _left_early = self.visit().await;
            self.think().await;
        }
    }

    async fn think(&self) {
        self.pace.wait(THINK).await;
    }

    /// `None`: something failed (it is counted), or the time is over.
    async fn visit(&mut self) -> Option<()> {
        let mut r = Random::new(self.pace.draw());
        self.browser.open("/portal").await?;
        self.think().await;
        let (words, code) = WANTS[usize::try_from(r.below(WANTS.len() as u64)).unwrap_or(0)];
        let found = self.browser.open(&format!("/portal/procedures?q={}", escape(words))).await?;
        let Some(link) = found.links(code).into_iter().next() else {
            self.tally.fail("citizen: find a procedure", format!("“{words}” does not find {code}"));
            return None;
        };
        self.think().await;
        self.browser.open(&link).await?;
        // One of three only wanted to know what it costs.
        if r.chance(33) {
            return Some(());
        }
        self.think().await;
        let mut sign_in = self.browser.open(&format!("/portal/sign-in?next={}", escape(&link))).await?.form("/portal/sign-in")?;
        sign_in.set("person", &self.town.citizen(self.pace.draw()));
        self.think().await;
        let procedure = self.browser.send(&sign_in).await?;
        let mut begin = procedure.form(code)?;
        begin.set("unit", &self.town.wards[usize::try_from(r.below(self.town.wards.len() as u64)).unwrap_or(0)]);
        self.think().await;
        let mut page = self.browser.send(&begin).await?;
        for _ in 0..PAGES {
            self.think().await;
            page = match page.path.split('?').next().unwrap_or_default() {
                p if p.contains("/q/") => self.answer(&page, &mut r).await?,
                p if p.ends_with("/papers") => self.hand_in(&page).await?,
                p if p.ends_with("/result") => {
                    let form = page.form("/result")?;
                    self.browser.send(&form).await?
                }
                p if p.ends_with("/check") => {
                    let form = page.form("/check")?;
                    self.browser.send(&form).await?
                }
                "/portal/filed" => return self.come_back(&page, &mut r).await,
                other => {
                    self.tally.fail("citizen: draft, led to its page", format!("filing led to {other}"));
                    return None;
                }
            };
        }
        self.tally.fail("citizen: draft, led to its page", "filing did not end".into());
        None
    }

    async fn answer(&mut self, page: &Page, r: &mut Random) -> Option<Page> {
        let mut form = page.forms().into_iter().find(|f| f.action.contains("/q/"))?;
        fill(&mut form, r, &self.town.child_born);
        self.browser.send(&form).await
    }

    /// One file for each part that has none, then on.
    async fn hand_in(&mut self, page: &Page) -> Option<Page> {
        let forms: Vec<Form> = page.forms().into_iter().filter(|f| f.action.contains("/papers")).collect();
        let given: Vec<&str> = forms.iter().filter(|f| f.has("remove")).map(|f| f.get("part")).collect();
        let open = forms.iter().find(|f| f.has("file") && !given.contains(&f.get("part")));
        if let Some(open) = open {
            let mut form = open.clone();
            form.attach("file", paper(self.pace.draw()));
            return self.browser.send(&form).await;
        }
        let mut next = forms.into_iter().find(|f| !f.has("part"))?;
        next.set("then", "next");
        self.browser.send(&next).await
    }

    /// With code and secret, as from a slip of paper; answers what was asked, rates what is done.
    async fn come_back(&mut self, filed: &Page, r: &mut Random) -> Option<()> {
        let (code, secret) = (filed.text_of("code")?.to_owned(), filed.text_of("secret")?.to_owned());
        self.think().await;
        self.browser.open("/portal/mine").await?;
        for look in 0..LOOKS {
            self.pace.wait(LATER).await;
            if self.pace.over() {
                return Some(());
            }
            let status = if look == 0 {
                let mut form = self.browser.open("/portal/track").await?.form("/portal/track")?;
                form.set("code", &code);
                form.set("secret", &secret);
                self.think().await;
                self.browser.send(&form).await?
            } else {
                self.browser.open(&format!("/portal/track/{}", escape(&code))).await?
            };
            if let Some(link) = status.links("/supplement").into_iter().next() {
                self.think().await;
                let mut form = self.browser.open(&link).await?.form("/supplement")?;
                form.set("note", "Tôi đã bổ sung theo yêu cầu.");
                self.think().await;
                self.browser.send(&form).await?;
            } else if let Some(mut form) = status.form("/rate") {
                form.set("stars", if r.chance(80) { "5" } else { "4" });
                self.think().await;
                self.browser.send(&form).await?;
            }
        }
        Some(())
    }
}

/// Answers what has no answer yet.
pub fn fill(form: &mut Form, r: &mut Random, child_born: &[String; 3]) {
    for f in &mut form.fields {
        if !f.value.is_empty() || f.kind == Kind::Hidden || f.kind == Kind::File {
            continue;
        }
        let name = f.name.as_str();
        if let Some(part) = name.strip_suffix(".d").or_else(|| name.strip_suffix(".m")).or_else(|| name.strip_suffix(".y")) {
            if part.ends_with("child_birth_date") {
                let at = usize::from(name.ends_with(".m")) + 2 * usize::from(name.ends_with(".y"));
                f.value.clone_from(&child_born[at]);
            }
            continue;
        }
        let known = ANSWERS.iter().find(|(end, _)| name.ends_with(end)).map(|(_, v)| (*v).to_owned());
        f.value = match (&f.kind, known) {
            (Kind::Choice(list), Some(v)) if list.contains(&v) => v,
            (Kind::Choice(list), _) => list.iter().find(|v| !v.is_empty()).cloned().unwrap_or_default(),
            (Kind::Check(_), _) => String::new(),
            (_, Some(v)) => v,
            (_, None) if name.ends_with("_name") => full_name(r),
            // Identity numbers, phones, days: left out where they may be.
            _ => String::new(),
        };
    }
}
