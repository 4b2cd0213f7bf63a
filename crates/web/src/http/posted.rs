//! A form as it was sent: fields, files, and the proof that one of our own pages sent it.

use axum::{
    extract::{DefaultBodyLimit, FromRequest, Multipart, Request, multipart::MultipartError},
    http::{HeaderMap, StatusCode, header},
};
use office::Error;
use rules::Refusal;

use super::{
    App, Ctx,
    bounds::{Room, timed_out},
    context,
    error::PageError,
};

/// A form with files, in all.
const UPLOAD_MAX: usize = 60 * 1024 * 1024;
/// A form without files.
const FORM_MAX: usize = 1024 * 1024;
/// A form of a stranger: a name and a password, a theme.
const STRANGER_MAX: usize = 64 * 1024;
/// Forms that may be sent without signing in.
const FOR_STRANGERS: [&str; 3] = ["/sign-in", "/sign-out", "/preferences"];
/// Forms of citizens: they have no account, and are known by what only the draft's or the dossier's owner has.
const PORTAL: &str = "/portal/";
/// A citizen's form with files: two of the largest, or many photographs.
const CITIZEN_MAX: usize = 2 * office::one_stop::FILE_MAX_BYTES + FORM_MAX;
/// A field without a file: a hundred times what a form asks for.
const TEXT_MAX: usize = 64 * 1024;
/// Fields and files of one form at most.
const PARTS_MAX: usize = 400;

/// A file that came with a form.
#[derive(Debug, Clone)]
pub struct Upload {
    pub field: String,
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

impl Upload {
    /// As the office takes it.
    #[must_use]
    pub fn upload(&self) -> office::one_stop::Upload {
        office::one_stop::Upload { name: self.name.clone(), media_type: self.media_type.clone(), bytes: self.bytes.clone() }
    }
}

/// Put into a request of the portal once it is proved whose draft or dossier its form is for: only such a form brings files. Where it
/// comes from.
#[derive(Debug, Clone)]
pub struct Proven(pub String);

/// A form with files, by its headers.
#[must_use]
pub fn brings_files(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().starts_with("multipart/form-data")
}

fn announced(headers: &HeaderMap) -> Option<usize> {
    headers.get(header::CONTENT_LENGTH).and_then(|v| v.to_str().ok()?.parse().ok())
}

/// Refuses a citizen's form that says it is larger than any may be.
///
/// # Errors
/// `input.body_too_large` (max)
pub fn fits_citizens(headers: &HeaderMap) -> Result<(), Error> {
    if announced(headers).is_some_and(|n| n > CITIZEN_MAX) { Err(too_large(CITIZEN_MAX)) } else { Ok(()) }
}

/// A checked form. It has the right token, so the signed-in person sent it from one of our pages.
pub struct Posted {
    pub ctx: Ctx,
    pub fields: Vec<(String, String)>,
    pub files: Vec<Upload>,
    /// Held as long as the files are in memory.
    _room: Option<Room>,
}

impl Posted {
    /// Value of a field; empty when it was not sent.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.fields.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str())
    }

    /// All values of a repeated field.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.fields.iter().filter(move |(n, v)| n == name && !v.is_empty()).map(|(_, v)| v.as_str())
    }

    #[must_use]
    pub fn checked(&self, name: &str) -> bool {
        matches!(self.get(name), "on" | "true" | "1" | "yes")
    }

    /// The version of the record that the person saw.
    pub fn version(&self) -> Result<i64, PageError> {
        self.get("version").parse().map_err(|_| self.ctx.fault(Error::Refused(Refusal::new("input.required").with("field", "version"))))
    }

    /// Stores the files as evidence and returns their hashes, with what is wrong with one that is not taken.
    pub async fn store_files(&self) -> Result<(Vec<String>, Option<Error>), PageError> {
        let (mut out, mut wrong) = (Vec::new(), None);
        let by = self.ctx.actor().account;
        for f in self.files.iter().filter(|f| !f.name.is_empty()) {
            match self.ctx.app.office.keep_evidence(&by, f.upload()).await {
                Ok(info) => {
                    self.ctx.app.uploads.remember(&by, &info.sha256);
                    out.push(info.sha256);
                }
                Err(Error::Refused(r)) => wrong = Some(Error::Refused(r.with("field", &f.field))),
                Err(e) => return Err(self.ctx.fault(e)),
            }
        }
        Ok((out, wrong))
    }
}

/// The request comes from a page of this site: browsers say so, and only browsers can be tricked.
pub fn same_origin(headers: &HeaderMap) -> bool {
    if let Some(site) = headers.get("sec-fetch-site").and_then(|v| v.to_str().ok()) {
        return matches!(site, "same-origin" | "none");
    }
    let host = headers.get(header::HOST).and_then(|v| v.to_str().ok());
    match headers.get(header::ORIGIN).and_then(|v| v.to_str().ok()) {
        Some(origin) => origin.split_once("://").map(|(_, h)| h) == host,
        None => true,
    }
}

/// What a form may bring, decided before a byte of it is read.
struct Allowed {
    files: bool,
    max: usize,
    room: Whose,
}

/// In whose room a form is read.
enum Whose {
    /// Small enough to need none.
    Nobodys,
    Officers,
    /// Of citizens, at an address.
    Citizens(String),
}

