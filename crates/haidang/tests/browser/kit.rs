//! What the browser test stands on: the demonstration as a process, chromedriver, and a window that speaks of people and pages.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    sync::Mutex,
};

pub const PASSWORD: &str = "hai-dang-57";
/// axe-core 4.14, MPL-2.0; its licence stands beside it.
const AXE: &str = include_str!("../vendor/axe.min.js");
/// A debug build fills the demonstration on a loaded machine.
const READY: Duration = Duration::from_secs(180);
/// Whatever a page does after a click is done by then.
const PATIENCE: Duration = Duration::from_secs(15);

/// Where the browser is; `None` with a sentence on standard error when nobody named one.
pub fn tools() -> Option<(PathBuf, PathBuf)> {
    let of = |name: &str| std::env::var_os(name).map(PathBuf::from);
    match (of("HAIDANG_TEST_CHROMEDRIVER"), of("HAIDANG_TEST_CHROMIUM")) {
        (Some(driver), Some(browser)) => Some((driver, browser)),
        _ if std::env::var_os("HAIDANG_TEST_STRICT").is_some() => {
            panic!("HAIDANG_TEST_CHROMEDRIVER and HAIDANG_TEST_CHROMIUM are not set")
        }
        _ => {
            eprintln!("passed over: HAIDANG_TEST_CHROMEDRIVER and HAIDANG_TEST_CHROMIUM are not set (scripts/test sets them)");
            None
        }
    }
}

/// A process that said where it listens. Ends with the value.
pub struct Served {
    pub address: String,
    _child: Child,
}

/// Starts a program and reads its standard output up to the line that holds the address.
async fn serve(mut command: Command, address: impl Fn(&str) -> Option<String>) -> Served {
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::inherit()).stdin(Stdio::null()).kill_on_drop(true).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let found = tokio::time::timeout(READY, async {
        while let Some(line) = lines.next_line().await.unwrap() {
            if let Some(a) = address(&line) {
                return a;
            }
        }
        panic!("{command:?} ended without saying where it listens")
    });
    let address = found.await.expect("a program does not get ready");
    tokio::spawn(drain(lines));
    Served { address, _child: child }
}

/// A full pipe would stop the writer.
async fn drain(mut lines: tokio::io::Lines<BufReader<ChildStdout>>) {
    while let Ok(Some(_)) = lines.next_line().await {}
}

/// `haidang demo` on a free port, with its data in `dir`.
pub async fn demo(dir: &Path) -> Served {
    let mut command = Command::new(env!("CARGO_BIN_EXE_haidang"));
    command.arg("--data").arg(dir.join("data")).args(["demo", "--port", "0"]);
    serve(command, |line| {
        let at = line.find("http://")?;
        Some(line[at..].trim().trim_end_matches('/').to_owned())
    })
    .await
}

/// chromedriver on a free port; what it and its browsers leave behind lies in `dir`.
pub async fn driver(program: &Path, dir: &Path) -> Served {
    let mut command = Command::new(program);
    command.arg("--port=0").env("TMPDIR", dir);
    serve(command, |line| {
        let port = line.split_once("successfully on port ")?.1;
        Some(format!("http://127.0.0.1:{}", port.trim().trim_end_matches('.')))
    })
    .await
}

/// How a window is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 1440 × 900
    Wide,
    /// 390 × 844, as a phone shows it
    Narrow,
    /// Wide, with scripts turned off
    NoScript,
}

/// Opens windows and closes them all, also when a test failed.
pub struct Browser {
    driver: String,
    program: PathBuf,
    base: String,
    downloads: PathBuf,
    open: Mutex<Vec<Client>>,
}

impl Browser {
    pub fn new(driver: &Served, program: PathBuf, base: &Served, downloads: PathBuf) -> Self {
        Self { driver: driver.address.clone(), program, base: base.address.clone(), downloads, open: Mutex::default() }
    }

    pub async fn window(&self, kind: Kind) -> Window {
        let mut args = vec![
            "--headless=new",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--window-size=1440,1000",
        ];
        // Inside a container everybody is root, and Chromium refuses its sandbox to root.
        args.push("--no-sandbox");
        let mut prefs = json!({
            "download.default_directory": self.downloads.display().to_string(),
            "download.prompt_for_download": false,
        });
        if kind == Kind::NoScript {
            prefs["profile.managed_default_content_settings.javascript"] = json!(2);
        }
        let mut options = json!({ "args": args, "binary": self.program.display().to_string(), "prefs": prefs });
        if kind != Kind::NoScript {
            let (width, height, mobile) = if kind == Kind::Wide { (1440, 900, false) } else { (390, 844, true) };
            options["mobileEmulation"] =
                json!({ "deviceMetrics": { "width": width, "height": height, "pixelRatio": 1.0, "mobile": mobile, "touch": mobile } });
        }
        let mut capabilities = Map::new();
        capabilities.insert("goog:chromeOptions".into(), options);
        let client =
            ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&self.driver).await.expect("no browser session");
        self.open.lock().await.push(client.clone());
        Window { client, base: self.base.clone() }
    }

    pub async fn close(&self) {
        for client in self.open.lock().await.drain(..) {
            client.close().await.ok();
        }
    }
}

