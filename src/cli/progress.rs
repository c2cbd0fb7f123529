//! What is being done, on one line of a terminal while it takes long; nothing in a pipe.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Nobody wonders before that.
const PATIENCE: Duration = Duration::from_secs(2);

/// The line, shared by whoever says what is done and whatever writes to the terminal.
#[derive(Clone, Default)]
pub(super) struct Progress {
    /// None where nobody watches.
    line: Option<Arc<Line>>,
}

#[derive(Default)]
struct Line {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Default)]
struct State {
    text: Option<String>,
    /// Whether the text stands on the terminal.
    shown: bool,
}

impl Progress {
    /// A line on the terminal that standard error is, if it is one that takes a line back.
    pub(super) fn on_terminal() -> Progress {
        let clever = std::env::var("TERM").is_ok_and(|term| term != "dumb");
        if !clever || !std::io::stderr().is_terminal() {
            return Progress::default();
        }
        let line = Arc::new(Line::default());
        let shared = Arc::clone(&line);
        // It ends with the process: what it waits for never needs it.
        std::thread::spawn(move || {
            std::thread::sleep(PATIENCE);
            let mut state = shared.state();
            loop {
                state.show();
                state = shared.changed.wait(state).unwrap_or_else(PoisonError::into_inner);
            }
        });
        Progress { line: Some(line) }
    }

    /// Says what is being done from now on.
    pub(super) fn say(&self, text: impl Into<String>) {
        if let Some(line) = &self.line {
            let mut state = line.state();
            state.clear();
            state.text = Some(text.into());
            line.changed.notify_one();
        }
    }

    /// Takes the line away: it is done, or something else is written where it stands.
    pub(super) fn done(&self) {
        if let Some(line) = &self.line {
            let mut state = line.state();
            state.clear();
            state.text = None;
        }
    }
}

impl Line {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn show(&mut self) {
        let Some(text) = self.text.as_ref().filter(|_| !self.shown) else {
            return;
        };
        // A line that wrapped could not be taken back.
        let width = terminal_size::terminal_size_of(std::io::stderr()).map_or(80, |(width, _)| usize::from(width.0));
        let text: String = text.chars().take(width.saturating_sub(1)).collect();
        put(&text);
        self.shown = true;
    }

    fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            put("\r\x1b[K");
        }
    }
}

/// An error here does not change the verdict.
fn put(text: &str) {
    let mut error = std::io::stderr().lock();
    let _ = error.write_all(text.as_bytes()).and_then(|()| error.flush());
}
