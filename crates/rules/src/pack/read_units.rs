//! Units, successions and calendars.

use jiff::civil::Date;

use super::{
    content::{Mention, Place, succession_id},
    csv_rows::{Row, rows},
    fault::{Kind, Problem},
    model::{CalendarDay, CalendarDef, SuccessionDef, UnitDef},
    read::Reader,
    source::Src,
    table::Table,
};
use crate::{Localized, units::UnitKey};

pub(crate) const UNIT_KINDS: &[&str] = &["country", "province", "district", "ward", "commune", "special_zone", "agency"];
const UNIT_COLUMNS: &[&str] = &[
    "code",
    "valid_from",
    "valid_to",
    "name_vi",
    "name_en",
    "short_vi",
    "short_en",
    "kind",
    "level",
    "parent",
    "org_code",
    "aliases",
    "source",
    "verified",
    "note",
];
const SUCCESSION_COLUMNS: &[&str] = &["from", "to", "on", "whole", "share", "legal_basis", "source", "verified"];
const WEEKDAYS: &[&str] = &["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

fn is_code(code: &str) -> bool {
    (1..=35).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'.' || b == b'-')
}

impl Reader<'_> {
    pub fn unit_rows(&mut self, src: &Src<'_>) {
        let faults = self.faults;
        rows(src, faults, UNIT_COLUMNS, &["code", "valid_from", "name_vi", "name_en", "kind", "level"], |row| self.unit_row(row));
    }

    fn unit_row(&mut self, row: &Row<'_>) {
        let code = row.text("code");
        if !code.is_empty() && !is_code(&code) {
            row.fault("code", Problem::BadId { text: code.clone() });
        }
        let kind = row.text("kind");
        if !kind.is_empty() && !UNIT_KINDS.contains(&kind.as_str()) {
            row.fault(
                "kind",
                Problem::NotOneOf { key: "kind".into(), text: kind.clone(), allowed: UNIT_KINDS.iter().map(|k| (*k).to_owned()).collect() },
            );
        }
        let level = row.text("level");
        let level = level.parse::<u8>().ok().filter(|l| (1..=5).contains(l)).unwrap_or_else(|| {
            if !level.is_empty() {
                row.fault("level", Problem::OutOfRange { key: "level".into(), text: level.clone(), allowed: "1 to 5" });
            }
            4
        });
        let (valid_from, valid_to) = (row.date("valid_from"), row.date_opt("valid_to"));
        let parent = row.unit_opt("parent");
        let name = Localized { vi: row.text("name_vi"), en: row.text("name_en") };
        let short = match (row.text_opt("short_vi"), row.text_opt("short_en")) {
            (None, None) => None,
            (vi, en) => Some(Localized { vi: vi.clone().or_else(|| en.clone()).unwrap_or_default(), en: en.or(vi).unwrap_or_default() }),
        };
        let aliases = row
            .get("aliases")
            .map(|list| list.split(';').map(|a| a.trim().to_owned()).filter(|a| !a.is_empty()).collect())
            .unwrap_or_default();
        let source = row.text_opt("source");
        let verified = row.flag_or("verified", true);
        let Some(valid_from) = valid_from else { return };
        let key = UnitKey { code, valid_from };
        let place = Place {
            at: row.at(),
            keys: ["valid_to", "parent", "level", "source"].iter().map(|k| ((*k).to_owned(), row.at_key(k))).collect(),
            replaces: false,
        };
        self.mention_opt(&[Kind::Source], source.as_deref(), row.at_key("source"));
        self.add_unit(
            UnitDef {
                key,
                valid_to,
                name,
                short,
                kind,
                level,
                parent,
                org_code: row.text_opt("org_code"),
                aliases,
                source,
                verified,
                note: row.text_opt("note"),
            },
            place,
        );
    }

    pub fn unit_table(&mut self, table: Table<'_>) {
        let code = table.text("code");
        if !code.is_empty() && !is_code(&code) {
            table.fault("code", Problem::BadId { text: code.clone() });
        }
        let source = self.source_of(&table);
        let (valid_from, valid_to) = (table.date("valid_from"), table.date_opt("valid_to"));
        let place = self.place(&table);
        let level = table.int_in("level", 1, 5, "1 to 5").and_then(|l| u8::try_from(l).ok()).unwrap_or(4);
        let unit = UnitDef {
            key: UnitKey { code, valid_from: valid_from.unwrap_or(Date::MIN) },
            valid_to,
            name: table.localized("name"),
            short: table.localized_opt("short"),
            kind: table.choice("kind", UNIT_KINDS),
            level,
            parent: table.unit_opt("parent"),
            org_code: table.text_opt("org_code"),
            aliases: table.texts("aliases").into_iter().map(|(t, _)| t).collect(),
            source,
            verified: table.verified(),
            note: table.text_opt("note"),
        };
        table.finish();
        if valid_from.is_some() {
            self.add_unit(unit, place);
        }
    }

    fn add_unit(&mut self, unit: UnitDef, place: Place) {
        if unit.valid_to.is_some_and(|to| to <= unit.key.valid_from) {
            self.faults.push(place.key("valid_to"), Problem::EndBeforeStart { key: unit.key.to_string() });
        }
        if let Some(parent) = &unit.parent {
            self.places.mentions.push(Mention { kinds: &[Kind::Unit], id: parent.to_string(), at: place.key("parent") });
        }
        self.places.declare(Kind::Unit, &unit.key.to_string(), place);
        self.content.units.push(unit);
    }

    pub fn succession_rows(&mut self, src: &Src<'_>) {
        let faults = self.faults;
        rows(src, faults, SUCCESSION_COLUMNS, &["from", "to", "on", "legal_basis"], |row| {
            let legal_basis = row.text("legal_basis");
            let (from, to, on) = (row.unit_opt("from"), row.unit_opt("to"), row.date("on"));
            if row.get("from").is_none() || row.get("to").is_none() {
                row.faults.push(row.at(), Problem::Empty { key: "from, to".into() });
            }
            let share = row.text_opt("share");
            let source = row.text_opt("source");
            let (Some(from), Some(to), Some(on)) = (from, to, on) else { return };
            let whole = row.flag_or("whole", true);
            let place = Place {
                at: row.at(),
                keys: ["from", "to", "on", "share"].iter().map(|k| ((*k).to_owned(), row.at_key(k))).collect(),
                replaces: false,
            };
            self.mention_opt(&[Kind::Source], source.as_deref(), row.at_key("source"));
            self.add_succession(
                SuccessionDef { from, to, on, whole, share, legal_basis, source, verified: row.flag_or("verified", true) },
                place,
            );
        });
    }

    pub fn succession_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let source = self.source_of(&table);
        let (from, to, on) = (table.unit("from"), table.unit("to"), table.date("on"));
        let share = table.text_opt("share");
        let whole = if table.has("whole") { table.flag("whole") } else { share.is_none() };
        let legal_basis = table.text("legal_basis");
        let verified = table.verified();
        table.finish();
        if let (Some(from), Some(to), Some(on)) = (from, to, on) {
            self.add_succession(SuccessionDef { from, to, on, whole, share, legal_basis, source, verified }, place);
        }
    }

    fn add_succession(&mut self, succession: SuccessionDef, place: Place) {
        for (unit, key) in [(&succession.from, "from"), (&succession.to, "to")] {
            self.places.mentions.push(Mention { kinds: &[Kind::Unit], id: unit.to_string(), at: place.key(key) });
        }
        match &succession.share {
            Some(share) if read_share(share).is_none() => self.faults.push(
                place.key("share"),
                Problem::OutOfRange { key: "share".into(), text: share.clone(), allowed: "a fraction such as 3/5, above 0 and at most 1" },
            ),
            Some(_) if succession.whole => {
                self.faults.push(
                    place.key("share"),
                    Problem::OutOfRange {
                        key: "whole".into(),
                        text: "true, with a share".into(),
                        allowed: "a share only where whole = false",
                    },
                );
            }
            _ => {}
        }
        self.places.declare(Kind::Succession, &succession_id(&succession.from.to_string(), &succession.to.to_string()), place);
        self.content.successions.push(succession);
    }

    pub fn calendar_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let source = self.source_of(&table);
        if !table.has("year") {
            table.fault("year", Problem::MissingKey { key: "year", of: table.name.clone() });
        }
        let year = table.int_in("year", 1945, 2200, "1945 to 2200").and_then(|y| i32::try_from(y).ok());
        let weekend: Vec<String> = self.words(&table, "weekend", WEEKDAYS);
        let hours: Vec<String> = table
            .texts("hours")
            .into_iter()
            .map(|(text, at)| {
                if !is_hours(&text) {
                    self.faults
                        .push(at, Problem::OutOfRange { key: "hours".into(), text: text.clone(), allowed: "a span such as 07:30-11:30" });
                }
                text
            })
            .collect();
        let mut days = Vec::new();
        for day in table.tables("day") {
            let source = self.source_of(&day);
            let at = day.at_key("date");
            let date = day.date("date");
            let entry = |date| CalendarDay {
                date,
                kind: day.choice("kind", &["holiday", "off", "work"]),
                name: day.localized("name"),
                source,
                verified: day.verified(),
                note: day.text_opt("note"),
            };
            let entry = entry(date.unwrap_or(Date::MIN));
            day.finish();
            let Some(date) = date else { continue };
            if let Some(year) = year
                && i32::from(date.year()) != year
            {
                self.faults.push(at.clone(), Problem::CalendarYear { date: date.to_string(), year });
            }
            if let Some(first) = self.places.days.insert(date.to_string(), at.clone()) {
                self.faults.push(at, Problem::CalendarDayTwice { date: date.to_string(), first });
            }
            days.push(entry);
        }
        let provisional = table.flag("provisional");
        let (verified, note) = (table.verified(), table.localized_opt("note"));
        table.finish();
        let Some(year) = year else { return };
        let count = |kind: &str| days.iter().filter(|d: &&CalendarDay| d.kind == kind).count();
        if count("off") != count("work") {
            self.faults.push(place.at.clone(), Problem::SwapUnpaired { year, off: count("off"), work: count("work") });
        }
        if let Some(first) = self.places.get(Kind::Calendar, &year.to_string()) {
            self.faults.push(place.at, Problem::CalendarTwice { year, first: first.at.clone() });
            return;
        }
        self.places.declare(Kind::Calendar, &year.to_string(), place);
        self.content.calendars.push(CalendarDef { year, provisional, weekend, hours, days, source, verified, note });
    }
}

/// `3/5` → (3, 5); above 0, at most 1, and small enough to multiply without overflow.
pub(crate) fn read_share(text: &str) -> Option<(u32, u32)> {
    let (num, den) = text.split_once('/')?;
    let (num, den) = (num.trim().parse::<u32>().ok()?, den.trim().parse::<u32>().ok()?);
    (num > 0 && num <= den && den <= 1_000_000_000).then_some((num, den))
}

fn is_hours(text: &str) -> bool {
    let time = |t: &str| t.len() == 5 && t.parse::<jiff::civil::Time>().is_ok();
    text.split_once('-').is_some_and(|(from, to)| time(from.trim()) && time(to.trim()) && from.trim() < to.trim())
}
