//! Writes a generated workspace to a folder: `cargo bench --bench generate -- 10000 target/bench-10000`.
#![expect(clippy::disallowed_methods, reason = "it writes the workspace that is measured")]

mod generator;

fn main() -> std::io::Result<()> {
    // Cargo adds `--bench`.
    let arguments: Vec<String> = std::env::args().skip(1).filter(|argument| argument != "--bench").collect();
    let [agents, folder] = &arguments[..] else {
        // Nothing is asked for when all benches are run.
        return Ok(());
    };
    let agents = agents.parse().map_err(std::io::Error::other)?;
    std::fs::create_dir_all(folder)?;
    for (name, text) in generator::workspace(agents) {
        std::fs::write(std::path::Path::new(folder).join(name), text)?;
    }
    Ok(())
}
