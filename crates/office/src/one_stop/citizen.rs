//! Citizens: who they are by an identity provider, and their sessions. The simulator of the provider answers only in a demonstration.

use jiff::civil::Date;
use rules::Refusal;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use store::{Expect, Record, RecordId, RecordWrite, Session};

use crate::{
    Office,
    error::{Error, Result},
    people::{SignedIn, random_text, token_of},
};

/// The register of people who signed in as citizens.
pub const CITIZEN: &str = "citizen";
/// What the account of a citizen's session begins with; an officer's is a bare identity.
pub(crate) const CITIZEN_SESSION: &str = "citizen:";
/// A citizen's session is short: phones are lent.
const SESSION_HOURS: i64 = 2;

/// Somebody whose identity a provider vouches for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Citizen {
    /// Identity of the person's record here; what the ledger names.
    #[serde(default)]
    pub id: String,
    #[serde(rename = "owner_id_number")]
    pub id_number: String,
    #[serde(rename = "owner_name")]
    pub name: String,
    /// 0 none, 1 or 2 as the provider says.
    #[serde(default)]
    pub level: u8,
    #[serde(default)]
    pub birth_date: Option<Date>,
    /// `male`, `female`
    #[serde(default)]
    pub sex: Option<String>,
    #[serde(default)]
    pub address: Option<String>,
    #[serde(default)]
    pub phone: Option<String>,
    #[serde(default)]
    pub email: Option<String>,
    pub provider: String,
}

impl Citizen {
    /// Names and values as `Procedure::prefill` asks for them.
    #[must_use]
    pub fn identity(&self) -> Map<String, Value> {
        let mut out = Map::new();
        let mut put = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                out.insert(name.to_owned(), value);
            }
        };
        put("name", Some(json!(self.name)));
        put("number", Some(json!(self.id_number)));
        put("birth_date", self.birth_date.map(|d| json!(d)));
        put("sex", self.sex.as_ref().map(|v| json!(v)));
        put("address", self.address.as_ref().map(|v| json!(v)));
        put("phone", self.phone.as_ref().map(|v| json!(v)));
        put("email", self.email.as_ref().map(|v| json!(v)));
        out
    }

    /// The name under which the ledger records what the person does.
    #[must_use]
    pub fn account(&self) -> String {
        format!("{CITIZEN_SESSION}{}", self.id)
    }
}

/// A citizen with a session.
#[derive(Debug, Clone)]
pub struct CitizenVisitor {
    pub citizen: Citizen,
    pub csrf: String,
}

/// People whom the simulated provider knows: made up, with numbers of a province code that is not given out any more.
fn simulated() -> Vec<Citizen> {
    let person = |id_number: &str, name: &str, birth: Date, sex: &str, address: &str, phone: &str| Citizen {
        id: String::new(),
        id_number: id_number.into(),
        name: name.into(),
        level: 2,
        birth_date: Some(birth),
        sex: Some(sex.into()),
        address: Some(address.into()),
        phone: Some(phone.into()),
        email: None,
        provider: "simulator".into(),
    };
    let date = jiff::civil::date;
    vec![
        person("077190000123", "Nguyễn Thị Mai", date(1990, 5, 12), "female", "12 Lê Lợi, phường Vũng Tàu", "0912345678"),
        person("077088000456", "Trần Văn Hùng", date(1988, 11, 3), "male", "45 Trương Công Định, phường Tam Thắng", "0987654321"),
        person("077150000789", "Lê Thị Sáu", date(1950, 2, 20), "female", "Thôn 2, xã Long Sơn", "0903111222"),
    ]
}

/// Beside them it knows a crowd, for measurements: their numbers go on with a nine.
const CROWD: u64 = 100_000;

/// The identity number of somebody in the simulated crowd.
#[must_use]
pub fn simulated_number(n: u64) -> String {
    let n = n % CROWD;
    format!("077{}{:02}9{n:05}", n % 2, 50 + n % 50)
}

