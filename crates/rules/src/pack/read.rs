//! From files to declarations: shapes only. What must fit together is in `check`.

use toml::de::DeTable;

use super::{
    content::{Content, Mention, Place, Places},
    fault::{Kind, Problem},
    model::{AccountDef, GrantDef, Manifest, RiskRuleDef, Signer, SourceDef, StatusDef, TenantDefaults},
    source::{At, Src},
    table::{Faults, Table},
};
use crate::{
    access::Role,
    target::{AtRiskRule, Status},
};

/// A pack's file may be this long; the longest real one has a few thousand lines.
const MAX_FILE_BYTES: usize = 4 << 20;
const MAX_FILES: usize = 1_000;

pub(crate) struct Reader<'f> {
    pub faults: &'f Faults,
    pub content: Content,
    pub places: Places,
    pub manifest: Option<Manifest>,
}

impl<'f> Reader<'f> {
    pub fn new(faults: &'f Faults) -> Self {
        Self { faults, content: Content::default(), places: Places::default(), manifest: None }
    }

    /// Reads every file; returns the place to name when something is missing altogether.
    pub fn files(&mut self, files: &[(&str, &str)]) -> At {
        let nowhere = Src::new("pack.toml", "").at(0);
        if files.len() > MAX_FILES {
            self.faults.push(nowhere.clone(), Problem::TooMany { what: "files", limit: MAX_FILES });
            return nowhere;
        }
        let mut home = None;
        for (path, text) in files {
            let src = Src::new(path, text);
            if text.len() > MAX_FILE_BYTES {
                self.faults.push(src.at(0), Problem::TooMany { what: "bytes", limit: MAX_FILE_BYTES });
                continue;
            }
            let name = src.file_name().to_owned();
            match name.rsplit_once('.') {
                Some((_, "toml")) => {
                    if name == "pack.toml" {
                        home = Some(src.at(0));
                    }
                    self.toml_file(&src, &name);
                }
                Some((stem, "csv")) if stem.starts_with("units") => self.unit_rows(&src),
                Some((stem, "csv")) if stem.starts_with("successions") => self.succession_rows(&src),
                Some((_, "md")) => {}
                _ => self.faults.push(src.at(0), Problem::UnknownFile),
            }
        }
        match home {
            Some(at) => at,
            None => {
                self.faults.push(nowhere.clone(), Problem::NoManifest);
                nowhere
            }
        }
    }

    fn toml_file(&mut self, src: &Src<'_>, name: &str) {
        let (root, errors) = DeTable::parse_recoverable(src.text);
        for error in &errors {
            let at = src.at(error.span().map_or(0, |s| s.start));
            let message = error.message().replace('\n', "; ").trim_end_matches('.').to_owned();
            self.faults.push(at, Problem::NotToml { message });
        }
        if !errors.is_empty() {
            return; // what could be recovered would only raise faults that are none
        }
        let faults = self.faults;
        let top = Table::new(src, faults, name, root.get_ref(), 0);
        if name == "pack.toml" {
            self.manifest_table(&top);
        } else {
            self.top_table(&top);
        }
        top.finish();
    }

    fn top_table(&mut self, top: &Table<'_>) {
        for table in top.tables("source") {
            self.source_table(table);
        }
        for table in top.tables("unit") {
            self.unit_table(table);
        }
        for table in top.tables("succession") {
            self.succession_table(table);
        }
        for table in top.tables("calendar") {
            self.calendar_table(table);
        }
        for table in top.tables("status") {
            self.status_table(table);
        }
        if let Some(table) = top.table_opt("at_risk") {
            self.risk_table(table);
        }
        self.law_tables(top);
        self.register_file(top);
        for (key, kind) in [("indicator", Kind::Indicator), ("derived", Kind::Derived)] {
            for table in top.tables(key) {
                self.declaration_table(&table, kind);
            }
        }
        for table in top.tables("reported") {
            self.reported_table(table);
        }
        for table in top.tables("directive") {
            self.directive_table(table);
        }
        for table in top.tables("target") {
            self.target_table(table);
        }
        for table in top.tables("task") {
            self.task_table(table);
        }
        for table in top.tables("figure") {
            self.figure_table(table);
        }
        for table in top.tables("account") {
            self.account_table(table);
        }
        for table in top.tables("procedure") {
            self.procedure_table(table);
        }
        for table in top.tables("scorecard") {
            self.scorecard_table(table);
        }
    }

    /// Remembers where a table and its values are, and asks for `replaces`.
    pub fn place(&self, table: &Table<'_>) -> Place {
        Place { at: table.at(), keys: table.places(), replaces: table.flag("replaces") }
    }

    pub fn mention_opt(&mut self, kinds: &'static [Kind], id: Option<&str>, at: At) {
        if let Some(id) = id {
            self.places.mentions.push(Mention { kinds, id: id.to_owned(), at });
        }
    }

    /// `source` of a table, noted as a reference.
    pub fn source_of(&mut self, table: &Table<'_>) -> Option<String> {
        let source = table.text_opt("source");
        self.mention_opt(&[Kind::Source], source.as_deref(), table.at_key("source"));
        source
    }

    /// Texts of a list, each one of `allowed`.
    pub fn words(&mut self, table: &Table<'_>, key: &'static str, allowed: &[&str]) -> Vec<String> {
        let list = table.texts(key);
        for (text, at) in &list {
            if !allowed.contains(&text.as_str()) {
                let allowed = allowed.iter().map(|a| (*a).to_owned()).collect();
                self.faults.push(at.clone(), Problem::NotOneOf { key: key.to_owned(), text: text.clone(), allowed });
            }
        }
        list.into_iter().map(|(text, _)| text).collect()
    }

