//! Tables as a spreadsheet, one sheet each. A text is a text there, never a formula or a link.

use crate::report::tables::{Cell, Table};
use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

/// The most rows of a sheet, its head included.
const ROWS: usize = 1_048_576;

/// The most characters of a cell, with room for the words that say that it is shortened.
const CHARACTERS: usize = 32_000;

/// Writes every table to a sheet of its name. The day is the day of the report, because the clock must not reach the file.
pub fn render(tables: &[Table], as_of: Date) -> Result<Vec<u8>, String> {
    if let Some(table) = tables.iter().find(|table| table.rows.len() >= ROWS) {
        let rows = crate::words::grouped(table.rows.len());
        return Err(format!(
            "{} has {rows} rows, and a sheet holds at most 1,048,576; write csv or json instead",
            table.name
        ));
    }
    written(tables, as_of).map_err(|error| error.to_string())
}

fn written(tables: &[Table], as_of: Date) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    let created = ExcelDateTime::from_ymd(as_of.year().clamp(1900, 9999) as u16, as_of.month() as u8, as_of.day() as u8)?;
    workbook.set_properties(&DocProperties::new().set_creation_datetime(&created));
    let head = Format::new().set_bold().set_align(FormatAlign::Top).set_text_wrap();
    let body = Format::new().set_align(FormatAlign::Top).set_text_wrap();
    for table in tables {
        let sheet = workbook.add_worksheet();
        sheet.set_name(table.name)?;
        for (column, title) in (0..).zip(table.columns) {
            sheet.write_string_with_format(0, column, *title, &head)?;
            sheet.set_column_width(column, width(title))?;
        }
        for (line, row) in (1..).zip(&table.rows) {
            for (column, cell) in (0..).zip(row) {
                match cell {
                    Cell::Number(number) => sheet.write_number_with_format(line, column, *number as f64, &body)?,
                    Cell::Text(text) => sheet.write_string_with_format(line, column, shortened(text), &body)?,
                };
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        let (last_row, last_column) = (table.rows.len() as u32, table.columns.len() as u16 - 1);
        sheet.autofilter(0, 0, last_row, last_column)?;
        sheet.set_landscape().set_repeat_rows(0, 0)?.set_print_fit_to_pages(1, 0);
    }
    workbook.save_to_buffer()
}

/// The width of a column in characters, by what it holds.
fn width(title: &str) -> f64 {
    match title {
        "number" | "code" | "level" | "status" | "strength" | "decision points" => 12.0,
        "title" | "finding" | "what the model shows" | "ask for" | "how to fix it" | "answers for" | "checks" | "reason" => 50.0,
        _ => 24.0,
    }
}

/// A text that fits into a cell.
fn shortened(text: &str) -> String {
    if text.encode_utf16().count() <= CHARACTERS {
        return text.to_owned();
    }
    let mut room = CHARACTERS;
    let fits = |letter: &char| {
        let left = room.checked_sub(letter.len_utf16());
        room = left.unwrap_or(0);
        left.is_some()
    };
    let start: String = text.chars().take_while(fits).collect();
    format!("{start} … (shortened: evidence.json has the whole text)")
}
