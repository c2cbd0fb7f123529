//! A solver in its own process. If it does anything but answer, the whole proof ends.

use cedar_policy_symcc::CedarSymCompiler;
use cedar_policy_symcc::err::Error;
use cedar_policy_symcc::solver::LocalSolver;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;
use tokio::runtime::{Builder, Runtime};

/// How long a solver may work on one question, unless the user sets another time.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// How much longer to wait, so that the solver can report its own timeout.
const GRACE: Duration = Duration::from_secs(15);

/// Starts a solver; the caller knows where it is.
pub trait Solvers: Sync {
    /// Its name and version.
    fn name(&self) -> &str;
    /// How long it may think about one question.
    fn patience(&self) -> Duration {
        PATIENCE
    }
    /// A new process of it, which ends when it is dropped.
    fn start(&self) -> Result<LocalSolver, String>;
}

/// A compiler of Cedar policies into questions, with its solver.
pub type Compiler = CedarSymCompiler<LocalSolver>;

/// Why there is no answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// This one question has no answer.
    Open(String),
    /// The solver does not work, and none of its answers count.
    Broken(String),
}

/// One solver and what it takes to talk to it.
pub struct Worker<'s> {
    runtime: Runtime,
    solvers: &'s dyn Solvers,
    compiler: Option<Compiler>,
}

impl<'s> Worker<'s> {
    /// A worker whose solver starts with its first question.
    pub fn new(solvers: &'s dyn Solvers) -> Result<Worker<'s>, Stuck> {
        let runtime = Builder::new_current_thread().enable_all().build();
        Ok(Worker {
            runtime: runtime.map_err(|error| Stuck::Broken(format!("cannot wait for a solver: {error}")))?,
            solvers,
            compiler: None,
        })
    }

    /// Asks one question.
    pub fn ask<T>(&mut self, question: impl AsyncFnOnce(&mut Compiler) -> Result<T, Error>) -> Result<T, Stuck> {
        let Worker {
            runtime,
            solvers,
            compiler,
        } = self;
        let (name, patience) = (solvers.name(), solvers.patience());
        runtime.block_on(async {
            let mut solver = match compiler.take() {
                Some(solver) => solver,
                None => solver_of(*solvers)?,
            };
            let answer = {
                let mut answer = pin!(tokio::time::timeout(patience + GRACE, question(&mut solver)));
                let mut stop = pin!(tokio::signal::ctrl_c());
                poll_fn(|context| match stop.as_mut().poll(context) {
                    Poll::Ready(_) => Poll::Ready(Err(Stuck::Broken("interrupted".to_owned()))),
                    Poll::Pending => answer.as_mut().poll(context).map(Ok),
                })
                .await?
            };
            let Ok(answer) = answer else {
                return Err(Stuck::Broken(format!("{name} neither answers nor gives up")));
            };
            let said = answer.map_err(|error| stuck(*solvers, &error));
            if !matches!(said, Err(Stuck::Broken(_))) {
                *compiler = Some(solver);
            }
            said
        })
    }
}

fn solver_of(solvers: &dyn Solvers) -> Result<Compiler, Stuck> {
    let solver = solvers.start().map_err(Stuck::Broken)?;
    CedarSymCompiler::new(solver).map_err(|error| stuck(solvers, &error))
}

/// What an error means for the question.
fn stuck(solvers: &dyn Solvers, error: &Error) -> Stuck {
    let name = solvers.name();
    match error {
        Error::SolverUnknown => Stuck::Open(format!(
            "{name} did not finish within {} seconds, or cannot decide it",
            solvers.patience().as_secs()
        )),
        Error::SolverError(error) => Stuck::Broken(format!("{name} ended, or its output is not an answer: {error}")),
        Error::EncodeError(error) => Stuck::Broken(format!("{name} does not accept the question: {error}")),
        Error::DecodeModel(error) => Stuck::Broken(format!("{name} gave a counterexample that cannot be read: {error}")),
        Error::ModelInvalid { .. } => Stuck::Broken(format!("{name} gave a counterexample that does not reproduce")),
        other => Stuck::Open(unsupported(other)),
    }
}

/// The reason for a policy that cannot be expressed as a question.
pub fn unsupported(error: &Error) -> String {
    format!("a policy has a part that a solver cannot read: {error}")
}
