//! Drafts that nobody took up again: after the days that the rules give, what was typed goes; that there was a draft stays in the ledger.

use std::time::Duration;

use jiff::civil::Date;
use rules::access::Actor;
use serde_json::json;
use store::ListQuery;
use tokio::sync::watch;

use super::{
    DRAFT,
    drafts::{PERSONAL, draft_write},
};
use crate::{Office, error::Result};

/// Between two rounds. A draft that is past its day is not opened any more, whether or not its round has come.
const ROUND: Duration = Duration::from_secs(900);

impl Office {
    /// Ends the drafts whose day has passed. Returns how many.
    ///
    /// # Errors
    /// Of the store.
    pub async fn expire_drafts(&self) -> Result<usize> {
        let today = self.today();
        let mut query = ListQuery { register: DRAFT.into(), states: vec!["open".into()], limit: store::PAGE_MAX, ..ListQuery::default() };
        let mut ended = 0;
        loop {
            let page = self.store().list(&query).await?;
            for r in &page.records {
                let mut fields = r.fields()?;
                let until = fields.get("expires_on").and_then(|d| d.as_str()).and_then(|d| d.parse::<Date>().ok());
                if until.is_none_or(|day| today <= day) {
                    continue;
                }
                for personal in PERSONAL {
                    fields.remove(personal);
                }
                fields.insert("parts".into(), json!([]));
                let write = draft_write(r, "expired", fields, "expire");
                match self.commit_act(&Actor::system().account, None, self.now(), None, vec![write]).await {
                    Ok(_) => ended += 1,
                    // Its person came back in this moment, or another process was quicker.
                    Err(e) if e.code() == "version.conflict" => {}
                    Err(e) => return Err(e),
                }
            }
            query.after = page.next;
            if query.after.is_none() {
                return Ok(ended);
            }
        }
    }
}

/// Round after round, until the office closes.
pub(crate) async fn follow(office: Office, mut stopped: watch::Receiver<bool>) {
    loop {
        if let Err(e) = office.expire_drafts().await {
            tracing::warn!(error = %e, "drafts that are past their day wait");
        }
        tokio::select! {
            () = tokio::time::sleep(ROUND) => {}
            _ = stopped.changed() => return,
        }
    }
}
