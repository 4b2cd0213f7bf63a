//! Passwords and sessions. Who may do what is a record of the register `account`; only secrets live here.

use rules::Timestamp;

use crate::{
    db::P,
    error::{Error, Result},
    store::Store,
};

/// A way to sign in. `password` is a PHC text (argon2id); the clear word is never stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    pub account: String,
    pub login: String,
    pub password: String,
    pub failures: i64,
    pub locked_until: Option<Timestamp>,
}

/// A signed-in browser. `token` is the SHA-256 of the cookie, so a stolen database signs nobody in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    pub token: String,
    pub account: String,
    pub csrf: String,
    pub created: Timestamp,
    pub expires: Timestamp,
}

const SET: &str = "INSERT INTO credential (tenant,account,login,password,changed,failures) VALUES ($1,$2,$3,$4,$5,0) \
     ON CONFLICT (tenant,account) DO UPDATE SET login=excluded.login, password=excluded.password, changed=excluded.changed, failures=0, locked_until=NULL";
const BY_LOGIN: &str = "SELECT account,login,password,failures,locked_until FROM credential WHERE tenant=$1 AND login=$2";
const ATTEMPT: &str = "UPDATE credential SET failures=failures+1, locked_until=CASE WHEN failures+1>=$5 THEN $4 ELSE NULL END \
     WHERE tenant=$1 AND account=$2 AND (locked_until IS NULL OR locked_until<=$3)";
/// A login that nobody has is counted as well, or the answer to many wrong attempts would tell which logins exist.
const STRANGER: &str = "INSERT INTO credential (tenant,account,login,password,changed,failures) VALUES ($1,$2,$3,$4,$5,0) \
     ON CONFLICT (tenant,account) DO NOTHING";
const SWEEP_STRANGERS: &str = "DELETE FROM credential WHERE tenant=$1 AND account LIKE 'stranger:%' AND changed<=$2";
const SUCCEEDED: &str = "UPDATE credential SET failures=0, locked_until=NULL WHERE tenant=$1 AND account=$2";
const OPEN: &str = "INSERT INTO session (tenant,token,account,csrf,created,expires) VALUES ($1,$2,$3,$4,$5,$6)";
const FIND: &str = "SELECT token,account,csrf,created,expires FROM session WHERE tenant=$1 AND token=$2 AND expires>$3";
const CLOSE: &str = "DELETE FROM session WHERE tenant=$1 AND token=$2";
const CLOSE_OF: &str = "DELETE FROM session WHERE tenant=$1 AND account=$2";
const SWEEP: &str = "DELETE FROM session WHERE tenant=$1 AND expires<=$2";

impl Store {
    pub async fn set_credential(&self, account: &str, login: &str, password: &str, at: Timestamp) -> Result<()> {
        let params = [P::Text(self.tenant()), P::Text(account), P::Text(login), P::Text(password), P::Text(&at.to_string())];
        self.db().execute(SET, &params).await.map(drop)
    }

    /// A place to count attempts with a login that nobody has. `mark` stands for the login; those from before `keep` are forgotten.
    pub async fn count_stranger(&self, mark: &str, password: &str, at: Timestamp, keep: Timestamp) -> Result<Credential> {
        let (account, login) = (format!("stranger:{mark}"), format!("?{mark}"));
        self.db().execute(SWEEP_STRANGERS, &[P::Text(self.tenant()), P::Text(&keep.to_string())]).await?;
        let params = [P::Text(self.tenant()), P::Text(&account), P::Text(&login), P::Text(password), P::Text(&at.to_string())];
        self.db().execute(STRANGER, &params).await?;
        self.credential(&login).await?.ok_or(Error::Busy)
    }

    pub async fn credential(&self, login: &str) -> Result<Option<Credential>> {
        let rows = self.db().fetch(BY_LOGIN, &[P::Text(self.tenant()), P::Text(login)]).await?;
        rows.first()
            .map(|r| {
                Ok(Credential {
                    account: r.text(0)?,
                    login: r.text(1)?,
                    password: r.text(2)?,
                    failures: r.int(3)?,
                    locked_until: r.opt_text(4)?.map(|t| t.parse()).transpose().map_err(Error::from)?,
                })
            })
            .transpose()
    }

    /// Counts an attempt to sign in before its password is looked at, so that attempts side by side cannot outrun the count. The
    /// `allowed`-th in a row locks the account until `until`. False where it is locked already.
    pub async fn sign_in_attempt(&self, account: &str, now: Timestamp, until: Timestamp, allowed: i64) -> Result<bool> {
        let (now, until) = (now.to_string(), until.to_string());
        let params = [P::Text(self.tenant()), P::Text(account), P::Text(&now), P::Text(&until), P::Int(allowed)];
        Ok(self.db().execute(ATTEMPT, &params).await? > 0)
    }

    pub async fn sign_in_succeeded(&self, account: &str) -> Result<()> {
        self.db().execute(SUCCEEDED, &[P::Text(self.tenant()), P::Text(account)]).await.map(drop)
    }

    pub async fn open_session(&self, s: &Session) -> Result<()> {
        let (created, expires) = (s.created.to_string(), s.expires.to_string());
        let params =
            [P::Text(self.tenant()), P::Text(&s.token), P::Text(&s.account), P::Text(&s.csrf), P::Text(&created), P::Text(&expires)];
        self.db().execute(SWEEP, &[P::Text(self.tenant()), P::Text(&created)]).await?;
        self.db().execute(OPEN, &params).await.map(drop)
    }

    pub async fn session(&self, token: &str, now: Timestamp) -> Result<Option<Session>> {
        let rows = self.db().fetch(FIND, &[P::Text(self.tenant()), P::Text(token), P::Text(&now.to_string())]).await?;
        rows.first()
            .map(|r| {
                Ok(Session {
                    token: r.text(0)?,
                    account: r.text(1)?,
                    csrf: r.text(2)?,
                    created: r.str(3)?.parse()?,
                    expires: r.str(4)?.parse()?,
                })
            })
            .transpose()
    }

    pub async fn close_session(&self, token: &str) -> Result<()> {
        self.db().execute(CLOSE, &[P::Text(self.tenant()), P::Text(token)]).await.map(drop)
    }

    /// Signs an account out everywhere (its password or rights changed).
    pub async fn close_sessions_of(&self, account: &str) -> Result<()> {
        self.db().execute(CLOSE_OF, &[P::Text(self.tenant()), P::Text(account)]).await.map(drop)
    }
}
