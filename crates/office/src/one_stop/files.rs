//! Files of a dossier: what came in is acknowledged with its SHA-256, and is what its name says it is.

use rules::{
    Refusal, Timestamp,
    access::{Action, Actor},
};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use store::blob::BlobInfo;

use super::{DOSSIER, Held, PAPER, drafts::same};
use crate::{
    Office,
    error::{Error, Result},
    personal::Through,
    signing,
};

/// Files of one draft or dossier at most.
pub(crate) const FILES_MAX: usize = 100;
/// Bytes of one file: a scan of some ten pages, and what a phone's network carries in some minutes.
pub const FILE_MAX_BYTES: usize = 20 * 1024 * 1024;
/// The part under which a result's file comes in.
const RESULT: &str = "result";
/// Characters of a file's name that are kept.
const NAME_MAX: usize = 120;

/// A file as it comes in.
#[derive(Debug, Clone)]
pub struct Upload {
    pub name: String,
    pub media_type: String,
    pub bytes: Vec<u8>,
}

/// How a part of the dossier came to be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    Upload,
    /// Digitised at the desk.
    Scan,
    /// An electronic paper of the person that was kept earlier.
    Reused,
    /// Brought to the counter on paper.
    Paper,
}

/// A part of the dossier that was handed in.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartGiven {
    pub part: String,
    /// Of the file, as its citizen calls it; of the part where it came otherwise.
    pub name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
    #[serde(default)]
    pub size: i64,
    #[serde(default)]
    pub media_type: String,
    pub at: Timestamp,
    pub origin: Origin,
    /// Identity of the reused paper.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<String>,
    #[serde(default)]
    pub copies: u16,
    /// SHA-256 of the searchable copy of a scan, once it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub searchable: Option<String>,
    /// Shows that this file came in for this dossier; whoever only knows a hash has none. Not kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub receipt: Option<String>,
}

/// What is said of a file that is on disk.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Acknowledged {
    pub sha256: String,
    pub size: i64,
    pub name: String,
    pub at: Timestamp,
    /// Of the draft, after it.
    pub version: i64,
}

/// An electronic paper of a person that can take the place of an upload.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReusablePaper {
    pub id: String,
    pub kind: String,
    pub number: Option<String>,
    pub issuer: Option<String>,
    pub issued_on: Option<jiff::civil::Date>,
    pub sha256: String,
}

/// Kinds of file that a dossier takes: extension, media type, how the content begins (offset, bytes).
type Kind = (&'static [&'static str], &'static str, usize, &'static [u8]);
const KINDS: [Kind; 8] = [
    (&["pdf"], "application/pdf", 0, b"%PDF-"),
    (&["jpg", "jpeg"], "image/jpeg", 0, &[0xFF, 0xD8, 0xFF]),
    (&["png"], "image/png", 0, b"\x89PNG\r\n\x1a\n"),
    (&["webp"], "image/webp", 8, b"WEBP"),
    (&["heic", "heif"], "image/heic", 4, b"ftyp"),
    (&["tif", "tiff"], "image/tiff", 0, b"II*\0"),
    (&["docx"], "application/vnd.openxmlformats-officedocument.wordprocessingml.document", 0, b"PK\x03\x04"),
    (&["xlsx"], "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", 0, b"PK\x03\x04"),
];

/// What a file field of a page lets one choose: `.pdf,.jpg,…`.
#[must_use]
pub fn accepted() -> String {
    KINDS.iter().flat_map(|k| k.0).map(|e| format!(".{e}")).collect::<Vec<_>>().join(",")
}

/// The same for people: `PDF, JPG, …`.
#[must_use]
pub fn kinds() -> String {
    KINDS.iter().map(|k| k.0[0].to_uppercase()).collect::<Vec<_>>().join(", ")
}

/// Plain text shows what was reported as well; a dossier takes none.
const TEXTS: [(&str, &str); 2] = [("txt", "text/plain; charset=utf-8"), ("csv", "text/csv; charset=utf-8")];

/// What is taken as evidence, for people: `PDF, JPG, …`.
#[must_use]
pub fn evidence_kinds() -> String {
    let texts = TEXTS.iter().map(|(extension, _)| extension.to_uppercase());
    std::iter::once(kinds()).chain(texts).collect::<Vec<_>>().join(", ")
}

/// Text that people can read, and nothing hidden in it.
fn is_text(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_ok_and(|text| !text.chars().any(|c| c.is_control() && !"\t\r\n".contains(c)))
}

/// The media type of a file whose content is what its extension says.
///
/// # Errors
/// `upload.empty`; `upload.kind` (name, allowed); `upload.content` (name, extension); `upload.too_large` (name, max).
pub(crate) fn checked(upload: &Upload) -> Result<&'static str> {
    checked_with(upload, &[])
}

