//! The ledger as people see it: its state, the check of everything, one entry with a proof that was recomputed just now.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use ledger::Hash;
use office::{
    Error,
    one_stop::{DOSSIER, masked_entry},
    people::ACCOUNT,
    personal::PERSONAL_READ,
};
use rules::{Timestamp, access::Action};
use store::{Entry, verify::Finding};

use super::{
    common::{add, add_link, done, form, segment, unit_text},
    history::{Names, changes, what},
};
use crate::{
    http::{Ctx, PageError, PageResult, Posted, error::render},
    pages::show::{fields, words},
    view::{
        EntryPage, Field, FormPage, Input, LedgerPage, Link, Pair, Section, Shell,
        trust::{CheckpointRow, ProofStep, Verdict},
    },
};

/// Lines of the list of entries, and of checkpoints.
const RECENT: i64 = 25;

/// The check of the whole ledger: it reads everything, so it runs beside the requests and its result is kept in memory.
#[derive(Clone, Default)]
struct Check {
    running_since: Option<Timestamp>,
    last: Option<(Timestamp, Result<Finding, String>)>,
}

/// By tenant: one process may serve several.
static CHECKS: LazyLock<Mutex<HashMap<String, Check>>> = LazyLock::new(Mutex::default);

fn check_of(ctx: &Ctx) -> Check {
    CHECKS.lock().unwrap_or_else(PoisonError::into_inner).get(ctx.app.office.store().tenant()).cloned().unwrap_or_default()
}

fn verdict(ctx: &Ctx, check: &Check) -> (Verdict, String) {
    let t = ctx.t;
    // While it runs, how the last one ended is not the answer.
    if let Some(since) = check.running_since {
        return (Verdict::Running, t.msg1("verify-running", "since", t.moment(since)));
    }
    match &check.last {
        None => (Verdict::NotYet, t.msg("verify-never")),
        Some((at, Ok(Finding::Whole { entries, records, checkpoints }))) => (
            Verdict::Whole,
            t.format(
                "verify-whole",
                &[
                    ("at", t.moment(*at).into()),
                    ("entries", entries.into()),
                    ("records", records.into()),
                    ("checkpoints", checkpoints.into()),
                ],
            ),
        ),
        Some((at, Ok(Finding::Difference(what)))) => (Verdict::Broken, t.msg2("verify-broken", "at", t.moment(*at), "what", what)),
        Some((at, Err(e))) => (Verdict::NotYet, t.msg2("verify-failed", "at", t.moment(*at), "what", e)),
    }
}

/// `GET /ledger`
pub async fn show(ctx: Ctx) -> PageResult {
    ctx.signed_in()?;
    let (t, office) = (ctx.t, &ctx.app.office);
    let store = office.store();
    let s = ctx.shell(Section::Ledger, t.msg("ledger-title"), true).await?;
    let head = store.head().await.map_err(|e| ctx.fault(e))?;
    let checkpoints = store.checkpoints(RECENT).await.map_err(|e| ctx.fault(e))?;
    let (verdict, verdict_text) = verdict(&ctx, &check_of(&ctx));
    let audits = ctx.allowed(Action::Audit, None, &ctx.top());
    let mut facts = Vec::new();
    add(&mut facts, t.msg("ledger-origin"), office.keys().signer.name());
    add(&mut facts, t.msg("ledger-tiles"), "/ledger/tile/…");
    let waiting = store.waiting().await.map_err(|e| ctx.fault(e))?;
    if waiting > 0 {
        add(&mut facts, t.msg("ledger-waiting"), t.int(waiting));
    }
    let page = LedgerPage {
        size: t.int(head.size),
        root: head.root.to_string(),
        verdict,
        verdict_text,
        verify: if audits { s.link("/ledger/verify") } else { String::new() },
        latest: if checkpoints.is_empty() { String::new() } else { "/ledger/checkpoint".to_owned() },
        facts,
        checkpoints: checkpoints
            .iter()
            .map(|c| CheckpointRow {
                size: t.int(c.size),
                root: c.root.clone(),
                at: t.moment(c.at),
                href: format!("/ledger/checkpoint?size={}", c.size),
            })
            .collect(),
        key: office.keys().signer.verifier().to_string(),
        find: Field::new("seq", t.msg("ledger-find-label"), Input::Number).required(),
        prove: Field::new("from", t.msg("ledger-prove-label"), Input::Number).required(),
        // What others did is read by those who audit; everybody finds the entries of a record on that record's page.
        recent: if audits { recent(&ctx, &s, head.size).await? } else { Vec::new() },
        s,
    };
    Ok(render(&page))
}

