//! Output that a reader may stop reading.

use std::io::{ErrorKind, Result, Write};

/// A stream that goes on without its reader: whoever closed the pipe has read enough, and how the run ends does not
/// depend on it.
pub(super) struct Output<W>(W);

impl<W: Write> Output<W> {
    /// Writes to this stream.
    pub(super) fn to(stream: W) -> Output<W> {
        Output(stream)
    }
}

impl<W: Write> Write for Output<W> {
    fn write(&mut self, bytes: &[u8]) -> Result<usize> {
        match self.0.write(bytes) {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(bytes.len()),
            other => other,
        }
    }

    fn flush(&mut self) -> Result<()> {
        match self.0.flush() {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
            other => other,
        }
    }
}