    fn manifest_table(&mut self, top: &Table<'_>) {
        let Some(table) = top.table_opt("pack") else {
            return top.fault("pack", Problem::MissingKey { key: "[pack]", of: "pack.toml".into() });
        };
        let roots = table.units("roots");
        for (unit, at) in &roots {
            self.mention_opt(&[Kind::Unit], Some(&unit.to_string()), at.clone());
        }
        self.places.of.insert((Kind::Source, String::new()), Place { at: table.at(), keys: table.places(), replaces: false });
        let mut manifest = Manifest {
            id: table.id("id"),
            name: table.localized("name"),
            version: table.text("version"),
            requires: table.texts("requires").into_iter().map(|(t, _)| t).collect(),
            roots: roots.into_iter().map(|(u, _)| u).collect(),
            tenant: None,
            licence: table.text_opt("licence"),
            notes: table.localized_opt("notes"),
        };
        table.finish();
        if let Some(tenant) = top.table_opt("tenant") {
            manifest.tenant = Some(tenant_table(tenant));
        }
        for table in top.tables("source") {
            self.source_table(table);
        }
        self.manifest = Some(manifest);
    }

    fn source_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let def = SourceDef {
            id: table.id("id"),
            title: table.text("title"),
            publisher: table.text_opt("publisher"),
            published_on: table.date_opt("published_on"),
            address: table.text_opt("address"),
            note: table.localized_opt("note"),
        };
        table.finish();
        self.places.declare(Kind::Source, &def.id, place);
        self.content.sources.push(def);
    }

    fn status_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let ids: Vec<&str> = Status::ALL.iter().map(|s| s.id()).collect();
        let def = StatusDef {
            id: table.choice("id", &ids),
            name: table.localized("name"),
            explain: table.localized("explain"),
            icon: table.text("icon"),
            tone: table.choice("tone", &["green", "blue", "red", "grey", "amber", "purple", "cyan"]),
            order: table.int_in("order", 0, 99, "0 to 99").and_then(|o| u8::try_from(o).ok()).unwrap_or(99),
        };
        table.finish();
        self.places.declare(Kind::Status, &def.id, place);
        self.content.statuses.push(def);
    }

    fn risk_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let default = AtRiskRule::default();
        let days = |key: &'static str, default: u16| {
            table.int_in(key, 0, 3_650, "0 to 3650").and_then(|d| u16::try_from(d).ok()).unwrap_or(default)
        };
        let share = |key: &'static str, default: f64| match table.number_opt(key) {
            Some(s) if !(0.0..=1.0).contains(&s) => {
                table.fault(key, Problem::OutOfRange { key: key.into(), text: s.to_string(), allowed: "0 to 1" });
                default
            }
            Some(s) => s,
            None => default,
        };
        let rule = AtRiskRule {
            pace_window_days: days("pace_window_days", default.pace_window_days),
            min_points: table.int_in("min_points", 2, 50, "2 to 50").and_then(|d| u8::try_from(d).ok()).unwrap_or(default.min_points),
            warn_if_days_late: days("warn_if_days_late", default.warn_if_days_late),
            milestone_miss: if table.has("milestone_miss") { table.flag("milestone_miss") } else { default.milestone_miss },
            no_data_days: days("no_data_days", default.no_data_days),
            task_elapsed_share: share("task_elapsed_share", default.task_elapsed_share),
            task_lag_share: share("task_lag_share", default.task_lag_share),
            task_last_days: days("task_last_days", default.task_last_days),
        };
        let def = RiskRuleDef { id: table.id("id"), version: table.text("version"), explain: table.localized("explain"), rule };
        table.finish();
        self.places.declare(Kind::RiskRule, &def.id, place);
        self.content.risk_rules.push(def);
    }

    fn account_table(&mut self, table: Table<'_>) {
        let place = self.place(&table);
        let mut grants = Vec::new();
        for grant in table.tables("grants") {
            let roles: Vec<&str> = Role::ALL.iter().map(|r| r.id()).collect();
            let role: Option<Role> = grant.choice("role", &roles).parse().ok();
            let unit = grant.unit("unit");
            if let (Some(unit), Some(role)) = (unit, role) {
                self.mention_opt(&[Kind::Unit], Some(&unit.to_string()), grant.at_key("unit"));
                grants.push(GrantDef { role, unit });
            }
            grant.finish();
        }
        let def = AccountDef {
            id: table.id("id"),
            display_name: table.text("display_name"),
            grants,
            language: table.choice_or("language", &["vi", "en"], "vi"),
            note: table.localized_opt("note"),
        };
        table.finish();
        self.places.declare(Kind::Account, &def.id, place);
        self.content.accounts.push(def);
    }
}

fn tenant_table(table: Table<'_>) -> TenantDefaults {
    let texts = |key| table.texts(key).into_iter().map(|(t, _)| t).collect::<Vec<_>>();
    let signer = table.table_opt("signer").map_or_else(Signer::default, |s| {
        let signer = Signer {
            authority: s.text("authority"),
            title: s.texts("title").into_iter().map(|(t, _)| t).collect(),
            english: s.texts("english").into_iter().map(|(t, _)| t).collect(),
            name: s.text_opt("name"),
        };
        s.finish();
        signer
    });
    let tenant = TenantDefaults {
        id: table.id("id"),
        name: table.localized("name"),
        place: table.text("place"),
        governing_body: table.text_opt("governing_body"),
        authority: texts("authority"),
        report_notation: table.text("report_notation"),
        signer,
        recipients: texts("recipients"),
        legal_basis: texts("legal_basis"),
    };
    table.finish();
    tenant
}
