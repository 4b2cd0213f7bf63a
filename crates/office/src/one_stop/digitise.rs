//! Scans become searchable PDF/A beside the desk's work: the officer does not wait, the original stays what it was.
//!
//! The reading is done by OCRmyPDF with Tesseract's Vietnamese, a program of its own on the machine. Where it is not installed the jobs
//! wait, and say so.

use std::{path::PathBuf, process::Stdio, time::Duration};

use rules::{Refusal, Timestamp};
use serde_json::json;
use store::{Change, Expect, Job, JobState, ListQuery, RecordId, RecordWrite};
use tokio::{process::Command, sync::watch};

use super::{
    DOSSIER,
    files::{Origin, PartGiven, parts_of},
};
use crate::{
    Office,
    error::{Error, Result},
};

/// Kind of these jobs, and of the entry that one leaves.
pub const DIGITISE: &str = "digitise";
/// Longest time for one file: some hundred pages.
const LIMIT: Duration = Duration::from_secs(600);
/// Who has not ended by then has lost the job.
const LEASE_US: i64 = 15 * 60 * 1_000_000;
/// So often one file is tried, a little later each time.
const TRIES: i64 = 3;
const AGAIN_US: i64 = 60 * 1_000_000;
/// How often jobs of other processes, and those to be tried again, are looked for.
const TICK: Duration = Duration::from_secs(5);
/// Others change the dossier meanwhile: so often the copy is put beside its scan anew.
const COMMIT_TRIES: usize = 8;
/// Dots per inch that are assumed where a picture does not say: a photograph of an A4 page taken with a phone.
const ASSUMED_DPI: &str = "200";
/// Dossiers looked through at once when the program begins.
const PAGE: i64 = 200;

/// What reads the scans.
#[derive(Debug, Clone)]
pub struct Reader {
    program: PathBuf,
    limit: Duration,
}

/// The reader with the programs that it starts in its turn: a group of their own. Dropped before it is over, all of them end.
struct Group(Option<u32>);

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        if let Some(leader) = self.0.and_then(|id| rustix::process::Pid::from_raw(i32::try_from(id).ok()?)) {
            // Whoever has ended already needs no end.
            let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        }
    }
}

impl Reader {
    /// `HAIDANG_OCR`, else `ocrmypdf` on the path; `None` where it does not answer.
    pub async fn find() -> Option<Self> {
        let program = PathBuf::from(std::env::var_os("HAIDANG_OCR").unwrap_or_else(|| "ocrmypdf".into()));
        let answer = Command::new(&program).arg("--version").stdin(Stdio::null()).output().await.ok()?;
        answer.status.success().then(|| Self::of(program, LIMIT))
    }

    /// A program that is called as OCRmyPDF is, with the longest time for one file.
    #[must_use]
    pub fn of(program: impl Into<PathBuf>, limit: Duration) -> Self {
        Self { program: program.into(), limit }
    }

    /// A searchable PDF/A of a scan.
    ///
    /// # Errors
    /// `digitise.unreadable` (detail): not a picture or PDF that can be read; `digitise.slow` (minutes).
    pub async fn read(&self, scan: &[u8], media_type: &str) -> Result<Vec<u8>> {
        let failed = |e: std::io::Error| Error::Internal(format!("reading a scan: {e}"));
        let folder = tempfile::tempdir().map_err(failed)?;
        let unreadable = || Error::Refused(Refusal::new("digitise.unreadable").with("detail", media_type));
        let extension = extension_of(media_type).ok_or_else(unreadable)?;
        let (given, made) = (folder.path().join("scan").with_extension(extension), folder.path().join("copy.pdf"));
        tokio::fs::write(&given, scan).await.map_err(failed)?;
        let mut command = Command::new(&self.program);
        command
            .args(["--language", "vie", "--output-type", "pdfa", "--skip-text", "--rotate-pages", "--jobs", "1", "--quiet"])
            .args(["--image-dpi", ASSUMED_DPI])
            .args([&given, &made])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        let child = command.spawn().map_err(failed)?;
        let mut group = Group(child.id());
        let ended = tokio::time::timeout(self.limit, child.wait_with_output()).await;
        let ended =
            ended.map_err(|_| Error::Refused(Refusal::new("digitise.slow").with("minutes", self.limit.as_secs() / 60)))?.map_err(failed)?;
        group.0 = None;
        if !ended.status.success() {
            let said = String::from_utf8_lossy(&ended.stderr);
            let detail = said.lines().rfind(|l| !l.trim().is_empty()).unwrap_or_default().chars().take(200).collect::<String>();
            return Err(Error::Refused(Refusal::new("digitise.unreadable").with("detail", detail)));
        }
        tokio::fs::read(&made).await.map_err(failed)
    }
}

