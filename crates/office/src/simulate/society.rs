//! The other registers at the sizes that were published: teams, cameras, 5G stations, enterprises, shops, signatures, training,
//! conferences, documents. What existed before the year is entered on its first day; the rest month by month, by its officers.
//!
//! Where a publication says "hơn" (more than), the simulated count is a little more.

use std::{collections::BTreeMap, sync::Arc};

use jiff::civil::{Date, date};
use rules::{Month, Timestamp, access::Actor, calendar::Calendar, time::date_from_days, time::days_since_epoch};
use serde_json::{Value, json};

use super::{
    Plan,
    cast::Cast,
    dice::{Dice, split},
    dossiers::object,
    procedures::person,
    run::{Act, What},
};
use crate::{
    registers::{CREATE_MAX, NewRecord},
    world::World,
};

/// tổ công nghệ số cộng đồng: "hơn 1.246"
pub const TEAMS: usize = 1_248;
/// 5G stations: "hơn 60 … trong tổng số hơn 100"
pub const STATIONS: usize = 104;
pub const STATIONS_OPERATING: usize = 63;
/// Field cameras by kind; 196 together.
pub const CAMERAS: [(&str, usize); 5] = [("ptz_high", 6), ("ptz_low", 21), ("security", 130), ("urban", 31), ("traffic_count", 8)];
pub const ENTERPRISES: usize = 7_129;
/// "hơn 80 %"
const E_COMMERCE: f64 = 0.803;
pub const SHOPS: usize = 1_200;
/// "hơn 115.254"
pub const SIGNATURES: usize = 115_260;
/// "hơn 584 lượt", "hơn 2.500", both in 2024
pub const OFFICIALS_TRAINED: usize = 587;
pub const MEMBERS_TRAINED: usize = 2_512;
/// "hơn 98 buổi", 2021 to 2024
pub const CONFERENCES: usize = 99;
pub const HOUSEHOLDS: usize = 193;
const SCHOOLS: usize = 92;
/// Documents a unit issues or receives in a month.
const DOCUMENTS: i64 = 8;

/// Register, month of entering (`None`: the first day), unit.
type Place = (&'static str, Option<Month>, String);

struct Society<'a> {
    plan: &'a Plan,
    cast: &'a Cast,
    world: &'a World,
    calendar: &'a Calendar,
    dice: Dice,
    entered: BTreeMap<Place, (Arc<Actor>, Vec<NewRecord>)>,
}

/// Plans the records of all registers that the packs declare.
pub fn acts(plan: &Plan, cast: &Cast, world: &World, calendar: &Calendar) -> Vec<Act> {
    let dice = Dice::new(plan.seed, "society");
    let mut s = Society { plan, cast, world, calendar, dice, entered: BTreeMap::new() };
    s.teams();
    s.stations();
    s.cameras();
    s.enterprises();
    s.shops();
    s.signatures();
    s.training();
    s.conferences();
    s.schools_and_households();
    s.certificates();
    s.utilities();
    s.documents();
    s.into_acts()
}

