//! Packs, accounts, backup, verification, closing a period.

use std::{io::Read, process::ExitCode};

use anyhow::{Context, bail};
use office::{Office, Options, people::Account};
use rules::access::{Actor, Grant};
use store::{backup, verify::Finding};

use crate::{args, setup};

/// `haidang verify`: exit code 0 only when everything is whole.
pub async fn verify(common: &args::Common, a: &args::Verify) -> anyhow::Result<ExitCode> {
    let kept = a
        .checkpoint
        .iter()
        .map(|f| std::fs::read_to_string(f).with_context(|| format!("cannot read {}", f.display())))
        .collect::<anyhow::Result<Vec<_>>>()?;
    let office = setup::existing(common).await?;
    if a.repair_tiles {
        let tiles = store::verify::repair_tiles(office.store()).await?;
        println!("{tiles} tiles derived from the entries");
    }
    let finding = office.verify_against(&kept).await;
    let head = office.store().head().await?;
    office.close().await?;
    match finding? {
        Finding::Whole { entries, records, checkpoints } => {
            println!(
                "whole: {entries} entries, {records} records, {checkpoints} signed checkpoints, all figures as counted from the ledger; \
                 root {}",
                head.root
            );
            Ok(ExitCode::SUCCESS)
        }
        Finding::Difference(text) => {
            println!("NOT whole: {text}");
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
                println!("{} {}: {}", m.id, m.version, m.name.vi);
            }
            println!("{} definitions, no fault", set.items().len());
        }
        args::PackAction::Load { packs } => {
            let set = setup::read_packs(&chosen(packs))?;
            let office = Office::open(&setup::options(common)?).await?;
            let loaded = office.load_packs(&Actor::system(), &set, office.now()).await;
            office.close().await?;
            let l = loaded?;
            println!("{} added, {} changed, {} unchanged, {} retired", l.added, l.changed, l.unchanged, l.retired);
        }
        args::PackAction::List => {
            let office = setup::open(common).await?;
            for m in &office.world().manifests {
                println!("{} {}: {}", m.id, m.version, m.name.vi);
            }
            for (register, n) in office.store().register_counts().await? {
                println!("  {register:<20} {n:>10}");
            }
            office.close().await?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// `haidang account`
pub async fn account(common: &args::Common, a: &args::Account) -> anyhow::Result<ExitCode> {
    let password = match &a.password {
        Some(p) => p.clone(),
        None => {
            eprintln!("Password of {} (one line on standard input):", a.login);
            let mut text = String::new();
            std::io::stdin().take(1024).read_to_string(&mut text)?;
            text.lines().next().unwrap_or_default().to_owned()
        }
    };
    let office = setup::open(common).await?;
    let world = office.world();
    let mut grants = Vec::new();
    for g in &a.grants {
        let (role, unit) = g.split_once('=').with_context(|| format!("--grant {g:?} is not role=unit"))?;
        let idx = world.unit_idx(unit, office.today()).with_context(|| format!("there is no unit {unit:?}"))?;
        grants.push(Grant { role: role.parse().map_err(office::Error::Refused)?, unit: world.units.key(idx).clone(), register: None });
    }
    let account = Account { login: a.login.clone(), name: a.name.clone(), grants, language: "vi".into(), disabled: false };
    let made = office.put_account(&Actor::system(), &account, Some(&password)).await;
    office.close().await?;
    made?;
    println!("{} may sign in now", a.login);
    Ok(ExitCode::SUCCESS)
}

/// `haidang backup FOLDER`
pub async fn backup(common: &args::Common, a: &args::Folder) -> anyhow::Result<ExitCode> {
    let office = setup::existing(common).await?;
    let manifest = backup::backup(office.store(), &a.folder, office.now()).await;
    office.close().await?;
    let m = manifest?;
    println!(
        "{}: {} entries, {} files, checked. Keep the signing key {} apart from it.",
        a.folder.display(),
        m.entries,
        m.files.len(),
        office.keys().path.display()
    );
    Ok(ExitCode::SUCCESS)
}

/// `haidang restore FOLDER`
pub async fn restore(common: &args::Common, a: &args::Folder) -> anyhow::Result<ExitCode> {
    // A key that did not sign the backup would make it look altered, after everything was written.
    let key = office::verify::key_path(&setup::options(common)?);
    let signed = backup::newest_checkpoint(&a.folder)?;
    if signed.is_some() && !key.is_file() {
        bail!("{} was signed by a key that is not at {}: name it with --key-file", a.folder.display(), key.display());
    }
    // Figures come from the backup: none are counted, and none saved, before it is in.
    let office = Office::open(&Options { live: false, ..setup::options(common)? }).await?;
    if let Some(note) = signed
        && !office.signed(&note)
    {
        office.close().await?;
        bail!("{} was not signed by the key {}: name the right one with --key-file", a.folder.display(), key.display());
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
        Some(Finding::Difference(text)) => bail!("restored, but not whole: {text}"),
        _ => println!(
            "restored {} entries of tenant {}; verified. The signing key is {}: it is needed from now on.",
            m.entries,
            m.tenant,
            key.display()
        ),
    }
    Ok(ExitCode::SUCCESS)
}

/// `haidang freeze`
pub async fn freeze(common: &args::Common, a: &args::Freeze) -> anyhow::Result<ExitCode> {
    let office = setup::existing(common).await?;
    let frozen = office.freeze(&Actor::system(), a.period.parse()?, &a.reason).await;
    office.close().await?;
    let f = frozen?;
    println!("{}: {} figures kept at ledger size {}", f.period, f.figures.len(), f.size);
    Ok(ExitCode::SUCCESS)
}

/// `haidang openapi`
pub fn openapi() -> anyhow::Result<ExitCode> {
    println!("{}", serde_json::to_string_pretty(&web::api::document())?);
    Ok(ExitCode::SUCCESS)
}