async fn recent(ctx: &Ctx, s: &Shell, size: i64) -> Result<Vec<(String, Link, String, String)>, PageError> {
    let t = ctx.t;
    let entries = ctx.app.office.store().newest_entries(size, RECENT).await.map_err(|e| ctx.fault(e))?;
    let names = Names::load(ctx).await?;
    Ok(entries
        .iter()
        .filter_map(|e| {
            let seq = e.seq?;
            let link = Link::new(
                s.link(&format!("/ledger/{seq}")),
                format!("{}: {}", register_name(ctx, &e.register), done_to(ctx, &e.register, &e.kind)),
            );
            Some((t.int(seq), link, names.of(t, &e.actor), t.moment(e.at)))
        })
        .collect())
}

/// What was done, in words: the common ones, else the label of the register's own step.
fn done_to(ctx: &Ctx, register: &str, kind: &str) -> String {
    let world = ctx.app.office.world();
    let lifecycle = world.registers.get(register).and_then(fields::lifecycle);
    match lifecycle.as_ref().and_then(|l| l.transition(kind)) {
        Some(step) if what(ctx.t, kind) == kind => words::inside(ctx.t.pick(&step.label)),
        _ => what(ctx.t, kind),
    }
}

fn register_name(ctx: &Ctx, id: &str) -> String {
    let world = ctx.app.office.world();
    match world.registers.get(id) {
        Some(r) => ctx.t.pick(&r.def.register.name).to_owned(),
        None => ctx.t.try_format(&format!("register-{}", id.replace('_', "-")), &[]).unwrap_or_else(|| id.to_owned()),
    }
}

/// `GET /ledger/verify`: how the last check ended, and the button.
pub async fn verify_page(ctx: Ctx) -> PageResult {
    ctx.demand(Action::Audit, None, &ctx.top())?;
    let t = ctx.t;
    let check = check_of(&ctx);
    let mut s = ctx.shell(Section::Ledger, t.msg("verify-title"), true).await?;
    s.crumbs = vec![Link::new(s.link("/ledger"), t.msg("ledger-title"))];
    let button = if check.running_since.is_some() { String::new() } else { t.msg("verify-button") };
    let form = form(&s, "/ledger/verify", button, Vec::new());
    let (verdict, text) = verdict(&ctx, &check);
    let running = verdict == Verdict::Running;
    // What the check says now is said once.
    s.notices.clear();
    s.again = running.then(|| s.link("/ledger/verify"));
    let beside = vec![Pair::new(t.msg(if running { "verify-now" } else { "verify-last" }), text)];
    Ok(render(&FormPage {
        s,
        lead: t.msg("verify-lead"),
        form,
        understood: Vec::new(),
        clash: Vec::new(),
        beside,
        beside_title: t.msg("verify-beside"),
    }))
}

