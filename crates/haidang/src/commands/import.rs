//! `haidang import`: the whole file is checked first; only then is anything written.

use std::{
    fs::File,
    io::{BufReader, IsTerminal, Write},
    path::{Path, PathBuf},
    process::ExitCode,
    time::{Duration, Instant},
};

use anyhow::Context;
use faces::{
    mapping::{Format, Mapping},
    tabular::RowFault,
};
use office::{
    Office,
    import::{BATCH, BadRow, Row},
};
use rules::access::Actor;
use store::RecordId;
use tokio::sync::mpsc;

use crate::{
    args, say, setup,
    words::{fault, lang, words},
};

/// Rows read ahead of the database.
const READ_AHEAD: usize = 2 * BATCH;
/// How often the progress line is drawn.
const DRAW: Duration = Duration::from_millis(200);

pub async fn run(common: &args::Common, a: &args::Import) -> anyhow::Result<ExitCode> {
    let (file, format) = match &a.format {
        args::ImportFormat::Xes(f) => (f, Format::Xes),
        args::ImportFormat::Csv(f) => (f, Format::Csv),
        args::ImportFormat::Xlsx(f) => (f, Format::Xlsx),
    };
    let text =
        std::fs::read_to_string(&file.map).with_context(|| words("cli-cannot-read", &[("path", file.map.display().to_string().into())]))?;
    let mapping = Mapping::parse(&file.map.display().to_string(), &text)?;
    if mapping.register.as_str() != file.register {
        let (path, is) = (file.map.display().to_string(), mapping.register.as_str());
        return Err(fault("cli-mapping-register", &[("path", path.into()), ("is", is.into()), ("asked", (&file.register).into())]));
    }
    if mapping.format != format {
        let name = |f: Format| format!("{f:?}").to_uppercase();
        let path = file.map.display().to_string();
        return Err(fault(
            "cli-mapping-format",
            &[("path", path.into()), ("is", name(mapping.format).into()), ("asked", name(format).into())],
        ));
    }
    let office = setup::open(common).await?;
    let result = import(&office, file, &mapping).await;
    let closed = office.close().await;
    // Why the import ended is what counts; that closing failed for the same reason adds nothing.
    let code = result?;
    closed?;
    Ok(code)
}

