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
    mapping::{Format, MappedRecord, Mapping, Spots, Unfit},
    tabular::{Place, RowFault, Spot},
};
use office::{
    Office,
    import::{self, BATCH, Importer, Odd, Row},
};
use rules::{access::Actor, schema::FieldFault};
use store::RecordId;
use tokio::sync::mpsc;
use web::http::fault_sentence;

use crate::{
    args, say, setup,
    words::{by_code, cannot_write, fault, lang, words},
};

/// Rows read ahead of the database.
const READ_AHEAD: usize = 2 * BATCH;
/// Bad rows that are shown; a person sees by them what is wrong with all.
const SHOWN: usize = 10;
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
    let mapping = Mapping::parse(&file.map.display().to_string(), &text).map_err(|f| office::Error::Refused(f.into()))?;
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
    let (bad, odd) = check(office, a, mapping).await?;
    if !bad.is_empty() && (!a.skip_bad || bad.iter().any(|b| b.fatal)) {
        eprintln!("{}", words("cli-import-refused", &[("count", bad.len().into())]));
        for fault in bad.iter().take(SHOWN).flat_map(|b| &b.faults) {
            eprintln!("  {}: {} ({})", fault.place, fault.sentence, fault.code);
        }
        eprintln!("{}", words("cli-import-mend", &[]));
        return Ok(ExitCode::FAILURE);
    }
    if let Some(path) = write_bad(&a.file, &bad)? {
        eprintln!("{}", words("cli-import-left-out", &[("count", bad.len().into()), ("path", path.display().to_string().into())]));
    }
    for (key, count) in [("cli-import-closed-early", odd.closed_early), ("cli-import-due-early", odd.due_early)] {
        if count > 0 {
            eprintln!("{}", words(key, &[("count", count.into())]));
        }
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
        let taken = item.is_ok_and(|mapped| importer.add(mapped.row).is_ok());
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

/// A row that cannot be taken, with everything that is wrong with it; after a fatal one the file cannot be read on.
struct Bad {
    place: Place,
    /// In the order of the file.
    faults: Vec<Told>,
    fatal: bool,
    raw: String,
}

/// One fault as it is told.
struct Told {
    place: Place,
    sentence: String,
    code: &'static str,
}

impl Told {
    fn by_source(f: &RowFault) -> Self {
        Self { place: f.place.clone(), sentence: by_code(f.code, &f.args), code: f.code }
    }

    /// A fault that the register found, at the place of what it is about.
    fn by_register(f: &import::RowFault, mapping: &Mapping, place: &Place, spots: &Spots) -> Self {
        let field = |f: &FieldFault| {
            let at = mapping.fields.keys().position(|name| name.as_str() == f.field);
            at.and_then(|i| spots.fields.get(i)).copied().unwrap_or_default()
        };
        let (spot, sentence, code) = match f {
            import::RowFault::Key(r) => (spots.key, by_code(r.code, &r.args), r.code),
            import::RowFault::Unit(r) => (spots.unit, by_code(r.code, &r.args), r.code),
            import::RowFault::State(r) => (Spot::default(), by_code(r.code, &r.args), r.code),
            import::RowFault::Field(f) => (field(f), fault_sentence(f, lang()), f.code),
        };
        Self { place: place.at(spot), sentence, code }
    }
}

impl Bad {
    fn new(place: Place, mut faults: Vec<Told>, raw: String) -> Self {
        faults.sort_by_key(|f| (f.place.line, f.place.column));
        Self { place, faults, fatal: false, raw }
    }

    /// The row does not fit the mapping: the register says what it would refuse beside that.
    fn unfit(importer: &mut Importer<'_>, mapping: &Mapping, misread: Misread) -> Self {
        match misread {
            Misread::Unread(f) => {
                let fatal = f.fatal;
                let told = vec![Told::by_source(&f)];
                Self { fatal, ..Self::new(f.place, told, f.raw.unwrap_or_default()) }
            }
            Misread::Unfit { rest, faults, lost } => {
                let also = importer.faults(rest.row, &lost);
                let also = also.iter().map(|f| Told::by_register(f, mapping, &rest.place, &rest.spots));
                let told = faults.iter().map(Told::by_source).chain(also).collect();
                Self::new(rest.place.clone(), told, rest.raw)
            }
        }
    }
}

/// First pass: reads, maps and checks every row, and writes nothing. What is odd about rows that are taken is counted.
async fn check(office: &Office, a: &args::ImportFile, mapping: &Mapping) -> anyhow::Result<(Vec<Bad>, Odd)> {
    let mut importer = office.importer(&Actor::system(), &a.register, None)?;
    let mut progress = Progress::new(&a.file, "cli-checking")?;
    let mut rows = read(a, mapping)?;
    let mut bad = Vec::new();
    while let Some((item, at)) = rows.recv().await {
        match item {
            Ok(Mapped { row, place, spots, raw }) => {
                if let Err(refused) = importer.add(row) {
                    let told = refused.faults.iter().map(|f| Told::by_register(f, mapping, &place, &spots)).collect();
                    bad.push(Bad::new(place, told, raw));
                }
            }
            Err(misread) => bad.push(Bad::unfit(&mut importer, mapping, *misread)),
        }
        importer.forget();
        progress.show(at);
    }
    progress.end();
    Ok((bad, importer.odd))
}

/// A row in the words of its register, and where and how it stands in the file.
struct Mapped {
    row: Row,
    place: Place,
    spots: Spots,
    raw: String,
}

impl Mapped {
    fn new(m: MappedRecord, raw: String) -> Self {
        let row = Row { place: m.place.to_string(), key: Some(m.key), unit: m.unit, state: m.state, fields: m.body };
        Self { row, place: m.place, spots: m.spots, raw }
    }
}

/// What cannot be read as a row of the register.
enum Misread {
    Unread(RowFault),
    Unfit { rest: Mapped, faults: Vec<RowFault>, lost: Vec<String> },
}

/// Rows, and how far the file is read.
type Rows = mpsc::Receiver<(Result<Mapped, Box<Misread>>, u64)>;

/// Reads and maps the file on a thread of its own.
fn read(a: &args::ImportFile, mapping: &Mapping) -> anyhow::Result<Rows> {
    let file = File::open(&a.file).with_context(|| words("cli-cannot-open", &[("path", a.file.display().to_string().into())]))?;
    let mut source = mapping.format.open(&a.file.display().to_string(), BufReader::new(file));
    let mapping = mapping.clone();
    let (send, rows) = mpsc::channel(READ_AHEAD);
    std::thread::spawn(move || {
        while let Some(next) = source.next() {
            let at = source.bytes_read();
            let item = next.map_err(|f| Box::new(Misread::Unread(f))).and_then(|row| match mapping.apply(&row) {
                Ok(record) => Ok(Mapped::new(record, row.raw)),
                Err(unfit) => {
                    let Unfit { faults, rest, lost } = *unfit;
                    Err(Box::new(Misread::Unfit { rest: Mapped::new(rest, row.raw), faults, lost }))
                }
            });
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
    let out = File::create(&path).with_context(|| cannot_write(&path))?;
    let mut csv = faces::csv_export::CsvWriter::new(out, &["place", "code", "reason", "row"], faces::csv_export::Delimiter::Comma)?;
    for b in bad {
        use faces::csv_export::Cell::Text;
        let codes = b.faults.iter().map(|f| f.code).collect::<Vec<_>>().join("; ");
        let reasons = b.faults.iter().map(|f| format!("{}: {}", f.place, f.sentence)).collect::<Vec<_>>().join(" ");
        csv.row(&[Text(&b.place.to_string()), Text(&codes), Text(&reasons), Text(&b.raw)])?;
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
