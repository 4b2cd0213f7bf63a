//! Packs, accounts, backup, verification, closing a period.

use std::{io::Read, process::ExitCode};

use anyhow::Context;
use office::{Office, Options, people::Account};
use rules::access::{Actor, Grant};
use store::{backup, verify::Finding};

use crate::{
    args, say, setup,
    words::{fault, lang, reason, words},
};

/// `haidang verify`: exit code 0 only when everything is whole.
pub async fn verify(common: &args::Common, a: &args::Verify) -> anyhow::Result<ExitCode> {
    let kept = a
        .checkpoint
        .iter()
        .map(|f| std::fs::read_to_string(f).with_context(|| words("cli-cannot-read", &[("path", f.display().to_string().into())])))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let office = setup::existing(common).await?;
    if a.repair_tiles {
        let tiles = store::verify::repair_tiles(office.store()).await?;
        say!("{}", words("cli-tiles", &[("count", tiles.into())]));
    }
    let finding = office.verify_against(&kept).await;
    let head = office.store().head().await?;
    office.close().await?;
    match finding? {
        Finding::Whole { entries, records, checkpoints } => {
            let values = [
                ("entries", entries.into()),
                ("records", records.into()),
                ("checkpoints", checkpoints.into()),
                ("root", head.root.to_string().into()),
            ];
            say!("{}", words("cli-whole", &values));
            Ok(ExitCode::SUCCESS)
        }
        Finding::Difference(text) => {
            say!("{}", words("cli-not-whole", &[("text", reason(&text).into())]));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// `haidang pack check|load|list`
pub async fn pack(common: &args::Common, a: &args::Pack) -> anyhow::Result<ExitCode> {
    let chosen = |named: &[String]| if named.is_empty() { common.packs.clone() } else { named.to_vec() };
    match &a.action {
        args::PackAction::Check { packs } => {
            let set = setup::read_packs(&chosen(packs))?;
            for m in &set.manifests {
                say!("{} {}: {}", m.id, m.version, lang().pick(&m.name));
            }
            say!("{}", words("cli-no-fault", &[("count", set.items().len().into())]));
        }
        args::PackAction::Load { packs } => {
            // An empty database is of whom these packs are.
            let common = &args::Common { packs: chosen(packs), ..common.clone() };
            let set = setup::read_packs(&common.packs)?;
            let office = Office::open(&setup::options(common).await?).await?;
            let loaded = office.load_packs(&Actor::system(), &set, office.now()).await;
            office.close().await?;
            let l = loaded?;
            let values = [
                ("added", l.added.into()),
                ("changed", l.changed.into()),
                ("unchanged", l.unchanged.into()),
                ("retired", l.retired.into()),
            ];
            say!("{}", words("cli-packs-loaded", &values));
            if l.deadlines > 0 {
                say!("{}", words("cli-deadlines-moved", &[("count", l.deadlines.into())]));
            }
        }
        args::PackAction::List => {
            let office = setup::open(common).await?;
            for m in &office.world().manifests {
                say!("{} {}: {}", m.id, m.version, lang().pick(&m.name));
            }
            for (register, n) in office.store().register_counts().await? {
                say!("  {register:<20} {n:>10}");
            }
            office.close().await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `haidang account`
pub async fn account(common: &args::Common, a: &args::Account) -> anyhow::Result<ExitCode> {
    let password = match std::env::var("HAIDANG_PASSWORD").ok().filter(|p| !p.is_empty()) {
        Some(p) => p,
        None => {
            eprintln!("{}", words("cli-password-of", &[("login", (&a.login).into())]));
            let mut text = String::new();
            std::io::stdin().take(1024).read_to_string(&mut text)?;
            text.lines().next().unwrap_or_default().to_owned()
        }
    };
    let office = setup::open(common).await?;
    let world = office.world();
    let mut grants = Vec::new();
    for g in &a.grants {
        let (role, unit) = g.split_once('=').with_context(|| words("cli-grant-form", &[("grant", g.into())]))?;
        let idx = setup::unit(&world, unit, office.today())?;
        grants.push(Grant { role: role.parse().map_err(office::Error::Refused)?, unit: world.units.key(idx).clone(), register: None });
    }
    let account = Account { login: a.login.clone(), name: a.name.clone(), grants, language: "vi".into(), disabled: false };
    let made = office.put_account(&Actor::system(), &account, Some(&password)).await;
    office.close().await?;
    made?;
    say!("{}", words("cli-may-sign-in", &[("login", (&a.login).into())]));
    Ok(ExitCode::SUCCESS)
}

/// `haidang backup FOLDER`
pub async fn backup(common: &args::Common, a: &args::Folder) -> anyhow::Result<ExitCode> {
    let office = setup::existing(common).await?;
    let manifest = backup::backup(office.store(), &a.folder, office.now()).await;
    office.close().await?;
    let m = manifest?;
    let values = [
        ("folder", a.folder.display().to_string().into()),
        ("entries", m.entries.into()),
        ("files", m.files.len().into()),
        ("key", office.keys().path.display().to_string().into()),
    ];
    say!("{}", words("cli-backed-up", &values));
    Ok(ExitCode::SUCCESS)
}

/// `haidang restore FOLDER`
pub async fn restore(common: &args::Common, a: &args::Folder) -> anyhow::Result<ExitCode> {
    // A key that did not sign the backup would make it look altered, after everything was written.
    let options = setup::options_with(common, Some(&a.folder)).await?;
    let key = office::verify::key_path(&options);
    let signed = backup::newest_checkpoint(&a.folder)?;
    let places = [("folder", a.folder.display().to_string().into()), ("key", key.display().to_string().into())];
    if signed.is_some() && !key.is_file() {
        return Err(fault("cli-restore-no-key", &places));
    }
    // Figures come from the backup: none are counted, and none saved, before it is in.
    let office = Office::open(&Options { live: false, ..options }).await?;
    if let Some(note) = signed
        && !office.signed(&note)
    {
        office.close().await?;
        return Err(fault("cli-restore-wrong-key", &places));
    }
    let restored = backup::restore(office.store(), &a.folder).await;
    if restored.is_ok() {
        office.reload().await?;
    }
    let finding = match &restored {
        Ok(_) => Some(office.verify().await?),
        Err(_) => None,
    };
    office.close().await?;
    let m = restored?;
    match finding {
        Some(Finding::Difference(text)) => Err(fault("cli-restore-broken", &[("text", reason(&text).into())])),
        _ => {
            let values = [("entries", m.entries.into()), ("tenant", m.tenant.into()), ("key", key.display().to_string().into())];
            say!("{}", words("cli-restored", &values));
            Ok(ExitCode::SUCCESS)
        }
    }
}

/// `haidang freeze`
pub async fn freeze(common: &args::Common, a: &args::Freeze) -> anyhow::Result<ExitCode> {
    let office = setup::existing(common).await?;
    let frozen = office.freeze(&Actor::system(), a.period.parse()?, &a.reason).await;
    office.close().await?;
    let f = frozen?;
    let values = [("period", f.period.to_string().into()), ("count", f.figures.len().into()), ("size", f.size.into())];
    say!("{}", words("cli-frozen", &values));
    Ok(ExitCode::SUCCESS)
}

/// `haidang openapi`
pub fn openapi() -> anyhow::Result<ExitCode> {
    say!("{}", serde_json::to_string_pretty(&web::api::document())?);
    Ok(ExitCode::SUCCESS)
}
