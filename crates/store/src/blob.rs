//! Attachments, found by the SHA-256 of their content: what was acknowledged cannot be lost or swapped.

use std::{path::Path, sync::Arc};

use object_store::{ObjectStore, ObjectStoreExt, PutPayload, local::LocalFileSystem, path::Path as Key};
use rules::Timestamp;
use sha2::{Digest, Sha256};

use crate::{
    db::P,
    error::{Error, Result},
    store::Store,
};

/// One attachment at most.
pub const MAX_BYTES: usize = 50 * 1024 * 1024;

/// Where the bytes are: a folder (any `object_store` fits).
#[derive(Clone)]
pub struct Blobs(Arc<dyn ObjectStore>);

/// What is known of an attachment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlobInfo {
    pub sha256: String,
    pub size: i64,
    pub media_type: String,
    pub name: String,
    pub added_by: String,
    pub added_at: Timestamp,
}

fn failed(e: impl std::fmt::Display) -> Error {
    Error::Blob(e.to_string())
}

impl Blobs {
    pub fn new(folder: &Path) -> Result<Self> {
        crate::db::private_folder(folder).map_err(|e| Error::Config(format!("cannot create the file folder {}: {e}", folder.display())))?;
        let fs = LocalFileSystem::new_with_prefix(folder).map_err(failed)?.with_fsync(true);
        Ok(Self(Arc::new(fs)))
    }

    fn key(tenant: &str, sha256: &str) -> Key {
        Key::from(format!("{tenant}/{}/{sha256}", &sha256[..2.min(sha256.len())]))
    }

    /// Stores bytes durably; the same bytes twice are one object.
    pub async fn put(&self, tenant: &str, bytes: Vec<u8>) -> Result<String> {
        if bytes.len() > MAX_BYTES {
            return Err(Error::Blob(format!("an attachment has {MAX_BYTES} bytes at most")));
        }
        let sha256 = hex::encode(Sha256::digest(&bytes));
        self.0.put(&Self::key(tenant, &sha256), PutPayload::from(bytes)).await.map_err(failed)?;
        Ok(sha256)
    }

    /// Reads bytes and checks that they are what their name says.
    pub async fn get(&self, tenant: &str, sha256: &str) -> Result<Vec<u8>> {
        if sha256.len() != 64 || !sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(Error::NotFound { register: "file".into(), id: sha256.chars().take(80).collect() });
        }
        let found = self.0.get(&Self::key(tenant, sha256)).await.map_err(|e| match e {
            object_store::Error::NotFound { .. } => Error::NotFound { register: "file".into(), id: sha256.to_owned() },
            e => failed(e),
        })?;
        let bytes = found.bytes().await.map_err(failed)?.to_vec();
        if hex::encode(Sha256::digest(&bytes)) != sha256 {
            return Err(Error::Corrupt(format!("the file {sha256} is not what it was when it was stored")));
        }
        Ok(bytes)
    }
}

const INSERT: &str = "INSERT INTO blob (tenant,sha256,size,media_type,name,added_by,added_at) VALUES ($1,$2,$3,$4,$5,$6,$7) ON CONFLICT (tenant,sha256) DO NOTHING";
const FIND: &str = "SELECT sha256,size,media_type,name,added_by,added_at FROM blob WHERE tenant=$1 AND sha256=$2";
/// Condition on records that name attachments, as `"sha256"`, `"file"` or in `"evidence"`.
pub const NAMES_FILES: &str = "(body LIKE '%\"sha256\"%' OR body LIKE '%\"file\"%' OR body LIKE '%\"evidence\"%')";
/// Condition on dossiers with parts that were scanned at the desk.
pub const NAMES_SCANS: &str = "body LIKE '%\"origin\":\"scan\"%'";
pub(crate) const ALL: &str = "SELECT sha256 FROM blob WHERE tenant=$1 ORDER BY sha256";

impl Store {
    /// Stores an attachment: bytes first, then what is known of them, so a row never points at nothing.
    pub async fn add_blob(&self, bytes: Vec<u8>, media_type: &str, name: &str, by: &str, at: Timestamp) -> Result<BlobInfo> {
        let size = bytes.len() as i64;
        let sha256 = self.blobs().put(self.tenant(), bytes).await?;
        let params = [
            P::Text(self.tenant()),
            P::Text(&sha256),
            P::Int(size),
            P::Text(media_type),
            P::Text(name),
            P::Text(by),
            P::Text(&at.to_string()),
        ];
        self.db().execute(INSERT, &params).await?;
        Ok(BlobInfo { sha256, size, media_type: media_type.to_owned(), name: name.to_owned(), added_by: by.to_owned(), added_at: at })
    }

    /// What is known of an attachment, without its bytes.
    /// SHA-256 of every attachment.
    pub async fn blob_names(&self) -> Result<Vec<String>> {
        self.db().fetch(ALL, &[P::Text(self.tenant())]).await?.iter().map(|r| r.text(0)).collect()
    }

    pub async fn blob_info(&self, sha256: &str) -> Result<BlobInfo> {
        let rows = self.db().fetch(FIND, &[P::Text(self.tenant()), P::Text(sha256)]).await?;
        let Some(r) = rows.first() else {
            return Err(Error::NotFound { register: "file".into(), id: sha256.chars().take(80).collect() });
        };
        Ok(BlobInfo {
            sha256: r.text(0)?,
            size: r.int(1)?,
            media_type: r.text(2)?,
            name: r.text(3)?,
            added_by: r.text(4)?,
            added_at: r.str(5)?.parse()?,
        })
    }

    pub async fn blob(&self, sha256: &str) -> Result<(BlobInfo, Vec<u8>)> {
        let info = self.blob_info(sha256).await?;
        let bytes = self.blobs().get(self.tenant(), &info.sha256).await?;
        Ok((info, bytes))
    }
}
