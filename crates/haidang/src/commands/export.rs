//! `haidang export`: a register's history as a file. It is whole, or it is not there.

use std::{
    fs::File,
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context;
use faces::xes::Export;
use flate2::{Compression, write::GzEncoder};
use office::Office;
use rules::access::Actor;
use store::ListQuery;

use crate::{
    args, say, setup,
    words::{cannot_write, words},
};

pub async fn run(common: &args::Common, a: &args::Export) -> anyhow::Result<ExitCode> {
    let args::ExportFormat::Xes(file) = &a.format;
    let office = setup::existing(common).await?;
    let result = xes(&office, file).await;
    let closed = office.close().await;
    let (cases, events) = result?;
    closed?;
    let said = if file.json {
        serde_json::json!({ "cases": cases, "events": events }).to_string()
    } else {
        words("cli-exported", &[("cases", cases.into()), ("events", events.into())])
    };
    if is_stdout(&file.output) {
        eprintln!("{said}");
    } else {
        say!("{said}");
    }
    Ok(ExitCode::SUCCESS)
}

fn is_stdout(path: &Path) -> bool {
    path == Path::new("-")
}

async fn xes(office: &Office, a: &args::ExportFile) -> anyhow::Result<(u64, u64)> {
    // Asked first, so that a wrong name leaves no file.
    let mut export = Export::new(office, &Actor::system(), ListQuery { register: a.register.clone(), ..ListQuery::default() })?;
    let mut out = Output::open(&a.output)?;
    while let Some(piece) = export.next().await? {
        out.write(&piece)?;
    }
    out.finish()?;
    Ok((export.cases, export.events))
}

/// A file under another name until it is whole; or what cannot be renamed (a pipe, the standard output).
struct Output {
    sink: Sink,
    path: PathBuf,
    part: Option<PathBuf>,
}

enum Sink {
    Plain(Box<dyn Write>),
    Packed(Box<GzEncoder<Box<dyn Write>>>),
}

impl Output {
    fn open(path: &Path) -> anyhow::Result<Self> {
        let special = is_stdout(path) || std::fs::metadata(path).is_ok_and(|m| !m.is_file());
        let part = (!special).then(|| {
            let mut name = path.file_name().unwrap_or_default().to_os_string();
            name.push(".part");
            path.with_file_name(name)
        });
        let plain: Box<dyn Write> = if is_stdout(path) {
            Box::new(std::io::stdout())
        } else {
            let at = part.as_deref().unwrap_or(path);
            Box::new(File::create(at).with_context(|| cannot_write(at))?)
        };
        let plain: Box<dyn Write> = Box::new(BufWriter::with_capacity(1 << 16, plain));
        let packed = path.extension().is_some_and(|e| e.eq_ignore_ascii_case("gz"));
        let sink = if packed { Sink::Packed(Box::new(GzEncoder::new(plain, Compression::default()))) } else { Sink::Plain(plain) };
        Ok(Self { sink, path: path.to_owned(), part })
    }

    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        let written = match &mut self.sink {
            Sink::Plain(out) => out.write_all(bytes),
            Sink::Packed(out) => out.write_all(bytes),
        };
        written.with_context(|| cannot_write(&self.path))
    }

    fn finish(mut self) -> anyhow::Result<()> {
        let ended = match &mut self.sink {
            Sink::Plain(out) => out.flush(),
            Sink::Packed(out) => out.try_finish().and_then(|()| out.get_mut().flush()),
        };
        let moved = ended.and_then(|()| self.part.take().map_or(Ok(()), |part| std::fs::rename(part, &self.path)));
        moved.with_context(|| cannot_write(&self.path))
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // Left here only when it did not become whole.
        if let Some(part) = &self.part {
            let _ = std::fs::remove_file(part);
        }
    }
}
