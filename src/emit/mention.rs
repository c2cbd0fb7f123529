//! The functions that a quorum mentions, each with the parts around it that may be met without it.

use crate::emit::policy::Quorum;

/// A mention. It counts as long as none of the parts around it is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mention<'q> {
    /// The function; `None` for a part that needs more parts than it has, which nobody can meet.
    pub function: Option<&'q str>,
    /// How many people.
    pub count: u32,
    /// The parts around it that can be met without it. A part that needs all of its parts is not among them.
    pub within: Vec<&'q Quorum>,
}

/// Every mention, in the order of the quorum.
pub fn mentions(quorum: &Quorum) -> Vec<Mention<'_>> {
    let mut all = Vec::new();
    collect(quorum, &mut Vec::new(), &mut all);
    all
}

fn collect<'q>(quorum: &'q Quorum, within: &mut Vec<&'q Quorum>, all: &mut Vec<Mention<'q>>) {
    let mut mention = |function: Option<&'q str>, count: u32, within: &[&'q Quorum]| {
        all.push(Mention {
            function,
            count,
            within: within.to_vec(),
        });
    };
    match quorum {
        Quorum::None => {}
        Quorum::Seat(count, function) => mention(Some(function), *count, within),
        Quorum::Threshold(need, parts) => {
            let need = *need as usize;
            if need > parts.len() {
                mention(None, 0, within);
            }
            let loose = need < parts.len();
            if loose {
                within.push(quorum);
            }
            parts.iter().for_each(|part| collect(part, within, all));
            if loose {
                within.pop();
            }
        }
    }
}
