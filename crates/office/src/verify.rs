//! The ledger's key, and the proof that tree, records and figures are whole.

use std::{collections::BTreeSet, path::PathBuf};

use figures::Engine;
use ledger::SigningKey;
use serde_json::Value;
use store::{DataSource, ListQuery, verify::Finding};

use crate::{
    Office,
    error::{Error, Result},
    live::{self, StoredFigures},
};

use crate::office::Options;

/// The key that signs checkpoints. Its private text lies in a file that only the program's user can read.
pub struct Keys {
    pub signer: SigningKey,
    pub path: PathBuf,
}

impl Keys {
    /// Reads the key. Only a ledger that was never signed gets a new one: another key would not prove what the first one signed.
    pub(crate) fn open(options: &Options, signed: bool) -> Result<Self> {
        let path = key_path(options);
        let failed = |e: &dyn std::fmt::Display| Error::Store(store::Error::Config(format!("key file {}: {e}", path.display())));
        match std::fs::read_to_string(&path) {
            Ok(text) => {
                let signer = text.trim().parse::<SigningKey>().map_err(|e| failed(&e))?;
                Ok(Self { signer, path })
            }
            Err(e) if e.kind() == std::io::ErrorKind::NotFound && signed => Err(Error::Store(store::Error::Config(format!(
                "the key that signed this ledger is missing: there is no {}. Put it back, or name it with --key-file",
                path.display()
            )))),
            Err(e) if e.kind() == std::io::ErrorKind::NotFound => {
                let mut seed = [0u8; 32];
                getrandom::fill(&mut seed).map_err(|e| failed(&e))?;
                let signer = SigningKey::from_seed(&format!("haidang.local/{}", options.tenant), &seed).map_err(|e| failed(&e))?;
                if let Some(dir) = path.parent().filter(|d| !d.as_os_str().is_empty()) {
                    std::fs::create_dir_all(dir).map_err(|e| failed(&e))?;
                }
                write_private(&path, &signer.to_private_text()).map_err(|e| failed(&e))?;
                Ok(Self { signer, path })
            }
            Err(e) => Err(failed(&e)),
        }
    }
}

/// Where the signing key lies, or shall lie.
#[must_use]
pub fn key_path(options: &Options) -> PathBuf {
    match (&options.key_file, &options.data) {
        (Some(p), _) => p.clone(),
        (None, DataSource::Folder(dir)) => dir.join("ledger.key"),
        (None, DataSource::Postgres(_)) => PathBuf::from("haidang-ledger.key"),
    }
}

fn write_private(path: &std::path::Path, text: &str) -> std::io::Result<()> {
    use std::io::Write;
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()
}

impl Office {
    /// Recomputes the tree from the entries, the records and figures from the ledger, compares the search index with the records, reads
    /// every attachment, and names the first difference.
    pub async fn verify(&self) -> Result<Finding> {
        self.verify_against(&[]).await
    }

    /// The signed checkpoint is one that this office's key made.
    #[must_use]
    pub fn signed(&self, note: &str) -> bool {
        ledger::open_checkpoint(note, &[self.keys().signer.verifier().clone()]).is_ok()
    }

    /// As [`Office::verify`], also against signed checkpoints that were kept elsewhere.
    pub async fn verify_against(&self, kept: &[String]) -> Result<Finding> {
        match self.verify_ledger(kept).await? {
            whole @ Finding::Whole { .. } => {
                if let Some(text) = self.store().verify_search().await? {
                    return Ok(Finding::Difference(text));
                }
                Ok(self.first_damaged_file().await?.map_or(whole, Finding::Difference))
            }
            difference => Ok(difference),
        }
    }

