//! Numbers, days and words of a clause that a person would loosen: the next larger threshold, twice the time, the
//! weaker word.

use crate::model::domain::Gate;
use crate::model::{Domain, FunctionId, Quorum};
use crate::source::{FileId, Span};
use crate::syntax::tree::{Node, Token, TokenKind};

/// The most functions of two tiers that are tried against each other. A tier never has more.
const MOST_FUNCTIONS: usize = 6;

/// Half as much again, written like the number; `None` where it is too large.
pub(super) fn more(written: &str) -> Option<String> {
    let digits = written.replace('_', "");
    let (whole, cents) = digits.split_once('.').unwrap_or((&digits, ""));
    let number: i64 = whole.parse().ok().filter(|number| *number > 0)?;
    let larger = number.checked_add((number / 2).max(1))?;
    Some(if cents.is_empty() {
        larger.to_string()
    } else {
        format!("{larger}.{cents}")
    })
}

/// Twice a duration, in its unit.
pub(super) fn twice(written: &str) -> Option<String> {
    let digits = written.replace('_', "");
    let unit = digits.find(|character: char| character.is_ascii_alphabetic())?;
    let number: i64 = digits[..unit].parse().ok()?;
    Some(format!("{}{}", number.checked_mul(2)?, &digits[unit..]))
}

/// The comparisons of a `when`, each with its number, if that number can be raised.
pub(super) fn thresholds<'t>(tokens: &'t [Token], text: &str, found: &mut Vec<(bool, &'t Token)>) {
    for pair in tokens.windows(2) {
        if pair[0].kind == TokenKind::Symbol && pair[1].kind == TokenKind::Number {
            let comparison = pair[0].extent.of(text);
            if comparison != "==" && comparison != "!=" {
                found.push((comparison.starts_with('<'), &pair[1]));
            }
        }
    }
    for group in tokens.iter().filter(|token| token.kind == TokenKind::Group) {
        thresholds(&group.inside, text, found);
    }
}

/// Compares the tier of a clause with the next tier: whether each allows something that the other does not.
pub(super) fn beside_next(domain: &Domain, file: FileId, clause: &Node) -> Option<(bool, bool)> {
    let place = clause.header().within(file);
    let holds = |inner: Span| inner.file == place.file && place.start <= inner.start && inner.end <= place.end;
    let at = domain.tiers.iter().position(|tier| holds(tier.span))?;
    let (this, next) = (&domain.tiers[at], domain.tiers.get(at + 1)?);
    if !matches!(this.gate, Gate::When(_)) {
        return None;
    }
    let mut functions = this.quorum.functions();
    functions.extend(next.quorum.functions());
    functions.sort();
    functions.dedup();
    if functions.len() > MOST_FUNCTIONS {
        return Some((true, true));
    }
    Some((
        passes(&this.quorum, &next.quorum, &functions),
        passes(&next.quorum, &this.quorum, &functions),
    ))
}

/// Whether some approvals meet the one and not the other.
fn passes(one: &Quorum, other: &Quorum, functions: &[FunctionId]) -> bool {
    let most: Vec<u32> = functions
        .iter()
        .map(|function| one.most(*function).max(other.most(*function)))
        .collect();
    let mut counts = vec![0; functions.len()];
    loop {
        let count = |function: FunctionId| functions.iter().position(|own| *own == function).map_or(0, |at| counts[at]);
        if one.met(&count) && !other.met(&count) {
            return true;
        }
        let Some(at) = counts.iter().zip(&most).position(|(count, most)| count < most) else {
            return false;
        };
        counts[..at].fill(0);
        counts[at] += 1;
    }
}
