//! Text that is generated and kept in the repository: it is as generated, or the test says how to make it so.

use similar::TextDiff;
use std::path::{Path, PathBuf};

/// A path below the root of the repository.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

/// The text of a file of the repository; empty where there is none.
pub fn read(relative: &str) -> String {
    std::fs::read_to_string(path(relative)).unwrap_or_default()
}

/// Holds a file of the repository against the text it should have. `QUORATE_BLESS=1` writes it.
pub fn compare(relative: &str, fresh: &str) {
    let kept = read(relative);
    if kept == fresh {
        return;
    }
    if std::env::var("QUORATE_BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(path(relative), fresh).expect("the repository can be written");
        return;
    }
    let difference = TextDiff::from_lines(kept.as_str(), fresh)
        .unified_diff()
        .context_radius(3)
        .header("kept", "generated")
        .to_string();
    panic!("{relative} is not what is generated; `QUORATE_BLESS=1 cargo test` rewrites it\n{difference}");
}
