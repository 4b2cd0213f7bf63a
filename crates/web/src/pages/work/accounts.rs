//! Accounts and grants, for those who manage them.

use axum::extract::Path;
use office::people::{ACCOUNT, Account, PASSWORD_MIN};
use rules::{
    Timestamp,
    access::{Grant, Role},
};
use store::RecordId;

use super::common::{again, blame, choices, done, form, form_page, mendable, segment};
use crate::{
    http::{Ctx, PageError, PageResult, Posted, error::render},
    view::{
        AccountsPage, Field, Form, FormPage, Input, Link, Section,
        trust::{AccountRow, GrantRow},
    },
};

/// Empty lines for further grants.
const SPARE: usize = 2;
/// Grants of one account at most.
const GRANTS_MAX: usize = 20;

fn role_text(ctx: &Ctx, role: Role) -> String {
    ctx.t.msg(&format!("role-{}", role.id().replace('_', "-")))
}

/// A register's name; its id when it is not known.
fn register_text(ctx: &Ctx, id: &str) -> String {
    ctx.app.office.world().registers.get(id).map_or_else(|| id.to_owned(), |r| ctx.t.pick(&r.def.register.name).to_owned())
}

/// `GET /accounts`
pub async fn list(ctx: Ctx) -> PageResult {
    let (t, office) = (ctx.t, &ctx.app.office);
    let all = office.accounts(&ctx.actor()).await.map_err(|e| ctx.fault(e))?;
    let world = office.world();
    let s = ctx.shell(Section::Admin, t.msg("accounts-title"), false).await?;
    let q = ctx.param("q").unwrap_or_default().to_owned();
    let words = rules::text::fold(&q);
    let mut rows = Vec::new();
    for (id, _, a) in all.iter().filter(|(_, _, a)| rules::text::fold(&format!("{} {}", a.name, a.login)).contains(&words)) {
        let since = since(&ctx, id, a).await?;
        let grants = a.grants.iter().zip(since).map(|(g, since)| GrantRow {
            role: match &g.register {
                Some(r) => format!("{} ({})", role_text(&ctx, g.role), register_text(&ctx, r)),
                None => role_text(&ctx, g.role),
            },
            unit: world.unit_name(&g.unit.to_string(), t.tag()).to_owned(),
            since: t.date(since.local_date()),
            revoke: None,
        });
        rows.push(AccountRow {
            name: a.name.clone(),
            login: a.login.clone(),
            active: !a.disabled,
            last_seen: String::new(),
            grants: grants.collect(),
            href: s.link(&format!("/accounts/{}", segment(&a.login))),
        });
    }
    let create = s.link("/accounts/new");
    Ok(render(&AccountsPage { s, q, rows, create }))
}

/// Since when each grant has been held, as the ledger says.
async fn since(ctx: &Ctx, id: &str, a: &Account) -> Result<Vec<Timestamp>, PageError> {
    let id: RecordId = id.parse().map_err(|e: store::Error| ctx.fault(e))?;
    let entries = ctx.app.office.store().history(ACCOUNT, id).await.map_err(|e| ctx.fault(e))?;
    let mut held: Vec<(Timestamp, Vec<Grant>)> = Vec::new();
    for e in &entries {
        let Ok(changes) = e.changes() else { continue };
        if let Some(list) = changes.get("grants").and_then(|pair| pair.get(1)) {
            held.push((e.at, serde_json::from_value::<Vec<Grant>>(list.clone()).unwrap_or_default()));
        }
    }
    let begun = entries.first().map_or(Timestamp(0), |e| e.at);
    Ok(a.grants.iter().map(|g| held.iter().rev().take_while(|(_, list)| list.contains(g)).last().map_or(begun, |(at, _)| *at)).collect())
}

/// What is typed on the form, as texts.
#[derive(Default)]
struct Typed {
    login: String,
    name: String,
    language: String,
    disabled: bool,
    /// role, unit, register
    grants: Vec<(String, String, String)>,
}

impl Typed {
    fn of(a: &Account) -> Self {
        let grants =
            a.grants.iter().map(|g| (g.role.id().to_owned(), g.unit.to_string(), g.register.clone().unwrap_or_default())).collect();
        Self { login: a.login.clone(), name: a.name.clone(), language: a.language.clone(), disabled: a.disabled, grants }
    }
}

