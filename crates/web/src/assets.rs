//! Style, script, fonts and marks: inside the binary, named by their content, compressed once at start.

use std::{borrow::Cow, io::Write, sync::LazyLock};

use axum::{
    body::Body,
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::{Compression, write::GzEncoder};
use sha2::{Digest, Sha256};

/// What the pages may load: our own files only, and nothing inline. Sent with every HTML answer.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self' data:; \
     connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The name changes with the content, so a copy never grows old.
const CACHE: &str = "public, max-age=31536000, immutable";

/// One embedded file.
pub struct Asset {
    /// As templates name it: `app.css`.
    pub name: &'static str,
    /// As it is asked for: `/assets/app.0a1b2c3d4e.css`.
    pub path: String,
    pub content_type: &'static str,
    pub body: Cow<'static, [u8]>,
    /// Only for text, where it is smaller.
    pub gzip: Option<Vec<u8>>,
}

macro_rules! embedded {
    ($($name:literal),* $(,)?) => { &[$(($name, include_bytes!(concat!("../assets/", $name)) as &[u8])),*] };
}

/// Files that name no other file.
const LEAVES: &[(&str, &[u8])] = embedded![
    "live.js",
    "desk.js",
    "marks.svg",
    "logo.svg",
    "favicon.svg",
    "fonts/be-vietnam-pro-latin-400.woff2",
    "fonts/be-vietnam-pro-latin-500.woff2",
    "fonts/be-vietnam-pro-latin-600.woff2",
    "fonts/be-vietnam-pro-latin-700.woff2",
    "fonts/be-vietnam-pro-vietnamese-400.woff2",
    "fonts/be-vietnam-pro-vietnamese-500.woff2",
    "fonts/be-vietnam-pro-vietnamese-600.woff2",
    "fonts/be-vietnam-pro-vietnamese-700.woff2",
    "fonts/be-vietnam-figures-400.woff2",
    "fonts/be-vietnam-figures-500.woff2",
    "fonts/be-vietnam-figures-600.woff2",
    "fonts/be-vietnam-figures-700.woff2",
];

/// Style sheets: `asset:NAME` inside them becomes the fingerprinted address of that leaf.
const SHEETS: &[(&str, &str)] = &[
    ("app.css", include_str!("../assets/app.css")),
    ("desk.css", include_str!("../assets/desk.css")),
    ("paper.css", include_str!("../assets/paper.css")),
    ("portal.css", include_str!("../assets/portal.css")),
];

static ASSETS: LazyLock<Vec<Asset>> = LazyLock::new(|| {
    let mut all: Vec<Asset> = LEAVES.iter().map(|(name, bytes)| asset(name, Cow::Borrowed(bytes))).collect();
    for (name, text) in SHEETS {
        let mut sheet = (*text).to_owned();
        for leaf in &all {
            sheet = sheet.replace(&format!("asset:{}", leaf.name), &leaf.path);
        }
        all.push(asset(name, Cow::Owned(sheet.into_bytes())));
    }
    all
});

fn asset(name: &'static str, body: Cow<'static, [u8]>) -> Asset {
    let hash = hex::encode(Sha256::digest(&body));
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let file = stem.rsplit('/').next().unwrap_or(stem);
    let content_type = match extension {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    };
    let gzip = if extension == "woff2" { None } else { compress(&body).filter(|z| z.len() < body.len()) };
    Asset { name, path: format!("/assets/{file}.{}.{extension}", &hash[..10]), content_type, body, gzip }
}

fn compress(body: &[u8]) -> Option<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(body).ok()?;
    encoder.finish().ok()
}

/// All embedded files.
#[must_use]
pub fn all() -> &'static [Asset] {
    &ASSETS
}

/// The address of an embedded file. Empty for a name that is not embedded; a test walks the templates for those.
#[must_use]
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|a| a.name == name).map_or("", |a| a.path.as_str())
}

/// `GET /assets/{file}`.
pub async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let wanted = format!("/assets/{file}");
    let Some(found) = ASSETS.iter().find(|a| a.path == wanted) else { return StatusCode::NOT_FOUND.into_response() };
    let accepts_gzip = headers.get(header::ACCEPT_ENCODING).and_then(|v| v.to_str().ok()).is_some_and(|v| v.contains("gzip"));
    let (body, encoding): (&'static [u8], _) = match &found.gzip {
        Some(zipped) if accepts_gzip => (zipped, Some("gzip")),
        _ => (&found.body, None),
    };
    let mut response = Response::new(Body::from(body));
    let h = response.headers_mut();
    h.insert(header::CONTENT_TYPE, HeaderValue::from_static(found.content_type));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static(CACHE));
    h.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
    h.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(encoding) = encoding {
        h.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn style_sheets_name_only_files_that_exist() {
        let sheet = ASSETS.iter().find(|a| a.name == "app.css").unwrap();
        let text = std::str::from_utf8(&sheet.body).unwrap();
        assert!(!text.contains("asset:"), "an address was left unreplaced");
        assert!(text.contains("/assets/be-vietnam-pro-latin-400."));
    }

    #[test]
    fn the_budget_of_a_console_page_is_kept() {
        // UI.md: 300 KB for a console page. Style, script, marks and all faces must leave two thirds of it to the page itself.
        let wire: usize = ASSETS.iter().map(|a| a.gzip.as_ref().map_or(a.body.len(), Vec::len)).sum();
        assert!(wire <= 110_000, "{wire} bytes on the wire");
        let plain = |name: &str| ASSETS.iter().find(|a| a.name == name).unwrap().body.len();
        // The sheet of all console pages; compressed it is a fifth of this. The portal has a sheet of its own.
        assert!(plain("app.css") <= 40 * 1024, "app.css is {} bytes", plain("app.css"));
        assert!(plain("live.js") <= 6 * 1024, "live.js is {} bytes", plain("live.js"));
    }

    #[test]
    fn a_name_follows_its_content() {
        let one = asset("app.css", Cow::Borrowed(b"a{}"));
        let two = asset("app.css", Cow::Borrowed(b"b{}"));
        assert_ne!(one.path, two.path);
        assert!(one.path.starts_with("/assets/app.") && one.path.ends_with(".css"));
    }
}