async fn import(office: &Office, a: &args::ImportFile, mapping: &Mapping) -> anyhow::Result<ExitCode> {
    let started = Instant::now();
    let bad = check(office, a, mapping).await?;
    if !bad.is_empty() && (!a.skip_bad || bad.iter().any(|b| b.fatal)) {
        eprintln!("{}", words("cli-import-refused", &[("count", bad.len().into())]));
        for b in bad.iter().take(10) {
            let detail = b.row.detail.strip_prefix(&format!("{}: ", b.row.place)).unwrap_or(&b.row.detail);
            eprintln!("  {}: {detail} ({})", b.row.place, b.row.code);
        }
        eprintln!("{}", words("cli-import-mend", &[]));
        return Ok(ExitCode::FAILURE);
    }
    if let Some(path) = write_bad(&a.file, &bad)? {
        eprintln!("{}", words("cli-import-left-out", &[("count", bad.len().into()), ("path", path.display().to_string().into())]));
    }
    // Names this run, so that a batch tried again over a lost connection is committed once. Another run of the same file goes by
    // the keys of its records: what another file or a person changed meanwhile, it changes back.
    let run = RecordId::new().to_string();
    let mut importer = office.importer(&Actor::system(), &a.register, Some(run))?;
    let mut progress = Progress::new(&a.file, "cli-importing")?;
    let mut rows = read(a, mapping)?;
    let mut refused = 0;
    while let Some((item, at)) = rows.recv().await {
        // What the check refused is refused again in the same way, and was written down already.
        let taken = match item {
            Ok((row, _)) => importer.add(row).is_ok(),
            Err(_) => false,
        };
        refused += usize::from(!taken);
        if refused > bad.len() {
            return Err(fault("cli-import-changed", &[("path", a.file.display().to_string().into())]));
        }
        if importer.waiting() >= BATCH {
            importer.commit_behind().await?;
        }
        progress.show(at);
    }
    importer.commit().await?;
    progress.end();
    let (done, seconds) = (&importer.done, started.elapsed().as_secs_f64());
    if a.json {
        let object = serde_json::json!({ "added": done.added, "changed": done.changed, "unchanged": done.unchanged,
            "skipped": bad.len(), "seconds": seconds });
        say!("{object}");
    } else {
        let values = [
            ("added", done.added.into()),
            ("changed", done.changed.into()),
            ("unchanged", done.unchanged.into()),
            ("left", bad.len().into()),
            ("seconds", lang().decimal(seconds, 1).into()),
        ];
        say!("{}", words("cli-import-done", &values));
    }
    // A file of which nothing could be taken is no success, whatever was allowed to be left out.
    let none = done.added + done.changed + done.unchanged == 0 && !bad.is_empty();
    Ok(if none { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// A row that cannot be taken; after a fatal one the file cannot be read on.
struct Bad {
    row: BadRow,
    fatal: bool,
    raw: String,
}

/// First pass: reads, maps and checks every row, and writes nothing.
async fn check(office: &Office, a: &args::ImportFile, mapping: &Mapping) -> anyhow::Result<Vec<Bad>> {
    let mut importer = office.importer(&Actor::system(), &a.register, None)?;
    let mut progress = Progress::new(&a.file, "cli-checking")?;
    let mut rows = read(a, mapping)?;
    let mut bad = Vec::new();
    while let Some((item, at)) = rows.recv().await {
        match item {
            Ok((row, raw)) => {
                if let Err(row) = importer.add(row) {
                    bad.push(Bad { row, fatal: false, raw });
                }
            }
            Err(f) => {
                let row = BadRow { place: f.place.to_string(), code: f.code.to_owned(), detail: f.to_string() };
                bad.push(Bad { row, fatal: f.fatal, raw: f.raw.clone().unwrap_or_default() });
            }
        }
        importer.forget();
        progress.show(at);
    }
    progress.end();
    Ok(bad)
}

/// A row with its text in the file, and how far the file is read.
type Rows = mpsc::Receiver<(Result<(Row, String), Box<RowFault>>, u64)>;

/// Reads and maps the file on a thread of its own.
fn read(a: &args::ImportFile, mapping: &Mapping) -> anyhow::Result<Rows> {
    let file = File::open(&a.file).with_context(|| words("cli-cannot-open", &[("path", a.file.display().to_string().into())]))?;
    let mut source = mapping.format.open(&a.file.display().to_string(), BufReader::new(file));
    let mapping = mapping.clone();
    let (send, rows) = mpsc::channel(READ_AHEAD);
    std::thread::spawn(move || {
        while let Some(next) = source.next() {
            let at = source.bytes_read();
            let item = next
                .and_then(|row| mapping.apply(&row).map(|m| (m, row.raw)))
                .map_err(Box::new)
                .map(|(m, raw)| (Row { place: m.place.to_string(), key: Some(m.key), unit: m.unit, state: m.state, fields: m.body }, raw));
            // Nobody listens any more: the import ended early.
            if send.blocking_send((item, at)).is_err() {
                return;
            }
        }
    });
    Ok(rows)
}

/// Writes the bad rows with their reasons beside the file.
fn write_bad(file: &Path, bad: &[Bad]) -> anyhow::Result<Option<PathBuf>> {
    if bad.is_empty() {
        return Ok(None);
    }
    let mut name = file.file_name().unwrap_or_default().to_os_string();
    name.push(".bad.csv");
    let path = file.with_file_name(name);
    let out = File::create(&path).with_context(|| words("cli-cannot-write", &[("path", path.display().to_string().into())]))?;
    let mut csv = faces::csv_export::CsvWriter::new(out, &["place", "code", "reason", "row"], faces::csv_export::Delimiter::Comma)?;
    for b in bad {
        use faces::csv_export::Cell::Text;
        csv.row(&[Text(&b.row.place), Text(&b.row.code), Text(&b.row.detail), Text(&b.raw)])?;
    }
    csv.finish()?;
    Ok(Some(path))
}

/// One line that says what is being done and how far it is.
struct Progress {
    what: String,
    size: u64,
    drawn: Instant,
    shown: bool,
}

impl Progress {
    fn new(file: &Path, what: &str) -> anyhow::Result<Self> {
        let size =
            std::fs::metadata(file).with_context(|| words("cli-cannot-open", &[("path", file.display().to_string().into())]))?.len().max(1);
        Ok(Self { what: words(what, &[]), size, drawn: Instant::now(), shown: false })
    }

    fn show(&mut self, read: u64) {
        if self.drawn.elapsed() >= DRAW && std::io::stderr().is_terminal() {
            self.drawn = Instant::now();
            self.shown = true;
            eprint!("\r{} {:>3} %", self.what, (read * 100 / self.size).min(100));
            let _ = std::io::stderr().flush();
        }
    }

    fn end(&self) {
        if self.shown {
            eprint!("\r                    \r");
        }
    }
}