/// How a file is called that the reader reads, by what its bytes are, never by a name that somebody gave them; `None` for what it
/// cannot read (HEIC, documents of an office program): that stays as it is.
fn extension_of(media_type: &str) -> Option<&'static str> {
    match media_type {
        "application/pdf" => Some("pdf"),
        "image/jpeg" => Some("jpg"),
        "image/png" => Some("png"),
        "image/tiff" => Some("tif"),
        "image/webp" => Some("webp"),
        _ => None,
    }
}

/// A readable scan that has no searchable copy yet.
fn waits(part: &PartGiven) -> Option<&str> {
    let readable = extension_of(&part.media_type).is_some();
    (part.origin == Origin::Scan && readable && part.searchable.is_none()).then_some(part.sha256.as_deref()?)
}

impl Office {
    /// Asks for a searchable copy of every scan of a dossier that has none; whether it asked for any.
    async fn ask_copies(&self, id: RecordId, parts: &[PartGiven]) -> Result<bool> {
        let mut asked = false;
        for part in parts {
            if let Some(sha256) = waits(part) {
                let (subject, now) = (format!("{id}/{sha256}"), self.now());
                asked |=
                    self.store().ask_job(DIGITISE, &subject, &json!({ "dossier": id.to_string(), "sha256": sha256 }), now, now).await?;
            }
        }
        Ok(asked)
    }

    /// Asks for what came in while nobody followed.
    async fn ask_missed_copies(&self) -> Result<()> {
        let mut query =
            ListQuery { register: DOSSIER.into(), filter: Some(store::blob::NAMES_SCANS.to_owned()), limit: PAGE, ..ListQuery::default() };
        loop {
            let page = self.store().list(&query).await?;
            for r in &page.records {
                self.ask_copies(r.id, &parts_of(&r.fields()?)).await?;
            }
            query.after = page.next;
            if query.after.is_none() {
                return Ok(());
            }
        }
    }

    /// Makes the next searchable copy whose time has come; `false` when there is none.
    ///
    /// # Errors
    /// What hinders taking or ending a job. That a scan cannot be read is the job's outcome, not an error.
    pub async fn digitise_next(&self, reader: &Reader, by: &str) -> Result<bool> {
        let until = |now: Timestamp| now.plus_micros(LEASE_US);
        let now = self.now();
        let Some(job) = self.store().take_job(DIGITISE, by, now, until(now)).await? else { return Ok(false) };
        // Whoever had it last did not come back, and so it went before: what brings the program down is not begun again.
        if job.attempts > TRIES {
            self.store().end_job(&job, by, JobState::Failed, Some("digitise.given_up"), now, now).await?;
            return Ok(true);
        }
        let made = self.copy_of(&job, reader).await;
        let now = self.now();
        let (state, outcome, again) = match made {
            Ok(sha256) => (JobState::Done, sha256, now),
            // Another try reads nothing else.
            Err(e) if e.code() == "digitise.unreadable" || e.code() == "not_found" => (JobState::Failed, e.to_string(), now),
            Err(e) if job.attempts < TRIES => (JobState::Waiting, e.to_string(), now.plus_micros(AGAIN_US * job.attempts)),
            Err(e) => (JobState::Failed, e.to_string(), now),
        };
        self.store().end_job(&job, by, state, Some(&outcome), again, now).await?;
        Ok(true)
    }

