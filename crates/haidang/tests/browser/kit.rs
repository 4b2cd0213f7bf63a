//! What the browser test stands on: the demonstration as a process, chromedriver, and a window that speaks of people and pages.

use std::{
    path::{Path, PathBuf},
    process::Stdio,
    time::{Duration, Instant},
};

use axum::http::Method;
use fantoccini::{Client, ClientBuilder, Locator, elements::Element, error::CmdError, wd::WebDriverCompatibleCommand};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::{Child, ChildStdout, Command},
    sync::Mutex,
};
use url::Url;

pub const PASSWORD: &str = "hai-dang-57";
/// axe-core 4.14, MPL-2.0; its licence stands beside it.
const AXE: &str = include_str!("../vendor/axe.min.js");
/// A debug build fills the demonstration on a loaded machine.
const READY: Duration = Duration::from_secs(300);
/// Whatever a page does after a click is done by then, however busy the machine is; only a failure waits so long.
const PATIENCE: Duration = Duration::from_secs(60);
/// Between two looks at a page that is not yet as it should be.
const BETWEEN: Duration = Duration::from_millis(50);

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
        // axe-core on the largest page of a busy machine; the driver's own bound is half a minute.
        capabilities.insert("timeouts".into(), json!({ "script": 180_000 }));
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
        self.follow("main form.form button").await;
        assert!(!self.place().await.starts_with("/sign-in"), "{login} cannot sign in: {}", self.text("main").await);
    }

    /// Does something with an element as soon as the page lets one; what stands in the way is said when patience ends.
    async fn with<T>(&self, css: &str, act: impl AsyncFn(&Element) -> Result<T, CmdError>) -> T {
        let began = Instant::now();
        loop {
            let failed = match self.client.find(Locator::Css(css)).await {
                Ok(element) => match act(&element).await {
                    Ok(done) => return done,
                    Err(e) => e,
                },
                Err(e) => e,
            };
            if began.elapsed() > PATIENCE {
                let place = self.client.current_url().await.map(String::from).unwrap_or_default();
                let page = match self.client.find(Locator::Css("main")).await {
                    Ok(main) => main.text().await.unwrap_or_default(),
                    Err(e) => e.to_string(),
                };
                panic!("{css} on {place}: {failed}; the page: {}", plain(&page));
            }
            tokio::time::sleep(BETWEEN).await;
        }
    }

    /// Types into a field in place of what stands there.
    pub async fn fill(&self, name: &str, text: &str) {
        self.fill_at(&format!("main [name={name}]"), text).await;
    }

    pub async fn fill_at(&self, css: &str, text: &str) {
        self.with(css, async |field| {
            field.clear().await?;
            field.send_keys(text).await
        })
        .await;
    }

    /// Chooses a file of this machine.
    pub async fn attach(&self, css: &str, path: &str) {
        self.with(css, async |field| field.send_keys(path).await).await;
    }

    pub async fn choose_at(&self, css: &str, value: &str) {
        self.with(css, async |field| field.select_by_value(value).await).await;
    }

    pub async fn choose(&self, name: &str, value: &str) {
        self.with(&format!("main select[name={name}]"), async |field| field.select_by_value(value).await).await;
    }

    pub async fn click(&self, css: &str) {
        self.with(css, async |element| element.click().await).await;
    }

    /// Clicks what leads to another page, or sends a form, and waits until that page stands there. A click returns before the answer
    /// has come; whoever looks at once still sees the page before.
    pub async fn follow(&self, css: &str) {
        let before = self.client.find(Locator::Css("html")).await.unwrap();
        self.click(css).await;
        let began = Instant::now();
        while before.tag_name().await.is_ok() {
            assert!(began.elapsed() < PATIENCE, "{css} leads nowhere");
            tokio::time::sleep(BETWEEN).await;
        }
        // The foot is the last thing of every page.
        self.with("footer", async |foot| foot.tag_name().await).await;
    }

    /// What a reader sees of a part of the page.
    pub async fn text(&self, css: &str) -> String {
        plain(&self.with(css, async |part| part.text().await).await)
    }

    pub async fn has(&self, css: &str) -> bool {
        self.client.find(Locator::Css(css)).await.is_ok()
    }

    /// What stands in a field.
    pub async fn value(&self, name: &str) -> String {
        self.with(&format!("main [name={name}]"), async |field| field.prop("value").await).await.unwrap_or_default()
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
            tokio::time::sleep(BETWEEN).await;
        }
        panic!("{css} never held {text:?}; it holds {seen:?}");
    }

    /// Waits until an expression holds on the page.
    pub async fn until_true(&self, expression: &str) {
        let began = Instant::now();
        while self.js(&format!("return {expression}")).await != json!(true) {
            assert!(began.elapsed() < PATIENCE, "never: {expression}; the page: {}", self.text("main").await);
            tokio::time::sleep(BETWEEN).await;
        }
    }

    /// Status of the page that stands open.
    pub async fn status(&self) -> Option<u64> {
        self.js("return performance.getEntriesByType('navigation')[0].responseStatus").await.as_u64()
    }

    /// How much wider than the window the page is, in pixels.
    pub async fn overflow(&self) -> Option<i64> {
        self.js("const d = document.documentElement; return d.scrollWidth - d.clientWidth").await.as_i64()
    }

    /// Rows of tables in which the words of two cells lie upon each other, on a phone: there a row is laid out as a card.
    pub async fn run_together(&self) -> Vec<String> {
        let found = self.js(OVERLAPS).await;
        found.as_array().into_iter().flatten().filter_map(|row| row.as_str()).map(str::to_owned).collect()
    }

    /// Lets every page that is opened from now on come with axe-core: sending it anew to each costs more than looking.
    pub async fn bring_axe(&self) {
        self.client.issue_cmd(OnEveryPage(AXE)).await.unwrap();
    }

    /// Findings of axe-core on a page opened after [`Window::bring_axe`].
    pub async fn axe(&self, look: Look) -> Vec<String> {
        if look == Look::No {
            return Vec::new();
        }
        let found = self.client.execute_async(LOOK, vec![json!(look == Look::Colours)]).await.unwrap();
        found.as_array().unwrap().iter().map(|v| v.as_str().unwrap_or_default().to_owned()).collect()
    }
}

