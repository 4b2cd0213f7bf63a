//! Payment gateways: an adapter, and a simulator that behaves as badly as real ones do.
//!
//! A gateway only ever *tells* that money came in, by the same signed notices as a bank ([`super::notice`]). That a citizen's browser
//! came back from it proves nothing.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Mutex};

use rand::{RngExt, SeedableRng, rngs::ChaCha8Rng};
use rules::{Refusal, Timestamp};
use serde_json::json;

use super::{PAYMENT, PaymentShown, changed, notice, object};
use crate::{
    Office,
    clock::Clock,
    connections::Secret,
    error::{Error, Result},
    signing,
};

pub type Answer<'a, T> = Pin<Box<dyn Future<Output = std::result::Result<T, GatewayFault>> + Send + 'a>>;

/// Why a gateway did not answer as it should. Trying again is safe: an order is known by the demand's reference.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GatewayFault {
    #[error("the gateway cannot be reached")]
    Unreachable,
    #[error("the gateway refuses: {0}")]
    Refused(String),
}

/// What a gateway is asked to collect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    pub reference: String,
    pub amount_vnd: u64,
    pub purpose: String,
    pub account: String,
    /// Where the citizen's browser goes afterwards.
    pub back_to: String,
}

/// A gateway that takes orders.
pub trait Gateway: Send + Sync {
    fn id(&self) -> &str;
    /// The page on which the citizen pays. The same order again gives the same page.
    fn open<'a>(&'a self, order: &'a Order) -> Answer<'a, String>;
}

impl Office {
    /// Sends a citizen to a gateway to pay a demand. Who calls it has checked that the demand is the citizen's to pay.
    ///
    /// # Errors
    /// `not_found`; `payment.not_now`; `payment.gateway` (reason) when the gateway does not answer: nothing is changed then.
    pub async fn open_gateway(&self, gateway: &dyn Gateway, reference: &str, back_to: &str) -> Result<String> {
        let record = self.find(PAYMENT, reference).await?;
        let shown = PaymentShown::of(&record)?;
        let owed = shown.owed();
        if owed.settled || owed.cancelled {
            return Err(Error::Refused(Refusal::new("payment.not_now").with("act", "gateway").with("state", &record.state)));
        }
        let order = Order {
            reference: shown.body.reference.clone(),
            amount_vnd: owed.amount_vnd.saturating_sub(owed.received_vnd),
            purpose: shown.body.purpose.clone(),
            account: shown.body.bank_account.clone().unwrap_or_default(),
            back_to: back_to.to_owned(),
        };
        let page = gateway.open(&order).await.map_err(|e| Error::Refused(Refusal::new("payment.gateway").with("reason", e)))?;
        let mut body = shown.body;
        // When it was opened, for how much: until the gateway tells, this is all that is known of the payment.
        body.gateway = Some(json!({ "id": gateway.id(), "page": page, "at": self.now(), "amount_vnd": order.amount_vnd }));
        let write = changed(&record, &record.state, object(body)?, "gateway", None);
        match self.store().commit(self.command(&rules::access::Actor::system(), vec![write])).await {
            // Paid in the very moment: the gateway knows, and so will the page.
            Ok(_) | Err(store::Error::Conflict { .. }) => Ok(page),
            Err(e) => Err(e.into()),
        }
    }
}

/// A message of the simulated gateway, as it would arrive over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub at: String,
    pub signature: String,
    pub body: Vec<u8>,
}

/// Fails, is late, repeats itself, mixes the order up; the same seed does the same.
pub struct Simulator {
    id: String,
    secret: Secret,
    /// Beginning of the addresses of its pages.
    page: String,
    state: Mutex<State>,
}

impl std::fmt::Debug for Simulator {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Simulator").field("id", &self.id).finish_non_exhaustive()
    }
}

struct State {
    dice: ChaCha8Rng,
    orders: BTreeMap<String, (Order, u32)>,
}

impl Simulator {
    #[must_use]
    pub fn new(id: &str, secret: Secret, seed: u64) -> Self {
        let state = State { dice: ChaCha8Rng::seed_from_u64(seed), orders: BTreeMap::new() };
        Self { id: id.to_owned(), secret, page: "https://gateway.example/".into(), state: Mutex::new(state) }
    }

    /// With its pages somewhere else.
    #[must_use]
    pub fn at(self, page: &str) -> Self {
        Self { page: page.to_owned(), ..self }
    }

    /// An order that waits for its payer.
    #[must_use]
    pub fn order(&self, reference: &str) -> Option<Order> {
        self.state().orders.get(reference).map(|(order, _)| order.clone())
    }

    /// One payer pays; what the gateway then tells, one to four times over.
    #[must_use]
    pub fn pay(&self, reference: &str, booked_at: Timestamp) -> Vec<Message> {
        let mut state = self.state();
        let Some((order, _)) = state.orders.remove(reference) else { return Vec::new() };
        let message = self.message(&order, booked_at);
        vec![message; state.dice.random_range(1..=4)]
    }

    fn message(&self, order: &Order, booked_at: Timestamp) -> Message {
        let body = notice::body(&format!("GW{}", order.reference), &order.account, order.amount_vnd, &order.purpose, booked_at);
        let at = signing::seconds(Clock::default().now());
        Message { at: at.to_string(), signature: signing::sign(&self.secret, at, &body), body }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// Everybody pays; what the gateway then tells, in the order in which it tells it. Each payment is told one to four times.
    #[must_use]
    pub fn pay_all(&self, booked_at: Timestamp) -> Vec<Message> {
        let mut state = self.state();
        let orders: Vec<Order> = std::mem::take(&mut state.orders).into_values().map(|(order, _)| order).collect();
        let mut out = Vec::new();
        for order in orders {
            let message = self.message(&order, booked_at);
            for _ in 0..state.dice.random_range(1..=4) {
                let place = state.dice.random_range(0..=out.len());
                out.insert(place, message.clone());
            }
        }
        out
    }
}

impl Gateway for Simulator {
    fn id(&self) -> &str {
        &self.id
    }

    fn open<'a>(&'a self, order: &'a Order) -> Answer<'a, String> {
        Box::pin(async move {
            let mut state = self.state();
            if state.dice.random_bool(0.3) {
                return Err(GatewayFault::Unreachable);
            }
            let tries = state.orders.get(&order.reference).map_or(0, |(_, n)| *n);
            state.orders.insert(order.reference.clone(), (order.clone(), tries + 1));
            // The answer is lost although the order was taken: the next try finds it.
            if tries == 0 && state.dice.random_bool(0.2) {
                return Err(GatewayFault::Unreachable);
            }
            Ok(format!("{}{}", self.page, order.reference))
        })
    }
}
