//! The tamper-evident ledger: hashes and signatures, no content of records.

use axum::{Json, extract::Path};
use office::Error;
use serde::Serialize;
use utoipa::ToSchema;

use super::{ApiResult, Caller, Problem};

#[derive(Debug, Serialize, ToSchema)]
pub struct Head {
    /// Entries in the tree.
    pub size: i64,
    /// RFC 6962 root, hex.
    pub root: String,
    /// Key that signs checkpoints (C2SP signed note verifier key).
    pub verifier_key: String,
}

/// Size and root of the tree
#[utoipa::path(get, path = "/ledger/head", tag = "ledger", responses((status = 200, body = Head)))]
pub async fn head(caller: Caller) -> ApiResult<Json<Head>> {
    let office = &caller.app.office;
    let head = office.store().head().await.map_err(|e| caller.fault(e))?;
    Ok(Json(Head { size: head.size, root: head.root.to_string(), verifier_key: office.keys().signer.verifier().to_string() }))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Checkpoint {
    pub size: i64,
    pub root: String,
    /// C2SP tlog-checkpoint in a signed note.
    pub note: String,
    pub at: String,
}

/// Newest signed checkpoints
#[utoipa::path(get, path = "/ledger/checkpoints", tag = "ledger", responses((status = 200, body = Vec<Checkpoint>)))]
pub async fn checkpoints(caller: Caller) -> ApiResult<Json<Vec<Checkpoint>>> {
    let list = caller.app.office.store().checkpoints(100).await.map_err(|e| caller.fault(e))?;
    Ok(Json(list.into_iter().map(|c| Checkpoint { size: c.size, root: c.root, note: c.note, at: c.at.to_string() }).collect()))
}

#[derive(Debug, Serialize, ToSchema)]
pub struct Proof {
    pub seq: i64,
    pub size: i64,
    pub root: String,
    pub leaf: String,
    /// RFC 6962 audit path, hex.
    pub path: Vec<String>,
}

/// Proof that an entry is in the tree
#[utoipa::path(get, path = "/ledger/proof/{seq}", tag = "ledger", params(("seq" = i64, Path)),
    responses((status = 200, body = Proof), (status = 404, body = Problem)))]
pub async fn proof(caller: Caller, Path(seq): Path<i64>) -> ApiResult<Json<Proof>> {
    let store = caller.app.office.store();
    let entry = store.entry(seq).await.map_err(|e| caller.fault(e))?;
    let head = store.head().await.map_err(|e| caller.fault(e))?;
    if seq < 0 || seq >= head.size {
        return Err(caller.fault(Error::not_found(&seq.to_string())));
    }
    let path = store.inclusion_proof(seq, head.size).await.map_err(|e| caller.fault(e))?;
    Ok(Json(Proof {
        seq,
        size: head.size,
        root: head.root.to_string(),
        leaf: ledger::leaf_hash(&entry.leaf_bytes(store.tenant())).to_string(),
        path: path.iter().map(ToString::to_string).collect(),
    }))
}