fn of_crowd(id_number: &str) -> Option<Citizen> {
    const NAMES: [&str; 10] = ["An", "Bình", "Châu", "Dũng", "Hà", "Lan", "Minh", "Ngọc", "Sơn", "Yến"];
    let n: u64 = id_number.strip_prefix("077")?.get(4..)?.parse().ok()?;
    let digit = |at: u32| NAMES[usize::try_from(n / 10_u64.pow(at) % 10).unwrap_or(0)];
    let birth = Date::new(1950 + i16::try_from(n % 50).ok()?, 1 + i8::try_from(n % 12).ok()?, 1 + i8::try_from(n % 28).ok()?).ok()?;
    let (family, sex) = if n.is_multiple_of(2) { ("Nguyễn Văn", "male") } else { ("Trần Thị", "female") };
    let known = simulated_number(n) == id_number;
    known.then(|| Citizen {
        id: String::new(),
        id_number: id_number.into(),
        name: format!("{family} {} {}", digit(1), digit(0)),
        level: 2,
        birth_date: Some(birth),
        sex: Some(sex.into()),
        address: Some(format!("{} Lê Lợi, phường Vũng Tàu", 1 + n % 300)),
        phone: Some("0912345678".into()),
        email: None,
        provider: "simulator".into(),
    })
}

impl Office {
    /// People one may be in a demonstration.
    ///
    /// # Errors
    /// `citizen.simulated_only` where the data is not simulated.
    pub fn simulated_identities(&self) -> Result<Vec<Citizen>> {
        if self.simulated() { Ok(simulated()) } else { Err(Error::refused("citizen.simulated_only")) }
    }

    /// Signs in as one of the simulator's people.
    ///
    /// # Errors
    /// `citizen.simulated_only`; `not_found`
    pub async fn sign_in_simulated(&self, id_number: &str) -> Result<SignedIn> {
        let people = self.simulated_identities()?;
        let known = people.into_iter().find(|c| c.id_number == id_number).or_else(|| of_crowd(id_number));
        let who = known.ok_or_else(|| Error::not_found("citizen"))?;
        self.sign_in_citizen(who).await
    }

    /// Opens a session for somebody whom a provider has just vouched for.
    ///
    /// # Errors
    /// `citizen.identity` for a number that is none.
    pub async fn sign_in_citizen(&self, who: Citizen) -> Result<SignedIn> {
        let number = rules::procedure::check_identity("owner_id_number", &who.id_number, who.birth_date, None);
        let id_number = number.map_err(|f| Error::Refused(Refusal::new("citizen.identity").with("reason", f.code)))?;
        let kept = self.keep_citizen(Citizen { id_number, ..who }).await?;
        let now = self.now();
        let (cookie, csrf) = (random_text()?, random_text()?);
        let expires = now.plus_micros(SESSION_HOURS * 3_600_000_000);
        let account = kept.account();
        let session = Session { token: token_of(&cookie), account, csrf: csrf.clone(), created: now, expires };
        self.store().open_session(&session).await?;
        Ok(SignedIn { cookie, csrf, expires })
    }

    /// One record per person, with what the provider said last.
    async fn keep_citizen(&self, who: Citizen) -> Result<Citizen> {
        let old: Option<Record> = self.store().of_person(CITIZEN, &who.id_number, 1).await?.into_iter().next();
        let id = old.as_ref().map_or_else(RecordId::new, |r| r.id);
        let who = Citizen { id: id.to_string(), ..who };
        let Value::Object(mut fields) = serde_json::to_value(&who)? else { return Err(Error::Internal("citizen".into())) };
        fields.retain(|_, v| !v.is_null());
        let write = RecordWrite {
            register: CITIZEN.into(),
            id,
            expect: old.as_ref().map_or(Expect::New, |r| Expect::Version(r.version)),
            key: None,
            unit: self.root_text(),
            state: "known".into(),
            fields,
            kind: if old.is_some() { "update" } else { "create" }.into(),
            authority: None,
        };
        match self.commit_act(&who.account(), None, self.now(), None, vec![write]).await {
            Ok(_) => Ok(who),
            // The same person signs in twice at once: the other one's entry says the same.
            Err(e) if e.code() == "version.conflict" => Ok(who),
            Err(e) => Err(e),
        }
    }

    /// Who a citizen's cookie belongs to; `None` when it has ended or is an officer's.
    pub async fn citizen(&self, cookie: &str) -> Result<Option<CitizenVisitor>> {
        if cookie.len() > 128 {
            return Ok(None);
        }
        let Some(session) = self.store().session(&token_of(cookie), self.now()).await? else { return Ok(None) };
        let Some(id) = session.account.strip_prefix(CITIZEN_SESSION) else { return Ok(None) };
        let citizen: Citizen = self.store().record(CITIZEN, id.parse()?).await?.view()?;
        Ok(Some(CitizenVisitor { citizen, csrf: session.csrf }))
    }

    pub async fn sign_out_citizen(&self, cookie: &str) -> Result<()> {
        self.sign_out(cookie).await
    }
}
