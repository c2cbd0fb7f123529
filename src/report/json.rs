//! The evidence report as JSON, schema `quorate/evidence/1`.

use crate::report::evidence::Report;

/// The document, indented, with a line break at its end.
pub fn render(report: &Report) -> Result<String, String> {
    let text = serde_json::to_string_pretty(report).map_err(|error| error.to_string())?;
    Ok(text + "\n")
}
