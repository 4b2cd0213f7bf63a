//! The program as its users run it: a data place of its own for each test, commands, a served site, a small HTTP client.

use std::{
    fmt::Write as _,
    io::{BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::atomic::{AtomicU32, Ordering},
    time::{Duration, Instant},
};

use serde_json::Value;
use store::{DataSource, Db, P};

pub const TENANT: &str = "thu-nghiem";
pub const PASSWORD: &str = "mot-mat-khau-dai-57";
/// The unit that accounts of these tests are granted roles over: the top since the units changed.
pub const CITY: &str = "79@2025-07-01";

static NEXT: AtomicU32 = AtomicU32::new(0);

/// A file of the repository.
pub fn repository(path: &str) -> String {
    format!("{}/../../{path}", std::env::var("CARGO_MANIFEST_DIR").unwrap())
}

pub fn permits() -> String {
    repository("crates/faces/tests/data/permits.xes")
}

/// The worked example's mapping of an event log.
pub fn xes_mapping() -> String {
    repository("docs/examples/municipal-dossiers.toml")
}

/// The maintenance address of a PostgreSQL that tests may use; `scripts/test` starts one.
fn maintenance() -> Option<String> {
    match std::env::var("HAIDANG_TEST_POSTGRES") {
        Ok(url) if !url.is_empty() => Some(url),
        _ if std::env::var_os("HAIDANG_TEST_STRICT").is_some() => panic!("HAIDANG_TEST_POSTGRES is not set"),
        _ => None,
    }
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
}

/// Where the data of one test lies, and the folder its files may lie in.
pub struct Place {
    pub data: String,
    dir: tempfile::TempDir,
    /// Address of the maintenance database, and the database to drop.
    admin: Option<(String, String)>,
}

impl Place {
    pub fn sqlite() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let data = dir.path().join("data").display().to_string();
        Self { data, dir, admin: None }
    }

    /// `None` where no PostgreSQL is at hand.
    pub fn postgres() -> Option<Self> {
        let url = maintenance()?;
        let database = format!("hdc_{}_{}", std::process::id(), NEXT.fetch_add(1, Ordering::Relaxed));
        block_on(async {
            let admin = Db::open(&DataSource::Postgres(url.clone())).await.unwrap();
            admin.execute(&format!("CREATE DATABASE {database}"), &[]).await.unwrap();
            admin.close().await;
        });
        let base = url.rsplit_once('/').unwrap().0;
        Some(Self { data: format!("{base}/{database}"), dir: tempfile::tempdir().unwrap(), admin: Some((url, database)) })
    }

    /// One place of each kind that is at hand.
    pub fn each() -> Vec<Self> {
        [Some(Self::sqlite()), Self::postgres()].into_iter().flatten().collect()
    }

    /// A path for a file of this test.
    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Writes a file of this test.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path.display().to_string()
    }

    /// The program, about to work on this place.
    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_haidang"));
        command
            .current_dir(self.dir.path())
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("TMPDIR", self.dir.path())
            .env("HAIDANG_DATA", &self.data)
            .env("HAIDANG_TENANT", TENANT)
            .env("HAIDANG_KEY_FILE", self.path("ledger.key"))
            .env("HAIDANG_FILES", self.path("files"))
            .args(args)
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::of(&mut self.command(args))
    }

    /// Runs a command that must succeed.
    pub fn ok(&self, args: &[&str]) -> Ran {
        let ran = self.run(args);
        assert_eq!(ran.code, Some(0), "{args:?}: {ran:?}");
        ran
    }

    /// Imports an event log by the worked example's mapping, and gives the counts of the outcome.
    pub fn import_xes(&self, file: &str) -> Value {
        self.ok(&["import", "xes", file, "--register", "dossier", "--map", &xes_mapping(), "--json"]).json()
    }

    /// One figure as the object that programs read.
    pub fn figure(&self, indicator: &str, more: &[&str]) -> Value {
        self.ok(&[&["figure", indicator, "--json"], more].concat()).json()
    }

    /// The proof must hold.
    pub fn assert_whole(&self) {
        let ran = self.ok(&["verify"]);
        assert!(ran.out.starts_with("whole: "), "{ran:?}");
    }

    /// Rows of a question to the database itself.
    pub fn ask(&self, sql: &str) -> Vec<i64> {
        block_on(async {
            let db = Db::open(&self.source()).await.unwrap();
            let rows = db.fetch(sql, &[]).await.unwrap();
            let out = rows.iter().map(|r| r.int(0).unwrap()).collect();
            db.close().await;
            out
        })
    }

    /// Texts of a question to the database itself.
    pub fn ask_text(&self, sql: &str) -> Vec<String> {
        block_on(async {
            let db = Db::open(&self.source()).await.unwrap();
            let rows = db.fetch(sql, &[]).await.unwrap();
            let out = rows.iter().map(|r| r.text(0).unwrap()).collect();
            db.close().await;
            out
        })
    }

    /// Changes the database behind the program's back; the number of rows touched.
    pub fn tamper(&self, sql: &str, params: &[P<'_>]) -> u64 {
        block_on(async {
            let db = Db::open(&self.source()).await.unwrap();
            let touched = db.execute(sql, params).await.unwrap();
            db.close().await;
            touched
        })
    }

    pub fn source(&self) -> DataSource {
        self.data.parse().unwrap()
    }

    pub fn dossiers(&self) -> i64 {
        self.ask("SELECT CAST(COUNT(*) AS BIGINT) FROM record WHERE register='dossier'")[0]
    }

    /// Makes an account that may sign in with [`PASSWORD`].
    pub fn account(&self, login: &str, role: &str) {
        let grant = format!("{role}={CITY}");
        let ran = Ran::of(
            self.command(&["account", "--login", login, "--name", "Người Thử", "--grant", &grant]).env("HAIDANG_PASSWORD", PASSWORD),
        );
        assert_eq!(ran.code, Some(0), "{ran:?}");
    }

    pub fn serve(&self) -> Site {
        Site::start(&mut self.command(&["serve", "--port", "0"]))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((url, database)) = self.admin.take() else { return };
        // On a thread of its own: a test may drop its place inside a runtime.
        let dropped = std::thread::spawn(move || {
            block_on(async {
                let admin = Db::open(&DataSource::Postgres(url)).await?;
                admin.execute(&format!("DROP DATABASE IF EXISTS {database} WITH (FORCE)"), &[]).await?;
                admin.close().await;
                Ok::<_, store::Error>(())
            })
        });
        let _ = dropped.join();
    }
}

