//! Every use case × every role, compared with a reviewed table: who may do what, and which refusal the others hear.

mod common;

use common::{Place, case, pack, person, put_case, settled, unit};
use jiff::civil::date;
use office::{
    Office,
    figures::Part,
    import::Row,
    people::Account,
    programme::{FigureInput, NewDirective, NewTask, TaskFilter, UpdateInput},
    report::Lang,
};
use pack::{CITY, NEW, WARDS, small};
use rules::{
    Period,
    access::{Actor, Grant, Role},
};
use store::ListQuery;

/// What the world is asked by each person. The ward N1 has a task, a submitted figure and a case; so has N2.
struct Desk {
    office: Office,
    n: usize,
}

impl Desk {
    fn unit(&self, key: &str) -> u32 {
        unit(&self.office, key)
    }

    /// A figure that somebody else handed in for a ward.
    async fn submitted(&self, ward: &str) -> String {
        let clerk = person("clerk", &[(Role::WardOfficer, ward)]);
        self.office.submit_figure(&clerk, &figure(ward)).await.unwrap()
    }

    async fn task(&self, ward: &str) -> String {
        self.office.assign_task(&Actor::system(), &task(ward), &[]).await.unwrap().remove(0)
    }

    async fn task_done(&self, ward: &str) -> String {
        let id = self.task(ward).await;
        let clerk = person("clerk", &[(Role::WardOfficer, ward)]);
        let done = UpdateInput { progress: 100, text: "xong".into(), submit: true, ..UpdateInput::default() };
        self.office.update_task(&clerk, &id, 1, &done).await.unwrap();
        id
    }

    /// The outcome of every use case for one person: `+` or the code of the refusal.
    async fn ask(&mut self, who: &Actor) -> Vec<(&'static str, String)> {
        self.n += 1;
        let (office, n) = (self.office.clone(), self.n);
        let (system, day) = (Actor::system(), office.today());
        let (own, other, city) = (NEW[0], NEW[1], self.unit(CITY));
        let q2: Period = "2025Q2".parse().unwrap();
        let mut out = Vec::new();
        macro_rules! asked {
            ($name:literal, $call:expr) => {
                out.push(($name, told($call)));
            };
        }
        asked!("see the board of the city", office.board(who, city, day).await);
        asked!("see the board of the ward", office.board(who, self.unit(own), day).await);
        asked!("see a figure of the city", office.figure(who, "case.on_time", city, Period::All, day));
        asked!("see a figure of the ward", office.figure(who, "case.on_time", self.unit(own), Period::All, day));
        asked!("see a figure of the next ward", office.figure(who, "case.on_time", self.unit(other), Period::All, day));
        let behind = async |u| office.records_behind(who, "case.received", u, Period::All, day, Part::Counted, None, 9).await;
        asked!("open the ward's figure down to its records", behind(self.unit(own)).await);
        asked!("open the next ward's figure", behind(self.unit(other)).await);
        let list = |unit: Option<&str>| ListQuery {
            register: "case".into(),
            units: unit.map(str::to_owned).into_iter().collect(),
            limit: 9,
            ..ListQuery::default()
        };
        asked!("list a register", office.records(who, list(None)).await);
        asked!("list the next ward's records", office.records(who, list(Some(other))).await);
        asked!("make the report of the city", office.report(who, city, q2, Lang::Vi).await);
        asked!("make the report of the ward", office.report(who, self.unit(own), Period::Month(office.now().month()), Lang::Vi).await);
        asked!("read directives", office.directives(who).await);
        asked!("read one directive", office.directive(who, "D-1").await);
        let new = NewDirective { number: format!("{n}/QĐ"), title: "Quyết định".into(), ..NewDirective::default() };
        asked!("enter a directive", office.add_directive(who, &new).await);
        asked!("read targets", office.targets(who).await);
        asked!("read one target", office.target(who, "T-1").await);
        let version = office.target(&system, "T-1").await.unwrap().record.version;
        asked!("decide between deadlines", office.decide_deadline(who, "T-1", version, date(2030, 1, 1), "lý do").await);
        asked!("list tasks", office.tasks(who, &TaskFilter::default(), day).await);
        let (mine, next) = (self.task(own).await, self.task(other).await);
        asked!("read the ward's task", office.task(who, &mine, day).await);
        asked!("read the next ward's task", office.task(who, &next, day).await);
        asked!("assign a task to the ward", office.assign_task(who, &task(own), &[]).await);
        let update = UpdateInput { progress: 10, text: "đang làm".into(), ..UpdateInput::default() };
        asked!("update the ward's task", office.update_task(who, &mine, 1, &update).await);
        asked!("update the next ward's task", office.update_task(who, &next, 1, &update).await);
        let waits = self.task(own).await;
        asked!("mark the ward's task as waiting", office.wait_task(who, &waits, 1, "chờ").await);
        let done = self.task_done(own).await;
        asked!("approve the ward's task", office.answer_task(who, &done, 2, true, "").await);
        let done = self.task_done(own).await;
        asked!("return the ward's task", office.answer_task(who, &done, 2, false, "thiếu").await);
        asked!("be reminded", office.reminders(who, day).await);
        asked!("list reported figures", office.reported_figures(who).await);
        asked!("hand in a figure of the ward", office.submit_figure(who, &figure(own)).await);
        asked!("hand in a figure of the next ward", office.submit_figure(who, &figure(other)).await);
        let id = self.submitted(own).await;
        asked!("read the ward's figure", office.reported_figure(who, &id).await);
        asked!("approve the ward's figure", office.answer_figure(who, &id, 1, true, "").await);
        let id = self.submitted(own).await;
        asked!("return the ward's figure", office.answer_figure(who, &id, 1, false, "thiếu").await);
        let id = self.submitted(own).await;
        office.answer_figure(&system, &id, 1, false, "thiếu").await.unwrap();
        asked!("correct the ward's returned figure", office.correct_figure(who, &id, 2, &figure(own)).await);
        asked!("see contradictions", office.conflicts(who).await);
        let seen = office.conflicts(&system).await.unwrap().iter().flat_map(office::programme::Conflict::seen).collect::<Vec<_>>();
        asked!("decide between figures", office.decide_figure(who, "F-1", &seen, "lý do").await);
        asked!("freeze a period", office.freeze(who, Period::Year(1990 + i32::try_from(n).unwrap()), "hết kỳ").await);
        asked!(
            "import into a register",
            office.importer(who, "case", None).map(|mut i| {
                let row = Row {
                    place: "1".into(),
                    key: None,
                    unit: own.into(),
                    state: None,
                    fields: common::fields(serde_json::json!({"code": "X"})),
                };
                i.add(row).unwrap();
            })
        );
        asked!("load packs", office.load_packs(who, &common::read(&[files()]), office.now()).await);
        let account =
            Account { login: format!("nguoi{n}"), name: "Người".into(), grants: Vec::new(), language: "vi".into(), disabled: false };
        asked!("make an account", office.put_account(who, &account, None).await);
        asked!("list accounts", office.accounts(who).await);
        out
    }
}

