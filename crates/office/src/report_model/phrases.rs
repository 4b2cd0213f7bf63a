//! The sentences around the figures, and the heading block.

use jiff::civil::{Date, DateTime};
use rules::units::UnitKind;

use super::Material;
use crate::report::{Lang, Letterhead, ResultRow, Signature, Status, values};

/// Level of wards, communes and special zones.
const COMMUNE_LEVEL: u8 = 4;

impl Material<'_> {
    pub(super) fn is_root(&self) -> bool {
        self.world.root_on(self.day) == Some(self.world.units.key(self.unit))
    }

    /// "Ủy ban nhân dân thành phố Vũng Tàu".
    fn issuer(&self) -> String {
        let name = self.name(self.unit);
        let mut chars = name.chars();
        let inner: String = chars.next().into_iter().flat_map(char::to_lowercase).chain(chars).collect();
        self.say(format!("Ủy ban nhân dân {inner}"), format!("The People’s Committee of {name}"))
    }

    pub(super) fn letterhead(&self) -> Letterhead {
        let tenant = &self.world.tenant;
        // A unit below the tenant reports in its own name, under the tenant's.
        // The tenant's own lines are Vietnamese; another language takes the unit's name.
        let (superior, issuer) = if self.is_root() && !tenant.authority.is_empty() && self.lang == Lang::Vi {
            (tenant.governing_body.iter().cloned().collect(), tenant.authority.clone())
        } else {
            let own = match self.lang {
                Lang::Vi => "ỦY BAN NHÂN DÂN".to_owned(),
                Lang::En => "PEOPLE’S COMMITTEE".to_owned(),
            };
            (
                if self.is_root() || self.lang != Lang::Vi { Vec::new() } else { tenant.authority.clone() },
                vec![own, self.name(self.unit).to_uppercase()],
            )
        };
        Letterhead {
            superior,
            issuer,
            issuer_in_text: self.issuer(),
            number: None,
            notation: tenant.report_notation.clone(),
            place: tenant.place.clone(),
            date: None,
            year: self.office.today().year(),
        }
    }

    fn period_text(&self) -> String {
        values::period(self.period, self.lang)
    }

    pub(super) fn subject(&self) -> String {
        let (period, unit) = (self.period_text(), self.name(self.unit));
        self.say(
            format!("Kết quả thực hiện các chỉ tiêu, nhiệm vụ phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số {period} của {unit}"),
            format!("Results of the targets and tasks on science, technology, innovation and digital transformation of {unit}, {period}"),
        )
    }

    pub(super) fn opening(&self) -> String {
        let (issuer, period) = (self.issuer(), self.period_text());
        self.say(
            format!("{issuer} báo cáo kết quả thực hiện các chỉ tiêu, nhiệm vụ phát triển khoa học, công nghệ, đổi mới sáng tạo và chuyển đổi số {period} như sau:"),
            format!("{issuer} reports the results of the targets and tasks on science, technology, innovation and digital transformation, {period}:"),
        )
    }

    pub(super) fn closing(&self) -> String {
        let (issuer, period) = (self.issuer(), self.period_text());
        self.say(
            format!("Trên đây là báo cáo kết quả thực hiện các chỉ tiêu, nhiệm vụ {period}, {issuer} kính báo cáo"),
            format!("This is the report of {issuer} on its targets and tasks, {period}"),
        )
    }

    /// Local minute at which the figures were read: now, or when they were frozen.
    pub(super) fn read_at(&self) -> DateTime {
        local_minute(self.frozen.as_ref().and_then(|f| f.at.parse().ok()).unwrap_or_else(|| self.office.now()))
    }

    /// "trước ngày 01/07/2025 (17 phường, xã)": which map was drawn.
    pub(super) fn boundaries(&self) -> String {
        let units = &self.world.units;
        let below: Vec<u32> =
            units.subtree_on(self.unit, self.day).filter(|u| units.unit(*u).level == COMMUNE_LEVEL && *u != self.unit).collect();
        let within = units.subtree(self.unit);
        let ends = |u: &u32| units.unit(*u).valid_to;
        let next: Option<Date> = within.iter().filter_map(ends).filter(|d| *d > self.day).min();
        let last: Option<Date> = units
            .successions()
            .iter()
            .filter(|s| s.on <= self.day && units.idx(&s.to).is_some_and(|u| units.is_within(u, self.unit)))
            .map(|s| s.on)
            .max();
        let when = match (next, last) {
            (Some(d), _) => {
                let d = values::date(d, self.lang);
                self.say(format!("trước ngày {d}"), format!("before {d}"))
            }
            (None, Some(d)) => {
                let d = values::date(d, self.lang);
                self.say(format!("từ ngày {d}"), format!("since {d}"))
            }
            (None, None) => {
                let d = values::date(self.day, self.lang);
                self.say(format!("tại ngày {d}"), format!("as of {d}"))
            }
        };
        if below.is_empty() { when } else { format!("{when} ({} {})", below.len(), self.kinds(&below)) }
    }

    fn kinds(&self, below: &[u32]) -> String {
        let has = |k: UnitKind| below.iter().any(|u| self.world.units.unit(*u).kind == k);
        let words: Vec<String> = [
            (UnitKind::Ward, "phường", "wards"),
            (UnitKind::Commune, "xã", "communes"),
            (UnitKind::SpecialZone, "đặc khu", "special zones"),
        ]
        .into_iter()
        .filter(|(k, ..)| has(*k))
        .map(|(_, vi, en)| self.say(vi, en))
        .collect();
        match self.lang {
            Lang::Vi => words.join(", "),
            Lang::En => words.join(" and "),
        }
    }

    pub(super) fn summary(&self, results: &[ResultRow]) -> Vec<String> {
        let (n, known) = (results.len(), results.iter().filter(|r| r.current.value.is_some() || r.current.units.is_some()).count());
        let period = self.period_text();
        let targets = self.tally(&results.iter().map(|r| r.status).collect::<Vec<_>>(), "chỉ tiêu");
        let mut out = vec![self.say(
            format!("Đến hết {period}, có {known}/{n} chỉ tiêu có số liệu{targets}."),
            format!("At the end of {period}, {known} of {n} targets have figures{targets}."),
        )];
        let from_above: Vec<&str> = self.rows.iter().filter(|r| r.from_above).map(|r| r.target.def.id.as_str()).collect();
        if !from_above.is_empty() {
            let list = from_above.join(", ");
            out.push(self.say(
                format!("Trong đó, {list} là mục tiêu của cấp trên, được đối chiếu với kết quả của đơn vị báo cáo."),
                format!("Among them, {list} is set by a level above and held against the unit’s own result."),
            ));
        }
        if !self.tasks.is_empty() {
            let all = self.tasks.len();
            let tasks = self.tally(&self.tasks.iter().map(|t| super::status(t.assessment.status)).collect::<Vec<_>>(), "nhiệm vụ");
            out.push(self.say(format!("Tổng số {all} nhiệm vụ được giao{tasks}."), format!("{all} tasks were given{tasks}.")));
        }
        if let Some(f) = &self.frozen {
            let at = values::moment(self.read_at(), self.lang);
            let moved = self.rows.iter().filter(|r| r.today.is_some()).count();
            out.push(self.say(
                format!("Số liệu của kỳ đã được chốt lúc {at} (lý do: {}); từ đó đến nay có {moved} chỉ tiêu thay đổi, giá trị hiện nay ghi bên cạnh.", f.reason),
                format!(
                    "The figures of the period were frozen at {at} (reason: {}); {moved} targets have moved since, today’s value stands beside.",
                    self.quoted(&f.reason)
                ),
            ));
        }
        out
    }

    /// ": 3 chỉ tiêu hoàn thành, 1 chỉ tiêu quá hạn": every status that occurs, so that the parts add up.
    fn tally(&self, statuses: &[Status], noun: &str) -> String {
        let parts: Vec<String> = Status::ALL
            .into_iter()
            .filter_map(|s| {
                let n = statuses.iter().filter(|x| **x == s).count();
                let word = values::inner(crate::report::status_word(s, self.lang));
                (n > 0).then(|| self.say(format!("{n} {noun} {word}"), format!("{n} {word}")))
            })
            .collect();
        if parts.is_empty() { String::new() } else { format!(": {}", parts.join(", ")) }
    }

    pub(super) fn signature(&self) -> Signature {
        let signer = &self.world.tenant.signer;
        let official = || std::iter::once(signer.authority.clone()).filter(|a| !a.is_empty()).chain(signer.title.iter().cloned()).collect();
        let capacity = match self.lang {
            Lang::En if !signer.english.is_empty() => signer.english.clone(),
            _ => official(),
        };
        Signature { capacity, name: signer.name.clone().unwrap_or_default() }
    }

    /// Without the filing line, which the letter prints by itself.
    pub(super) fn recipients(&self) -> Vec<String> {
        let plain = |r: &String| r.trim().trim_start_matches('-').trim().trim_end_matches([';', '.']).to_owned();
        self.world
            .tenant
            .recipients
            .iter()
            .map(plain)
            .filter(|r| !r.is_empty() && !r.starts_with("Lưu:"))
            .map(|r| self.quoted(&r))
            .collect()
    }

    pub(super) fn filing(&self) -> String {
        let lines = self.world.tenant.recipients.iter().map(|r| r.trim().trim_start_matches('-').trim());
        let filing = lines.filter_map(|r| r.strip_prefix("Lưu:")).next().unwrap_or("VT");
        filing.trim().trim_end_matches([';', '.']).to_owned()
    }
}

/// A moment as a clock on the wall shows it.
pub(super) fn local_minute(at: rules::Timestamp) -> DateTime {
    let at = at.to_jiff().to_zoned(rules::time::local_zone()).datetime();
    at.date().at(at.hour(), at.minute(), 0, 0)
}