/// What axe-core looks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    /// All its rules, and the contrasts of the dark colours too.
    Colours,
    /// All its rules but contrasts, which take longest and know no language.
    Words,
    No,
}

const OVERLAPS: &str = "if (!matchMedia('(max-width: 640px)').matches) return [];
const words = (cell) => { const r = document.createRange(); r.selectNodeContents(cell); return r.getBoundingClientRect() };
const over = (a, b) => Math.min(a.right, b.right) - Math.max(a.left, b.left) > 3 && Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4;
const rows = [...document.querySelectorAll('main .cards tr')];
return rows.filter((row) => { const all = [...row.children].map(words); return all.some((a, i) => all.slice(i + 1).some((b) => over(a, b))) })
    .slice(0, 3).map((row) => row.innerText.replace(/\\s+/g, ' ').slice(0, 80))";

const LOOK: &str = r#"
const [colours, done] = arguments, out = [];
const look = async (theme, options) => {
  document.documentElement.dataset.theme = theme;
  document.getAnimations().forEach((a) => a.finish());
  const found = await axe.run(document, { resultTypes: ['violations'], preload: false, iframes: false, ...options });
  out.push(...found.violations.map((v) => theme + ' ' + v.id + ' ×' + v.nodes.length + ': ' + v.nodes[0].html.slice(0, 160)));
};
(async () => {
  await look('light', { rules: { 'color-contrast': { enabled: colours } } });
  if (colours) await look('dark', { runOnly: ['color-contrast'] });
  return out;
})().then(done, (e) => done(['axe-core: ' + e]));
"#;

/// Chromium's own command for a script that runs before those of a page.
#[derive(Debug)]
struct OnEveryPage(&'static str);

impl WebDriverCompatibleCommand for OnEveryPage {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, url::ParseError> {
        base.join(&format!("session/{}/goog/cdp/execute", session.unwrap_or_default()))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        let body = json!({ "cmd": "Page.addScriptToEvaluateOnNewDocument", "params": { "source": self.0 } });
        (Method::POST, Some(body.to_string()))
    }
}

/// Text with plain spaces: figures hold narrow and unbreakable ones.
pub fn plain(text: &str) -> String {
    text.split(|c: char| c.is_whitespace() || c == '\u{a0}' || c == '\u{202f}').filter(|w| !w.is_empty()).collect::<Vec<_>>().join(" ")
}