/// The same, with kinds of text that are taken besides.
fn checked_with(upload: &Upload, texts: &[(&'static str, &'static str)]) -> Result<&'static str> {
    let name: String = upload.name.chars().take(NAME_MAX).collect();
    if upload.bytes.is_empty() {
        return Err(Error::Refused(Refusal::new("upload.empty").with("name", name)));
    }
    if upload.bytes.len() > FILE_MAX_BYTES {
        return Err(Error::Refused(Refusal::new("upload.too_large").with("name", name).with("max", FILE_MAX_BYTES / 1024 / 1024)));
    }
    let extension = extension(&upload.name);
    let other = |name, extension| Err(Error::Refused(Refusal::new("upload.content").with("name", name).with("extension", extension)));
    if let Some((_, media_type)) = texts.iter().find(|(e, _)| *e == extension) {
        return if is_text(&upload.bytes) { Ok(media_type) } else { other(name, extension) };
    }
    let Some((_, media_type, offset, magic)) = KINDS.iter().find(|k| k.0.contains(&extension.as_str())) else {
        let allowed = KINDS.iter().map(|k| k.0[0]).chain(texts.iter().map(|(e, _)| *e)).collect::<Vec<_>>().join(", ");
        return Err(Error::Refused(Refusal::new("upload.kind").with("name", name).with("allowed", allowed)));
    };
    let begins = upload.bytes.get(*offset..).is_some_and(|b| b.starts_with(magic));
    // A TIFF of the other byte order begins otherwise.
    let other_tiff = *media_type == "image/tiff" && upload.bytes.starts_with(b"MM\0*");
    if begins || other_tiff {
        return Ok(media_type);
    }
    other(name, extension)
}

/// The name under which the file store keeps a part's file: that of the part. What people call their files often names themselves, and
/// the store knows nothing of personal data.
fn kept_name(part: &str, original: &str) -> String {
    format!("{part}.{}", extension(original))
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map_or(String::new(), |(_, e)| e.to_lowercase())
}

/// The name that a citizen gave a file, by which they find it again: one line of letters, digits and a few signs. It stands among the
/// dossier's parts, which are personal.
fn own_name(part: &str, original: &str) -> String {
    let plain = rules::text::clean(original.rsplit(['/', '\\']).next().unwrap_or_default());
    let stem = plain.rsplit_once('.').map_or(plain.as_str(), |(stem, _)| stem);
    let safe = |c: char| if c.is_alphanumeric() || " .,-_()+&#".contains(c) { c } else { '_' };
    let end = extension(&plain);
    let stem: String = stem.chars().map(safe).take(NAME_MAX.saturating_sub(end.chars().count() + 1)).collect();
    match stem.trim_matches([' ', '.']) {
        "" => kept_name(part, original),
        stem if end.is_empty() => stem.to_owned(),
        stem => format!("{stem}.{end}"),
    }
}

impl Office {
    /// Stores a file durably and says what it is; whether the caller may is decided before.
    pub(crate) async fn store_part(&self, by: &str, part: &str, upload: Upload, origin: Origin) -> Result<PartGiven> {
        let media_type = checked(&upload)?;
        let (at, kept) = (self.now(), kept_name(part, &upload.name));
        let name = if origin == Origin::Upload { own_name(part, &upload.name) } else { kept.clone() };
        let info = self.store().add_blob(upload.bytes, media_type, &kept, by, at).await?;
        Ok(PartGiven {
            part: part.to_owned(),
            name,
            sha256: Some(info.sha256),
            size: info.size,
            media_type: media_type.to_owned(),
            at,
            origin,
            paper: None,
            copies: 1,
            searchable: None,
            receipt: None,
        })
    }

    /// Keeps a file that shows that what is reported is true; whether the caller may report is decided before.
    ///
    /// # Errors
    /// `upload.…`
    pub async fn keep_evidence(&self, by: &str, upload: Upload) -> Result<BlobInfo> {
        let media_type = checked_with(&upload, &TEXTS)?;
        Ok(self.store().add_blob(upload.bytes, media_type, &upload.name, by, self.now()).await?)
    }

    /// Keeps a file that an officer scans or drops, for a dossier or a form that is being filled in at a unit's counter.
    ///
    /// # Errors
    /// `access.…`; `upload.…`
    pub async fn keep_file(&self, actor: &Actor, unit: &str, part: &str, upload: Upload, origin: Origin) -> Result<PartGiven> {
        // Whoever decides brings the paper that was signed.
        let signed = part == RESULT && self.may(actor, Action::Decide, DOSSIER, unit).is_ok();
        if !signed {
            self.may(actor, Action::Edit, DOSSIER, unit)?;
        }
        let given = self.store_part(&actor.account, part, upload, origin).await?;
        let receipt = given.sha256.as_deref().map(|sha256| self.unit_receipt(unit, part, sha256));
        Ok(PartGiven { receipt, ..given })
    }