    /// An attachment that a record names and nobody has, or one that is not what it was.
    async fn first_damaged_file(&self) -> Result<Option<String>> {
        let kept: BTreeSet<String> = self.store().blob_names().await?.into_iter().collect();
        for (register, _) in self.store().register_counts().await? {
            let filter = Some(store::blob::NAMES_FILES.to_owned());
            let mut query = ListQuery { register, filter, limit: PAGE, ..ListQuery::default() };
            loop {
                let page = self.store().list(&query).await?;
                for r in &page.records {
                    let mut gone = None;
                    attachments(&serde_json::from_str(&r.body)?, &mut |sha256| {
                        if !kept.contains(sha256) {
                            gone.get_or_insert_with(|| sha256.to_owned());
                        }
                    });
                    if let Some(sha256) = gone {
                        return Ok(Some(format!("record {}/{} names the attachment {sha256}, which is gone", r.register, r.id)));
                    }
                }
                query.after = page.next;
                if query.after.is_none() {
                    break;
                }
            }
        }
        for sha256 in kept {
            if let Err(e) = self.store().blob(&sha256).await {
                let info = self.store().blob_info(&sha256).await?;
                return Ok(Some(format!("attachment {:?} of {} ({sha256}): {e}", info.name, info.added_at)));
            }
        }
        Ok(None)
    }

    async fn verify_ledger(&self, kept: &[String]) -> Result<Finding> {
        let world = self.world();
        let stored = StoredFigures::load(self).await?;
        let (at, clock) = stored.as_ref().map_or((0, self.now()), |s| (s.position.seq, s.position.clock));
        let mut engine = live::empty_engine(&world)?;
        engine.advance(clock).map_err(live::internal)?;
        let mut slots = rules::schema::Slots::default();
        let known = [self.keys().signer.verifier().clone()];
        let mut fault = None;
        let finding = store::verify::verify(self.store(), &known, kept, at, &mut |record| {
            if fault.is_none()
                && let Err(e) = live::count(&mut engine, None, Some(record), &mut slots)
            {
                fault = Some(format!("record {}/{}: {e}", record.register, record.id));
            }
            Ok(())
        })
        .await?;
        if let (Finding::Whole { .. }, Some(text)) = (&finding, fault) {
            return Ok(Finding::Difference(text));
        }
        match (finding, stored) {
            (Finding::Whole { .. }, Some(stored)) if stored.position.rules != live::digest(&world) => {
                Ok(Finding::Difference("the saved figures were counted by other definitions than those in force".into()))
            }
            (whole @ Finding::Whole { .. }, Some(stored)) => Ok(compare(&engine, &world, &stored).map_or(whole, Finding::Difference)),
            (other, _) => Ok(other),
        }
    }
}

/// Records looked through at once.
const PAGE: i64 = 1_000;

fn is_hash(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// The attachments that a body names: `"sha256"`, `"file"` or `"searchable"` with a hash anywhere, or `"evidence": ["…"]`.
fn attachments(value: &Value, found: &mut dyn FnMut(&str)) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("sha256" | "file" | "searchable", Value::String(one)) if is_hash(one) => found(one),
                    ("evidence", Value::Array(list)) => list.iter().filter_map(Value::as_str).for_each(&mut *found),
                    (_, value) => attachments(value, found),
                }
            }
        }
        Value::Array(list) => list.iter().for_each(|v| attachments(v, found)),
        _ => {}
    }
}

/// The first cell that a recount from the ledger does not confirm.
fn compare(engine: &Engine, world: &crate::world::World, stored: &StoredFigures) -> Option<String> {
    let counted = live::cell_rows(engine, world, engine.all_cells());
    let key = |c: &store::CellRow| (c.indicator.clone(), c.version, c.unit.clone(), c.month, c.dims.clone());
    let mut want: std::collections::BTreeMap<_, _> = counted.iter().map(|c| (key(c), (c.num, c.den, c.n))).collect();
    let say = |k: &(String, i64, String, i32, String), found: (i64, i64, i64), want: (i64, i64, i64)| {
        format!(
            "figure {} of unit {} in {} {}: stored {} / {} ({} records), counted from the ledger {} / {} ({} records)",
            k.0,
            k.2,
            rules::Month(k.3),
            k.4,
            found.0,
            found.1,
            found.2,
            want.0,
            want.1,
            want.2
        )
    };
    for c in &stored.cells {
        if c.n == 0 && c.num == 0 {
            continue;
        }
        let k = key(c);
        let expected = want.remove(&k).unwrap_or_default();
        if expected != (c.num, c.den, c.n) {
            return Some(say(&k, (c.num, c.den, c.n), expected));
        }
    }
    want.into_iter().next().map(|(k, expected)| say(&k, (0, 0, 0), expected))
}