/// `POST /ledger/verify`: begins the check unless one runs.
pub async fn verify(posted: Posted) -> PageResult {
    let ctx = &posted.ctx;
    ctx.demand(Action::Audit, None, &ctx.top())?;
    let office = ctx.app.office.clone();
    let tenant = office.store().tenant().to_owned();
    {
        let mut checks = CHECKS.lock().unwrap_or_else(PoisonError::into_inner);
        let check = checks.entry(tenant.clone()).or_default();
        if check.running_since.is_some() {
            return done(ctx, "/ledger/verify", "verify-begun");
        }
        check.running_since = Some(office.now());
    }
    let task = tokio::spawn({
        let office = office.clone();
        async move { office.verify().await }
    });
    tokio::spawn(async move {
        // A panic in the check ends it too: the next one can begin.
        let result = match task.await {
            Ok(Ok(finding)) => Ok(finding),
            Ok(Err(e)) => {
                tracing::error!(error = %e, "the check of the ledger failed");
                Err(e.code().to_owned())
            }
            Err(e) => {
                tracing::error!(error = %e, "the check of the ledger ended");
                Err("internal".to_owned())
            }
        };
        let mut checks = CHECKS.lock().unwrap_or_else(PoisonError::into_inner);
        checks.insert(tenant, Check { running_since: None, last: Some((office.now(), result)) });
    });
    done(ctx, "/ledger/verify", "verify-begun")
}

/// `GET /ledger/entry?seq=`: the form's way to an entry. Numbers are taken as people write them.
pub async fn find(ctx: Ctx) -> PageResult {
    let digits: String = ctx.param("seq").unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    match digits.parse::<i64>() {
        Ok(seq) => {
            Ok(Redirect::to(&format!("/ledger/{seq}{}", if ctx.t == crate::i18n::Lang::En { "?lang=en" } else { "" })).into_response())
        }
        Err(_) => Err(ctx.fault(Error::not_found(ctx.param("seq").unwrap_or_default()))),
    }
}

/// An entry with its place in the present tree.
struct Proven {
    entry: Entry,
    seq: i64,
    size: i64,
    root: Hash,
    leaf: Option<String>,
    leaf_hash: Hash,
    proof: Vec<Hash>,
    holds: bool,
}

/// An entry for its reader: the leaf of one in which something was written that they do not read is withheld; its hash proves it.
async fn readable(ctx: &Ctx, entry: Entry, leaf: String) -> Result<(Entry, Option<String>), PageError> {
    let office = &ctx.app.office;
    if entry.register != DOSSIER {
        return Ok((entry, Some(leaf)));
    }
    let record = office.store().record(DOSSIER, entry.record_id).await.map_err(|e| ctx.fault(e))?;
    if office.reads_written(&ctx.actor(), &record).map_err(|e| ctx.fault(e))? {
        return Ok((entry, Some(leaf)));
    }
    let masked = masked_entry(&entry).map_err(|e| ctx.fault(e))?;
    let whole = masked.leaf_bytes(office.store().tenant()) == leaf.as_bytes();
    Ok((masked, Some(leaf).filter(|_| whole)))
}

async fn prove(ctx: &Ctx, seq: i64) -> Result<Proven, PageError> {
    let store = ctx.app.office.store();
    ctx.signed_in()?;
    let entry = store.entry(seq).await.map_err(|e| ctx.fault(e))?;
    may_read(ctx, &entry).await?;
    let head = store.head().await.map_err(|e| ctx.fault(e))?;
    let leaf = entry.leaf_bytes(store.tenant());
    let leaf_hash = ledger::leaf_hash(&leaf);
    let proof = store.inclusion_proof(seq, head.size).await.map_err(|e| ctx.fault(e))?;
    let place = (u64::try_from(seq).unwrap_or_default(), u64::try_from(head.size).unwrap_or_default());
    let holds = ledger::verify_inclusion(&leaf_hash, place.0, place.1, &proof, &head.root).is_ok();
    let (entry, leaf) = readable(ctx, entry, String::from_utf8_lossy(&leaf).into_owned()).await?;
    Ok(Proven { entry, seq, size: head.size, root: head.root, leaf, leaf_hash, proof, holds })
}

