//! Teams that decide about each other are looked at in polynomial time.

use crate::project::Project;
use std::fmt::Write;
use std::time::{Duration, Instant};

#[test]
fn five_thousand_teams_that_manage_each_other_end_within_seconds() {
    const TEAMS: usize = 5_000;
    let mut text = String::from(include_str!("../../docs/codes/base.gov"));
    text = text.replace("deny; managed_by 2 of (priya, ines)", "deny; managed_by 2 of (q0, q1, q2)");
    assert!(text.contains("(q0, q1, q2)"));
    for team in 0..TEAMS {
        let (one, two, three) = ((team + 1) % TEAMS, (team + 7) % TEAMS, (team + 2_001) % TEAMS);
        let members = if team % 2 == 0 { "ivy, ben" } else { "ivy, gerard" };
        writeln!(
            text,
            "team q{team} \"Q{team}\" {{ lead ivy; members {members}; managed_by 2 of (q{one}, q{two}, q{three}); kept_in none }}"
        )
        .expect("text takes everything");
    }
    let began = Instant::now();
    let findings = Project::of(&text).findings();
    // An order of magnitude above what it takes.
    assert!(began.elapsed() < Duration::from_secs(30), "it took {:?}", began.elapsed());
    assert!(
        findings.of("forgeable-approval").count() > 0,
        "ivy is in every team, so the gateway is hers"
    );
}
