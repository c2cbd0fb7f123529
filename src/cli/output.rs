//! Output that a reader may stop reading.

use crate::cli::progress::Progress;
use std::io::{ErrorKind, Result, Write};

/// A stream that goes on without its reader: whoever closed the pipe has read enough, and how the run ends does not
/// depend on it. What is written takes the place of the line that says what is being done.
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
