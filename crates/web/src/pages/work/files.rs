//! Evidence, as it was handed in.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
};

use super::common::download;
use crate::http::{Ctx, PageResult};

/// `GET /files/{sha256}`: always a download, so that nothing that was uploaded runs as a page of ours.
pub async fn show(ctx: Ctx, Path(sha256): Path<String>) -> PageResult {
    ctx.signed_in()?;
    let (info, bytes) = ctx.app.office.store().blob(&sha256).await.map_err(|e| ctx.fault(e))?;
    let mut response = download(bytes, &info.media_type, &info.name);
    let h = response.headers_mut();
    h.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    h.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=31536000, immutable"));
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", info.sha256)) {
        h.insert(header::ETAG, tag);
    }
    Ok(response)
}
