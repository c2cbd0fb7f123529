//! States for each clause which direction is weaker.

/// How two values of a clause are compared. If the rule has a weaker direction, removing the clause is weaker too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// Another module compares the clause by its meaning.
    Elsewhere,
    /// A longer duration is weaker.
    LongerWeaker,
    /// A shorter duration, or a smaller number, is weaker.
    ShorterWeaker,
    /// A later day is weaker.
    LaterWeaker,
    /// An earlier day is weaker.
    EarlierWeaker,
    /// One more element is weaker. A list that is left out may contain anything.
    MoreWeaker,
    /// One element fewer is weaker.
    FewerWeaker,
    /// Data flows: one more is weaker. The duration is neither weaker nor stronger.
    Feeds,
    /// The word that is earlier in the list is weaker. A value that is left out is the weakest, or ranks where the
    /// list has `unsaid`. A word that is not in the list ranks where the list has the empty word.
    Ranked(&'static [&'static str]),
    /// Yes is weaker than no.
    YesWeaker,
    /// No is weaker than yes.
    NoWeaker,
    /// A quorum of functions that approve.
    Approve,
    /// A quorum of people who can change something. Nobody is the strongest value.
    Manage,
    /// The functions and their holders.
    Seats,
    /// The limits of inputs.
    Limits,
    /// The rules of a standard.
    Requirements,
    /// The approvers, and the day of the approval.
    Approved,
    /// A value that is left out is weaker than one that is written. Two written values cannot be ranked.
    Stated,
    /// The values cannot be ranked.
    Neutral,
}

/// The rule of a clause.
pub(super) fn rule(section: &str, clause: &str) -> Rule {
    use Rule::*;
    match (section, clause) {
        (_, "managed_by") => Manage,
        (_, "access") | ("tasks", "scope") | ("domains", "covers" | "tiers" | "seats") => Elsewhere,
        ("data", "personal" | "restricted") | ("actions", _) => NoWeaker,
        ("functions", "decides") => FewerWeaker,
        ("people", "accounts" | "reports_to") => Stated,
        ("teams", "software") => MoreWeaker,
        ("teams", "kept_in") | ("enforcements", "configured_in") => Stated,
        ("systems", "open") => YesWeaker,
        ("systems", "enforced_by") => FewerWeaker,
        ("systems", "feeds") => Feeds,
        ("systems", "holds") => Stated,
        ("enforcements", "on_failure") => Ranked(&["allow", "unsaid", "deny"]),
        ("identities", "kind") => Ranked(&["user", "apikey", "serviceaccount", "delegated", "workload"]),
        ("identities", "ttl") => LongerWeaker,
        ("identities", "just_in_time") => NoWeaker,
        ("identities", "revoked") => Ranked(&["never", "manual", "on_expiry", "on_task_end"]),
        ("identities", "secret") => YesWeaker,
        ("identities", "can_assume") => MoreWeaker,
        ("agents", "acts_for" | "calls") => MoreWeaker,
        ("agents", "autonomy") => Ranked(&["act_within_scope", "act_with_approval", "suggest"]),
        ("agents", "owner" | "provider" | "model" | "stop") => Stated,
        ("tasks", "purpose" | "basis") => Stated,
        ("tasks" | "domains", "limits") => Limits,
        ("tasks", "starts") => EarlierWeaker,
        ("tasks", "until") => LaterWeaker,
        ("tasks", "approved") => Approved,
        ("tasks", "started_by") => MoreWeaker,
        ("waivers", "waives" | "fingerprints") => MoreWeaker,
        ("waivers", "approved") => FewerWeaker,
        ("waivers", "granted") => Stated,
        ("waivers", "until") => LaterWeaker,
        ("domains", "same_person") => YesWeaker,
        ("domains", "valid" | "retention") => LongerWeaker,
        ("domains", "binds") => Ranked(&["task", "action"]),
        ("domains", "purposes") => MoreWeaker,
        ("domains", "rollbacks") => FewerWeaker,
        ("domains", "evidence") => Stated,
        ("delegations", "functions") => MoreWeaker,
        ("delegations", "starts") => EarlierWeaker,
        ("delegations", "until") => LaterWeaker,
        ("rollbacks" | "ledgers", "restores" | "keeps" | "records") => FewerWeaker,
        ("rollbacks", "method" | "owner" | "operated_by" | "runs_as") => Stated,
        ("rollbacks", "within") => LongerWeaker,
        ("rollbacks", "tested") => EarlierWeaker,
        ("ledgers", "approvals") => Ranked(&["", "signed"]),
        ("ledgers", "tamper_evident") => Ranked(&["none", ""]),
        ("ledgers", "retention") => ShorterWeaker,
        ("ledgers", "operated_by") => Stated,
        ("stop" | "review", "within") => LongerWeaker,
        ("emergency", "approve") => Elsewhere,
        ("emergency", "lasts") => LongerWeaker,
        ("emergency", "review") => Stated,
        ("review", "by") => Approve,
        ("changes", "approve") => Approve,
        ("changes", "seats") => Seats,
        ("adopts", "standards" | "frameworks") => FewerWeaker,
        ("standards", _) => Requirements,
        _ => Neutral,
    }
}