/// What a command did.
#[derive(Debug)]
pub struct Ran {
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
}

impl Ran {
    pub fn of(command: &mut Command) -> Self {
        command.output().unwrap().into()
    }

    /// The one JSON object that was printed.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    /// It failed as a command fails, with a sentence that has all of `words`, and without a panic.
    #[track_caller]
    pub fn refuses(&self, words: &[&str]) {
        assert_eq!(self.code, Some(1), "{self:?}");
        for w in words {
            assert!(self.err.contains(w), "{w:?} is not said: {self:?}");
        }
        assert!(!self.err.contains("panicked") && !self.err.contains("{:?}"), "{self:?}");
    }
}

impl From<Output> for Ran {
    fn from(o: Output) -> Self {
        let text = |b: Vec<u8>| String::from_utf8(b).unwrap();
        Self { code: o.status.code(), out: text(o.stdout), err: text(o.stderr) }
    }
}

/// A running `serve` or `demo`; killed when dropped.
pub struct Site {
    child: Child,
    pub address: String,
    /// All that was printed until the address.
    pub printed: String,
    rest: Option<std::thread::JoinHandle<String>>,
}

impl Site {
    pub fn start(command: &mut Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stderr = child.stderr.take().unwrap();
        let errors = std::thread::spawn(move || {
            let mut text = String::new();
            let _ = stderr.read_to_string(&mut text);
            text
        });
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let mut printed = String::new();
        let address = loop {
            let Some(Ok(line)) = lines.next() else {
                panic!("the program ended before it served: {:?}\n{printed}\n{}", child.wait(), errors.join().unwrap());
            };
            let _ = writeln!(printed, "{line}");
            if let Some((_, rest)) = line.split_once("http://") {
                break rest.trim_end_matches('/').to_owned();
            }
        };
        let rest = std::thread::spawn(move || lines.map_while(Result::ok).fold(String::new(), |all, l| all + &l + "\n"));
        Self { child, address, printed, rest: Some(rest) }
    }

    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Ends it as a power cut would.
    pub fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Asks it to end; its exit code and what it printed after the address.
    pub fn terminate(mut self) -> (Option<i32>, String) {
        assert!(Command::new("kill").args(["-TERM", &self.pid().to_string()]).status().unwrap().success());
        let deadline = Instant::now() + Duration::from_secs(20);
        let code = loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                break status.code();
            }
            assert!(Instant::now() < deadline, "it did not end within 20 s of SIGTERM");
            std::thread::sleep(Duration::from_millis(20));
        };
        (code, self.rest.take().unwrap().join().unwrap())
    }

    pub fn get(&self, path: &str) -> Answer {
        ask(&self.address, "GET", path, &[], "").unwrap()
    }

    /// Signs in by the API; the token of the session.
    pub fn sign_in(&self, login: &str, password: &str) -> String {
        let body = serde_json::json!({ "login": login, "password": password }).to_string();
        let answer = ask(&self.address, "POST", "/api/v1/session", &[("Content-Type", "application/json")], &body).unwrap();
        assert_eq!(answer.status, 200, "{answer:?}");
        answer.json()["token"].as_str().unwrap().to_owned()
    }
}