/// Refuses whoever may not send this form, before a byte of it is read.
fn allowed(ctx: &Ctx, headers: &HeaderMap, proven: Option<&Proven>) -> Result<Allowed, Error> {
    let in_portal = ctx.path.starts_with(PORTAL);
    let for_strangers = FOR_STRANGERS.contains(&ctx.path.as_str()) || in_portal;
    if !same_origin(headers) || (ctx.visitor.is_none() && !in_portal && context::bearer(headers).is_some()) {
        return Err(Error::refused("csrf"));
    }
    if ctx.visitor.is_none() && !for_strangers {
        return Err(Error::refused("access.sign_in"));
    }
    let files = brings_files(headers);
    let (max, room) = match (for_strangers, files, proven) {
        (true, true, Some(Proven(client))) if in_portal => (CITIZEN_MAX, Whose::Citizens(client.clone())),
        (true, _, _) => (STRANGER_MAX, Whose::Nobodys),
        (false, true, _) => (UPLOAD_MAX, Whose::Officers),
        (false, false, _) => (FORM_MAX, Whose::Nobodys),
    };
    Ok(Allowed { files, max, room })
}

fn too_large(max: usize) -> Error {
    Error::Refused(Refusal::new("input.body_too_large").with("max", max.div_ceil(1024 * 1024)))
}

fn broken(e: &MultipartError, max: usize) -> Error {
    if timed_out(e) {
        Error::refused("input.slow")
    } else if e.status() == StatusCode::PAYLOAD_TOO_LARGE {
        too_large(max)
    } else {
        Error::refused("input.form")
    }
}

/// Fields and files of a form with files, read piece by piece: nothing is held twice.
async fn read_files(request: Request, app: &App, max: usize) -> Result<(Vec<(String, String)>, Vec<Upload>), Error> {
    let (mut fields, mut files) = (Vec::new(), Vec::new());
    let mut form = Multipart::from_request(request, app).await.map_err(|_| Error::refused("input.form"))?;
    while let Some(mut part) = form.next_field().await.map_err(|e| broken(&e, max))? {
        if fields.len() + files.len() >= PARTS_MAX {
            return Err(Error::refused("input.form"));
        }
        let field = part.name().unwrap_or_default().to_owned();
        match part.file_name().map(str::to_owned) {
            Some(name) => {
                let media_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
                let mut bytes = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(|e| broken(&e, max))? {
                    bytes.extend_from_slice(&chunk);
                }
                files.push(Upload { field, name: rules::text::clean(&name).chars().take(200).collect(), media_type, bytes });
            }
            None => {
                let mut text = Vec::new();
                while let Some(chunk) = part.chunk().await.map_err(|e| broken(&e, max))? {
                    text.extend_from_slice(&chunk);
                    if text.len() > TEXT_MAX {
                        let field: String = rules::text::clean(&field).chars().take(40).collect();
                        return Err(Error::Refused(Refusal::new("input.too_long").with("field", field).with("max", TEXT_MAX)));
                    }
                }
                fields.push((field, String::from_utf8_lossy(&text).into_owned()));
            }
        }
    }
    Ok((fields, files))
}

impl FromRequest<App> for Posted {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let ctx = <Ctx as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        let proven = parts.extensions.get::<Proven>();
        let Allowed { files, max, room } = allowed(&ctx, &parts.headers, proven).map_err(|e| ctx.fault(e))?;
        let announced = announced(&parts.headers);
        if announced.is_some_and(|n| n > max) {
            return Err(ctx.fault(too_large(max)));
        }
        let mut request = Request::from_parts(parts, body);
        DefaultBodyLimit::max(max).apply(&mut request);
        let (room, fields, files) = if files {
            let busy = || ctx.fault(Error::refused("uploads.busy"));
            let size = announced.unwrap_or(max);
            let room = match room {
                Whose::Nobodys => None,
                Whose::Officers => Some(app.uploads.take(size).await.ok_or_else(busy)?),
                Whose::Citizens(client) => Some(app.uploads.take_for(&client, size).await.ok_or_else(busy)?),
            };
            let (fields, files) = read_files(request, app, max).await.map_err(|e| ctx.fault(e))?;
            (room, fields, files)
        } else {
            let bytes = axum::body::Bytes::from_request(request, app).await.map_err(|e| {
                ctx.fault(match e.status() {
                    StatusCode::PAYLOAD_TOO_LARGE => too_large(max),
                    _ if timed_out(&e) => Error::refused("input.slow"),
                    _ => Error::refused("input.form"),
                })
            })?;
            let mut fields: Vec<(String, String)> =
                serde_urlencoded::from_bytes(&bytes).map_err(|_| ctx.fault(Error::refused("input.form")))?;
            fields.truncate(PARTS_MAX);
            (None, fields, Vec::new())
        };
        let posted = Self { ctx, fields, files, _room: room };
        // Signing in has no session yet: there the browser's own word, asked above, must do.
        // The portal has visits of its own, whose token its own reader asks for.
        let genuine = posted.ctx.path.starts_with(PORTAL) || posted.ctx.visitor.as_ref().is_none_or(|v| v.csrf == posted.get("csrf"));
        if genuine { Ok(posted) } else { Err(posted.ctx.fault(Error::refused("csrf"))) }
    }
}
