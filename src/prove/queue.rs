//! Questions shared out among as many solvers as there are threads; answers in the order of the questions.

use crate::prove::solver::{Solvers, Stuck, Worker};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Deep expressions are walked by recursion.
const STACK: usize = 256 << 20;

/// The answer to every question, or the error of the solver that stopped everything. `heard` receives each
/// answer as it arrives.
pub fn all<Q: Sync, A: Send>(
    questions: &[Q],
    solvers: &dyn Solvers,
    answer: impl Fn(&mut Worker, &Q) -> Result<A, Stuck> + Sync,
    heard: impl Fn(usize, &A) + Sync,
) -> Result<Vec<A>, String> {
    let next = AtomicUsize::new(0);
    let answers: Mutex<Vec<(usize, A)>> = Mutex::new(Vec::new());
    let fault: Mutex<Option<(usize, String)>> = Mutex::new(None);
    let stop = |at: usize, why: String| {
        next.store(questions.len(), Ordering::Relaxed);
        if let Ok(mut fault) = fault.lock()
            && fault.as_ref().is_none_or(|(first, _)| at < *first)
        {
            *fault = Some((at, why));
        }
    };
    let work = || {
        let mut worker = match Worker::new(solvers) {
            Ok(worker) => worker,
            Err(Stuck::Broken(why) | Stuck::Open(why)) => return stop(0, why),
        };
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(question) = questions.get(at) else { return };
            match answer(&mut worker, question) {
                Ok(answer) => {
                    heard(at, &answer);
                    answers.lock().map(|mut answers| answers.push((at, answer))).unwrap_or_default();
                }
                Err(Stuck::Broken(why) | Stuck::Open(why)) => return stop(at, why),
            }
        }
    };
    std::thread::scope(|scope| {
        let threads = rayon::current_num_threads().min(questions.len());
        for _ in 0..threads {
            let started = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work);
            if let Err(error) = started {
                stop(0, format!("cannot start a thread: {error}"));
            }
        }
    });
    if let Ok(Some((_, why))) = fault.into_inner() {
        return Err(why);
    }
    let mut answers = answers.into_inner().unwrap_or_default();
    answers.sort_by_key(|(at, _)| *at);
    match answers.len() == questions.len() {
        true => Ok(answers.into_iter().map(|(_, answer)| answer).collect()),
        false => Err("a question has no answer".to_owned()),
    }
}
