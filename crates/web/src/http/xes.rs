//! A register's history as an XES file that is sent while it is made.

use axum::{
    body::Body,
    http::{HeaderValue, header},
    response::Response,
};
use faces::xes::Export;
use office::{Error, Office};
use rules::access::Actor;
use store::ListQuery;

/// Access is decided before anything is sent; what fails later cuts the file off, and a cut file is no XML.
///
/// # Errors
/// `access.…`; an unknown register.
pub async fn response(office: &Office, actor: &Actor, query: ListQuery) -> Result<Response, Error> {
    let name: String = query.register.chars().filter(|c| c.is_ascii_alphanumeric() || "-_".contains(*c)).collect();
    let mut export = Export::new(office, actor, query)?;
    let first = export.next().await?.unwrap_or_default();
    let pieces = futures::stream::unfold((Some(first), Some(export)), |(ready, export)| async move {
        let mut export = export?;
        if let Some(piece) = ready {
            return Some((Ok(piece), (None, Some(export))));
        }
        match export.next().await {
            Ok(piece) => piece.map(|piece| (Ok(piece), (None, Some(export)))),
            Err(e) => {
                tracing::error!(error = %e, "an export was cut off");
                Some((Err(std::io::Error::other(e.to_string())), (None, None)))
            }
        }
    });
    let mut response = Response::new(Body::from_stream(pieces));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/xml; charset=utf-8"));
    if let Ok(value) = HeaderValue::from_str(&format!("attachment; filename=\"{name}.xes\"")) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}