/// Who audits reads every entry; others those of records that they may see.
async fn may_read(ctx: &Ctx, e: &Entry) -> Result<(), PageError> {
    if ctx.allowed(Action::Audit, None, &ctx.top()) {
        return Ok(());
    }
    // So are accounts; and who looked at somebody's data is told on the page of that record.
    if matches!(e.register.as_str(), ACCOUNT) {
        return ctx.demand(Action::Audit, None, &ctx.top());
    }
    if e.register == PERSONAL_READ {
        let log = ctx.app.office.store().record(PERSONAL_READ, e.record_id).await.map_err(|e| ctx.fault(e))?;
        return ctx.demand(Action::Edit, Some(PERSONAL_READ), &log.unit);
    }
    // Definitions, directives and targets are public inside the government.
    if matches!(e.register.as_str(), "definition" | "directive" | "target" | "period_freeze") {
        return Ok(());
    }
    let record = ctx.app.office.store().record(&e.register, e.record_id).await.map_err(|e| ctx.fault(e))?;
    ctx.demand(Action::View, Some(&e.register), &record.unit)
}

/// `GET /ledger/{seq}` and `GET /ledger/{seq}.json`
pub async fn entry(ctx: Ctx, Path(name): Path<String>) -> PageResult {
    let (text, json) = name.strip_suffix(".json").map_or((name.as_str(), false), |n| (n, true));
    let seq: i64 = text.parse().ok().filter(|n| *n >= 0).ok_or_else(|| ctx.fault(Error::not_found(&name)))?;
    let p = prove(&ctx, seq).await?;
    if json { Ok(as_json(&ctx, &p)) } else { page(&ctx, p).await }
}

/// Everything that somebody needs to check the proof without this program.
fn as_json(ctx: &Ctx, p: &Proven) -> Response {
    let body = serde_json::json!({
        "origin": ctx.app.office.keys().signer.name(),
        "index": p.seq,
        "tree_size": p.size,
        "root": p.root,
        "leaf": p.leaf,
        "leaf_hash": p.leaf_hash,
        "inclusion_proof": p.proof,
        "holds": p.holds,
        "simulated": ctx.app.office.simulated(),
        "how": "RFC 6962: leaf_hash = SHA-256(0x00 || leaf); fold inclusion_proof by RFC 9162, 2.1.3.2 to root",
    });
    let text = serde_json::to_vec_pretty(&body).unwrap_or_default();
    super::common::download(text, "application/json", &format!("ledger-{}.json", p.seq))
}

/// On which side each hash of the proof is joined (RFC 9162, 2.1.3.2), for people who follow it by hand.
fn sides(seq: i64, size: i64, proof: &[Hash]) -> Vec<ProofStep> {
    let (mut at, mut last) = (seq, size - 1);
    proof
        .iter()
        .map(|hash| {
            let left = at & 1 == 1 || at == last;
            if left {
                while at & 1 == 0 && at != 0 {
                    at >>= 1;
                    last >>= 1;
                }
            }
            at >>= 1;
            last >>= 1;
            ProofStep { left, hash: hash.to_string() }
        })
        .collect()
}

