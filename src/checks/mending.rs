//! Why `check --fix` leaves a finding to people: one sentence for each check.

/// Why the findings of a check, or those of them without an edit, are left as they are.
pub fn why(id: &str) -> Option<&'static str> {
    let mut all = LEFT.iter().flat_map(|(_, codes)| codes.iter());
    all.find(|(code, _)| *code == id).map(|(_, why)| *why)
}

/// For each kind of reason, as a heading, the codes and what the reason is for that code.
pub const LEFT: &[(&str, &[(&str, &str)])] = &[
    ("A fact about your systems and your people", FACTS),
    ("A decision for people", DECISIONS),
    ("More than one way to mend it", WAYS),
];

const FACTS: &[(&str, &str)] = &[
    ("GOV102", "who can bring about what is a fact about your people and systems"),
    ("GOV110", "who manages a system is a fact about your people"),
    ("GOV111", "who controls a place of approval is a fact about your systems"),
    ("GOV117", "who reports to whom is a fact about your people"),
    ("GOV119", "whether two entries are one person is a fact about your people"),
    ("GOV124", "who controls a system is a fact about your people"),
    ("GOV201", "which identities there are is a fact about your systems"),
    ("GOV202", "which credentials there are is a fact about your systems"),
    ("GOV203", "which identities there are is a fact about your systems"),
    ("GOV204", "which identities there are is a fact about your systems"),
    ("GOV205", "how long a credential lives is a fact about your systems"),
    ("GOV206", "whether a credential is revoked is a fact about your systems"),
    ("GOV207", "what an identity can assume is a fact about your systems"),
    (
        "GOV208",
        "a secret has to be replaced where it is used, and only then taken out here",
    ),
    (
        "GOV209",
        "what issues an identity, and who can change it, is a fact about your systems",
    ),
    ("GOV210", "what an agent runs as is a fact about your systems"),
    ("GOV307", "which data a system holds is a fact about your systems"),
    ("GOV310", "what a tool does is a fact about your systems"),
    ("GOV401", "what undoes a change is a fact about your systems"),
    ("GOV402", "how fast a change can be undone is a fact about your systems"),
    ("GOV403", "whether a way back was tried is a fact about your systems"),
    ("GOV404", "what a way back restores is a fact about your systems"),
    ("GOV405", "who can stop an agent is a fact about your people and systems"),
    ("GOV406", "where a policy is checked is a fact about your systems"),
    ("GOV407", "what a check does when it fails is a fact about your systems"),
    (
        "GOV408",
        "who can undo a change or stop an agent is a fact about your people and systems",
    ),
    ("GOV501", "what is kept of decisions is a fact about your systems"),
    ("GOV502", "who can change a record is a fact about your systems"),
    ("GOV503", "how long records are kept is a fact about your systems"),
    ("GOV504", "what a record holds is a fact about your systems"),
    ("GOV505", "what an agent can reach is a fact about your systems"),
    ("GOV602", "where data flows to is a fact about your systems"),
    ("GOV603", "where data flows to is a fact about your systems"),
    ("GOV606", "who operates a system is a fact about your systems"),
    ("GOV708", "who can change these files is a fact about your people"),
    ("GOV710", "what is not said is a fact that only your people know"),
];

const DECISIONS: &[(&str, &str)] = &[
    ("GOV105", "people decide who approves where nobody can"),
    ("GOV106", "people decide who answers for what no domain covers"),
    (
        "GOV107",
        "people decide who approves in the place of those who would approve their own",
    ),
    ("GOV108", "people decide who holds a function in the place of software"),
    ("GOV109", "people decide who is accountable"),
    ("GOV112", "people decide who stands in for whom"),
    ("GOV113", "people decide who stands in for whom, and until when"),
    ("GOV115", "people decide who follows somebody who leaves"),
    ("GOV116", "people decide who else can approve"),
    ("GOV121", "people decide who answers for scope, containment and lawful basis"),
    ("GOV122", "people decide who owns an agent"),
    ("GOV123", "people decide who follows when a window closes"),
    ("GOV303", "people decide whether work that has ended goes on, and until when"),
    ("GOV304", "people decide on which lawful basis work rests"),
    ("GOV308", "people decide how long data is kept"),
    ("GOV309", "people decide how much an agent may change in what time"),
    ("GOV311", "only those who are asked can approve a scope"),
    ("GOV601", "people decide what one agent may ask of another"),
    ("GOV604", "people decide which agent calls which"),
    ("GOV605", "people decide how far an agent acts for others"),
    (
        "GOV701",
        "only those who are asked can accept a gap, and how long it was accepted has to stay known",
    ),
    ("GOV702", "only those who are asked can accept a gap"),
    (
        "GOV703",
        "people decide what a waiver is to relieve, and only those who are asked can accept it",
    ),
    ("GOV707", "people decide which control a check bears on"),
    ("GOV709", "people decide what is governed, and by which standard"),
];

const WAYS: &[(&str, &str)] = &[
    (
        "GOV101",
        "several quorums would do, or the one to write would drop what this one asks for",
    ),
    (
        "GOV103",
        "several quorums would do, or the one to write would drop what this one asks for",
    ),
    (
        "GOV104",
        "another person can approve, or what stands behind several people can be taken apart",
    ),
    (
        "GOV114",
        "an emergency can take another quorum, or get an end and a review that people can keep",
    ),
    ("GOV118", "a tier can be changed, taken out or added"),
    (
        "GOV120",
        "there is no line to change: people decide how long an approval is good, and for what",
    ),
    ("GOV301", "access can be taken away, or a task can be approved that needs it"),
    ("GOV302", "access can be taken away, or a task can be approved that needs it"),
    ("GOV305", "the task can have another purpose, or the domain can take this one in"),
    ("GOV306", "data can be left out of a line, or be written on it and approved as that"),
    (
        "GOV312",
        "a change can be left to people, or the agent can be let make it with approval",
    ),
    ("GOV313", "data can be taken out of a task, or its purpose can need it"),
    ("GOV704", "a declaration can be used, or be taken out"),
    ("GOV705", "the test can be wrong, or what it tests"),
    ("GOV706", "people know which cases a test has to hold"),
];
