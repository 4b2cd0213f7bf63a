//! Who acts: the packs' accounts where there are some, made-up colleagues where not. Nobody here gets a password.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use jiff::civil::Date;
use rules::{
    access::{Actor, Grant, Role},
    pack::AccountDef,
    units::UnitKey,
};
use store::DEFINITION;

use super::{dice::Dice, procedures::person, run::together};
use crate::{
    Office,
    error::{Error, Result},
    people::Account,
    world::Definition,
};

/// A ward or commune of the simulation.
pub struct Ward {
    pub key: UnitKey,
    pub name: String,
    /// Reports and handles dossiers.
    pub officer: Arc<Actor>,
    /// Takes the decisions on dossiers.
    pub chair: Arc<Actor>,
    /// Share of the wards' dossiers, people and teams; relative.
    pub size: f64,
    /// Share of dossiers handled end-to-end online in the first and in the last month.
    pub end_to_end: (f64, f64),
}

/// An agency of the city.
pub struct Agency {
    pub officer: Arc<Actor>,
}

pub struct Cast {
    pub city: UnitKey,
    pub wards: Vec<Ward>,
    /// By unit key text.
    pub agencies: BTreeMap<String, Agency>,
    pub desk: Arc<Actor>,
    /// The online portal files what comes in outside office hours.
    pub portal: Arc<Actor>,
    pub chair: Arc<Actor>,
    pub coordinator: Arc<Actor>,
    pub data: Arc<Actor>,
}

/// How far wards are with end-to-end services (first month, last month): some done, most on the way, some clearly late.
/// Together with the city's desk they make about 30 % and about 61 %. The order is that of the units' codes.
const PATHS: [(f64, f64); 17] = [
    (0.31, 0.66), // Phường 1
    (0.34, 0.72), // Phường Thắng Tam
    (0.65, 0.79), // Phường 2, an early pilot
    (0.30, 0.63), // Phường 3
    (0.28, 0.60), // Phường 4
    (0.24, 0.52), // Phường 5
    (0.27, 0.57), // Phường Thắng Nhì
    (0.32, 0.74), // Phường 7
    (0.34, 0.67), // Phường Nguyễn An Ninh
    (0.24, 0.66), // Phường 8
    (0.22, 0.61), // Phường 9
    (0.25, 0.63), // Phường Thắng Nhất
    (0.66, 0.80), // Phường Rạch Dừa, an early pilot
    (0.25, 0.53), // Phường 10
    (0.20, 0.53), // Phường 11
    (0.15, 0.44), // Phường 12
    (0.12, 0.31), // Xã Long Sơn
];
/// Of the city's own desk.
pub const CITY_PATH: (f64, f64) = (0.27, 0.60);

const SIZES: [f64; 17] = [0.6, 1.0, 0.8, 0.9, 0.8, 0.7, 0.9, 1.3, 1.3, 1.4, 1.1, 1.4, 1.7, 1.3, 1.1, 1.2, 0.6];

/// The end of a login: letters and digits of a name.
fn slug(name: &str) -> String {
    let folded = rules::text::fold(name);
    let plain: String = folded.chars().filter(char::is_ascii_alphanumeric).collect();
    for kind in ["phuong", "xa"] {
        if let Some(rest) = plain.strip_prefix(kind)
            && rest.len() > 2
        {
            return rest.to_owned();
        }
    }
    plain
}

struct Casting<'a> {
    office: &'a Office,
    day: Date,
    dice: Dice,
    /// Accounts that exist or that a pack declares.
    known: Vec<Account>,
    /// Logins that are in the register already.
    there: BTreeSet<String>,
    new: Vec<Account>,
}

impl Casting<'_> {
    /// Somebody with this role on exactly this unit; made up when there is nobody.
    fn find_or_make(&mut self, role: Role, unit: &UnitKey, login: &str, name: Option<&str>) -> Arc<Actor> {
        self.find_or_make_for(role, unit, None, login, name)
    }

    fn find_or_make_for(&mut self, role: Role, unit: &UnitKey, register: Option<&str>, login: &str, name: Option<&str>) -> Arc<Actor> {
        let fits =
            |a: &&Account| !a.disabled && a.grants.iter().any(|g| g.role == role && g.unit == *unit && g.register.as_deref() == register);
        let account = match self.known.iter().find(fits) {
            Some(a) => a.clone(),
            None => {
                let taken = |l: &str, known: &[Account]| known.iter().any(|a| a.login == l);
                let login = if taken(login, &self.known) { format!("{login}.mp") } else { login.to_owned() };
                let name = name.map_or_else(|| person(&mut self.dice), str::to_owned);
                let account = Account { login, name, grants: self.grants(role, unit, register), language: "vi".into(), disabled: false };
                self.known.push(account.clone());
                account
            }
        };
        if self.there.insert(account.login.clone()) {
            self.new.push(account.clone());
        }
        Arc::new(Actor::new(account.login, account.name, account.grants))
    }

    /// On the unit; an officer also on what the unit becomes, as in the packs.
    fn grants(&self, role: Role, unit: &UnitKey, register: Option<&str>) -> Vec<Grant> {
        let world = self.office.world();
        let register = register.map(str::to_owned);
        let mut grants = vec![Grant { role, unit: unit.clone(), register: register.clone() }];
        let next = world.units.idx(unit).and_then(|i| world.units.successors(i).next().map(|(_, to)| world.units.key(to).clone()));
        if let (Role::WardOfficer, Some(next)) = (role, next) {
            grants.push(Grant { role, unit: next, register });
        }
        grants
    }
}