    /// Reads the scan and puts the copy beside it; the copy's SHA-256.
    async fn copy_of(&self, job: &Job, reader: &Reader) -> Result<String> {
        let text = |name: &str| job.body.get(name).and_then(|v| v.as_str()).unwrap_or_default().to_owned();
        let (dossier, sha256) = (text("dossier"), text("sha256"));
        let (info, scan) = self.store().blob(&sha256).await?;
        let copy = reader.read(&scan, &info.media_type).await?;
        let name = format!("{}.pdf", info.name.rsplit_once('.').map_or(info.name.as_str(), |(n, _)| n));
        let kept = self.store().add_blob(copy, "application/pdf", &name, "system", self.now()).await?;
        for _ in 0..COMMIT_TRIES {
            let record = self.find(DOSSIER, &dossier).await?;
            let mut fields = record.fields()?;
            let mut parts = parts_of(&fields);
            let Some(part) = parts.iter_mut().find(|p| p.sha256.as_deref() == Some(&sha256)) else {
                return Err(Error::not_found(&sha256));
            };
            if part.searchable.is_some() {
                return Ok(kept.sha256);
            }
            part.searchable = Some(kept.sha256.clone());
            fields.insert("parts".into(), serde_json::to_value(&parts)?);
            let write = RecordWrite {
                register: DOSSIER.into(),
                id: record.id,
                expect: Expect::Version(record.version),
                key: record.key.clone(),
                unit: record.unit.clone(),
                state: record.state.clone(),
                fields,
                kind: DIGITISE.into(),
                authority: None,
            };
            match self.commit_act("system", None, self.now(), None, vec![write]).await {
                Ok(_) => return Ok(kept.sha256),
                Err(e) if e.code() == "version.conflict" => {}
                Err(e) => return Err(e),
            }
        }
        Err(Error::Store(store::Error::Busy))
    }

    /// Whether a scan came that wants a copy.
    async fn note_scans(&self, changes: &[Change]) -> Result<bool> {
        let mut asked = false;
        for c in changes.iter().filter(|c| c.after.register == DOSSIER && c.after.body.contains("\"scan\"")) {
            let fields = serde_json::from_str(&c.after.body)?;
            asked |= self.ask_copies(c.after.id, &parts_of(&fields)).await?;
        }
        Ok(asked)
    }

    /// Whether a copy is asked for that nobody has made yet.
    async fn copies_wait(&self) -> Result<bool> {
        let open = |state| matches!(state, JobState::Waiting | JobState::Running);
        Ok(self.store().job_counts().await?.iter().any(|(kind, state, n)| kind == DIGITISE && open(*state) && *n > 0))
    }

    /// Makes the copies that are asked for. Who reads is looked for only then: a command that ends at once starts no other program, and a
    /// reader that is installed later is found.
    async fn make_copies(&self, reader: &mut Option<Reader>, by: &str) -> Result<()> {
        if reader.is_none() && self.copies_wait().await? {
            *reader = Reader::find().await;
        }
        let Some(reader) = reader else { return Ok(()) };
        while self.digitise_next(reader, by).await? {}
        Ok(())
    }
}

/// Follows the dossiers, asks for copies of their scans, and makes them one at a time.
pub(crate) async fn follow(office: Office, mut stopped: watch::Receiver<bool>) {
    let mut feed = office.store().follow();
    let by = RecordId::new().to_string();
    let mut reader = None;
    if let Err(e) = office.ask_missed_copies().await {
        tracing::warn!(error = %e, "scans without a searchable copy could not be looked for");
    }
    let mut tick = tokio::time::interval(TICK);
    tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        let noted = tokio::select! {
            _ = stopped.changed() => return,
            heard = feed.recv() => match heard {
                Ok(changes) => office.note_scans(&changes).await,
                Err(tokio::sync::broadcast::error::RecvError::Lagged(_)) => office.ask_missed_copies().await.map(|()| true),
                Err(tokio::sync::broadcast::error::RecvError::Closed) => return,
            },
            _ = tick.tick() => Ok(true),
        };
        match noted {
            Ok(true) => {}
            Ok(false) => continue,
            Err(e) => tracing::warn!(error = %e, "a searchable copy could not be asked for"),
        }
        tokio::select! {
            _ = stopped.changed() => return,
            made = office.make_copies(&mut reader, &by) => if let Err(e) = made {
                tracing::warn!(error = %e, "a searchable copy could not be made");
            },
        }
    }
}