async fn page(ctx: &Ctx, typed: &Typed, version: Option<i64>) -> Result<FormPage, PageError> {
    let (t, known) = (ctx.t, version.is_some());
    let world = ctx.app.office.world();
    let languages = [("vi", "lang-name-vi"), ("en", "lang-name-en")].map(|(v, key)| (v.to_owned(), t.msg(key)));
    let login = Field::new("login", t.msg("field-login"), Input::Text).value(&typed.login).hint(t.msg("account-login-hint")).required();
    let password = Field::new("password", t.msg("field-password"), Input::Password).hint(t.msg1(
        if known { "account-password-keep" } else { "account-password-hint" },
        "min",
        PASSWORD_MIN,
    ));
    let password = Field { autocomplete: "new-password", ..password };
    let mut fields = vec![
        login,
        Field::new("name", t.msg("account-name"), Input::Text).value(&typed.name).required(),
        Field::new("language", t.msg("lang-label"), Input::Select).choices(choices(languages, &typed.language)).required(),
        if known { password } else { password.required() },
    ];
    if known {
        fields.push(Field::new("disabled", t.msg("account-disable"), Input::Check).value(if typed.disabled { "true" } else { "" }));
    }
    let registers: Vec<(String, String)> = std::iter::once((String::new(), t.msg("grant-all-registers")))
        .chain(world.registers.values().map(|r| (r.def.register.id.clone(), t.pick(&r.def.register.name).to_owned())))
        .collect();
    let units: Vec<(String, String)> = every_unit(ctx);
    let empty = (String::new(), String::new(), String::new());
    for (i, (role, unit, register)) in typed.grants.iter().chain(std::iter::repeat_n(&empty, SPARE)).take(GRANTS_MAX).enumerate() {
        let n = (i + 1).to_string();
        let roles = std::iter::once((String::new(), t.msg("grant-none"))).chain(Role::ALL.map(|r| (r.id().to_owned(), role_text(ctx, r))));
        fields.push(Field::new(format!("role-{i}"), t.msg1("grant-role", "n", &n), Input::Select).choices(choices(roles, role)));
        fields.push(Field::new(format!("unit-{i}"), t.msg1("grant-unit", "n", &n), Input::Select).choices(choices(units.clone(), unit)));
        fields.push(
            Field::new(format!("register-{i}"), t.msg1("grant-register", "n", &n), Input::Select)
                .choices(choices(registers.clone(), register)),
        );
    }
    let (title, submit) = if known { (typed.name.clone(), "account-save") } else { (t.msg("accounts-create"), "accounts-create") };
    let action = if known { format!("/accounts/{}", segment(&typed.login)) } else { "/accounts".to_owned() };
    let mut page = form_page(ctx, Section::Admin, title, t.msg("account-lead"), |s| Form {
        cancel: s.link("/accounts"),
        version: version.map(|v| v.to_string()).unwrap_or_default(),
        ..form(s, &action, t.msg(submit), fields)
    })
    .await?;
    page.s.crumbs = vec![Link::new(page.s.link("/accounts"), t.msg("accounts-title"))];
    Ok(page)
}

/// Units below every top of the tenant, of every time: after a merger grants on the old and the new map stand side by side.
fn every_unit(ctx: &Ctx) -> Vec<(String, String)> {
    let world = ctx.app.office.world();
    let mut out = vec![(String::new(), ctx.t.msg("choice-choose"))];
    let mut seen = std::collections::BTreeSet::new();
    for root in world.manifests.iter().flat_map(|m| &m.roots).filter_map(|k| world.units.idx(k)) {
        for u in world.units.subtree(root) {
            if seen.insert(*u) {
                let depth = if *u == root { 0 } else { 1 + world.units.ancestors(*u).take_while(|a| *a != root).count() };
                let unit = world.units.unit(*u);
                let until = unit.valid_to.map(|d| format!(" ({} {})", ctx.t.msg("unit-until"), ctx.t.date(d))).unwrap_or_default();
                out.push((unit.key.to_string(), format!("{}{}{until}", "\u{a0}\u{a0}".repeat(depth), ctx.unit_name(*u))));
            }
        }
    }
    out
}

/// `GET /accounts/new`
pub async fn new(ctx: Ctx) -> PageResult {
    ctx.app.office.accounts(&ctx.actor()).await.map_err(|e| ctx.fault(e))?;
    Ok(render(&page(&ctx, &Typed { language: "vi".into(), ..Typed::default() }, None).await?))
}

async fn find(ctx: &Ctx, login: &str) -> Result<(i64, Account), PageError> {
    let all = ctx.app.office.accounts(&ctx.actor()).await.map_err(|e| ctx.fault(e))?;
    all.into_iter().map(|(_, v, a)| (v, a)).find(|(_, a)| a.login == login).ok_or_else(|| ctx.fault(office::Error::not_found(login)))
}

/// `GET /accounts/{login}`
pub async fn edit(ctx: Ctx, Path(login): Path<String>) -> PageResult {
    let (version, account) = find(&ctx, &login).await?;
    Ok(render(&page(&ctx, &Typed::of(&account), Some(version)).await?))
}

/// `POST /accounts`
pub async fn create(posted: Posted) -> PageResult {
    save(posted, None).await
}

/// `POST /accounts/{login}`
pub async fn change(Path(login): Path<String>, posted: Posted) -> PageResult {
    save(posted, Some(login)).await
}

