//! What is asked for, drawn at random: quorums over the functions of the prelude, and conditions over two inputs.

use crate::organisation::{FUNCTIONS, MOST};
use crate::random::Random;

#[derive(Clone)]
pub enum Quorum {
    Seat(u32, usize),
    AtLeast(u32, Vec<Quorum>),
}

impl Quorum {
    pub fn random(random: &mut Random, depth: u32) -> Quorum {
        match random.below(if depth == 0 { 4 } else { 9 }) {
            0..=2 => Quorum::Seat(1, random.below(3)),
            3 => Quorum::Seat(2, random.below(3)),
            4..=6 => {
                let parts: Vec<Quorum> = (0..2 + random.below(2)).map(|_| Quorum::random(random, depth - 1)).collect();
                Quorum::AtLeast(parts.len() as u32, parts)
            }
            _ => {
                let parts: Vec<Quorum> = (0..2 + random.below(2)).map(|_| Quorum::random(random, depth - 1)).collect();
                Quorum::AtLeast(1 + random.below(parts.len()) as u32, parts)
            }
        }
    }

    pub fn written(&self) -> String {
        match self {
            Quorum::Seat(1, function) => FUNCTIONS[*function].to_owned(),
            Quorum::Seat(count, function) => format!("{count} {}", FUNCTIONS[*function]),
            Quorum::AtLeast(need, parts) => {
                let parts: Vec<String> = parts.iter().map(Quorum::written).collect();
                format!("{need} of ({})", parts.join(", "))
            }
        }
    }

    /// Whether the quorum is met when this number of people have approved as each function.
    pub fn met(&self, given: &[u32; 3]) -> bool {
        match self {
            Quorum::Seat(count, function) => given[*function] >= *count,
            Quorum::AtLeast(need, parts) => parts.iter().filter(|part| part.met(given)).count() >= *need as usize,
        }
    }
}

/// The values of the inputs: records, and whether it is urgent.
pub type Values = (u32, bool);

#[derive(Clone)]
pub enum Condition {
    AtMost(u32),
    Equal(u32),
    Urgent(bool),
    All(Vec<Condition>),
    Any(Vec<Condition>),
}

impl Condition {
    pub fn random(random: &mut Random, depth: u32) -> Condition {
        match random.below(if depth == 0 { 4 } else { 6 }) {
            0 | 1 => Condition::AtMost(random.below(MOST as usize) as u32),
            2 => Condition::Equal(random.below(MOST as usize + 1) as u32),
            3 => Condition::Urgent(random.below(2) == 0),
            4 => Condition::All((0..2).map(|_| Condition::random(random, depth - 1)).collect()),
            _ => Condition::Any((0..2).map(|_| Condition::random(random, depth - 1)).collect()),
        }
    }

    pub fn written(&self) -> String {
        let joined = |parts: &[Condition], word: &str| -> String {
            let parts: Vec<String> = parts.iter().map(Condition::written).collect();
            format!("({})", parts.join(word))
        };
        match self {
            Condition::AtMost(most) => format!("records <= {most}"),
            Condition::Equal(number) => format!("records == {number}"),
            Condition::Urgent(urgent) => format!("urgent == {urgent}"),
            Condition::All(parts) => joined(parts, " and "),
            Condition::Any(parts) => joined(parts, " or "),
        }
    }

    pub fn holds(&self, (records, urgent): Values) -> bool {
        match self {
            Condition::AtMost(most) => records <= *most,
            Condition::Equal(number) => records == *number,
            Condition::Urgent(wanted) => urgent == *wanted,
            Condition::All(parts) => parts.iter().all(|part| part.holds((records, urgent))),
            Condition::Any(parts) => parts.iter().any(|part| part.holds((records, urgent))),
        }
    }
}
