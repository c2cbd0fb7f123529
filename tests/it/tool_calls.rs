//! `tools.json`: what one call of a tool takes. A tool that is not in it is denied.

use crate::project::{Project, repository};
use serde_json::Value;

#[test]
fn a_call_that_would_pass_unasked_is_unknown() {
    let base = std::fs::read_to_string(repository().join("docs/codes/base.gov")).expect("the base is there");
    let more = r#"
system notes "Notes" {
  holds      none
  managed_by 2 of (ivy, ben)
  feeds      none
  tool "notes.ping" does nothing "it answers whether it is there"
  tool "both.call"  does nothing "here it does nothing"
}
system board "Board" {
  holds      none
  managed_by 2 of (ivy, ben)
  feeds      none
  tool "board.post"
  tool "both.call"
}
"#;
    let project = Project::of(&(base + more));
    let built = project.run(&["build", "-o", "out"]);
    assert_eq!(built.code, Some(0), "{built}");
    let text = std::fs::read_to_string(project.path("out/tools.json")).expect("it is written");
    let document: Value = serde_json::from_str(&text).expect("it is JSON");
    assert_eq!(document["unknown_tool"], "deny");
    let tools = document["tools"].as_object().expect("there are tools");
    assert_eq!(tools["notes.ping"]["evaluations"], serde_json::json!([]));
    // Two tools have one name, and one of the two does not declare its effect.
    assert!(!tools.contains_key("both.call") && !tools.contains_key("board.post"), "{document}");
}
