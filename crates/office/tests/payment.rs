//! Fees from the demand to the end of the day: what fits to the đồng, what does not, what comes twice, late, forged or to nobody.

mod common;

use common::{Place, both, load, pack, person};
use office::{
    Office,
    connections::{Bank, Connections, MoneyBy, Secret},
    one_stop::{
        Applicant, Citizen, CounterInput, Filer, PaidNow, Proof, Upload,
        payment::{
            Became, Day, Method, SettleNotice, Told,
            gateway::{Gateway, Message, Order, Simulator},
            notice,
        },
    },
    signing,
};
use rules::{
    Timestamp,
    access::{Actor, Role},
    calendar::Term,
    one_stop::{Act, Case, Channel, Online, ProcedureTerms, StepTerms},
};
use serde_json::{Value, json};
use store::{Command, Expect, RecordId, RecordWrite};

const WARD: &str = "26506@2025-07-01";
const OTHER_WARD: &str = "26526@2025-07-01";
const ACCOUNT: &str = "113366668888";
const SECRET: &str = "0123456789abcdef0123456789abcdef";

fn bank(id: &str, method: MoneyBy) -> Bank {
    Bank { id: id.into(), secret: Secret::new(SECRET), method }
}

async fn open(place: &Place) -> Office {
    let connections = Connections { banks: vec![bank("bank", MoneyBy::Vietqr), bank("cong", MoneyBy::Gateway)], hooks: Vec::new() };
    assert_eq!(connections.faults(), Vec::<String>::new());
    let office = Office::open(&office::Options { connections, ..place.options.clone() }).await.unwrap();
    load(&office, &[pack::real("vietnam"), pack::real("vung-tau")]).await;
    office
}

/// A dossier that was accepted an hour ago, with the fee lines of its procedure.
async fn dossier(office: &Office, code: &str, fees: Value) -> String {
    let world = office.world();
    let at = office.now().plus_micros(-3_600_000_000);
    let day = at.local_date();
    let terms = ProcedureTerms {
        code: "1.001193".into(),
        valid_from: "2024-06-06".parse().unwrap(),
        term: Term::WorkingDays(5),
        max_term: None,
        steps: vec![StepTerms { id: "desk".into(), who: "desk".into(), share: 0 }],
        fee_vnd: None,
        online: Online::Full,
        result_electronic: true,
    };
    let rules = world.one_stop_rules(day).unwrap();
    let unit = world.units.idx(&WARD.parse().unwrap()).unwrap();
    let case = Case::file(&terms, Channel::Online, at, rules);
    let case = case.apply(&Act::Accept, at, "can-bo", rules, world.calendar(unit, day), &terms).unwrap();
    let fields = json!({ "code": code, "received_at": at, "case": case, "fees": fees, "applicant_name": "Nguyễn Thị Kín", "procedure": "Đăng ký khai sinh" });
    let id = RecordId::new();
    let write = RecordWrite {
        register: "dossier".into(),
        id,
        expect: Expect::New,
        key: Some(code.into()),
        unit: WARD.into(),
        state: case.status().id().into(),
        fields: fields.as_object().unwrap().clone(),
        kind: "file".into(),
        authority: None,
    };
    office.store().commit(Command { actor: "can-bo".into(), on_behalf: None, at, idempotency: None, writes: vec![write] }).await.unwrap();
    id.to_string()
}

fn fees(full_vnd: u64, amount_vnd: u64) -> Value {
    json!([{ "id": "le-phi", "name": { "vi": "Lệ phí", "en": "Fee" }, "full_vnd": full_vnd, "amount_vnd": amount_vnd,
        "waiver": (amount_vnd < full_vnd).then(|| json!({ "vi": "Miễn đến hết năm", "en": "Waived to the end of the year" })) }])
}

async fn state(office: &Office, register: &str, key: &str) -> (String, Value) {
    let r = office.find(register, key).await.unwrap();
    (r.state.clone(), Value::Object(r.fields().unwrap()))
}

async fn send(office: &Office, transaction: &str, amount_vnd: u64, purpose: &str) -> office::Result<notice::Noticed> {
    let body = notice::body(transaction, ACCOUNT, amount_vnd, purpose, office.now());
    send_body(office, "bank", &body).await
}

async fn send_body(office: &Office, bank: &str, body: &[u8]) -> office::Result<notice::Noticed> {
    let at = signing::seconds(Timestamp::from_jiff(jiff::Timestamp::now()));
    office.take_bank_notice(bank, &at.to_string(), &signing::sign(&Secret::new(SECRET), at, body), body).await
}

async fn demand(office: &Office, actor: &Actor, code: &str) -> String {
    let version = office.find("dossier", code).await.unwrap().version;
    office.demand_fee(actor, code, version, None, "").await.unwrap().reference
}

