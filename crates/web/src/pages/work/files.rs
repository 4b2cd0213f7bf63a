//! Evidence, as it was handed in: for those who may see the record that it belongs to.

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::IntoResponse,
};
use office::{
    Error,
    one_stop::DOSSIER,
    programme::{FIGURE, TASK},
};
use serde_json::{Map, Value};
use store::Record;

use super::common::{download, segment};
use crate::http::{Ctx, PageError, PageResult};

/// Address of a file of a record. It names the record, whose readers alone may have the file.
#[must_use]
pub fn address(register: &str, record: &str, sha256: &str) -> String {
    let of = serde_urlencoded::to_string([("register", register), ("record", record)]).unwrap_or_default();
    format!("/files/{}?{of}", segment(sha256))
}

/// `GET /files/{sha256}?register=…&record=…`: always a download, so that nothing that was uploaded runs as a page of ours.
/// Without a record nobody gets it: the hash of a document that is public elsewhere is known to many.
pub async fn show(ctx: Ctx, headers: HeaderMap, Path(sha256): Path<String>) -> PageResult {
    ctx.signed_in()?;
    let unknown = || ctx.fault(Error::not_found(&sha256));
    let (register, id) = ctx.param("register").zip(ctx.param("record")).ok_or_else(unknown)?;
    let (info, bytes) = if register == DOSSIER {
        match ctx.app.office.dossier_file(&ctx.actor(), id, &sha256).await {
            Ok(file) => file,
            // Whether there is such a dossier is not told either.
            Err(Error::Refused(_)) => return Err(unknown()),
            Err(e) => return Err(ctx.fault(e)),
        }
    } else {
        if !may_read(&ctx, register, id, &sha256).await? {
            return Err(unknown());
        }
        ctx.app.office.store().blob(&sha256).await.map_err(|e| ctx.fault(e))?
    };
    let tag = format!("\"{}\"", info.sha256);
    let known = headers.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let mut response = if known.split(',').any(|t| t.trim().trim_start_matches("W/") == tag) {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        download(bytes, &info.media_type, &info.name)
    };
    let h = response.headers_mut();
    h.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    h.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    // Kept, but asked for each time: a right that was taken away ends at once.
    h.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        h.insert(header::ETAG, tag);
    }
    Ok(response)
}

async fn may_read(ctx: &Ctx, register: &str, id: &str, sha256: &str) -> Result<bool, PageError> {
    let (office, actor) = (&ctx.app.office, ctx.actor());
    let record = match register {
        TASK => office.task(&actor, id, office.today()).await.map(|t| t.record),
        FIGURE => office.reported_figure(&actor, id).await.map(|f| f.record),
        _ => return Ok(false),
    };
    match record {
        Ok(record) => names(ctx, &record, sha256).await,
        // Whether there is such a record is not told either.
        Err(Error::Refused(_)) => Ok(false),
        Err(e) => Err(ctx.fault(e)),
    }
}

/// Whether a record names a file as its evidence, now or in its history.
pub async fn names(ctx: &Ctx, record: &Record, sha256: &str) -> Result<bool, PageError> {
    if named(&record.fields().map_err(|e| ctx.fault(e))?, sha256) {
        return Ok(true);
    }
    let entries = ctx.app.office.store().history(&record.register, record.id).await.map_err(|e| ctx.fault(e))?;
    for e in &entries {
        // Each field with its old and its new value.
        let changes = e.changes().map_err(|e| ctx.fault(e))?;
        for side in 0..2 {
            let values = changes.iter().filter_map(|(name, pair)| Some((name.clone(), pair.get(side)?.clone()))).collect();
            if named(&values, sha256) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// A figure's evidence, or that of a task's updates. A hash in any other field gives no right: anybody can type one.
fn named(fields: &Map<String, Value>, sha256: &str) -> bool {
    let lists = |v: &Value| v.as_array().is_some_and(|l| l.iter().any(|x| x.as_str() == Some(sha256)));
    fields.get("evidence").is_some_and(lists)
        || fields
            .get("updates")
            .and_then(Value::as_array)
            .is_some_and(|updates| updates.iter().any(|u| u.get("evidence").is_some_and(lists)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_evidence_names_a_file() {
        let of = |v: Value| named(v.as_object().unwrap(), "ab");
        assert!(of(json!({"evidence": ["cd", "ab"]})));
        assert!(of(json!({"updates": [{"evidence": []}, {"evidence": ["ab"]}]})));
        for v in [
            json!({}),
            json!({"evidence": "ab"}),
            json!({"evidence": ["abc"]}),
            json!({"note": "ab", "updates": [{"text": "ab"}]}),
            json!({"updates": {"evidence": ["ab"]}}),
        ] {
            assert!(!of(v.clone()), "{v}");
        }
    }
}