/// One window of a browser.
#[derive(Clone)]
pub struct Window {
    pub client: Client,
    base: String,
}

impl Window {
    /// Opens a path of the site.
    pub async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.base)).await.unwrap_or_else(|e| panic!("{path}: {e}"));
    }

    pub async fn js(&self, script: &str) -> Value {
        self.client.execute(script, Vec::new()).await.unwrap_or_else(|e| panic!("{script}: {e}"))
    }

    /// Path and query of the page.
    pub async fn place(&self) -> String {
        self.client.current_url().await.unwrap().as_str().trim_start_matches(&self.base).to_owned()
    }

    pub async fn sign_in(&self, login: &str) {
        self.open("/sign-in").await;
        self.client.delete_all_cookies().await.unwrap();
        self.open("/sign-in?lang=vi").await;
        self.fill("login", login).await;
        self.fill("password", PASSWORD).await;
        self.click("main form.form button").await;
        let began = Instant::now();
        while self.place().await.starts_with("/sign-in") {
            assert!(began.elapsed() < PATIENCE, "{login} cannot sign in: {}", self.text("main").await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Types into a field in place of what stands there.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.client.find(Locator::Css(&format!("main [name={name}]"))).await.unwrap_or_else(|e| panic!("{name}: {e}"));
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    pub async fn choose(&self, name: &str, value: &str) {
        let field = self.client.find(Locator::Css(&format!("main select[name={name}]"))).await.unwrap();
        field.select_by_value(value).await.unwrap_or_else(|e| panic!("{name} has no {value}: {e}"));
    }

    pub async fn click(&self, css: &str) {
        self.client.find(Locator::Css(css)).await.unwrap_or_else(|e| panic!("{css}: {e}")).click().await.unwrap();
    }

    /// What a reader sees of a part of the page.
    pub async fn text(&self, css: &str) -> String {
        let part = self.client.find(Locator::Css(css)).await.unwrap_or_else(|e| panic!("{css}: {e}"));
        plain(&part.text().await.unwrap())
    }

    /// Address of a link of the page, without the site.
    pub async fn link(&self, css: &str) -> String {
        let link = self.client.find(Locator::Css(css)).await.unwrap_or_else(|e| panic!("{css}: {e}"));
        link.attr("href").await.unwrap().expect("a link has an address")
    }

    /// Waits until a part of the page holds a text.
    pub async fn until(&self, css: &str, text: &str) {
        let began = Instant::now();
        let mut seen = String::new();
        while began.elapsed() < PATIENCE {
            if let Ok(part) = self.client.find(Locator::Css(css)).await
                && let Ok(now) = part.text().await
            {
                seen = plain(&now);
                if seen.contains(text) {
                    return;
                }
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("{css} never held {text:?}; it holds {seen:?}");
    }

    /// Waits until an expression holds on the page.
    pub async fn until_true(&self, expression: &str) {
        let began = Instant::now();
        while self.js(&format!("return {expression}")).await != json!(true) {
            assert!(began.elapsed() < PATIENCE, "never: {expression}; the page: {}", self.text("main").await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What is wrong with the page that stands open: status, a document wider than the window, with `look`, findings of axe-core.
    pub async fn faults(&self, status: u64, look: bool) -> Vec<String> {
        let mut out = Vec::new();
        let got = self.js("return performance.getEntriesByType('navigation')[0].responseStatus").await;
        if got != json!(status) {
            out.push(format!("status {got}"));
        }
        let over = self.js("const d = document.documentElement; return d.scrollWidth - d.clientWidth").await;
        if over.as_i64() != Some(0) {
            out.push(format!("{over} px wider than the window"));
        }
        if !look {
            return out;
        }
        self.client.execute(AXE, Vec::new()).await.unwrap();
        let found = self
            .client
            .execute_async(
                "const done = arguments[0]; axe.run(document, { resultTypes: ['violations'] }).then((r) => done(r.violations.map((v) => \
                 v.id + ' ×' + v.nodes.length + ': ' + v.nodes[0].html.slice(0, 160))), (e) => done(['axe-core: ' + e]))",
                Vec::new(),
            )
            .await
            .unwrap();
        out.extend(found.as_array().unwrap().iter().map(|v| v.as_str().unwrap_or_default().to_owned()));
        out
    }
}

/// Text with plain spaces: figures hold narrow and unbreakable ones.
pub fn plain(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{202f}').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}
