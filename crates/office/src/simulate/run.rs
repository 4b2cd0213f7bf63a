//! Carrying the acts out: in the order in which they happened, many in one transaction, each through the use case's own checks.

use std::{
    collections::HashMap,
    future::{Future, poll_fn},
    pin::Pin,
    sync::Arc,
    task::Poll,
};

use rules::{Timestamp, access::Actor};
use store::{Command, Engine};

use crate::{
    Office,
    error::{Error, Result},
    registers::{NewRecord, Present, StepInput, Workflow, open_register, prepare_new, prepare_step},
    world::World,
};

/// Acts that wait together for their commits; the store shares transactions among them.
const WAVE: usize = 2_000;

/// What somebody does to the registers.
pub enum What {
    /// `slot` numbers the record for the steps that follow.
    Create {
        register: &'static str,
        slot: usize,
        new: Box<NewRecord>,
    },
    Step {
        register: &'static str,
        slot: usize,
        input: Box<StepInput>,
    },
    Batch {
        register: &'static str,
        list: Vec<NewRecord>,
    },
}

/// Who does what, when.
pub struct Act {
    pub at: Timestamp,
    pub actor: Arc<Actor>,
    pub what: What,
}

/// Runs futures side by side and gives their results in order. They are first asked in order, too: what each sends to the
/// writer's queue arrives in that order.
#[expect(clippy::type_complexity, reason = "a future and its result, side by side")]
pub async fn together<T, F: Future<Output = Result<T>>>(futures: impl IntoIterator<Item = F>) -> Result<Vec<T>> {
    let mut running: Vec<(Option<Pin<Box<F>>>, Option<Result<T>>)> = futures.into_iter().map(|f| (Some(Box::pin(f)), None)).collect();
    poll_fn(|cx| {
        let mut waiting = false;
        for (future, result) in &mut running {
            if let Some(f) = future {
                match f.as_mut().poll(cx) {
                    Poll::Ready(r) => {
                        *result = Some(r);
                        *future = None;
                    }
                    Poll::Pending => waiting = true,
                }
            }
        }
        if waiting { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
    running.into_iter().filter_map(|(_, r)| r).collect()
}

/// Carries acts out. Knows the records it made, as their officers do.
pub struct Runner<'a> {
    office: &'a Office,
    world: Arc<World>,
    workflows: HashMap<&'static str, Workflow>,
    held: HashMap<usize, Present>,
    /// Records written.
    pub written: usize,
}

impl<'a> Runner<'a> {
    pub fn new(office: &'a Office) -> Self {
        Self { office, world: office.world(), workflows: HashMap::new(), held: HashMap::new(), written: 0 }
    }

    /// Carries out acts that are in the order of their times. `told` hears how many are done.
    pub async fn run(
        &mut self,
        acts: &mut std::iter::Peekable<std::vec::IntoIter<Act>>,
        until: Timestamp,
        told: &mut dyn FnMut(usize),
    ) -> Result<()> {
        loop {
            let mut wave = Vec::new();
            while wave.len() < WAVE
                && let Some(act) = acts.next_if(|a| a.at < until)
            {
                wave.push(act);
            }
            if wave.is_empty() {
                return Ok(());
            }
            let done = wave.len();
            self.wave(wave).await?;
            told(done);
        }
    }

    async fn wave(&mut self, wave: Vec<Act>) -> Result<()> {
        // PostgreSQL has several writers, so a record's next step waits for its last. SQLite's one writer keeps the order.
        let rounds_matter = self.office.store().engine() == Engine::Postgres;
        let mut rounds: Vec<Vec<Command>> = vec![Vec::new()];
        let mut turn: HashMap<usize, usize> = HashMap::new();
        for act in wave {
            let slot = match &act.what {
                What::Create { slot, .. } | What::Step { slot, .. } => Some(*slot),
                What::Batch { .. } => None,
            };
            let round = match slot {
                Some(slot) if rounds_matter => {
                    let t = turn.entry(slot).or_default();
                    *t += 1;
                    *t - 1
                }
                _ => 0,
            };
            let command = self.command(act)?;
            if rounds.len() <= round {
                rounds.resize_with(round + 1, Vec::new);
            }
            rounds[round].push(command);
        }
        for round in rounds {
            let outcomes = together(round.into_iter().map(|c| async { self.office.store().commit(c).await.map_err(Error::from) })).await?;
            self.written += outcomes.iter().map(|o| o.written.len()).sum::<usize>();
        }
        Ok(())
    }

    fn command(&mut self, act: Act) -> Result<Command> {
        let Act { at, actor, what } = act;
        let name = match &what {
            What::Create { register, .. } | What::Step { register, .. } | What::Batch { register, .. } => *register,
        };
        let register = open_register(&self.world, name)?;
        if !self.workflows.contains_key(name) {
            self.workflows.insert(name, Workflow::compile(register)?);
        }
        let workflow = self.workflows.get(name).ok_or_else(|| Error::not_found(name))?;
        let writes = match what {
            What::Create { slot, new, .. } => {
                let write = prepare_new(&self.world, workflow, register, &actor, *new, at)?;
                self.held.insert(slot, Present::after(&write, 1, at, at));
                vec![write]
            }
            What::Step { slot, input, .. } => {
                let old = self.held.get(&slot).ok_or_else(|| Error::not_found(name))?;
                let write = prepare_step(&self.world, workflow, register, &actor, old, &input, at)?;
                let next = Present::after(&write, old.version + 1, old.created_at, at);
                self.held.insert(slot, next);
                vec![write]
            }
            What::Batch { list, .. } => {
                list.into_iter().map(|new| prepare_new(&self.world, workflow, register, &actor, new, at)).collect::<Result<Vec<_>>>()?
            }
        };
        Ok(Command { actor: actor.account.clone(), on_behalf: None, at, idempotency: None, writes })
    }
}
