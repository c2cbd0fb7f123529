//! The folder of an earlier build, from the disk.

use crate::prove::against::Files;
use std::path::Path;

/// Its files, as text.
pub(super) struct Texts([String; 4]);

impl Texts {
    /// Reads them. An error names every file that cannot be read.
    pub(super) fn read(folder: &Path) -> Result<Texts, String> {
        let mut faults = Vec::new();
        let mut read = |name: &str| match std::fs::read_to_string(folder.join(name)) {
            Ok(text) => text,
            Err(error) => {
                faults.push(format!("{}: {error}", folder.join(name).display()));
                String::new()
            }
        };
        let texts = Files::NAMES.map(&mut read);
        match faults.as_slice() {
            [] => Ok(Texts(texts)),
            several => Err(format!(
                "this is not a folder that `quorate build` wrote with Cedar policies:\n  {}",
                several.join("\n  ")
            )),
        }
    }

    /// The files as the subject of a proof.
    pub(super) fn files(&self) -> Files<'_> {
        let [schema, policies, explain, entities] = &self.0;
        Files {
            schema,
            policies,
            explain,
            entities,
        }
    }
}
