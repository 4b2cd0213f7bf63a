//! A form as it was sent: fields, files, and the proof that one of our own pages sent it.

use axum::{
    extract::{FromRequest, Multipart, Request},
    http::{HeaderMap, header},
};
use office::Error;
use rules::Refusal;

use super::{App, Ctx, context, error::PageError};

/// A form with files, in all.
const UPLOAD_MAX: usize = 60 * 1024 * 1024;
/// A form without files.
const FORM_MAX: usize = 1024 * 1024;
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

/// A checked form. It has the right token, so the signed-in person sent it from one of our pages.
pub struct Posted {
    pub ctx: Ctx,
    pub fields: Vec<(String, String)>,
    pub files: Vec<Upload>,
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

    /// Stores the files as evidence and returns their hashes.
    pub async fn store_files(&self) -> Result<Vec<String>, PageError> {
        let mut out = Vec::new();
        for f in self.files.iter().filter(|f| !f.bytes.is_empty()) {
            let office = &self.ctx.app.office;
            let by = self.ctx.actor().account;
            let stored = office.store().add_blob(f.bytes.clone(), &f.media_type, &f.name, &by, office.now()).await;
            out.push(stored.map_err(|e| self.ctx.fault(e))?.sha256);
        }
        Ok(out)
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

impl FromRequest<App> for Posted {
    type Rejection = PageError;

    async fn from_request(request: Request, app: &App) -> Result<Self, PageError> {
        let (mut parts, body) = request.into_parts();
        let ctx = <Ctx as axum::extract::FromRequestParts<App>>::from_request_parts(&mut parts, app).await?;
        let headers = parts.headers.clone();
        let too_large = |max: usize| ctx.fault(Error::Refused(Refusal::new("input.too_large").with("max", max / 1024 / 1024)));
        let bad = || ctx.fault(Error::refused("input.form"));
        let kind = headers.get(header::CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        let (mut fields, mut files) = (Vec::new(), Vec::new());
        if kind.starts_with("multipart/form-data") {
            let bytes = axum::body::to_bytes(body, UPLOAD_MAX).await.map_err(|_| too_large(UPLOAD_MAX))?;
            let request = Request::from_parts(parts, axum::body::Body::from(bytes));
            let mut parts = Multipart::from_request(request, app).await.map_err(|_| bad())?;
            while let Some(part) = parts.next_field().await.map_err(|_| bad())? {
                if fields.len() + files.len() >= PARTS_MAX {
                    return Err(bad());
                }
                let field = part.name().unwrap_or_default().to_owned();
                match part.file_name().map(str::to_owned) {
                    Some(name) => {
                        let media_type = part.content_type().unwrap_or("application/octet-stream").to_owned();
                        let bytes = part.bytes().await.map_err(|_| bad())?.to_vec();
                        files.push(Upload { field, name: rules::text::clean(&name).chars().take(200).collect(), media_type, bytes });
                    }
                    None => fields.push((field, part.text().await.map_err(|_| bad())?)),
                }
            }
        } else {
            let bytes = axum::body::to_bytes(body, FORM_MAX).await.map_err(|_| too_large(FORM_MAX))?;
            fields = serde_urlencoded::from_bytes(&bytes).map_err(|_| bad())?;
            fields.truncate(PARTS_MAX);
        }
        let posted = Self { ctx, fields, files };
        let ctx = &posted.ctx;
        let genuine = match &ctx.visitor {
            Some(v) => same_origin(&headers) && v.csrf == posted.get("csrf"),
            // Signing in has no session yet: the browser's own word must do.
            None => same_origin(&headers) && context::bearer(&headers).is_none(),
        };
        if genuine { Ok(posted) } else { Err(posted.ctx.fault(Error::refused("csrf"))) }
    }
}
