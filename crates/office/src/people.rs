//! Accounts, passwords and sessions. Who may do what is a record of the register `account`, so each grant is in the ledger.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use argon2::{Argon2, PasswordHasher, PasswordVerifier, password_hash::phc::PasswordHash};
use rules::{
    Refusal, Timestamp,
    access::{Action, Actor, Grant, Role, decide},
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::{Command, Expect, RecordId, RecordWrite, Session};
use tokio::sync::Semaphore;

use crate::{
    Office,
    error::{Error, Result},
    one_stop::CITIZEN_SESSION,
};

pub const ACCOUNT: &str = "account";
/// A session ends after a working day.
const SESSION_HOURS: i64 = 10;
/// After so many wrong passwords from one address an account waits there, and only there: nobody locks an officer out of theirs by guessing.
const TRIES_OF_BOTH: i64 = 5;
/// After so many from one address, for whichever accounts, it waits.
const TRIES_OF_CLIENT: i64 = 50;
/// After so many in a row, from wherever they come, the account waits everywhere.
const FAILURES_BEFORE_WAIT: i64 = 100;
/// How long it waits.
const WAIT_MINUTES: i64 = 5;
/// Attempts with a login that nobody has are remembered so long; an owner signs in, and is forgiven, about as often.
const STRANGERS_HOURS: i64 = 30 * 24;
/// A password has at least this many characters (length counts more than odd signs: NIST SP 800-63B).
pub const PASSWORD_MIN: usize = 10;
/// And at most this many bytes, so that hashing stays cheap.
const PASSWORD_MAX: usize = 256;

/// A person or service that may sign in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    pub login: String,
    pub name: String,
    #[serde(default)]
    pub grants: Vec<Grant>,
    #[serde(default = "vi")]
    pub language: String,
    #[serde(default)]
    pub disabled: bool,
}

fn vi() -> String {
    "vi".into()
}

/// What a successful sign-in gives: the cookie's value (never stored) and the form token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SignedIn {
    pub cookie: String,
    pub csrf: String,
    pub expires: Timestamp,
}

/// Accounts by login, as they were a moment ago: for names on pages and for choosing a colleague. Rights are never read here.
#[derive(Default)]
pub(crate) struct KnownPeople(Mutex<Option<Known>>);

/// When they were read, and who they are.
type Known = (Instant, Arc<HashMap<String, Account>>);

/// Another process may have changed an account; here a change is seen at once.
const KNOWN_FOR: Duration = Duration::from_secs(2);

impl KnownPeople {
    fn kept(&self) -> std::sync::MutexGuard<'_, Option<Known>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A signed-in person.
#[derive(Debug, Clone)]
pub struct Visitor {
    pub actor: Actor,
    pub account_id: String,
    pub account: Account,
    pub csrf: String,
}

pub(crate) fn random_text() -> Result<String> {
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
    let mut bytes = [0u8; 32];
    getrandom::fill(&mut bytes).map_err(|e| Error::Internal(format!("no randomness: {e}")))?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}

pub(crate) fn token_of(cookie: &str) -> String {
    hex::encode(Sha256::digest(cookie.as_bytes()))
}

/// Who may wait for one of the few places at which passwords are looked at; the next are told to come back.
const PASSWORD_QUEUE: usize = 64;

/// Passwords are slow and take 19 MiB each on purpose: few at once, off the async threads, or whoever sends many sign-ins takes the
/// whole machine.
pub(crate) struct Passwords {
    places: Semaphore,
    waiting: AtomicUsize,
}

impl Default for Passwords {
    fn default() -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { places: Semaphore::new((cores / 2).max(1)), waiting: AtomicUsize::new(0) }
    }
}

impl Passwords {
    async fn look<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        if self.waiting.fetch_add(1, Ordering::AcqRel) >= PASSWORD_QUEUE {
            self.waiting.fetch_sub(1, Ordering::AcqRel);
            return Err(Error::refused("sign_in.busy"));
        }
        let place = self.places.acquire().await;
        self.waiting.fetch_sub(1, Ordering::AcqRel);
        let _place = place.map_err(|e| Error::Internal(e.to_string()))?;
        tokio::task::spawn_blocking(work).await.map_err(|e| Error::Internal(e.to_string()))
    }
}

impl Office {
    /// argon2id with the library's defaults (OWASP's first choice: 19 MiB, two passes, one lane).
    async fn hash(&self, password: String) -> Result<String> {
        let hashed = self.passwords().look(move || Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string())).await?;
        hashed.map_err(|e| Error::Internal(format!("argon2: {e}")))
    }

    async fn matches(&self, password: String, phc: String) -> Result<bool> {
        let check = move || PasswordHash::new(&phc).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok());
        self.passwords().look(check).await
    }
}