    /// Of a file that came in at a unit for a part.
    fn unit_receipt(&self, unit: &str, part: &str, sha256: &str) -> String {
        signing::sign(self.receipts(), 0, [unit, part, sha256].join("\n").as_bytes())
    }

    /// What a form says of a file that it kept for a part, so that a page shown again loses nothing. It is worth nothing to anybody
    /// but the account that sent the file.
    #[must_use]
    pub fn kept_token(&self, actor: &Actor, part: &str, sha256: &str) -> String {
        let said = ["kept", &actor.account, part, sha256].join("\n");
        format!("{sha256}.{}", signing::sign(self.receipts(), 0, said.as_bytes()))
    }

    /// A file that [`Office::keep_file`] kept for the same account and part, by its token.
    ///
    /// # Errors
    /// `access.…`; `upload.foreign` (part) for a token that is none.
    pub async fn kept_file(&self, actor: &Actor, unit: &str, part: &str, token: &str) -> Result<PartGiven> {
        self.may(actor, Action::Edit, DOSSIER, unit)?;
        let sha256 = token.split_once('.').map_or("", |(sha256, _)| sha256);
        if !same(token, &self.kept_token(actor, part, sha256)) {
            return Err(Error::Refused(Refusal::new("upload.foreign").with("part", part)));
        }
        let info = self.store().blob_info(sha256).await?;
        Ok(PartGiven {
            part: part.to_owned(),
            name: kept_name(part, &info.name),
            sha256: Some(sha256.to_owned()),
            size: info.size,
            media_type: info.media_type,
            at: self.now(),
            origin: Origin::Scan,
            paper: None,
            copies: 1,
            searchable: None,
            receipt: Some(self.unit_receipt(unit, part, sha256)),
        })
    }

    /// The parts as they are kept. A hash alone gives no right to a file: it came in at this unit for this part, or it is a good paper of
    /// the person.
    ///
    /// # Errors
    /// `upload.foreign` (part).
    pub(crate) async fn parts_shown(&self, unit: &str, owner: Option<&str>, parts: &[PartGiven]) -> Result<Vec<PartGiven>> {
        let mut papers = None;
        let mut out = Vec::new();
        for given in parts {
            let mut kept = PartGiven { receipt: None, searchable: None, ..given.clone() };
            if let Some(sha256) = &given.sha256 {
                let foreign = || Error::Refused(Refusal::new("upload.foreign").with("part", &given.part));
                if let Some(paper) = &given.paper {
                    if papers.is_none() {
                        papers = Some(match owner {
                            Some(owner) => self.papers_of(owner, None).await?,
                            None => Vec::new(),
                        });
                    }
                    if !papers.iter().flatten().any(|p| p.id == *paper && p.sha256 == *sha256) {
                        return Err(foreign());
                    }
                    kept.origin = Origin::Reused;
                } else if !given.receipt.as_ref().is_some_and(|r| same(r, &self.unit_receipt(unit, &given.part, sha256))) {
                    return Err(foreign());
                }
                let info = self.store().blob_info(sha256).await?;
                if kept.origin == Origin::Upload {
                    kept.name = own_name(&kept.part, &kept.name);
                }
                (kept.size, kept.media_type) = (info.size, info.media_type);
            }
            out.push(kept);
        }
        Ok(out)
    }

    /// Electronic papers of the person who stands at the counter, that spare bringing them again.
    ///
    /// # Errors
    /// `access.…`
    pub async fn papers_at_counter(&self, actor: &Actor, unit: &str, id_number: &str) -> Result<Vec<ReusablePaper>> {
        self.may(actor, Action::Edit, DOSSIER, unit)?;
        self.papers_of(id_number, None).await
    }

    /// The bytes of a file that is among `parts` or is the result.
    pub(crate) async fn file_of(&self, held: &Held, sha256: &str) -> Result<(BlobInfo, Vec<u8>)> {
        let parts = parts_of(&held.fields);
        let copied = parts.iter().any(|p| p.searchable.as_deref() == Some(sha256));
        if !copied && result_file(&held.fields).as_deref() != Some(sha256) {
            return self.part_file(&parts, sha256).await;
        }
        Ok(self.store().blob(sha256).await?)
    }

    /// The bytes of a file that is among `parts`, under the name that its person gave it.
    pub(crate) async fn part_file(&self, parts: &[PartGiven], sha256: &str) -> Result<(BlobInfo, Vec<u8>)> {
        let part = parts.iter().find(|p| p.sha256.as_deref() == Some(sha256)).ok_or_else(|| Error::not_found(sha256))?;
        let (mut info, bytes) = self.store().blob(sha256).await?;
        if part.origin == Origin::Upload {
            info.name.clone_from(&part.name);
        }
        Ok((info, bytes))
    }

