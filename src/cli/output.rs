//! Output whose reader may stop reading.

use crate::cli::progress::Progress;
use std::io::{ErrorKind, Result, Write};

/// A stream that continues without its reader. If the reader closes the pipe, the run and its exit code stay the same.
/// Output replaces the progress line.
pub(super) struct Output<W> {
    stream: W,
    progress: Progress,
}

impl<W: Write> Output<W> {
    /// Writes to this stream.
    pub(super) fn to(stream: W, progress: &Progress) -> Output<W> {
        Output {
            stream,
            progress: progress.clone(),
        }
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        self.progress.done();
        match self.stream.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self.stream.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}