impl Society<'_> {
    /// One record, dated `day`, entered by the unit's officer (or, with history, by the keeper of data).
    fn add(&mut self, register: &'static str, unit: &str, day: Date, fields: Value) {
        if !self.world.registers.contains_key(register) || day > self.plan.to {
            return;
        }
        let new = NewRecord { unit: unit.to_owned(), key: None, state: None, fields: object(fields) };
        let (month, actor, place) = if day < self.plan.from {
            (None, &self.cast.data, String::new())
        } else {
            (Some(Month::of(day)), self.cast.reporter(unit), unit.to_owned())
        };
        self.entered.entry((register, month, place)).or_insert_with(|| (actor.clone(), Vec::new())).1.push(new);
    }

    fn day(&mut self, from: Date, to: Date) -> Date {
        let (a, b) = (days_since_epoch(from), days_since_epoch(to).max(days_since_epoch(from)));
        date_from_days(i32::try_from(self.dice.between(i64::from(a), i64::from(b))).unwrap_or(a))
    }

    fn working_day(&mut self, from: Date, to: Date) -> Date {
        let day = self.day(from, to);
        let next = self.calendar.on_or_after(day).map_or(day, |a| a.value);
        if next <= to { next } else { self.calendar.previous_working_day(day).map_or(day, |a| a.value) }
    }

    /// Ward keys and codes, with how many of a whole each has.
    fn over_wards(&self, whole: usize) -> Vec<(String, String, usize)> {
        let weights: Vec<f64> = self.cast.wards.iter().map(|w| w.size).collect();
        let parts = split(whole, &weights);
        self.cast.wards.iter().zip(parts).map(|(w, n)| (w.key.to_string(), w.key.code.clone(), n)).collect()
    }

    fn ward_name(&self, i: usize) -> String {
        self.cast.wards[i].name.clone()
    }

    fn teams(&mut self) {
        for (i, (unit, code, n)) in self.over_wards(TEAMS).into_iter().enumerate() {
            for k in 1..=n {
                let founded = if self.dice.chance(0.85) {
                    self.day(date(2022, 3, 1), date(2024, 6, 30))
                } else {
                    self.day(date(2024, 7, 1), date(2025, 5, 31))
                };
                let fields = json!({
                    "code": format!("MP.TCN-{code}-{k:03}"),
                    "name": format!("Tổ công nghệ số cộng đồng số {k}, {}", self.ward_name(i)),
                    "area": format!("Khu phố {}", 1 + k % 12),
                    "founded_on": founded.to_string(),
                    "members": self.dice.between(3, 9),
                    "leader_name": person(&mut self.dice),
                    "active": true,
                });
                self.add("community_team", &unit, founded, fields);
            }
        }
    }

    fn stations(&mut self) {
        let mut k = 0;
        for (unit, code, n) in self.over_wards(STATIONS) {
            for _ in 0..n {
                k += 1;
                let installed = self.day(date(2024, 2, 1), date(2025, 5, 10));
                let start = installed.saturating_add(jiff::Span::new().days(20));
                let operating = (k * STATIONS_OPERATING / STATIONS != (k - 1) * STATIONS_OPERATING / STATIONS)
                    .then(|| self.day(start, date(2025, 6, 15).max(start)));
                let provider = ["viettel", "vnpt", "mobifone", "other"][self.dice.weighted(&[0.45, 0.3, 0.2, 0.05])];
                let fields = json!({
                    "code": format!("MP.5G-{code}-{k:03}"),
                    "provider": provider,
                    "installed_on": installed.to_string(),
                    "operating_from": operating.map(|d| d.to_string()),
                    "latitude": format!("{:.6}", 10.34 + self.dice.unit() * 0.09).parse::<f64>().unwrap_or(10.35),
                    "longitude": format!("{:.6}", 107.07 + self.dice.unit() * 0.1).parse::<f64>().unwrap_or(107.08),
                });
                // Entered once it operates, or is installed: the last thing known of it.
                self.add("station_5g", &unit, operating.unwrap_or(installed), fields);
            }
        }
    }

    fn cameras(&mut self) {
        let mut kinds: Vec<&str> = CAMERAS.iter().flat_map(|(kind, n)| std::iter::repeat_n(*kind, *n)).collect();
        self.dice.shuffle(&mut kinds);
        let units = self.over_wards(kinds.len());
        let mut kinds = kinds.into_iter();
        for (unit, code, n) in units {
            for (k, kind) in kinds.by_ref().take(n).enumerate() {
                let installed = self.day(date(2022, 6, 1), date(2024, 6, 20));
                let fields = json!({
                    "code": format!("MP.CAM-{code}-{:02}", k + 1),
                    "kind": kind,
                    "installed_on": installed.to_string(),
                    "working": self.dice.chance(0.97),
                    "latitude": format!("{:.6}", 10.34 + self.dice.unit() * 0.09).parse::<f64>().unwrap_or(10.35),
                    "longitude": format!("{:.6}", 107.07 + self.dice.unit() * 0.1).parse::<f64>().unwrap_or(107.08),
                });
                self.add("camera", &unit, installed, fields);
            }
        }
    }

    fn enterprises(&mut self) {
        let trade = [
            "Dịch vụ du lịch",
            "Thủy sản",
            "Vận tải biển",
            "Xây dựng",
            "Thương mại",
            "Nhà hàng",
            "Khách sạn",
            "Cơ khí",
            "Logistics",
            "Phần mềm",
        ];
        let (mut k, sold) = (0_usize, (ENTERPRISES as f64 * E_COMMERCE).round() as usize);
        for (unit, _, n) in self.over_wards(ENTERPRISES) {
            for _ in 0..n {
                k += 1;
                let registered = self.day(date(2010, 1, 4), date(2024, 6, 28));
                let on_line = k * sold / ENTERPRISES != (k - 1) * sold / ENTERPRISES;
                let size = ["micro", "small", "medium", "large"][self.dice.weighted(&[0.68, 0.26, 0.05, 0.01])];
                let fields = json!({
                    // Ten digits that no real enterprise has: the tax office gives no code beginning with 00.
                    "tax_code": format!("00{k:08}"),
                    "name": format!("Công ty TNHH {} {} {k} (mô phỏng)", self.dice.pick(&trade), self.dice.pick(super::procedures::GIVEN)),
                    "size": size,
                    "registered_on": registered.to_string(),
                    "e_invoice": true,
                    "e_commerce": on_line,
                    "vn_domain": self.dice.chance(0.21),
                    "qr_payment": self.dice.chance(0.6),
                });
                self.add("enterprise", &unit, registered, fields);
            }
        }
    }

    fn shops(&mut self) {
        for (unit, code, n) in self.over_wards(SHOPS) {
            for k in 1..=n {
                let listed = self.day(date(2023, 1, 3), date(2024, 6, 28));
                let fields = json!({
                    "code": format!("MP.CH-{code}-{k:03}"),
                    "name": format!("Bách hóa {} {}", self.dice.pick(super::procedures::GIVEN), k),
                    "listed_on": listed.to_string(),
                    "qr_payment": true,
                });
                self.add("shop", &unit, listed, fields);
            }
        }
    }

    /// Batches by ward and month; three quarters were issued before the year.
    fn signatures(&mut self) {
        for (unit, code, n) in self.over_wards(SIGNATURES) {
            let mut months: Vec<(Date, f64)> = (0..12).map(|m| (Month::of(date(2023, 7, 15)).plus(m).first_day(), 6.0)).collect();
            months.extend((0..11).map(|m| (Month::of(date(2024, 7, 15)).plus(m).first_day(), 2.2)));
            let parts = split(n, &months.iter().map(|m| m.1).collect::<Vec<_>>());
            for ((first, _), count) in months.into_iter().zip(parts) {
                let day = self.working_day(first.saturating_add(jiff::Span::new().days(9)), Month::of(first).last_day());
                let fields = json!({
                    "batch": format!("MP.CKS-{code}-{}", Month::of(first)),
                    "issued_on": day.to_string(),
                    "count": count,
                    "kind": if self.dice.chance(0.8) { "electronic" } else { "digital" },
                    "provider": *self.dice.pick(&["VNPT-CA", "Viettel-CA", "MobiFone-CA"]),
                });
                self.add("resident_signature", &unit, day, fields);
            }
        }
    }

    fn training(&mut self) {
        let subjects = [
            "Kỹ năng số cơ bản",
            "Sử dụng dịch vụ công trực tuyến toàn trình",
            "An toàn thông tin",
            "Hướng dẫn cài đặt VNeID",
            "Ký số văn bản",
        ];
        // (unit, audience, attendances in 2024, sessions)
        let mut plan = vec![(self.cast.city.to_string(), "officials", OFFICIALS_TRAINED, 14)];
        for (unit, _, n) in self.over_wards(MEMBERS_TRAINED) {
            plan.push((unit, "community_team", n, 3));
        }
        let mut k = 0;
        for (unit, audience, whole, sessions) in plan {
            let half: Vec<usize> = split(whole, &vec![1.0; sessions]);
            // 2024 as published; in 2025 about as many again.
            for (year_part, list) in [(0, half.clone()), (1, half[..half.len().div_ceil(2)].to_vec())] {
                for n in list {
                    k += 1;
                    let day = if year_part == 0 {
                        self.working_day(date(2024, 2, 20), date(2024, 12, 20))
                    } else {
                        self.working_day(date(2025, 2, 10), date(2025, 6, 20))
                    };
                    let title = self.dice.pick(&subjects).to_string();
                    let fields = json!({
                        "code": format!("MP.TH-{k:04}"),
                        "title": title,
                        "held_on": day.to_string(),
                        "audience": audience,
                        "attendees": n,
                    });
                    self.add("training_session", &unit, day, fields);
                }
            }
        }
    }

    fn conferences(&mut self) {
        let mut k = 0;
        for (unit, _, n) in self.over_wards(CONFERENCES) {
            // 2021 to 2024 as published, then one or two more a ward.
            let later = 1 + n % 2;
            for i in 0..n + later {
                k += 1;
                let day = if i < n {
                    self.working_day(date(2021, 3, 1), date(2024, 12, 20))
                } else {
                    self.working_day(date(2025, 2, 10), date(2025, 6, 20))
                };
                let fields = json!({
                    "code": format!("MP.HN-{k:04}"),
                    "title": *self.dice.pick(&["Chuyển đổi số và bảo vệ thông tin cá nhân", "Phòng, chống lừa đảo trên mạng", "Thanh toán không dùng tiền mặt", "Dịch vụ công trực tuyến cho người cao tuổi"]),
                    "held_on": day.to_string(),
                    "attendees": self.dice.between(40, 160),
                });
                self.add("conference", &unit, day, fields);
            }
        }
    }

    fn schools_and_households(&mut self) {
        let levels = [
            ("preschool", "Trường Mầm non"),
            ("primary", "Trường Tiểu học"),
            ("lower_secondary", "Trường THCS"),
            ("upper_secondary", "Trường THPT"),
        ];
        for (unit, code, n) in self.over_wards(SCHOOLS) {
            for k in 1..=n {
                let (level, kind) = levels[self.dice.weighted(&[0.42, 0.32, 0.18, 0.08])];
                let fields = json!({
                    "code": format!("MP.TR-{code}-{k:02}"),
                    "name": format!("{kind} {} (mô phỏng)", self.dice.pick(super::procedures::GIVEN)),
                    "level": level,
                    "listed_on": "2023-09-05",
                    "e_contact": true,
                });
                self.add("school", &unit, date(2023, 9, 5), fields);
            }
        }
        // Farming is at the edges: the last six in the order of codes.
        let wards: Vec<(String, String)> = self.cast.wards.iter().rev().take(6).map(|w| (w.key.to_string(), w.key.code.clone())).collect();
        for k in 0..if wards.is_empty() { 0 } else { HOUSEHOLDS } {
            let (unit, code) = wards[k % wards.len()].clone();
            let guided = self.working_day(date(2022, 3, 1), date(2024, 12, 20));
            let certified = k % 48 == 7;
            let fields = json!({
                "code": format!("MP.OCOP-{code}-{:03}", k + 1),
                "head_name": person(&mut self.dice),
                "guided_on": guided.to_string(),
                "certified_products": i64::from(certified),
                "on_e_commerce": certified,
            });
            self.add("household_ocop", &unit, guided, fields);
        }
    }

    fn certificates(&mut self) {
        let mut units: Vec<(String, i64)> = self.cast.wards.iter().map(|w| (w.key.to_string(), 2)).collect();
        units.extend(self.cast.agencies.keys().map(|k| (k.clone(), 2)));
        let mut k = 0;
        for (unit, deputies) in units {
            for i in 0..=deputies {
                k += 1;
                let issued = self.working_day(date(2023, 2, 1), date(2024, 6, 20));
                let expires = issued.saturating_add(jiff::Span::new().years(5));
                let fields = json!({
                    "serial": format!("MP.CTS-{k:04}"),
                    "holder": person(&mut self.dice),
                    "position": if i == 0 { "head" } else { "deputy" },
                    "issued_on": issued.to_string(),
                    "expires_on": expires.to_string(),
                    "active": true,
                });
                self.add("leader_certificate", &unit, issued, fields);
            }
        }
    }

    /// Bills by ward and month: electricity all without cash, water 85 %, telecom above 80 %.
    fn utilities(&mut self) {
        let months = (Month::of(self.plan.from).0..Month::of(self.plan.to).0).map(Month).collect::<Vec<_>>();
        for month in months {
            for (service, bills, rate) in [("electricity", 92_000, 1.0), ("water", 78_000, 0.85), ("telecom", 61_000, 0.82)] {
                for (unit, code, n) in self.over_wards(bills) {
                    let day = month.last_day();
                    let spread = if rate < 1.0 { (self.dice.unit() - 0.5) * 0.04 } else { 0.0 };
                    let fields = json!({
                        "code": format!("MP.{service}-{code}-{month}"),
                        "service": service,
                        "month_start": month.first_day().to_string(),
                        "bills": n,
                        "cashless": (n as f64 * (rate + spread)).round() as i64,
                    });
                    self.add("utility_month", &unit, day, fields);
                }
            }
        }
    }

    /// Every document signed, sent through the system and certified electronically (published: 100 %).
    fn documents(&mut self) {
        let subjects = [
            "Báo cáo kết quả chuyển đổi số tháng",
            "Kế hoạch tuyên truyền dịch vụ công trực tuyến",
            "Giấy mời họp",
            "Thông báo kết luận",
            "Đề nghị phối hợp số hóa hồ sơ",
            "Phân công nhiệm vụ tổ công nghệ số",
        ];
        let mut units: Vec<(String, String)> = self.cast.wards.iter().map(|w| (w.key.to_string(), w.key.code.clone())).collect();
        units.extend(self.cast.agencies.keys().map(|k| (k.clone(), k.split('@').next().unwrap_or(k).to_owned())));
        let (first, last) = (Month::of(self.plan.from), Month::of(self.plan.to));
        for (unit, code) in units {
            let mut number = 0;
            for month in (first.0..=last.0).map(Month) {
                let (from, to) =
                    (month.first_day().max(self.plan.from), month.last_day().min(self.plan.to.yesterday().unwrap_or(self.plan.to)));
                for _ in 0..self.dice.between(DOCUMENTS - 3, DOCUMENTS + 3) {
                    number += 1;
                    let day = self.working_day(from, to);
                    let at = Timestamp::start_of(day).plus_micros(self.dice.between(8 * 60, 16 * 60) * 60_000_000);
                    let block = ["state", "party", "front"][self.dice.weighted(&[0.84, 0.1, 0.06])];
                    let fields = json!({
                        "number": format!("MP.{number}/{code}"),
                        "subject": *self.dice.pick(&subjects),
                        "direction": if self.dice.chance(0.45) { "out" } else { "in" },
                        "block": block,
                        "issued_at": at.to_string(),
                        "via_system": true,
                        "signed": true,
                        "e_copied": true,
                    });
                    self.add("document", &unit, day, fields);
                }
            }
        }
    }

    fn into_acts(self) -> Vec<Act> {
        let mut acts = Vec::new();
        for ((register, month, _), (actor, list)) in self.entered {
            let at = match month {
                None => Timestamp::start_of(self.plan.from).plus_micros(8 * 3_600_000_000),
                // In the first office hours of the next month, when everything of the month has happened.
                Some(m) => {
                    let day = self.calendar.next_working_day(m.last_day()).map_or(m.last_day(), |a| a.value);
                    Timestamp::start_of(day).plus_micros(9 * 3_600_000_000).min(self.plan.start().plus_micros(-1_800_000_000))
                }
            };
            let mut list = list.into_iter().peekable();
            while list.peek().is_some() {
                let part: Vec<NewRecord> = list.by_ref().take(CREATE_MAX / 2).collect();
                acts.push(Act { at, actor: actor.clone(), what: What::Batch { register, list: part } });
            }
        }
        acts
    }
}
