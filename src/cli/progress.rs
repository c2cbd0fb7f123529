//! The progress line: on a terminal, while something takes long. Nothing in a pipe.

use std::io::{IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// The delay before the line appears.
const PATIENCE: Duration = Duration::from_secs(2);

/// The line, shared by the code that reports progress and the code that writes to the terminal.
#[derive(Clone, Default)]
pub(super) struct Progress {
    /// `None` if the output is not a terminal.
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
    /// Whether the text is on the terminal now.
    shown: bool,
}

impl Progress {
    /// A progress line on standard error, if that is a terminal where a line can be erased.
    pub(super) fn on_terminal() -> Progress {
        let clever = std::env::var("TERM").is_ok_and(|term| term != "dumb");
        if !clever || !std::io::stderr().is_terminal() {
            return Progress::default();
        }
        let line = Arc::new(Line::default());
        let shared = Arc::clone(&line);
        // The thread ends with the process; nothing waits for it.
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

    /// Sets the text of the line.
    pub(super) fn say(&self, text: impl Into<String>) {
        if let Some(line) = &self.line {
            let mut state = line.state();
            state.clear();
            state.text = Some(text.into());
            line.changed.notify_one();
        }
    }

    /// Erases the line, because the work is done or other output follows.
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
        // A wrapped line could not be erased.
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
