//! Addresses for machines that watch the ledger (C2SP tlog-tiles, tlog-checkpoint). Hashes and signatures only: nobody need sign in.

use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use ledger::{Hash, TILE_WIDTH, TileId};
use office::Error;

use crate::http::{Ctx, PageResult};

/// Checkpoints looked through for one of a given size.
const LOOKED_THROUGH: i64 = 10_000;
/// A full tile, and a tile of a given width, never change (C2SP tlog-tiles).
const FOR_EVER: &str = "public, max-age=31536000, immutable";

fn plain(text: String) -> Response {
    ([(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "no-cache")], text).into_response()
}

/// `GET /ledger/checkpoint`: the newest signed note, or with `?size=` the one of that size.
pub async fn checkpoint(ctx: Ctx) -> PageResult {
    let store = ctx.app.office.store();
    let note = match ctx.param("size") {
        None => store.checkpoints(1).await.map_err(|e| ctx.fault(e))?.into_iter().next(),
        Some(text) => {
            let size: i64 = text.parse().map_err(|_| ctx.fault(Error::not_found(text)))?;
            store.checkpoints(LOOKED_THROUGH).await.map_err(|e| ctx.fault(e))?.into_iter().find(|c| c.size == size)
        }
    };
    Ok(note.map_or_else(|| StatusCode::NOT_FOUND.into_response(), |c| plain(c.note)))
}

/// `GET /ledger/key`: the public key that signatures are checked with (a C2SP verifier key).
pub async fn key(ctx: Ctx) -> PageResult {
    Ok(plain(format!("{}\n", ctx.app.office.keys().signer.verifier())))
}

/// `GET /ledger/tile/{level}/{path}`
pub async fn tile(ctx: Ctx, Path((level, path)): Path<(String, String)>) -> PageResult {
    let missing = || Ok(StatusCode::NOT_FOUND.into_response());
    let Ok((id, width)) = TileId::from_path(&format!("tile/{level}/{path}")) else { return missing() };
    let bytes = ctx.app.office.store().tile(id).await.map_err(|e| ctx.fault(e))?;
    match bytes.as_deref().and_then(|b| part(b, width)) {
        Some(part) => {
            let mut response = part.to_vec().into_response();
            response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream"));
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static(FOR_EVER));
            Ok(response)
        }
        None => missing(),
    }
}

/// The first `width` hashes; a tile is asked for as full only when it is.
fn part(bytes: &[u8], width: usize) -> Option<&[u8]> {
    debug_assert!(width <= TILE_WIDTH);
    bytes.get(..width * Hash::LEN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tile_is_never_longer_than_asked_and_never_shorter() {
        let three = [7_u8; 96];
        assert_eq!(part(&three, 2).map(<[u8]>::len), Some(64));
        assert_eq!(part(&three, 3).map(<[u8]>::len), Some(96));
        assert_eq!(part(&three, 4), None);
        assert_eq!(part(&three, TILE_WIDTH), None, "an unfinished tile is not handed out as a full one");
    }
}
