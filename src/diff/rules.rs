//! For each clause of each kind of declaration, which way is weaker.

/// How two values of a clause are compared. A removed clause is weaker wherever one direction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rule {
    /// It is compared elsewhere, by what it means.
    Elsewhere,
    /// More of it is weaker, in seconds.
    LongerWeaker,
    /// Less of it is weaker, in seconds.
    ShorterWeaker,
    /// A later day is weaker.
    LaterWeaker,
    /// An earlier day is weaker.
    EarlierWeaker,
    /// One thing more is weaker; an unstated value may be anything.
    MoreWeaker,
    /// One thing less is weaker.
    FewerWeaker,
    /// What flows where: more is weaker, and how fast is neither.
    Feeds,
    /// The value that stands earlier is weaker; what is not said is the weakest, or stands where `unstated` does.
    Ranked(&'static [&'static str]),
    /// Whether it is so; so is weaker.
    YesWeaker,
    /// Whether it is so; not so is weaker.
    NoWeaker,
    /// A quorum over functions that approve.
    Approve,
    /// A quorum over people who can change something; nobody is the strongest.
    Manage,
    /// Which functions are held by whom.
    Seats,
    /// The most of inputs.
    Limits,
    /// Rules of a standard.
    Requirements,
    /// Who approved, on which day.
    Approved,
    /// An unstated value is weaker than a stated one, and stated values cannot be ranked.
    Stated,
    /// It cannot be ranked.
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
