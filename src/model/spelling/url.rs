//! Names with a scheme, a host and a path, such as SPIFFE ids: their one form.

use unicode_normalization::UnicodeNormalization;

/// The canonical form: scheme and host in lower case, the host without the final dot and the usual port, the
/// path without escapes, empty steps and steps back. The letter case of a path counts. A SPIFFE id has neither
/// port nor query.
pub(super) fn form(scheme: &str, rest: &str) -> String {
    let scheme = scheme.to_lowercase();
    let rest = rest.trim_start_matches('/');
    let end = rest.find(['?', '#']).unwrap_or(rest.len());
    let (whole, tail) = rest.split_at(end);
    let spiffe = scheme == "spiffe";
    let (authority, path) = whole.split_once('/').unwrap_or((whole, ""));
    let authority = decoded(authority);
    let port = authority
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let authority = match (port, &*scheme) {
        (Some((host, _)), "spiffe") | (Some((host, "443" | "")), "https") | (Some((host, "80" | "")), "http") => host,
        _ => &authority,
    };
    let authority = match authority.rsplit_once('@') {
        Some((_, domain)) if spiffe => host(domain),
        Some((user, domain)) => format!("{}@{}", user.to_lowercase(), host(domain)),
        None => host(authority),
    };
    let mut out = format!("{scheme}:{authority}");
    for step in steps(path) {
        out.push('/');
        out.push_str(&step);
    }
    if !spiffe && !matches!(tail, "?" | "#") {
        out.push_str(tail);
    }
    out
}

/// The steps of a path, without escapes, empty ones and steps back.
pub(super) fn steps(path: &str) -> Vec<String> {
    let mut steps: Vec<String> = Vec::new();
    for step in decoded(path).split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop();
            }
            step => steps.push(step.to_owned()),
        }
    }
    steps
}

/// A host in lower case, with single dots and without the final one.
pub(super) fn host(text: &str) -> String {
    let text: String = text.nfkc().collect::<String>().to_lowercase().nfc().collect();
    let text = text.replace('\u{3002}', ".");
    let labels = text.trim_matches('.').split('.').filter(|label| !label.is_empty());
    let labels: Vec<String> = labels
        .map(|label| label.strip_prefix("xn--").and_then(unicode).unwrap_or_else(|| label.to_owned()))
        .collect();
    labels.join(".")
}

/// Without escapes, and without the escapes that decoding produces.
pub(super) fn decoded(text: &str) -> String {
    let mut text = text.to_owned();
    // Each further level makes an escape longer, so this ends.
    while let Some(next) = once(&text) {
        text = next;
    }
    text.nfc().collect()
}

fn once(text: &str) -> Option<String> {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push((high * 16 + low) as u8);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    (out.len() < bytes.len()).then(|| String::from_utf8(out).ok()).flatten()
}

/// A label of a host, decoded from Punycode (RFC 3492).
fn unicode(label: &str) -> Option<String> {
    let (basic, coded) = label.rsplit_once('-').unwrap_or(("", label));
    let mut out: Vec<char> = basic.chars().collect();
    let (mut number, mut place, mut bias) = (128_u32, 0_u32, 72_u32);
    let mut digits = coded.bytes().peekable();
    while digits.peek().is_some() {
        let before = place;
        let mut weight = 1_u32;
        for round in 1_u32.. {
            let digit = match digits.next()? {
                letter @ b'a'..=b'z' => u32::from(letter - b'a'),
                figure @ b'0'..=b'9' => u32::from(figure - b'0') + 26,
                _ => return None,
            };
            place = place.checked_add(digit.checked_mul(weight)?)?;
            let threshold = (round * 36).saturating_sub(bias).clamp(1, 26);
            if digit < threshold {
                break;
            }
            weight = weight.checked_mul(36 - threshold)?;
        }
        let length = out.len() as u32 + 1;
        bias = adapted(place - before, length, before == 0);
        number = number.checked_add(place / length)?;
        place %= length;
        out.insert(place as usize, char::from_u32(number)?);
        place += 1;
    }
    Some(out.into_iter().nfc().collect())
}

fn adapted(delta: u32, length: u32, first: bool) -> u32 {
    let mut delta = delta / if first { 700 } else { 2 };
    delta += delta / length;
    let mut rounds = 0;
    while delta > 455 {
        delta /= 35;
        rounds += 36;
    }
    rounds + 36 * delta / (delta + 38)
}
