//! Tests which texts count as secrets, and what remains of them.

use super::{find, struck};

/// Builds a secret at run time, so that no secret scanner finds one in this file.
fn of(prefix: &str, rest: &str) -> String {
    format!("{prefix}{rest}")
}

fn secrets() -> Vec<String> {
    let long = "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8s9";
    let mut all: Vec<String> = super::FORMS
        .iter()
        .filter(|form| form.least != 16 || !form.prefix.ends_with("IA"))
        .map(|form| of(form.prefix, long))
        .collect();
    all.push(of("AKIA", "IOSFODNN7EXAMPL2"));
    all.push(of("ASIA", "IOSFODNN7EXAMPL2"));
    all.push(of("eyJ", "hbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"));
    all
}

#[test]
fn every_form_is_found_wherever_it_stands() {
    for secret in secrets() {
        for text in [
            format!("secret \"{secret}\"\n"),
            format!("// {secret}"),
            format!("secret \"key:{secret}\""),
            format!("title \"a\\n{secret}\""),
            format!("x {secret} y"),
        ] {
            let shown = struck(&text);
            assert_eq!(find(&text).len(), 1, "{text}");
            assert_eq!(shown.len(), text.len(), "{text}");
            assert_eq!(shown.matches('\n').count(), text.matches('\n').count(), "{text}");
            let tail = &secret[secret.len() - 8..];
            assert!(!shown.contains(tail), "{shown}");
            assert!(shown.contains("[redacted-"), "{shown}");
        }
    }
}

#[test]
fn what_only_looks_like_one_is_left_alone() {
    for text in [
        "// a task-assessment-of-risks-2026 and ask-somebody",
        "secret \"vault:marketing/campaign\"",
        "// tokens begin with ghp_, xoxb- or AKIA",
        "// ghp_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
        "purpose npm_package_maintenance",
        "domain hf_communications_and_more_of_it",
        "principal \"spiffe://acme.example/ns/marketing/sa/campaign\"",
        "scope \"sha256:4c20ec36d4afc21b09b9e847dedf4ec9b3edacdda27011aecb5e4e2a0f487d58\"",
        "// -----BEGIN CERTIFICATE-----",
        "// eyJ is how a token begins",
        "// postgres://svc@db.acme.example/crm",
        "// postgres://svc:${DB_PASSWORD}@db.acme.example/crm",
        "// postgres://user:password@host/crm",
        "// docker://agents:v2@sha256:4c20ec36d4afc21b09b9e847dedf4ec9b3edacdda27011aecb5e4e2a0f487d58",
        "// https://acme.example:8443/a:b@c",
        "principal \"svc:campaign@acme.example\"",
    ] {
        assert_eq!(struck(text), text);
    }
}

#[test]
fn escapes_hide_nothing() {
    let rest = "a1B2c3D4e5F6g7H8i9J0";
    for text in [
        format!("secret \"\\u{{67}}hp_{rest}\""),
        format!("secret \"gh\\u{{0070}}_\\u{{61}}{}\"", &rest[1..]),
    ] {
        let shown = struck(&text);
        assert_eq!(find(&text).len(), 1, "{text}");
        assert_eq!(shown.len(), text.len());
        assert!(!shown.contains("H8i9J0") && shown.contains("[redacted-"), "{shown}");
        assert!(shown.ends_with('"'), "{shown}");
    }
    let backslash = format!("title \"\\\\u{{67}}hp_{rest}\"");
    assert_eq!(struck(&backslash), backslash);
    let letter = "title \"Zo\\u{eb} in Köln\"";
    assert_eq!(struck(letter), letter);
}

#[test]
fn a_password_in_an_address_is_found() {
    for (text, shown) in [
        (
            "secret \"postgres://svc:correct-horse-battery@db.acme.example/crm\"",
            "@db.acme.example/crm\"",
        ),
        ("// amqp://svc:Sup3r@ss@mq.acme.example", "@mq.acme.example"),
    ] {
        let struck = struck(text);
        assert_eq!(struck.len(), text.len());
        assert!(struck.ends_with(shown), "{struck}");
        assert!(!struck.contains("horse") && !struck.contains("Sup3r"), "{struck}");
    }
    let token = format!("// https://svc:{}@acme.example", of("ghp_", "a1B2c3D4e5F6g7H8i9J0"));
    assert_eq!(find(&token)[0].secret.what, "a GitHub token");
}

#[test]
fn two_secrets_stay_two() {
    let text = format!(
        "{} {} {}",
        of("ghp_", "a1B2c3D4e5F6g7H8i9J0"),
        of("ghp_", "b1B2c3D4e5F6g7H8i9J0"),
        of("ghp_", "a1B2c3D4e5F6g7H8i9J0")
    );
    let shown = struck(&text);
    let parts: Vec<&str> = shown.split(' ').collect();
    assert_ne!(parts[0], parts[1]);
    assert_eq!(parts[0], parts[2]);
}

#[test]
fn a_private_key_goes_to_its_end_and_no_further() {
    let begin = of("-----BEGIN ", "RSA PRIVATE KEY-----");
    let end = of("-----END ", "RSA PRIVATE KEY-----");
    let line = "MIIEpAIBAAKCAQEA7vbqajDw4o6gJy8UtmIbkcpnkO3Kwc4qsEnSZp/TR+fQi62F";
    let after = "domain consent {\n  restricted\n}\n";
    for text in [
        format!("// {begin}\n// {line}\n// {line}\n// Ab==\n// {end}\n{after}"),
        format!("  {begin}\n  {line}\n  Ab==\n  {end}\n{after}"),
        format!("secret \"{begin}\\n{line}\\nAb==\\n{end}\"\n{after}"),
        format!("secret \"{begin}{line}Ab==\"\n{after}"),
        format!("/// {begin}\n/// {line}\n/// {line}\n{after}"),
    ] {
        let shown = struck(&text);
        assert_eq!(shown.len(), text.len());
        assert!(shown.ends_with(after), "{shown}");
        for part in [&line[..12], &line[40..], "Ab=="] {
            assert!(!shown.contains(part), "{shown}");
        }
        assert!(shown.contains("[redacted-"), "{shown}");
        assert_eq!(shown.matches("\\n").count(), text.matches("\\n").count());
    }
}
