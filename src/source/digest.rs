//! The digest that Quorate uses everywhere.

use sha2::{Digest, Sha256};

/// `sha256:…` of some bytes.
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    let hex: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{hex}")
}