impl Drop for Site {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|e| panic!("{e}: {self:?}"))
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|l| {
            let (n, v) = l.split_once(':')?;
            n.eq_ignore_ascii_case(name).then(|| v.trim())
        })
    }
}

/// One request over a connection of its own. An error when the whole answer did not come: then nobody knows whether it was done.
pub fn ask(address: &str, method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> std::io::Result<Answer> {
    use std::io::{Error, ErrorKind::UnexpectedEof};
    let mut stream = TcpStream::connect(address)?;
    stream.set_read_timeout(Some(Duration::from_secs(30)))?;
    let mut text = format!("{method} {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\nContent-Length: {}\r\n", body.len());
    for (name, value) in headers {
        let _ = write!(text, "{name}: {value}\r\n");
    }
    text.push_str("\r\n");
    text.push_str(body);
    stream.write_all(text.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let all = String::from_utf8_lossy(&bytes);
    let cut = || Error::new(UnexpectedEof, "the answer was cut off");
    let (head, body) = all.split_once("\r\n\r\n").ok_or_else(cut)?;
    let status = head.split(' ').nth(1).and_then(|s| s.parse().ok()).ok_or_else(cut)?;
    let mut answer = Answer { status, head: head.to_owned(), body: body.to_owned() };
    if answer.header("transfer-encoding").is_some_and(|v| v.contains("chunked")) {
        answer.body = unchunk(body).ok_or_else(cut)?;
    } else if answer.header("content-length").and_then(|v| v.parse().ok()).is_some_and(|n: usize| body.len() < n) {
        return Err(cut());
    }
    Ok(answer)
}

fn unchunk(mut text: &str) -> Option<String> {
    let mut out = String::new();
    loop {
        let (size, rest) = text.split_once("\r\n")?;
        let size = usize::from_str_radix(size.trim(), 16).ok()?;
        if size == 0 {
            return Some(out);
        }
        out.push_str(rest.get(..size)?);
        text = rest.get(size + 2..)?;
    }
}

/// Numbers that only look random, the same in every run. (Steele, Lea, Flood 2014: SplitMix64.)
pub struct Dice(pub u64);

impl Dice {
    pub fn below(&mut self, n: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (z ^ (z >> 31)) % n
    }
}

/// Whether a file is there and has something in it.
pub fn filled(path: &Path) -> bool {
    std::fs::metadata(path).is_ok_and(|m| m.len() > 0)
}