async fn page(ctx: &Ctx, p: Proven) -> PageResult {
    let (t, world) = (ctx.t, ctx.app.office.world());
    let e = &p.entry;
    let mut s = ctx.shell(Section::Ledger, t.msg1("entry-title", "seq", t.int(p.seq)), false).await?;
    s.crumbs = vec![Link::new(s.link("/ledger"), t.msg("ledger-title"))];
    let names = Names::load(ctx).await?;
    let mut facts = Vec::new();
    add(&mut facts, t.msg("col-what"), what(t, &e.kind));
    add(&mut facts, t.msg("col-who"), format!("{} ({})", names.of(t, &e.actor), e.actor));
    if let Some(behalf) = &e.on_behalf {
        add(&mut facts, t.msg("entry-on-behalf"), names.of(t, behalf));
    }
    add(&mut facts, t.msg("col-at"), t.moment(e.at));
    add(&mut facts, t.msg("entry-authority"), e.authority.clone().unwrap_or_default());
    add(&mut facts, t.msg("entry-register"), register_name(ctx, &e.register));
    add_link(&mut facts, t.msg("entry-record"), e.record_id.to_string(), record_path(&s, e));
    if let Ok(r) = ctx.app.office.store().record(&e.register, e.record_id).await {
        add(&mut facts, t.msg("field-unit"), unit_text(t, &world, &r.unit));
    }
    add(&mut facts, t.msg("entry-version"), t.int(e.record_version));
    let page = EntryPage {
        seq: t.int(p.seq),
        facts,
        changes: changes(t, &world, e, &names),
        leaf_hash: p.leaf_hash.to_string(),
        steps: sides(p.seq, p.size, &p.proof),
        tree_size: t.int(p.size),
        root: p.root.to_string(),
        holds: p.holds,
        leaf: p.leaf.unwrap_or_else(|| t.msg("entry-leaf-withheld")),
        download: format!("/ledger/{}.json", p.seq),
        s,
    };
    Ok(render(&page))
}

/// The page of an entry's record; empty where there is none.
fn record_path(s: &Shell, e: &Entry) -> String {
    use office::programme::{DIRECTIVE, FIGURE, TARGET, TASK};
    let id = e.record_id;
    match e.register.as_str() {
        TASK => s.link(&format!("/tasks/{id}")),
        TARGET => s.link(&format!("/targets/{id}")),
        DIRECTIVE => s.link(&format!("/directives/{id}")),
        FIGURE => s.link(&format!("/figures/{id}")),
        ACCOUNT | "definition" | "period_freeze" => String::new(),
        register => s.link(&format!("/records/{}/{id}", segment(register))),
    }
}

/// `GET /ledger/consistency?from=`: that today's tree only adds to the one somebody holds. Hashes only, so anybody may ask.
pub async fn consistency(ctx: Ctx) -> PageResult {
    let number = |name: &str| -> Option<i64> {
        let digits: String = ctx.param(name)?.chars().filter(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    let store = ctx.app.office.store();
    let head = store.head().await.map_err(|e| ctx.fault(e))?;
    let to = number("to").unwrap_or(head.size);
    let from = number("from")
        .filter(|f| 0 < *f && *f <= to && to <= head.size)
        .ok_or_else(|| ctx.fault(Error::Refused(rules::Refusal::new("ledger.size").with("size", ctx.t.int(head.size)))))?;
    let proof = store.consistency_proof(from, to).await.map_err(|e| ctx.fault(e))?;
    let body = serde_json::json!({
        "origin": ctx.app.office.keys().signer.name(),
        "from": from,
        "to": to,
        "root": (to == head.size).then_some(head.root),
        "consistency_proof": proof,
        "how": "RFC 9162, 2.1.4.2",
    });
    let text = serde_json::to_string_pretty(&body).unwrap_or_default();
    Ok(([(header::CONTENT_TYPE, "application/json")], text).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sides_shown_lead_to_the_root() {
        for size in 1..40_i64 {
            let leaves: Vec<Hash> = (0..size).map(|i| ledger::leaf_hash(&i.to_be_bytes())).collect();
            let mut writer = ledger::TileWriter::new();
            let tiles: HashMap<ledger::TileId, Vec<u8>> = writer.append(&leaves).into_iter().map(|t| (t.id, t.hashes)).collect();
            for seq in 0..size {
                let proof = ledger::Plan::inclusion(seq as u64, size as u64).unwrap().build_from(&tiles).unwrap();
                let hash = sides(seq, size, &proof).into_iter().fold(leaves[seq as usize], |hash, step| {
                    let other: Hash = step.hash.parse().unwrap();
                    if step.left { ledger::node_hash(&other, &hash) } else { ledger::node_hash(&hash, &other) }
                });
                assert_eq!(hash, writer.root(), "leaf {seq} of {size}");
            }
        }
    }
}