impl Cast {
    /// Finds or makes everybody; accounts that are missing are created on the day `day`.
    pub async fn assemble(office: &Office, seed: u64, day: Date) -> Result<Self> {
        let world = office.world();
        let city = world.root_on(day).cloned().ok_or_else(|| Error::refused("pack.no_root"))?;
        let top = world.units.idx(&city).ok_or_else(|| Error::refused("pack.no_root"))?;
        let system = Actor::system();
        let mut known: Vec<Account> =
            office.at(rules::Timestamp::start_of(day)).accounts(&system).await?.into_iter().map(|(_, _, a)| a).collect();
        let there = known.iter().map(|a| a.login.clone()).collect();
        for r in office.store().all(DEFINITION).await? {
            let d: Definition = r.view()?;
            if d.kind == "account" && r.state == "active" {
                let def: AccountDef = serde_json::from_value(d.body)?;
                if known.iter().all(|a| a.login != def.id) {
                    known.push(Account {
                        login: def.id,
                        name: def.display_name,
                        grants: def.grants.into_iter().map(|g| Grant { role: g.role, unit: g.unit, register: None }).collect(),
                        language: def.language,
                        disabled: false,
                    });
                }
            }
        }
        known.sort_by(|a, b| a.login.cmp(&b.login));
        let mut casting = Casting { office, day, dice: Dice::new(seed, "cast"), known, there, new: Vec::new() };
        let cast = casting.all(city, top);
        let clerk = office.at(rules::Timestamp::start_of(day));
        together(casting.new.iter().map(|a| clerk.put_account(&system, a, None))).await?;
        Ok(cast)
    }
}

impl Casting<'_> {
    fn all(&mut self, city: UnitKey, top: u32) -> Cast {
        let world = self.office.world();
        let mut units: Vec<(UnitKey, u8, String)> = world
            .units
            .subtree_on(top, self.day)
            .map(|i| world.units.unit(i))
            .filter(|u| u.key != city)
            .map(|u| (u.key.clone(), u.level, u.name.vi.clone()))
            .collect();
        units.sort();
        let mut wards = Vec::new();
        for (key, _, name) in units.iter().filter(|(_, level, _)| *level == 4) {
            let login = slug(name);
            let officer = self.find_or_make(Role::WardOfficer, key, &login, None);
            let chair = self.find_or_make(Role::Leader, key, &format!("{login}.lanhdao"), None);
            let i = wards.len();
            wards.push(Ward {
                key: key.clone(),
                name: name.clone(),
                officer,
                chair,
                size: SIZES[i % SIZES.len()],
                end_to_end: PATHS[i % PATHS.len()],
            });
        }
        let mut agencies = BTreeMap::new();
        for (key, ..) in units.iter().filter(|(_, level, _)| *level > 4) {
            let login = key.code.to_lowercase();
            agencies.insert(key.to_string(), Agency { officer: self.find_or_make(Role::WardOfficer, key, &login, None) });
        }
        Cast {
            wards,
            agencies,
            desk: self.find_or_make(Role::WardOfficer, &city, "motcua", Some("Bộ phận Một cửa thành phố")),
            portal: self.find_or_make_for(Role::WardOfficer, &city, Some("dossier"), "congdvc", Some("Cổng dịch vụ công trực tuyến")),
            chair: self.find_or_make(Role::Leader, &city, "lanhdao", None),
            coordinator: self.find_or_make(Role::Coordinator, &city, "togiupviec", None),
            data: self.find_or_make(Role::DataOfficer, &city, "dulieu", None),
            city,
        }
    }
}

impl Cast {
    /// Who reports for a unit: a ward's officer, an agency's, or the city's keeper of data.
    pub fn reporter(&self, unit: &str) -> &Arc<Actor> {
        let ward = self.wards.iter().find(|w| w.key.to_string() == unit).map(|w| &w.officer);
        ward.or_else(|| self.agencies.get(unit).map(|a| &a.officer)).unwrap_or(&self.data)
    }
}
