//! The files as one archive that Open Policy Agent loads with `opa run -b`; the same policy gives the same bytes.

use crate::emit::rego::Rego;
use flate2::{Compression, GzBuilder};
use std::io::{Error, Write};
use tar::{Builder, EntryType, Header};

/// `bundle.tar.gz`: the files in order of their names, without times or owners.
pub fn bundle(rego: &Rego) -> Result<Vec<u8>, String> {
    pack(rego).map_err(|error| format!("the bundle could not be packed: {error}"))
}

fn pack(rego: &Rego) -> Result<Vec<u8>, Error> {
    let mut archive = Builder::new(Vec::new());
    for (name, content) in rego.files() {
        let mut header = Header::new_ustar();
        header.set_entry_type(EntryType::Regular);
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        header.set_mtime(0);
        header.set_uid(0);
        header.set_gid(0);
        archive.append_data(&mut header, name, content.as_bytes())?;
    }
    let mut packed = GzBuilder::new()
        .mtime(0)
        .operating_system(255)
        .write(Vec::new(), Compression::new(6));
    packed.write_all(&archive.into_inner()?)?;
    packed.finish()
}
