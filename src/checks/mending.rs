//! Why `check --fix` leaves a finding to people: one sentence for each check.

/// Why the findings of a check, or those of them without an edit, are left as they are.
pub fn why(id: &str) -> Option<&'static str> {
    let mut all = LEFT.iter().flat_map(|(_, codes)| codes.iter());
    all.find(|(code, _)| *code == id).map(|(_, why)| *why)
}

/// The headings, one for each kind of reason; below each, the codes with their reasons.
pub const LEFT: &[(&str, &[(&str, &str)])] = &[
    ("A fact about your systems and your people", FACTS),
    ("A decision for people", DECISIONS),
    ("More than one way to mend it", WAYS),
];

const FACTS: &[(&str, &str)] = &[
    ("GOV102", "who controls what is a fact about your people and systems"),
    ("GOV110", "who manages a system is a fact about your people"),
    ("GOV111", "who controls the place where people approve is a fact about your systems"),
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
    ("GOV208", "replace a secret where it is used before you remove it here"),
    (
        "GOV209",
        "what issues an identity, and who can change it, is a fact about your systems",
    ),
    ("GOV210", "what an agent runs as is a fact about your systems"),
    ("GOV307", "which data a system holds is a fact about your systems"),
    ("GOV310", "what a tool does is a fact about your systems"),
    ("GOV401", "what undoes a change is a fact about your systems"),
    ("GOV402", "how fast a change can be undone is a fact about your systems"),
    ("GOV403", "whether somebody tested a rollback is a fact about your systems"),
    ("GOV404", "what a rollback restores is a fact about your systems"),
    ("GOV405", "who can stop an agent is a fact about your people and systems"),
    ("GOV406", "where a policy is enforced is a fact about your systems"),
    (
        "GOV407",
        "what an enforcement point does when it fails is a fact about your systems",
    ),
    (
        "GOV408",
        "who can undo a change or stop an agent is a fact about your people and systems",
    ),
    ("GOV501", "which records of decisions you keep is a fact about your systems"),
    ("GOV502", "who can change a record is a fact about your systems"),
    ("GOV503", "how long you keep records is a fact about your systems"),
    ("GOV504", "what a record holds is a fact about your systems"),
    ("GOV505", "what an agent can reach is a fact about your systems"),
    ("GOV602", "where data flows to is a fact about your systems"),
    ("GOV603", "where data flows to is a fact about your systems"),
    ("GOV606", "who operates a system is a fact about your systems"),
    ("GOV708", "who can change these files is a fact about your people"),
    ("GOV710", "only your people know the facts that the files do not state"),
];

const DECISIONS: &[(&str, &str)] = &[
    ("GOV105", "people decide who approves if nobody can"),
    ("GOV106", "people decide which domain governs this, and who answers for it"),
    (
        "GOV107",
        "people decide who approves instead of those who would approve their own requests",
    ),
    ("GOV108", "people decide who holds a function instead of software"),
    ("GOV109", "people decide who is accountable"),
    ("GOV112", "people decide who stands in for whom"),
    ("GOV113", "people decide who stands in for whom, and until when"),
    ("GOV115", "people decide who replaces somebody who leaves"),
    ("GOV116", "people decide who else can approve"),
    ("GOV121", "people decide who answers for scope, containment and lawful basis"),
    ("GOV122", "people decide who owns an agent"),
    ("GOV123", "people decide who approves after a time window closes"),
    ("GOV303", "people decide whether a task that has ended continues, and until when"),
    ("GOV304", "people decide which lawful basis applies"),
    ("GOV308", "people decide how long data is kept"),
    ("GOV309", "people decide how much an agent may change in which time"),
    ("GOV311", "only the owners can approve a scope"),
    ("GOV601", "people decide what one agent may ask of another"),
    ("GOV604", "people decide which agent calls which"),
    ("GOV605", "people decide how far an agent acts for others"),
    (
        "GOV701",
        "only the owners can accept a gap, and the files must keep how long it was accepted",
    ),
    ("GOV702", "only the owners can accept a gap"),
    ("GOV703", "people decide what a waiver covers, and only the owners can accept it"),
    ("GOV707", "people decide which control a check supports"),
    ("GOV709", "people decide what to govern, and by which standard"),
];

const WAYS: &[(&str, &str)] = &[
    (
        "GOV101",
        "several quorums would solve it, or the new quorum would require less than this one",
    ),
    (
        "GOV103",
        "several quorums would solve it, or the new quorum would require less than this one",
    ),
    (
        "GOV104",
        "another person can approve, or you can separate what several people share",
    ),
    (
        "GOV114",
        "an emergency can have another quorum, or an end and a review that people can keep",
    ),
    ("GOV118", "you can change, remove or add a tier"),
    (
        "GOV120",
        "no single line fixes it: people decide how long an approval is valid, and for what",
    ),
    ("GOV301", "you can remove access, or people can approve a task that needs it"),
    ("GOV302", "you can remove access, or people can approve a task that needs it"),
    ("GOV305", "the task can have another purpose, or the domain can allow this one"),
    ("GOV306", "you can exclude data from a line, or name it there and have it approved"),
    (
        "GOV312",
        "people can make the change, or you can allow the agent to make it with approval",
    ),
    ("GOV313", "you can remove data from a task, or its purpose can require it"),
    ("GOV704", "you can use a declaration, or remove it"),
    ("GOV705", "the test can be wrong, or the files that it tests"),
    ("GOV706", "people know which cases the tests must cover"),
];
