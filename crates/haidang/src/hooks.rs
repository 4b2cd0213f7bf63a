//! Sends notices to other systems while the program serves.

use std::{sync::Arc, time::Duration};

use office::{
    Clock, Office,
    one_stop::webhooks::{Answer, Message, Post},
};
use tokio::task::JoinHandle;

/// Between rounds when nothing is heard of; a change wakes it sooner.
const ROUND: Duration = Duration::from_secs(5);
const TIMEOUT: Duration = Duration::from_secs(20);

/// HTTPS with the certificates of this machine: an authority's own are known there.
struct Https(ureq::Agent);

impl Https {
    fn new() -> Self {
        // Already set by another part of the program: just as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let tls = ureq::tls::TlsConfig::builder().root_certs(ureq::tls::RootCerts::PlatformVerifier).build();
        let config = ureq::Agent::config_builder()
            .timeout_global(Some(TIMEOUT))
            .http_status_as_error(false)
            // A message goes where the operator said, nowhere else.
            .max_redirects(0)
            .tls_config(tls)
            .build();
        Self(config.new_agent())
    }
}

impl Post for Https {
    fn post<'a>(&'a self, m: &'a Message) -> Answer<'a> {
        let (agent, m) = (self.0.clone(), m.clone());
        Box::pin(async move {
            let sent = tokio::task::spawn_blocking(move || {
                let request = agent
                    .post(&m.url)
                    .header("content-type", "application/json")
                    .header("x-haidang-event", &m.event)
                    .header("x-haidang-timestamp", &m.at)
                    .header("x-haidang-signature", &m.signature);
                request.send(&m.body[..]).map(|r| r.status().as_u16()).map_err(|e| e.to_string())
            });
            sent.await.unwrap_or_else(|e| Err(e.to_string()))
        })
    }
}

/// Starts it where the operator declared a hearer.
pub fn start(office: &Office) -> Option<JoinHandle<()>> {
    if office.connections().hooks.is_empty() {
        return None;
    }
    let office = office.clone();
    Some(tokio::spawn(async move {
        let post: Arc<dyn Post> = Arc::new(Https::new());
        let by = format!("{}-{}", std::process::id(), store::RecordId::new());
        let mut feed = office.store().follow();
        loop {
            if let Err(e) = office.webhook_round(&*post, &by, Clock::default().now()).await {
                tracing::warn!(error = %e, "notices to other systems wait");
            }
            // Whatever is heard, or nothing for a while: the next round looks for itself.
            let _ = tokio::time::timeout(ROUND, feed.recv()).await;
        }
    }))
}