    /// A file of a dossier, for whoever works on it or decides it.
    ///
    /// # Errors
    /// `access.…`; `not_found`
    pub async fn dossier_file(&self, actor: &Actor, id: &str, sha256: &str) -> Result<(BlobInfo, Vec<u8>)> {
        let held = Held::of(self.read_dossier(actor, id).await?.0)?;
        let file = self.file_of(&held, sha256).await?;
        self.keep_look(actor, &held.record, vec!["parts".into()], Through::Page).await?;
        Ok(file)
    }

    /// Electronic papers of a person of one kind that are still good, the newest first.
    pub(crate) async fn papers_of(&self, id_number: &str, kind: Option<&str>) -> Result<Vec<ReusablePaper>> {
        let today = self.today();
        let mut out = Vec::new();
        for r in self.store().of_person(PAPER, id_number, FILES_MAX as i64).await? {
            let fields = r.fields()?;
            let text = |name: &str| fields.get(name).and_then(Value::as_str).map(str::to_owned);
            let date = |name: &str| text(name).and_then(|d| d.parse::<jiff::civil::Date>().ok());
            let good = r.state == "valid" && date("valid_to").is_none_or(|end| today <= end);
            let file = fields.get("file").and_then(|f| f.get("sha256")).and_then(Value::as_str);
            let (Some(this), Some(sha256), true) = (text("kind"), file, good) else { continue };
            if kind.is_none_or(|k| k == this) {
                out.push(ReusablePaper {
                    id: r.id.to_string(),
                    kind: this,
                    number: text("number"),
                    issuer: text("issuer"),
                    issued_on: date("issued_on"),
                    sha256: sha256.to_owned(),
                });
            }
        }
        Ok(out)
    }
}

/// The parts of a draft or dossier.
pub(crate) fn parts_of(fields: &Map<String, Value>) -> Vec<PartGiven> {
    fields.get("parts").cloned().and_then(|v| serde_json::from_value(v).ok()).unwrap_or_default()
}

/// SHA-256 of the result's file.
pub(crate) fn result_file(fields: &Map<String, Value>) -> Option<String> {
    fields.get("result")?.get("file")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_name_says() {
        let of = |name: &str, bytes: &[u8]| {
            checked(&Upload { name: name.into(), media_type: String::new(), bytes: bytes.into() }).map_err(|e| e.code())
        };
        assert_eq!(of("Giấy chứng sinh.PDF", b"%PDF-1.7 x"), Ok("application/pdf"));
        assert_eq!(of("a.tif", b"MM\0*x"), Ok("image/tiff"));
        assert_eq!(of("a.webp", b"RIFF....WEBPVP8"), Ok("image/webp"));
        assert_eq!(of("a.pdf", b"\xFF\xD8\xFF\xE0"), Err("upload.content"), "a picture that calls itself a document");
        assert_eq!(of("a.jpg", b"MZ\x90"), Err("upload.content"), "a program that calls itself a picture");
        assert_eq!(of("a.exe", b"MZ\x90"), Err("upload.kind"));
        assert_eq!(of("pdf", b"%PDF-1.7"), Err("upload.kind"));
        assert_eq!(of("a.pdf", &[b"%PDF-1.7".as_slice(), &vec![0; FILE_MAX_BYTES]].concat()), Err("upload.too_large"));
        assert!(accepted().starts_with(".pdf,.jpg,.jpeg,.png,") && kinds().starts_with("PDF, JPG, PNG"));
        assert_eq!(of("a.pdf", b""), Err("upload.empty"));
        assert_eq!(kept_name("birth_notice", "CCCD Nguyễn Văn A.JPG"), "birth_notice.jpg");
    }

    #[test]
    fn a_file_keeps_the_name_that_its_person_gave_it_in_safe_signs() {
        let of = |name: &str| own_name("proof", name);
        assert_eq!(of("Giấy chứng sinh (bản 2).PDF"), "Giấy chứng sinh (bản 2).pdf");
        assert_eq!(of("C:\\Ảnh\\mặt trước.JPG"), "mặt trước.jpg");
        assert_eq!(of("../../etc/passwd.pdf"), "passwd.pdf");
        assert_eq!(of("a\"><img src=x>\r\nSet-Cookie: b.pdf"), "a___img src_x_ Set-Cookie_ b.pdf");
        assert_eq!(of("\u{202e}fdp.\u{2066}exe.pdf"), "fdp._exe.pdf", "nothing turns the line around");
        assert_eq!(of(".pdf"), "proof.pdf");
        assert_eq!(of("...pdf"), "proof.pdf");
        assert_eq!(of("proof"), "proof");
        let long = of(&format!("{}.pdf", "ơ".repeat(400)));
        assert!(long.chars().count() == NAME_MAX && long.ends_with("ơ.pdf"));
    }
}
