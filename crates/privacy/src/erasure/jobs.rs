use store::jobs::{Handler, Job, Outcome};
use store::{Actor, BoxFuture, Core};

use crate::Error;
use crate::gate::{Gate, erase_job_subject};

/// The queue of erasures that something else asked for, such as a prospect's opt-out.
pub const ERASE_QUEUE: &str = "privacy.erase";

/// Runs [`ERASE_QUEUE`]. The payload is `{"subject": "con_…"}`.
#[derive(Debug, Clone)]
pub struct Jobs {
    gate: Gate,
}

impl Jobs {
    pub(crate) const fn new(gate: Gate) -> Self {
        Self { gate }
    }
}

impl Handler for Jobs {
    fn queue(&self) -> &'static str {
        ERASE_QUEUE
    }

    fn run<'a>(&'a self, core: &'a Core, job: Job) -> BoxFuture<'a, Result<Outcome, String>> {
        Box::pin(async move {
            let subject = erase_job_subject(&job.payload).ok_or("the payload names no contact")?;
            let ctx = core.ctx(job.workspace, Actor::System);
            match super::erase(&ctx, &self.gate, subject).await {
                Ok(_) | Err(Error::NotFound(_)) => Ok(Outcome::Done),
                Err(error) => Err(error.to_string()),
            }
        })
    }
}