/// A hash of nothing anybody types, so that an unknown login takes as long as a known one.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$c29tZXNhbHRzb21lc2FsdA$Zm9yIHRpbWluZyBvbmx5LCBub3QgYSBwYXNzd29yZDE";

impl Office {
    /// Creates or changes an account as it is now: for the program itself, which has seen nothing before. People use
    /// [`Office::save_account`].
    pub async fn put_account(&self, actor: &Actor, account: &Account, password: Option<&str>) -> Result<String> {
        let seen = match self.store().record_by_key(ACCOUNT, &account.login.trim().to_lowercase()).await {
            Ok(r) => Some(r.version),
            Err(store::Error::NotFound { .. }) => None,
            Err(e) => return Err(e.into()),
        };
        self.save_account(actor, account, password, seen).await
    }

    /// Creates an account (`seen` is `None`) or changes the version that was seen; a password is set when one is given.
    ///
    /// # Errors
    /// `access.…`; `account.login`; `account.password`; `account.taken` for a new one whose login is in use; a stale version.
    pub async fn save_account(&self, actor: &Actor, account: &Account, password: Option<&str>, seen: Option<i64>) -> Result<String> {
        decide(actor, Action::ManageAccounts, None, None, &self.world().units).or_else(|e| {
            self.world()
                .root_on(self.today())
                .and_then(|k| self.world().units.idx(k))
                .map_or(Err(e), |root| decide(actor, Action::ManageAccounts, None, Some(root), &self.world().units))
        })?;
        let login = account.login.trim().to_lowercase();
        if login.is_empty() || login.len() > 64 || !login.chars().all(|c| c.is_ascii_alphanumeric() || "._-@".contains(c)) {
            return Err(Error::Refused(Refusal::new("account.login").with("login", &login)));
        }
        if let Some(p) = password
            && (p.chars().count() < PASSWORD_MIN || p.len() > PASSWORD_MAX)
        {
            return Err(Error::Refused(Refusal::new("account.password").with("min", PASSWORD_MIN)));
        }
        let account = Account { login: login.clone(), ..account.clone() };
        let serde_json::Value::Object(fields) = serde_json::to_value(&account)? else { return Err(Error::Internal("account".into())) };
        let now = self.now();
        let old = match self.store().record_by_key(ACCOUNT, &login).await {
            Ok(r) => Some(r),
            Err(store::Error::NotFound { .. }) => None,
            Err(e) => return Err(e.into()),
        };
        match (&old, seen) {
            (Some(_), None) => return Err(Error::Refused(Refusal::new("account.taken").with("login", &login))),
            (None, Some(_)) => return Err(Error::not_found(&login)),
            (Some(r), Some(v)) if r.version != v => return Err(Error::Store(store::Error::Conflict { current: Box::new(r.clone()) })),
            _ => {}
        }
        let id = old.as_ref().map_or_else(RecordId::new, |r| r.id);
        let unit = account.grants.first().map_or_else(|| self.root_text(), |g| g.unit.to_string());
        let write = RecordWrite {
            register: ACCOUNT.into(),
            id,
            expect: old.as_ref().map_or(Expect::New, |r| Expect::Version(r.version)),
            key: Some(login.clone()),
            unit,
            state: if account.disabled { "disabled" } else { "active" }.into(),
            fields,
            kind: if old.is_some() { "update" } else { "create" }.into(),
            authority: None,
        };
        let command = Command { actor: actor.account.clone(), on_behalf: None, at: now, idempotency: None, writes: vec![write] };
        self.store().commit(command).await?;
        *self.known_people().kept() = None;
        if let Some(p) = password {
            let phc = self.hash(p.to_owned()).await?;
            self.store().set_credential(&id.to_string(), &login, &phc, now).await?;
        }
        if old.is_some() {
            // Rights or password changed: nobody goes on with the old ones.
            self.store().close_sessions_of(&id.to_string()).await?;
        }
        Ok(id.to_string())
    }