async fn save(posted: Posted, known: Option<String>) -> PageResult {
    let ctx = &posted.ctx;
    let get = |n: &str| posted.get(n).trim().to_owned();
    let all = ctx.app.office.accounts(&ctx.actor()).await.map_err(|e| ctx.fault(e))?;
    let grants: Vec<(String, String, String)> = (0..GRANTS_MAX)
        .map(|i| (get(&format!("role-{i}")), get(&format!("unit-{i}")), get(&format!("register-{i}"))))
        .filter(|(role, unit, _)| !role.is_empty() || !unit.is_empty())
        .collect();
    let typed = Typed {
        // The login names the account: it is not changed.
        login: known.clone().unwrap_or_else(|| get("login").to_lowercase()),
        name: get("name"),
        language: get("language"),
        disabled: posted.checked("disabled"),
        grants,
    };
    let seen = if known.is_some() { Some(posted.version()?) } else { None };
    let password = Some(posted.get("password")).filter(|p| !p.is_empty());
    let result = match read(&typed, password, known.is_some(), all.iter().any(|(_, _, a)| a.login == typed.login)) {
        Ok(account) => ctx.app.office.save_account(&ctx.actor(), &account, password, seen).await.map(drop),
        Err(e) => Err(e),
    };
    match result {
        Ok(()) => done(ctx, "/accounts", "account-saved"),
        Err(e) if mendable(&e) => {
            let path = known.as_ref().map_or_else(|| "/accounts/new".to_owned(), |l| format!("/accounts/{}", segment(l)));
            let mut page = page(&ctx.on(&path), &typed, seen).await?;
            blame(&mut page.s, &mut page.form.fields, &e, |code| match code {
                "account.login" | "account.taken" => Some("login"),
                "account.password" => Some("password"),
                _ => None,
            });
            Ok(again(&page))
        }
        Err(office::Error::Store(store::Error::Conflict { .. })) => {
            let here = ctx.on(&format!("/accounts/{}", segment(&typed.login)));
            let (version, now) = find(&here, &typed.login).await?;
            let mut page = page(&here, &typed, Some(version)).await?;
            page.clash = compare(&here, &Typed::of(&now), &typed);
            Ok(again(&page))
        }
        Err(e) => Err(ctx.fault(e)),
    }
}

/// Field, theirs, yours; what is the same on both sides is left out.
fn compare(ctx: &Ctx, theirs: &Typed, yours: &Typed) -> Vec<(String, String, String)> {
    let (t, world) = (ctx.t, ctx.app.office.world());
    let grants = |typed: &Typed| {
        let one = |(role, unit, register): &(String, String, String)| {
            let role = role.parse().map_or_else(|_| role.clone(), |r| role_text(ctx, r));
            let register = if register.is_empty() { String::new() } else { format!(" ({})", register_text(ctx, register)) };
            format!("{role}{register} – {}", world.unit_name(unit, t.tag()))
        };
        typed.grants.iter().map(one).collect::<Vec<_>>().join("; ")
    };
    let yes = |b: bool| t.msg(if b { "word-yes" } else { "word-no" });
    let rows = [
        (t.msg("account-name"), theirs.name.clone(), yours.name.clone()),
        (t.msg("lang-label"), theirs.language.clone(), yours.language.clone()),
        (t.msg("account-disable"), yes(theirs.disabled), yes(yours.disabled)),
        (t.msg("col-grants"), grants(theirs), grants(yours)),
    ];
    rows.into_iter().filter(|(_, a, b)| a != b).collect()
}

fn read(typed: &Typed, password: Option<&str>, known: bool, taken: bool) -> office::Result<Account> {
    use rules::Refusal;
    let required = |field: String| office::Error::Refused(Refusal::new("input.required").with("field", field));
    if typed.name.is_empty() {
        return Err(required("name".into()));
    }
    if !known && taken {
        return Err(office::Error::Refused(Refusal::new("account.taken").with("login", &typed.login)));
    }
    if !known && password.is_none() {
        return Err(required("password".into()));
    }
    // Nobody is let in to see nothing; an account that is shut may keep none.
    if typed.grants.is_empty() && !typed.disabled {
        return Err(office::Error::Refused(Refusal::new("account.no_role").with("field", "role-0")));
    }
    let mut grants = Vec::new();
    for (i, (role, unit, register)) in typed.grants.iter().enumerate() {
        if role.is_empty() {
            return Err(required(format!("role-{i}")));
        }
        let unit = unit.parse().map_err(|_| required(format!("unit-{i}")))?;
        grants.push(Grant { role: role.parse()?, unit, register: Some(register.clone()).filter(|r| !r.is_empty()) });
    }
    Ok(Account {
        login: typed.login.clone(),
        name: rules::text::clean(&typed.name),
        grants,
        language: typed.language.clone(),
        disabled: typed.disabled,
    })
}