fn told<T>(result: office::Result<T>) -> String {
    match result {
        Ok(_) => "+".into(),
        Err(e) => e.code().into(),
    }
}

fn figure(ward: &str) -> FigureInput {
    FigureInput {
        indicator: "RF-1".into(),
        unit: ward.into(),
        period: "2025Q2".into(),
        written: "90 %".into(),
        source: "Báo cáo".into(),
        ..FigureInput::default()
    }
}

fn task(ward: &str) -> NewTask {
    NewTask {
        title: "Việc".into(),
        lead: ward.into(),
        responsibility: "Người đứng đầu".into(),
        authority: "Trong thẩm quyền".into(),
        product: "Văn bản".into(),
        deadline: "2031-01-01".into(),
        ..NewTask::default()
    }
}

fn files() -> pack::Files {
    let programme = format!(
        r#"
[[directive]]
id = "D-1"
number = "57-NQ/TW"
kind = "NQ"
title = {{ vi = "Nghị quyết", en = "Resolution" }}

[[target]]
id = "T-1"
title = {{ vi = "95 % đúng hạn", en = "95 % on time" }}
indicator = "case.on_time"
threshold = "95%"
comparison = ">="
window = "quarter"
deadline = 2030-06-30
scope = {{ under = "{CITY}", level = 4 }}
owner = "{CITY}"
claims = [{{ deadline = 2030-01-01, source = "S2", quote = "sớm" }}]
source = "S1"

[[figure]]
id = "F-1"
indicator = "RF-1"
unit = "{CITY}"
as_written = "88%"
source = "S1"
quote = "đạt 88%"

[[figure]]
id = "F-2"
indicator = "RF-1"
unit = "{CITY}"
as_written = "99%"
source = "S2"
quote = "đạt 99%"
"#
    );
    pack::with(small(true), "programme/all.toml", &programme)
}

/// Columns: each role over the whole city, the ward's officer and leader, somebody with no grant, the public, the program.
fn people() -> Vec<(&'static str, Actor)> {
    let mut out: Vec<(&str, Actor)> = Role::ALL.into_iter().map(|r| (r.id(), person(r.id(), &[(r, CITY)]))).collect();
    out.push(("ward:officer", person("w1", &[(Role::WardOfficer, NEW[0])])));
    out.push(("ward:leader", person("w2", &[(Role::Leader, NEW[0])])));
    let one_register = Grant { role: Role::DataOfficer, unit: CITY.parse().unwrap(), register: Some("case".into()) };
    out.push(("data:case", Actor::new("d1", "d1", vec![one_register])));
    out.push(("no grant", person("n1", &[])));
    out.push(("public", Actor::anonymous()));
    out.push(("program", Actor::system()));
    out
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_may_do_what() {
    let place = Place::sqlite();
    let office = place.governed(&[files()]).await;
    for ward in [WARDS[0], WARDS[2], NEW[0], NEW[1]] {
        put_case(&office, None, ward, case("2025-05-01T01:00:00.000000Z", "2025-06-10T01:00:00.000000Z", None, "online")).await;
    }
    settled(&office).await;
    let mut desk = Desk { office: office.clone(), n: 0 };
    let mut rows: Vec<(&str, Vec<String>)> = Vec::new();
    let people = people();
    for (i, (_, who)) in people.iter().enumerate() {
        for (k, (name, answer)) in desk.ask(who).await.into_iter().enumerate() {
            if i == 0 {
                rows.push((name, Vec::new()));
            }
            rows[k].1.push(answer);
        }
    }
    let legend = [("+", "+"), ("access.role", "role"), ("access.unit", "unit"), ("access.register", "reg"), ("access.sign_in", "in")];
    let short = |code: &str| legend.iter().find(|(c, _)| *c == code).map_or_else(|| code.to_owned(), |(_, s)| (*s).to_owned());
    let mut table = String::new();
    for (i, (name, _)) in people.iter().enumerate() {
        table += &format!("{:>2} {name}\n", i + 1);
    }
    table += &format!("\n{:45}{}\n", "", (1..=people.len()).map(|i| format!("{i:>5}")).collect::<String>());
    for (name, answers) in rows {
        table += &format!("{name:45}{}\n", answers.iter().map(|a| format!("{:>5}", short(a))).collect::<String>());
    }
    insta::assert_snapshot!(table);
    office.close().await.unwrap();
}