    /// Signs in, from an address (`client`). A wrong password and an unknown login are told alike, and made to wait alike.
    pub async fn sign_in(&self, login: &str, password: &str, client: &str) -> Result<SignedIn> {
        let wrong = || Error::refused("sign_in.wrong");
        let login = login.trim().to_lowercase();
        if password.len() > PASSWORD_MAX || login.len() > 64 {
            return Err(wrong());
        }
        let now = self.now();
        let here = format!("sign-in:{}/{client}", token_of(&login));
        let subjects = [(format!("sign-in:{client}"), TRIES_OF_CLIENT), (here.clone(), TRIES_OF_BOTH)];
        let Some(trying) = self.begin_try(subjects, WAIT_MINUTES).await? else {
            return Err(Error::Refused(Refusal::new("sign_in.wait").with("minutes", WAIT_MINUTES)));
        };
        let credential = match self.store().credential(&login).await? {
            Some(c) => c,
            None => {
                let keep = now.plus_micros(-STRANGERS_HOURS * 3_600_000_000);
                self.store().count_stranger(&token_of(&login), NOBODY, now, keep).await?
            }
        };
        if let Some(until) = credential.locked_until
            && until > now
        {
            return Err(Error::Refused(Refusal::new("sign_in.wait").with("minutes", (until.0 - now.0) / 60_000_000 + 1)));
        }
        let until = now.plus_micros(WAIT_MINUTES * 60_000_000);
        if !self.store().sign_in_attempt(&credential.account, now, until, FAILURES_BEFORE_WAIT).await? {
            return Err(Error::Refused(Refusal::new("sign_in.wait").with("minutes", WAIT_MINUTES)));
        }
        if !self.matches(password.to_owned(), credential.password.clone()).await? {
            self.tried_wrong(&trying).await?;
            return Err(wrong());
        }
        let record = self.store().record(ACCOUNT, credential.account.parse()?).await?;
        if record.view::<Account>()?.disabled {
            return Err(wrong());
        }
        self.store().sign_in_succeeded(&credential.account).await?;
        self.store().forget_attempts(&here).await?;
        let (cookie, csrf) = (random_text()?, random_text()?);
        let expires = now.plus_micros(SESSION_HOURS * 3_600_000_000);
        let session = Session { token: token_of(&cookie), account: credential.account, csrf: csrf.clone(), created: now, expires };
        self.store().open_session(&session).await?;
        Ok(SignedIn { cookie, csrf, expires })
    }

    /// Who a cookie belongs to; `None` when it has ended.
    pub async fn visitor(&self, cookie: &str) -> Result<Option<Visitor>> {
        if cookie.len() > 128 {
            return Ok(None);
        }
        let Some(session) = self.store().session(&token_of(cookie), self.now()).await? else { return Ok(None) };
        if session.account.starts_with(CITIZEN_SESSION) {
            return Ok(None);
        }
        let record = self.store().record(ACCOUNT, session.account.parse()?).await?;
        let account: Account = record.view()?;
        if account.disabled {
            return Ok(None);
        }
        // A grant on a unit that is yet to come lets one look ahead and do nothing: it would reach what the units of today answer for.
        let (world, today) = (self.world(), self.today());
        let begun = |g: &Grant| world.units.idx(&g.unit).is_none_or(|u| world.units.key(u).valid_from <= today);
        let as_of_today = |g: &Grant| if begun(g) { g.clone() } else { Grant { role: Role::Viewer, ..g.clone() } };
        let grants = account.grants.iter().map(as_of_today).collect();
        let actor = Actor::new(account.login.clone(), account.name.clone(), grants);
        Ok(Some(Visitor { actor, account_id: session.account, account, csrf: session.csrf }))
    }

    pub async fn sign_out(&self, cookie: &str) -> Result<()> {
        Ok(self.store().close_session(&token_of(cookie)).await?)
    }

    /// Names of people by their login; those who have no right to manage accounts see names on every page.
    pub async fn people(&self) -> Result<Arc<HashMap<String, Account>>> {
        if let Some((at, people)) = &*self.known_people().kept()
            && at.elapsed() < KNOWN_FOR
        {
            return Ok(people.clone());
        }
        let mut all = HashMap::new();
        for r in self.store().all(ACCOUNT).await? {
            if let Ok(a) = r.view::<Account>() {
                all.insert(a.login.clone(), a);
            }
        }
        let all = Arc::new(all);
        *self.known_people().kept() = Some((Instant::now(), all.clone()));
        Ok(all)
    }

    /// All accounts, for those who manage them.
    pub async fn accounts(&self, actor: &Actor) -> Result<Vec<(String, i64, Account)>> {
        let world = self.world();
        let root = world.root_on(self.today()).and_then(|k| world.units.idx(k));
        decide(actor, Action::ManageAccounts, None, root, &world.units)?;
        let mut list = Vec::new();
        for r in self.store().all(ACCOUNT).await? {
            list.push((r.id.to_string(), r.version, r.view::<Account>()?));
        }
        list.sort_by(|a, b| a.2.login.cmp(&b.2.login));
        Ok(list)
    }
}
