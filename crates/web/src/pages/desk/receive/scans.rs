//! Scans, kept whenever the form comes back, and what was handed in with them.

use office::{
    Error,
    one_stop::{Origin, PartGiven},
};
use rules::procedure::Procedure;

use super::typed::Typed;
use crate::http::{Ctx, Posted};

/// Characters of a file's name that the page says again.
const NAME_MAX: usize = 200;

/// A scan that is stored already: browsers forget chosen files whenever the page comes back.
pub(super) struct Scan {
    pub(super) given: PartGiven,
    pub(super) token: String,
    /// As the officer calls the file.
    pub(super) name: String,
}

impl Typed {
    /// Stores the scans that came and takes up those of earlier attempts. One that is refused takes none of the others along.
    pub(super) async fn keep_scans(&mut self, ctx: &Ctx, unit: &str, procedure: &Procedure, posted: &Posted) -> Result<(), Error> {
        let mut wrong = Ok(());
        for part in &procedure.def.parts {
            let scan = match new_scan(ctx, unit, &part.id, posted).await {
                Ok(Some(scan)) => Ok(Some(scan)),
                Ok(None) => kept_scan(ctx, unit, &part.id, posted).await,
                Err(e) => {
                    wrong = Err(e);
                    kept_scan(ctx, unit, &part.id, posted).await
                }
            };
            match scan {
                Ok(scan) => self.scans.extend(scan),
                Err(e) => wrong = Err(e),
            }
        }
        wrong
    }

    pub(super) fn scan(&self, part: &str) -> Option<&Scan> {
        self.scans.iter().find(|s| s.given.part == part)
    }
}

/// The scan that was chosen now for a part, with what keeps it when the page comes back.
async fn new_scan(ctx: &Ctx, unit: &str, part: &str, posted: &Posted) -> Result<Option<Scan>, Error> {
    let field = format!("file-{part}");
    let Some(f) = posted.files.iter().rfind(|f| f.field == field && !f.bytes.is_empty()) else { return Ok(None) };
    let upload = f.upload();
    let given = ctx.app.office.keep_file(&ctx.actor(), unit, part, upload, Origin::Scan).await?;
    let token = given.sha256.as_deref().map(|sha256| ctx.app.office.kept_token(&ctx.actor(), part, sha256)).unwrap_or_default();
    Ok(Some(Scan { given, token, name: f.name.clone() }))
}

/// The scan that an earlier attempt stored; a hash alone gives no right to it.
async fn kept_scan(ctx: &Ctx, unit: &str, part: &str, posted: &Posted) -> Result<Option<Scan>, Error> {
    let token = posted.get(&format!("kept-{part}"));
    if token.is_empty() {
        return Ok(None);
    }
    let given = ctx.app.office.kept_file(&ctx.actor(), unit, part, token).await?;
    let name = rules::text::clean(posted.get(&format!("kept-name-{part}"))).chars().take(NAME_MAX).collect();
    Ok(Some(Scan { given, token: token.to_owned(), name }))
}

/// What was handed in: ticked parts as paper, scanned ones with their files.
pub(super) async fn given(ctx: &Ctx, unit: &str, procedure: &Procedure, typed: &Typed) -> Result<Vec<PartGiven>, Error> {
    let office = &ctx.app.office;
    let mut out = Vec::new();
    for part in &procedure.def.parts {
        if let Some(scan) = typed.scan(&part.id) {
            out.push(PartGiven { copies: part.copies.into(), ..scan.given.clone() });
            continue;
        }
        let paper = match typed.get(&reuse_field(&part.id)) {
            "" => None,
            id => office.papers_at_counter(&ctx.actor(), unit, typed.get("id_number")).await?.into_iter().find(|p| p.id == id),
        };
        if let Some(paper) = paper {
            out.push(PartGiven {
                part: part.id.clone(),
                name: part.name.vi.clone(),
                sha256: Some(paper.sha256),
                size: 0,
                media_type: String::new(),
                at: office.now(),
                origin: Origin::Reused,
                paper: Some(paper.id),
                copies: part.copies.into(),
                searchable: None,
                receipt: None,
            });
        } else if typed.parts.contains(&part.id) {
            out.push(PartGiven {
                part: part.id.clone(),
                name: part.name.vi.clone(),
                sha256: None,
                size: 0,
                media_type: String::new(),
                at: office.now(),
                origin: Origin::Paper,
                paper: None,
                copies: part.copies.into(),
                searchable: None,
                receipt: None,
            });
        }
    }
    Ok(out)
}

/// The field that says which paper takes the place of a part.
pub(super) fn reuse_field(part: &str) -> String {
    format!("reuse-{part}")
}