fn officer() -> Actor {
    person("can-bo", &[(Role::WardOfficer, WARD)])
}

/// What came in by a way.
fn of(day: &Day, way: &str, told: Told) -> u64 {
    day.paid_by.get(&(way.to_owned(), told)).map_or(0, |m| m.amount_vnd)
}

/// The lines of the account give its sums.
fn adds_up(day: &Day) {
    let sum = |all: &mut dyn Iterator<Item = &Method>| all.fold((0, 0), |(n, vnd), m| (n + m.count, vnd + m.amount_vnd));
    assert_eq!(sum(&mut day.paid_by.values()), (day.total.count, day.total.amount_vnd));
    assert_eq!(sum(&mut day.became.values()), (day.told.count, day.told.amount_vnd));
}

fn code_of<T: std::fmt::Debug>(r: office::Result<T>) -> &'static str {
    r.unwrap_err().code()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_transfer_to_the_dong_pays_and_the_dossier_goes_on() {
    both(async |place| {
        let office = open(place).await;
        dossier(&office, "000.00.26.H06-261122-0001", fees(8_000, 8_000)).await;
        let code = "000.00.26.H06-261122-0001";
        assert_eq!(office.payment_due(code).await.unwrap(), None);
        let made = office.demand_fee(&officer(), code, 1, None, "mot-lan").await.unwrap();
        assert_eq!((made.amount_vnd, made.reference.as_str()), (8_000, "0000026H062611220001P1"));
        assert_eq!(office.demand_fee(&officer(), code, 1, None, "mot-lan").await.unwrap(), made, "the same request again makes nothing");
        assert_eq!(code_of(office.demand_fee(&officer(), code, 1, Some(9), "mot-lan").await), "idempotency.mismatch");
        assert_eq!(code_of(office.demand_fee(&officer(), code, made.dossier_version, None, "").await), "payment.open");
        assert_eq!(state(&office, "dossier", code).await.0, "payment");
        let due = office.payment_due(code).await.unwrap().unwrap();
        assert_eq!(
            (due.amount_vnd, due.purpose.as_str(), due.account.unwrap().account.as_str()),
            (8_000, "0000026H062611220001P1", ACCOUNT)
        );

        let noticed = send(&office, "FT1", 8_000, "MBVCB.77 nop le phi 0000026H062611220001P1.CT tu 001").await.unwrap();
        assert_eq!(
            (noticed.state.as_str(), noticed.payment.as_deref(), noticed.repeated),
            ("matched", Some("0000026H062611220001P1"), false)
        );
        let (paid, body) = state(&office, "payment", &made.reference).await;
        assert_eq!((paid.as_str(), body["paid_vnd"].as_u64(), body["method"].as_str()), ("paid", Some(8_000), Some("vietqr")));
        let (dossier, body) = state(&office, "dossier", code).await;
        assert_eq!((dossier.as_str(), body["paid_online"].as_bool()), ("received", Some(true)));
        assert_eq!(body["case"]["payment"]["paid_vnd"], 8_000);
        assert!(body["due_at"].is_string(), "its clock runs again");
        assert_eq!(office.payment_due(code).await.unwrap(), None);

        // The bank tells it again, and again: nothing happens twice.
        office.store().settle().await.unwrap();
        let size = office.store().head().await.unwrap().size;
        for _ in 0..3 {
            let again = send(&office, "FT1", 8_000, "MBVCB.77 nop le phi 0000026H062611220001P1.CT tu 001").await.unwrap();
            assert_eq!((again.repeated, again.state.as_str()), (true, "matched"));
        }
        office.store().settle().await.unwrap();
        assert_eq!(office.store().head().await.unwrap().size, size);
        assert_eq!(code_of(send(&office, "FT1", 9_000, "0000026H062611220001P1").await), "bank.changed");

        let receipt = office.receipt(&officer(), &made.reference).await.unwrap();
        assert_eq!((receipt.payer.as_deref(), receipt.payment.body.lines[0].amount_vnd), (Some("Nguyễn Thị Kín"), 8_000));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_fit_is_a_case_for_the_cashier_and_nothing_is_lost() {
    both(async |place| {
        let office = open(place).await;
        let cashier = officer();
        let chair = person("chu-tich", &[(Role::Leader, WARD), (Role::WardOfficer, WARD)]);
        let stranger = person("noi-khac", &[(Role::WardOfficer, OTHER_WARD)]);
        for n in 1..=4 {
            dossier(&office, &format!("H06.26-261122-000{n}"), fees(15_000, 15_000)).await;
        }
        let [short, over, twice, none] = [1, 2, 3, 4].map(|n| format!("H06.26-261122-000{n}"));
        let (short, over, twice) =
            (demand(&office, &cashier, &short).await, demand(&office, &cashier, &over).await, demand(&office, &cashier, &twice).await);

        // Too little: the demand waits for the rest, and the rest pays it.
        send(&office, "A1", 10_000, &short).await.unwrap();
        assert_eq!(state(&office, "payment", &short).await.1["problem"], "short");
        assert_eq!(office.payment_due("H06.26-261122-0001").await.unwrap().unwrap().amount_vnd, 5_000);
        assert_eq!(state(&office, "dossier", "H06.26-261122-0001").await.0, "payment");
        send(&office, "A2", 5_000, &short).await.unwrap();
        assert_eq!(state(&office, "payment", &short).await.0, "paid");
        assert_eq!(state(&office, "dossier", "H06.26-261122-0001").await.0, "received");

        // Too much: the cashier takes the fee and owes the rest; another person gives it back.
        send(&office, "B1", 20_000, &over).await.unwrap();
        assert_eq!(state(&office, "payment", &over).await.0, "mismatch");
        let shown = office.payment(&cashier, &over).await.unwrap();
        assert_eq!(code_of(office.accept_excess(&stranger, &over, shown.version).await), "access.unit");
        let version = office.accept_excess(&cashier, &over, shown.version).await.unwrap();
        let (owed, body) = state(&office, "payment", &over).await;
        assert_eq!((owed.as_str(), body["refund_vnd"].as_u64()), ("refund_due", Some(5_000)));
        assert_eq!(state(&office, "dossier", "H06.26-261122-0002").await.0, "received");
        assert_eq!(code_of(office.refund(&cashier, &over, version).await), "access.role");
        office.refund(&chair, &over, version).await.unwrap();
        assert_eq!(state(&office, "payment", &over).await.0, "refunded");

        // Twice, by two transfers: the second one is money of the payer.
        send(&office, "C1", 15_000, &twice).await.unwrap();
        let second = send(&office, "C2", 15_000, &twice).await.unwrap();
        assert_eq!((second.state.as_str(), second.problem.as_deref()), ("open", Some("twice")));
        assert_eq!(state(&office, "payment", &twice).await.1["paid_vnd"], 15_000);
        // Nobody's, and to another account of ours.
        let unknown = send(&office, "D1", 7, "tien nha thang 6").await.unwrap();
        assert_eq!(unknown.problem.as_deref(), Some("unknown"));

        // A transfer without its reference, found by the cashier.
        let none = demand(&office, &cashier, &none).await;
        let body = notice::body("E1", "999", 15_000, &none, office.now());
        assert_eq!(send_body(&office, "bank", &body).await.unwrap().problem.as_deref(), Some("account"));
        send(&office, "E2", 15_000, "me chau nop le phi").await.unwrap();
        let notice = office.find("bank_notice", "bank:E2").await.unwrap();
        let settle = SettleNotice::Match { reference: none.clone() };
        let root = person("thu-quy", &[(Role::Coordinator, "79@2025-07-01")]);
        assert_eq!(code_of(office.settle_notice(&root, "bank:E2", notice.version + 1, &settle).await), "version.conflict");
        office.settle_notice(&root, "bank:E2", notice.version, &settle).await.unwrap();
        assert_eq!(state(&office, "payment", &none).await.0, "paid");
        let again = office.find("bank_notice", "bank:E2").await.unwrap();
        assert_eq!((again.state.as_str(), again.unit.as_str()), ("matched", WARD));
        let close = SettleNotice::Close { reason: "chuyển nhầm, ngân hàng đã hoàn".into() };
        let d1 = office.find("bank_notice", "bank:D1").await.unwrap();
        assert_eq!(
            code_of(office.settle_notice(&root, "bank:D1", d1.version, &SettleNotice::Close { reason: " ".into() }).await),
            "input.required"
        );
        office.settle_notice(&root, "bank:D1", d1.version, &close).await.unwrap();

        // A refund that somebody asked for is done by somebody else.
        let paid = office.payment(&chair, &twice).await.unwrap();
        assert_eq!(code_of(office.ask_refund(&chair, &twice, paid.version, 15_001, "nộp hai lần").await), "payment.refund_amount");
        let version = office.ask_refund(&chair, &twice, paid.version, 15_000, "nộp hai lần").await.unwrap();
        assert_eq!(code_of(office.refund(&chair, &twice, version).await), "access.own_work");

        let top = office.world().units.idx(&"79@2025-07-01".parse().unwrap()).unwrap();
        let ward = office.world().units.idx(&WARD.parse().unwrap()).unwrap();
        assert_eq!(code_of(office.reconcile(&stranger, ward, office.today()).await), "access.unit");
        let day = office.reconcile(&root, top, office.today()).await.unwrap();
        assert_eq!(of(&day, "vietqr", Told::ThatDay), 65_000);
        assert_eq!((day.refunded.count, day.refunded.amount_vnd), (1, 5_000));
        assert_eq!((day.told.amount_vnd, day.became[&Became::Paid].amount_vnd), (95_007, 65_000));
        assert_eq!((day.difference_vnd(), day.unexplained_vnd()), (0, day.became[&Became::Open].amount_vnd));
        adds_up(&day);
        let problems: Vec<&str> = day.open.iter().map(|n| n.problem.as_str()).collect();
        assert_eq!(problems, ["twice", "account"]);
        assert_eq!(day.cases.iter().map(|c| c.body.reference.as_str()).collect::<Vec<_>>(), [twice.as_str()]);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cash_waivers_and_dossiers_that_ended() {
    let place = Place::sqlite();
    let office = open(&place).await;
    let cashier = officer();
    dossier(&office, "H06-1-0001", fees(50_000, 0)).await;
    assert_eq!(code_of(office.demand_fee(&cashier, "H06-1-0001", 1, None, "").await), "payment.nothing_due", "waived on the day of filing");
    dossier(&office, "H06-1-0002", fees(50_000, 20_000)).await;
    let reference = demand(&office, &cashier, "H06-1-0002").await;
    let shown = office.payment(&cashier, &reference).await.unwrap();
    assert_eq!((shown.body.amount_vnd, shown.body.lines[0].full_vnd), (20_000, 50_000));
    assert!(shown.body.lines[0].waiver.is_some(), "the receipt says why less was paid");
    let version = office.take_cash(&cashier, &reference, shown.version).await.unwrap();
    assert_eq!(code_of(office.take_cash(&cashier, &reference, version).await), "payment.not_now");
    assert_eq!(state(&office, "dossier", "H06-1-0002").await.1["paid_online"], false);

    // Withdrawn before the money came: it is owed back, and the dossier stays ended.
    dossier(&office, "H06-1-0003", fees(8_000, 8_000)).await;
    let reference = demand(&office, &cashier, "H06-1-0003").await;
    let record = office.find("dossier", "H06-1-0003").await.unwrap();
    let mut fields = record.fields().unwrap();
    let case: Case = serde_json::from_value(fields["case"].clone()).unwrap();
    let ended = json!({ "status": "withdrawn" });
    let mut value = serde_json::to_value(&case).unwrap();
    value["status"] = ended["status"].clone();
    fields.insert("case".into(), value);
    let write = RecordWrite {
        register: "dossier".into(),
        id: record.id,
        expect: Expect::Version(record.version),
        key: record.key.clone(),
        unit: record.unit.clone(),
        state: "withdrawn".into(),
        fields,
        kind: "withdraw".into(),
        authority: None,
    };
    office
        .store()
        .commit(Command { actor: "x".into(), on_behalf: None, at: office.now(), idempotency: None, writes: vec![write] })
        .await
        .unwrap();
    let noticed = send(&office, "W1", 8_000, &reference).await.unwrap();
    assert_eq!(noticed.state, "matched");
    let (owed, body) = state(&office, "payment", &reference).await;
    assert_eq!((owed.as_str(), body["refund_vnd"].as_u64(), body["problem"].as_str()), ("refund_due", Some(8_000), Some("dossier_closed")));
    assert_eq!(state(&office, "dossier", "H06-1-0003").await.0, "withdrawn");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_forged_old_or_unreadable_notice_is_refused() {
    let place = Place::sqlite();
    let office = open(&place).await;
    let now = signing::seconds(Timestamp::from_jiff(jiff::Timestamp::now()));
    let body = notice::body("F1", ACCOUNT, 1_000, "x", office.now());
    let sign = |at: i64, body: &[u8]| signing::sign(&Secret::new(SECRET), at, body);
    let take = async |bank: &str, at: i64, signature: &str, body: &[u8]| {
        code_of(office.take_bank_notice(bank, &at.to_string(), signature, body).await)
    };
    assert_eq!(take("nobody", now, &sign(now, &body), &body).await, "signature.wrong");
    assert_eq!(take("bank", now, &signing::sign(&Secret::new("x".repeat(32)), now, &body), &body).await, "signature.wrong");
    assert_eq!(take("bank", now, &sign(now, b"{}"), &body).await, "signature.wrong");
    assert_eq!(take("bank", now - 301, &sign(now - 301, &body), &body).await, "signature.old");
    for broken in [
        &b"{"[..],
        b"[]",
        br#"{"transaction":"a b","account":"1","amount_vnd":1,"booked_at":"2026-11-22T00:00:00Z"}"#,
        br#"{"transaction":"a","account":"1","amount_vnd":0,"booked_at":"2026-11-22T00:00:00Z"}"#,
        br#"{"transaction":"a","account":"1","amount_vnd":1.5,"booked_at":"2026-11-22T00:00:00Z"}"#,
        br#"{"transaction":"a","account":"1","amount_vnd":1,"booked_at":"yesterday"}"#,
    ] {
        assert_eq!(take("bank", now, &sign(now, broken), broken).await, "bank.body", "{}", String::from_utf8_lossy(broken));
    }
    assert_eq!(office.store().register_counts().await.unwrap().iter().find(|(r, _)| r == "bank_notice"), None);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_notice_from_many_hands_at_once_counts_once() {
    both(async |place| {
        let office = open(place).await;
        dossier(&office, "H06-2-0001", fees(8_000, 8_000)).await;
        let reference = demand(&office, &officer(), "H06-2-0001").await;
        let body = notice::body("T1", ACCOUNT, 8_000, &reference, office.now());
        let mut hands = tokio::task::JoinSet::new();
        for _ in 0..12 {
            let (office, body) = (office.clone(), body.clone());
            hands.spawn(async move { send_body(&office, "bank", &body).await });
        }
        let mut fresh = 0;
        while let Some(done) = hands.join_next().await {
            fresh += usize::from(!done.unwrap().unwrap().repeated);
        }
        assert_eq!(fresh, 1);
        let (paid, fields) = state(&office, "payment", &reference).await;
        assert_eq!((paid.as_str(), fields["paid_vnd"].as_u64(), fields["notices"].as_array().unwrap().len()), ("paid", Some(8_000), 1));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_gateway_that_fails_is_late_and_repeats_itself_pays_each_demand_once() {
    let place = Place::sqlite();
    let office = open(&place).await;
    let gateway = Simulator::new("cong", Secret::new(SECRET), 57);
    let (mut refused, mut references) = (0, Vec::new());
    for n in 1..=25 {
        let code = format!("H06-3-{n:04}");
        dossier(&office, &code, fees(1_000 * n, 1_000 * n)).await;
        let reference = demand(&office, &officer(), &code).await;
        let page = loop {
            match office.open_gateway(&gateway, &reference, "/portal").await {
                Ok(page) => break page,
                Err(e) => {
                    assert_eq!(e.code(), "payment.gateway");
                    refused += 1;
                }
            }
        };
        assert!(page.ends_with(&reference));
        // Until the gateway tells, it is known that the payer went there.
        let due = office.payment_due(&code).await.unwrap().unwrap();
        assert!(due.under_way.is_some_and(|at| at <= office.now()), "{due:?}");
        references.push(reference);
    }
    assert!(refused > 0, "the simulator fails sometimes");
    // Late: every callback comes after all orders were opened, in no order, most more than once.
    let told: Vec<Message> = gateway.pay_all(office.now());
    assert!(told.len() > references.len());
    let mut repeated = 0;
    for m in &told {
        let noticed = office.take_bank_notice("cong", &m.at, &m.signature, &m.body).await.unwrap();
        assert_eq!(noticed.state, "matched");
        repeated += usize::from(noticed.repeated);
    }
    assert_eq!(told.len() - repeated, references.len());
    let ward = office.world().units.idx(&WARD.parse().unwrap()).unwrap();
    let day = office.reconcile(&officer(), ward, office.today()).await.unwrap();
    assert_eq!((of(&day, "gateway", Told::ThatDay), day.total.count), (1_000 * (25 * 26 / 2), 25));
    assert_eq!((day.difference_vnd(), day.unexplained_vnd()), (0, 0));
    assert_eq!(code_of(office.open_gateway(&gateway, &references[0], "/").await), "payment.not_now");
    let order = Order { reference: "x".into(), amount_vnd: 1, purpose: "x".into(), account: "1".into(), back_to: "/".into() };
    let answers = async |seed| {
        let gateway = Simulator::new("cong", Secret::new(SECRET), seed);
        let mut out = Vec::new();
        for _ in 0..20 {
            out.push(gateway.open(&order).await.is_ok());
        }
        out
    };
    assert_eq!(answers(7).await, answers(7).await, "the same seed does the same");
}

/// Certified copies: five thousand đồng for three pages, twice.
fn copies(paid: Option<PaidNow>) -> CounterInput {
    let form = json!({ "applicant_name": "Trần Văn Hùng", "applicant_number": "077190000123", "applicant_phone": "0903123456",
        "applicant_address": "12 Lê Lợi", "paper_name": "Bằng tốt nghiệp", "language": "vi", "sheets": 3, "copies": 2, "form": "paper" });
    let paper = json!({ "part": "original", "name": "original", "at": Timestamp(0), "origin": "paper", "copies": 1 });
    CounterInput {
        procedure: "2.000815".into(),
        unit: WARD.into(),
        applicant: Applicant { name: "Trần Văn Hùng".into(), id_number: "077190000123".into(), ..Applicant::default() },
        form: form.as_object().unwrap().clone(),
        parts: vec![serde_json::from_value(paper).unwrap()],
        paid,
        despite_duplicate: true,
        ..CounterInput::default()
    }
}

async fn kinds(office: &Office, code: &str) -> Vec<String> {
    office.store().settle().await.unwrap();
    let id = office.find("dossier", code).await.unwrap().id;
    office.store().history("dossier", id).await.unwrap().into_iter().map(|e| e.kind).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fee_is_asked_for_by_itself_when_the_counter_receives() {
    both(async |place| {
        let office = open(place).await;
        let filed = office.receive(&officer(), &copies(None)).await.unwrap();
        assert_eq!((filed.fee_vnd, filed.due_at, filed.version), (10_000, None, 2), "no day is promised before the fee is there");
        assert_eq!(kinds(&office, &filed.code).await, ["accept", "demand_payment"]);
        assert_eq!(state(&office, "dossier", &filed.code).await.0, "payment");
        let due = office.payment_due(&filed.code).await.unwrap().unwrap();
        assert_eq!((due.amount_vnd, due.lines.len(), due.account.is_some()), (10_000, 1, true));
        let by_hand = Act::Paid { amount_vnd: 10_000, online: false, reference: "x".into() };
        assert_eq!(code_of(office.act(&officer(), &filed.id, 2, &by_hand, "").await), "payment.open", "there would be no receipt");
        send(&office, "N1", 10_000, &format!("ck {}", due.reference)).await.unwrap();
        let (now, fields) = state(&office, "dossier", &filed.code).await;
        assert!(now == "received" && fields["due_at"].is_string(), "{fields}");
        let again = office.find("dossier", &filed.code).await.unwrap().version;
        let twice = office.act(&officer(), &filed.id, again, &by_hand, "").await;
        assert_eq!(code_of(twice), "payment.not_demanded", "the same money is not booked beside the day's account");

        // Paid on the spot: received and done with, with a receipt.
        assert_eq!(code_of(office.receive(&officer(), &copies(taken(9_000))).await), "payment.counter_amount");
        let filed = office.receive(&officer(), &copies(taken(10_000))).await.unwrap();
        assert!(filed.due_at.is_some());
        assert_eq!((kinds(&office, &filed.code).await.len(), office.payment_due(&filed.code).await.unwrap()), (1, None));
        let list = office.payments_of(&officer(), &filed.code).await.unwrap();
        assert_eq!((list.len(), list[0].state.as_str(), list[0].body.method.as_deref()), (1, "paid", Some("cash")));
        assert_eq!(office.receipt(&officer(), &list[0].body.reference).await.unwrap().payment.body.paid_vnd, Some(10_000));
        let ward = office.world().units.idx(&WARD.parse().unwrap()).unwrap();
        let day = office.reconcile(&officer(), ward, office.today()).await.unwrap();
        assert_eq!((day.total.count, of(&day, "cash", Told::ByReceipt)), (2, 10_000));
        office.close().await.unwrap();
    })
    .await;
}

/// The real packs with a line of theirs changed.
async fn open_changed(place: &Place, change: impl Fn(&str) -> String) -> Office {
    let office = Office::open(&place.options).await.unwrap();
    let changed = |name: &str| pack::real(name).into_iter().map(|(path, text)| (path, change(&text))).collect();
    load(&office, &[changed("vietnam"), changed("vung-tau")]).await;
    office
}

fn taken(amount_vnd: u64) -> Option<PaidNow> {
    Some(PaidNow { amount_vnd, online: false, reference: String::new() })
}

#[tokio::test(flavor = "multi_thread")]
async fn the_counter_takes_no_money_for_what_is_free() {
    both(async |place| {
        let free = |text: &str| match text.find("amount = 'form.copies") {
            Some(at) => {
                let end = text[at..].find('\n').map_or(text.len(), |n| at + n);
                format!("{}amount_vnd = 0{}", &text[..at], &text[end..])
            }
            None => text.to_owned(),
        };
        let office = open_changed(place, free).await;
        assert_eq!(code_of(office.receive(&officer(), &copies(taken(10_000))).await), "payment.not_demanded");
        assert_eq!(office.receive(&officer(), &copies(None)).await.unwrap().fee_vnd, 0);
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn cash_taken_where_no_account_is_declared_has_its_receipt_and_stands_in_the_day() {
    both(async |place| {
        let without =
            |text: &str| text.lines().filter(|l| !l.starts_with("fee_account")).fold(String::new(), |all, l| format!("{all}{l}\n"));
        let office = open_changed(place, without).await;
        let filed = office.receive(&officer(), &copies(None)).await.unwrap();
        assert!(filed.due_at.is_some() && office.payment_due(&filed.code).await.unwrap().is_none(), "there is no way to ask for it");
        let filed = office.receive(&officer(), &copies(taken(10_000))).await.unwrap();
        let list = office.payments_of(&officer(), &filed.code).await.unwrap();
        assert_eq!((list.len(), list[0].state.as_str(), list[0].body.bank_account.as_deref()), (1, "paid", None));
        let receipt = office.receipt(&officer(), &list[0].body.reference).await.unwrap();
        assert_eq!((receipt.payment.body.paid_vnd, receipt.payment.body.method.as_deref()), (Some(10_000), Some("cash")));
        let ward = office.world().units.idx(&WARD.parse().unwrap()).unwrap();
        let day = office.reconcile(&officer(), ward, office.today()).await.unwrap();
        assert_eq!((day.total.count, of(&day, "cash", Told::ByReceipt)), (1, 10_000));
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fee_is_asked_for_when_the_desk_accepts_and_dropped_when_the_dossier_ends() {
    both(async |place| {
        let office = open(place).await;
        let hung = Citizen { id_number: "077190000123".into(), name: "Trần Văn Hùng".into(), level: 2, ..Citizen::default() };
        let who = Filer::Citizen(&hung);
        let file = async || {
            let (draft, key) = office.open_draft(&who, "2.000815", WARD, None).await.unwrap();
            let mut version = draft.version;
            for page in &draft.procedure.def.pages {
                version = office.save_draft(&who, &key, version, &page.id, &copies(None).form).await.unwrap().version;
            }
            let pdf = Upload { name: "a.pdf".into(), media_type: "application/pdf".into(), bytes: b"%PDF-1.7 a".to_vec() };
            version = office.add_upload(&who, &key, "original", pdf).await.unwrap().version;
            office.submit_draft(&who, &key, version, "").await.unwrap()
        };
        let filed = file().await;
        assert_eq!((filed.fee_vnd, office.payment_due(&filed.code).await.unwrap()), (10_000, None), "nobody pays before it is received");
        let accepted = office.act(&officer(), &filed.id, filed.version, &Act::Accept, "mot").await.unwrap();
        assert_eq!((accepted.version, accepted.state.as_str(), accepted.due_at), (filed.version + 2, "payment", None));
        assert!(office.act(&officer(), &filed.id, filed.version, &Act::Accept, "mot").await.unwrap().replayed);
        assert_eq!(kinds(&office, &filed.code).await, ["file", "accept", "demand_payment"]);
        assert_eq!(office.payments_of(&officer(), &filed.code).await.unwrap().len(), 1, "asked for once");
        // Somebody pays a part, and takes the dossier back: nothing is owed, what came in is.
        let due = office.payment_due(&filed.code).await.unwrap().unwrap();
        send(&office, "P1", 4_000, &due.reference).await.unwrap();
        let held = office.find("dossier", &filed.code).await.unwrap();
        let back = Act::Withdraw { reason: "Nộp nhầm nơi".into() };
        office.act(&officer(), &filed.id, held.version, &back, "").await.unwrap();
        let (now, body) = state(&office, "payment", &due.reference).await;
        assert_eq!((now.as_str(), body["refund_vnd"].as_u64()), ("refund_due", Some(4_000)));

        let second = file().await;
        office.act(&officer(), &second.id, second.version, &Act::Accept, "").await.unwrap();
        let due = office.payment_due(&second.code).await.unwrap().unwrap();
        let proof = Proof::Identity { citizen: &hung, code: &second.code };
        let version = office.track(&proof).await.unwrap().version;
        office.withdraw(&proof, version, "Đã có bản sao").await.unwrap();
        assert_eq!(state(&office, "payment", &due.reference).await.0, "cancelled");
        let late = send(&office, "P2", 10_000, &due.reference).await.unwrap();
        assert_eq!(late.problem.as_deref(), Some("cancelled"), "money that comes too late is a case for the cashier");
        office.close().await.unwrap();
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_end_of_a_dossier_leaves_owed_is_confirmed_by_whoever_ended_it() {
    both(async |place| {
        let office = open(place).await;
        let chair = person("chu-tich", &[(Role::Leader, WARD), (Role::WardOfficer, WARD)]);
        let filed = office.receive(&officer(), &copies(None)).await.unwrap();
        let due = office.payment_due(&filed.code).await.unwrap().unwrap();
        send(&office, "S1", 4_000, &due.reference).await.unwrap();
        let version = office.find("dossier", &filed.code).await.unwrap().version;
        let stop = Act::Stop { reason: "Không nộp đủ phí".into() };
        assert_eq!(code_of(office.act(&chair, &filed.id, version, &stop, "").await), "one_stop.citizen_may_pay");
        let back = Act::Withdraw { reason: "Không làm nữa".into() };
        office.act(&chair, &filed.id, version, &back, "").await.unwrap();
        let owed = office.payment(&chair, &due.reference).await.unwrap();
        assert_eq!((owed.state.as_str(), owed.body.refund_vnd), ("refund_due", Some(4_000)));
        assert_eq!(code_of(office.refund(&officer(), &due.reference, owed.version).await), "access.role");
        office.refund(&chair, &due.reference, owed.version).await.unwrap();
        assert_eq!(state(&office, "payment", &due.reference).await.0, "refunded");
        // What somebody asks for themselves is confirmed by another person, as before.
        let paid = office.receive(&officer(), &copies(Some(PaidNow { amount_vnd: 10_000, online: false, reference: String::new() }))).await;
        let paid = office.payments_of(&chair, &paid.unwrap().code).await.unwrap().remove(0);
        let asked = office.ask_refund(&chair, &paid.body.reference, paid.version, 10_000, "nộp nhầm").await.unwrap();
        assert_eq!(code_of(office.refund(&chair, &paid.body.reference, asked).await), "access.own_work");
        office.close().await.unwrap();
    })
    .await;
}

/// Cash, money of other days, parts, what the counter noted, what goes back: each stands under its own name, and the sums add up.
#[tokio::test(flavor = "multi_thread")]
async fn the_account_of_a_day_explains_every_dong() {
    both(async |place| {
        let office = open(place).await;
        let ward = office.world().units.idx(&WARD.parse().unwrap()).unwrap();
        let yesterday = office.now().plus_days(-1);
        let owing = async |code: &str| {
            dossier(&office, code, fees(8_000, 8_000)).await;
            demand(&office, &officer(), code).await
        };
        // 10,000 in cash; 8,000 told today; 3,000 told yesterday and the rest in cash; 5,000 of 8,000 so far.
        office.receive(&officer(), &copies(taken(10_000))).await.unwrap();
        let told = owing("H06-1-0001").await;
        send(&office, "T1", 8_000, &told).await.unwrap();
        let mixed = owing("H06-1-0002").await;
        send_body(&office, "bank", &notice::body("T2", ACCOUNT, 3_000, &mixed, yesterday)).await.unwrap();
        let version = office.payment(&officer(), &mixed).await.unwrap().version;
        office.take_cash(&officer(), &mixed, version).await.unwrap();
        let short = owing("H06-1-0003").await;
        send(&office, "T3", 5_000, &short).await.unwrap();
        let day = office.reconcile(&officer(), ward, office.today()).await.unwrap();
        adds_up(&day);
        assert_eq!(of(&day, "cash", Told::ByReceipt), 10_000 + 5_000, "cash is what lies in the drawer");
        assert_eq!((of(&day, "vietqr", Told::ThatDay), of(&day, "vietqr", Told::OtherDay)), (8_000, 3_000));
        assert_eq!((day.total.amount_vnd, day.told.amount_vnd), (26_000, 13_000));
        assert_eq!((day.became[&Became::Paid].amount_vnd, day.became[&Became::Waits].amount_vnd), (8_000, 5_000));
        assert_eq!((day.difference_vnd(), day.unexplained_vnd()), (0, 0));
        let before = office.reconcile(&officer(), ward, yesterday.local_date()).await.unwrap();
        adds_up(&before);
        assert_eq!(before.became[&Became::PaidOtherDay].amount_vnd, 3_000);
        // A transfer that the counter noted and no bank has told is named until it is.
        let noted = PaidNow { amount_vnd: 10_000, online: true, reference: "FT9".into() };
        let input = CounterInput { despite_duplicate: true, ..copies(Some(noted)) };
        office.receive(&officer(), &input).await.unwrap();
        send(&office, "T4", 7_000, &told).await.unwrap();
        let day = office.reconcile(&officer(), ward, office.today()).await.unwrap();
        assert_eq!((of(&day, "vietqr", Told::NotYet), day.unexplained_vnd(), day.difference_vnd()), (10_000, 17_000, 0));
        adds_up(&day);
        office.close().await.unwrap();
    })
    .await;
}
