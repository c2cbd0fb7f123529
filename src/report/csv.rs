//! A table as CSV, as RFC 4180 describes it, in UTF-8 without a byte order mark.

use crate::report::tables::{Cell, Table};

/// Writes a table with its head.
pub fn render(table: &Table) -> Result<Vec<u8>, String> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        // A spreadsheet may split at semicolons, so that the rest of an unquoted text would be a cell.
        .quote_style(csv::QuoteStyle::NonNumeric)
        .from_writer(Vec::new());
    let failed = |error: csv::Error| error.to_string();
    writer.write_record(table.columns).map_err(failed)?;
    for row in &table.rows {
        writer.write_record(row.iter().map(field)).map_err(failed)?;
    }
    writer.into_inner().map_err(|error| error.to_string())
}

/// What begins a formula in some spreadsheet; some read the full-width forms as the plain ones.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// A cell, so that a spreadsheet does not read a text as a formula: CSV has no types.
fn field(cell: &Cell) -> String {
    match cell {
        Cell::Number(number) => number.to_string(),
        Cell::Text(text) if text.starts_with(FORMULA) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
    }
}
