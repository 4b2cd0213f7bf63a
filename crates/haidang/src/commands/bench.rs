//! `haidang bench`: what was asked for, and what this machine reaches.

use std::{process::ExitCode, sync::Arc};

use axum::http::{HeaderValue, header};
use office::{Office, people::Account};
use rules::access::{Actor, Grant, Role};
use tokio::net::TcpListener;
use web::http::WebOptions;

use crate::args;

pub async fn run(a: &args::Bench) -> anyhow::Result<ExitCode> {
    let options = bench::Options {
        full: a.full,
        data: a.dir.clone(),
        postgres: a.postgres.clone(),
        only: a.parts.clone(),
        program: std::env::current_exe().ok(),
        minutes: a.minutes,
        http: Some(Arc::new(|office: Office| Box::pin(serve(office)))),
        ..bench::Options::default()
    };
    let report = bench::run(&options).await?;
    crate::say!("{report}");
    Ok(ExitCode::SUCCESS)
}

/// Serves the measured office on a free port of this machine, signed in as its leader, and names the question of 20 indicators × all
/// units × 12 months.
async fn serve(office: Office) -> Result<(String, String), String> {
    let fault = |e: &dyn std::fmt::Display| e.to_string();
    let world = office.world();
    let root = world.root_on(office.today()).cloned().ok_or("no top unit")?;
    let live: Vec<&str> = world.indicators.values().filter(|i| i.live().is_some()).map(|i| i.id.as_str()).take(20).collect();
    let (_, to) = live.iter().filter_map(|i| office.months_of(i)).max_by_key(|(_, to)| *to).ok_or("no figures")?;
    let path = format!("/api/v1/matrix?indicators={}&from={}&to={to}", live.join(","), to.plus(-11));
    let (login, password) = ("bench.leader", "measured-only");
    let account = Account {
        login: login.into(),
        name: "Bench".into(),
        grants: vec![Grant { role: Role::Leader, unit: root, register: None }],
        language: "en".into(),
        disabled: false,
    };
    office.put_account(&Actor::system(), &account, Some(password)).await.map_err(|e| fault(&e))?;
    let session = office.sign_in(login, password, "").await.map_err(|e| fault(&e))?;
    let bearer: HeaderValue = format!("Bearer {}", session.cookie).parse().map_err(|_| "a session is no header")?;
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(|e| fault(&e))?;
    let address = listener.local_addr().map_err(|e| fault(&e))?.to_string();
    let signed_in = axum::middleware::map_request(move |mut request: axum::extract::Request| {
        request.headers_mut().insert(header::AUTHORIZATION, bearer.clone());
        async move { request }
    });
    let router = web::http::router(office.clone(), WebOptions::default()).layer(signed_in);
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((address, path))
}
