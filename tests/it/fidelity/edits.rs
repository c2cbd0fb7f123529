//! For each clause that the policies enforce, an edit by which some request is decided otherwise.

use super::Key;
use quorate::syntax::vocabulary::{Kind, Place};

/// For each clause that is enforced an edit of it: everywhere the one text for the other.
pub fn edits() -> Vec<(Key, &'static str, &'static str)> {
    let file = |word: &'static str, signature: &'static str| (Place::File, word, signature);
    let of = |kind: Kind, word: &'static str, signature: &'static str| (Place::In(kind), word, signature);
    let new = "NEW [TITLE]";
    vec![
        (file("module", "PATH"), "module acme\n", "module acme.other\n"),
        (file("function", new), "finance", "treasury"),
        (file("person", new), "dagmar", "dora"),
        (file("purpose", new), "syncing", "mailing"),
        (file("data", new), "parcel", "packet"),
        (file("action", new), "deliver", "haul"),
        (file("system", new), "crm", "desk"),
        (file("agent", new), "robot", "droid"),
        (file("task", "NEW [TITLE] for AGENT"), "sync_up", "catch_up"),
        (file("domain", new), "consents", "permissions"),
        (file("rollback", new), "undo", "redo"),
        (file("ledger", new), "book", "diary"),
        (of(Kind::Data, "data", new), "label", "sticker"),
        (of(Kind::Action, "action", new), "send", "post"),
        (
            of(Kind::Person, "email", "TEXT"),
            "person ben \"Ben\" {",
            "person ben \"Ben\" { email \"ann@acme.example\";",
        ),
        (
            of(Kind::Person, "accounts", "TEXT:account,..."),
            "\"okta:ben\"",
            "\"okta:ben\", \"okta:ann\"",
        ),
        (
            of(Kind::Person, "access", ""),
            "\"okta:eve\"; access { write.update customer.consent in crm; deliver.send parcel.label in crm }",
            "\"okta:eve\"; access { write.update customer.consent in crm }",
        ),
        (
            of(Kind::Team, "access", ""),
            "  access { write.update customer.consent in crm; deliver.send parcel.label in crm }\n}\nteam watch",
            "  access { write.update customer.consent in crm }\n}\nteam watch",
        ),
        (
            (Place::Access, "grant", "GRANT"),
            "\"okta:eve\"; access { write.update customer.consent in crm; deliver.send parcel.label in crm }",
            "\"okta:eve\"; access { write.update customer.consent in crm; deliver.recall parcel.label in crm }",
        ),
        (
            (Place::Within, "grant", "GRANT"),
            "within { write.update customer.consent in crm; deliver.send parcel.label in crm }",
            "within { write.update customer.consent in crm }",
        ),
        (of(Kind::Person, "until", "DATE"), "until 2027-02-01", "until 2027-03-01"),
        (of(Kind::Team, "lead", "MEMBER:lead"), "lead eve", "lead gil"),
        (of(Kind::Team, "members", "MEMBER:member,..."), "members fay", "members gil"),
        (
            of(Kind::Delegation, "from", "PERSON:from to DELEGATE:to"),
            "from ann to gil",
            "from ann to hal",
        ),
        (
            of(Kind::Delegation, "function", "FUNCTION in DOMAIN,..."),
            "function business in consents",
            "function business in parcels",
        ),
        (of(Kind::Delegation, "starts", "DATE"), "starts 2026-12-20", "starts 2026-12-21"),
        (of(Kind::Delegation, "until", "DATE"), "until 2027-01-06", "until 2027-01-07"),
        (of(Kind::System, "holds", "(any|none):all"), "holds any", "holds none"),
        (
            of(Kind::System, "holds", "DATA,..."),
            "holds customer.consent, parcel",
            "holds parcel",
        ),
        (of(Kind::Identity, "principal", "TEXT"), "spiffe://robot", "spiffe://machine"),
        (of(Kind::Identity, "ttl", "DURATION"), "ttl 15m", "ttl 14m"),
        (
            of(Kind::Identity, "can_assume", "IDENTITY,..."),
            "can_assume stronger_identity",
            "can_assume none",
        ),
        (
            of(Kind::Agent, "runs_as", "IDENTITY"),
            "runs_as robot_identity",
            "runs_as stronger_identity",
        ),
        (of(Kind::Agent, "acts_for", "PEOPLE"), "acts_for helpers", "acts_for hal"),
        (
            of(Kind::Agent, "acts_for", "PEOPLE within"),
            "acts_for eve within",
            "acts_for hal within",
        ),
        (
            of(Kind::Agent, "calls", "AGENT doing TASK,..."),
            "calls robot doing sync_up",
            "calls robot doing bill",
        ),
        (of(Kind::Agent, "calls", "AGENT"), "calls robot\n", "calls deputy\n"),
        (of(Kind::Task, "purpose", "PURPOSE"), "  purpose syncing", "  purpose sending"),
        (
            of(Kind::Task, "limit", "IDENTIFIER:input LITERAL [per DURATION]"),
            "records 1_000 per",
            "records 999 per",
        ),
        (
            of(Kind::Task, "started_by", "(schedule|outsider):starter"),
            "started_by schedule",
            "started_by outsider",
        ),
        (
            of(Kind::Task, "started_by", "PEOPLE,..."),
            "started_by hal, helpers",
            "started_by hal",
        ),
        (of(Kind::Task, "starts", "DATE"), "starts 2026-12-01", "starts 2026-12-02"),
        (of(Kind::Task, "until", "DATE"), "until 2027-06-30", "until 2027-06-29"),
        (
            of(Kind::Task, "approved", "(FUNCTION PERSON),... on DATE[,scope TEXT:scope]"),
            "approved business ann, security ben, finance dagmar on 2026-11-02 scope",
            "approved business ann on 2026-11-02 scope",
        ),
        (
            of(Kind::Task, "grant", "GRANT"),
            "deliver.send parcel.label in crm",
            "deliver.recall parcel.label in crm",
        ),
        (
            of(Kind::Domain, "covers", "GRANT"),
            "covers write.update customer.consent",
            "covers write.create customer.consent",
        ),
        (
            of(
                Kind::Domain,
                "input",
                "IDENTIFIER:input money CURRENCY from LITERAL:from to LITERAL:to",
            ),
            "to 5_000",
            "to 4_999",
        ),
        (
            of(Kind::Domain, "input", "IDENTIFIER:input integer from LITERAL:from to LITERAL:to"),
            "from 0 to 10\n",
            "from 0 to 11\n",
        ),
        (
            of(Kind::Domain, "input", "IDENTIFIER:input one_of (IDENTIFIER:word,...)"),
            "one_of (late, broken)",
            "one_of (late)",
        ),
        (
            of(Kind::Domain, "input", "IDENTIFIER:input (boolean|text):type"),
            "urgent boolean",
            "urgent text",
        ),
        (
            of(Kind::Domain, "owner", "FUNCTION PARTY:owner [deputy PARTY:deputy,...]"),
            "owner business ann deputy gil",
            "owner business ann deputy hal",
        ),
        (
            of(Kind::Domain, "approve", "QUORUM when CONDITION"),
            "amount <= 100 EUR",
            "amount <= 101 EUR",
        ),
        (
            of(Kind::Domain, "approve", "QUORUM otherwise"),
            "business and finance otherwise",
            "finance otherwise",
        ),
        (
            of(Kind::Domain, "approve", "QUORUM"),
            "approve business and security\n",
            "approve business\n",
        ),
        (of(Kind::Domain, "same_person", "allowed"), "  same_person allowed\n", "\n"),
        (of(Kind::Domain, "valid", "DURATION"), "valid 12h", "valid 13h"),
        (
            of(Kind::Domain, "limit", "IDENTIFIER:input LITERAL [per DURATION]"),
            "limit records 110",
            "limit records 99",
        ),
        (
            of(Kind::Domain, "purposes", "PURPOSE,..."),
            "  purposes syncing",
            "  purposes sending",
        ),
        (of(Kind::Domain, "rollback", "ROLLBACK,..."), "  rollback undo\n", "\n"),
        (of(Kind::Domain, "evidence", "LEDGER"), "  evidence book\n", "\n"),
        (
            of(Kind::Domain, "ownership", "OWNERSHIP,..."),
            "ownership movers\n",
            "ownership others\n",
        ),
        (
            of(Kind::Domain, "safeguards", "SAFEGUARDS,..."),
            "safeguards light\n",
            "safeguards lighter\n",
        ),
        (
            of(Kind::Ownership, "owner", "FUNCTION PARTY:owner [deputy PARTY:deputy,...]"),
            "\"Movers\" {\n  owner business ann\n",
            "\"Movers\" {\n  owner business hal\n",
        ),
        (of(Kind::Safeguards, "valid", "DURATION"), "valid 6h", "valid 7h"),
        (of(Kind::Safeguards, "rollback", "ROLLBACK,..."), "  rollback undo_parcels\n", "\n"),
        (of(Kind::Safeguards, "evidence", "LEDGER"), "  evidence second_book\n", "\n"),
        (
            of(Kind::Domain, "emergency", ""),
            "  emergency {\n    approve security\n    lasts 30m\n    review business within 24h\n  }",
            "\n\n\n\n",
        ),
        (
            (Place::Emergency, "approve", "QUORUM"),
            "    approve security\n",
            "    approve business\n",
        ),
        ((Place::Emergency, "lasts", "DURATION"), "lasts 30m", "lasts 29m"),
    ]
}
