//! `haidang bench`: what was asked for, and what this machine reaches.

use std::{process::ExitCode, sync::Arc};

use office::Office;
use tokio::net::TcpListener;
use web::http::WebOptions;

use crate::args;

pub async fn run(a: &args::Bench) -> anyhow::Result<ExitCode> {
    let options = bench::Options {
        full: a.full,
        data: a.dir.clone(),
        postgres: a.postgres.clone(),
        http: Some(Arc::new(|office: Office| Box::pin(serve(office)))),
        ..bench::Options::default()
    };
    let report = bench::run(&options).await?;
    println!("{report}");
    Ok(ExitCode::SUCCESS)
}

/// Serves the measured office on a free port of this machine.
async fn serve(office: Office) -> Result<(String, String), String> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(|e| e.to_string())?;
    let address = listener.local_addr().map_err(|e| e.to_string())?.to_string();
    let router = web::http::router(office, WebOptions::default());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok((address, "/api/v1/matrix".to_owned()))
}
