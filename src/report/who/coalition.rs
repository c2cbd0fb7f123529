//! The smallest group of people behind a decision, in words: who they are, and by what they stand behind it.

use super::Page;
use crate::checks::approvals::{means, means_of_several, needed_for};
use crate::facts::verdict::{Answer, Behind};
use crate::words::listed;

impl Page<'_> {
    /// `Maya Lind and Tom Adler`, or `Sam Osei, who decides what gateway lets through`
    pub(super) fn coalition(&self, answer: &Answer) -> String {
        let names: Vec<&str> = answer.together.iter().map(|person| self.person(*person)).collect();
        let mut parts = vec![if names.is_empty() {
            "somebody not named".to_owned()
        } else {
            listed(&names)
        }];
        for slot in &answer.coalition {
            let Behind::ControlPath(control_path) = &slot.behind else {
                continue;
            };
            let able = needed_for(control_path, &answer.together);
            let able: Vec<&str> = able.into_iter().map(|person| self.person(person)).collect();
            let part = match (&able[..], names.len()) {
                ([], 0) => format!("who {}", means(self.model, control_path.means)),
                ([], _) => format!("the files do not say who {}", means(self.model, control_path.means)),
                ([_], 1) => format!("who {}", means(self.model, control_path.means)),
                ([one], _) => format!("of whom {one} {}", means(self.model, control_path.means)),
                (some, all) if some.len() == all => {
                    format!("who together {}", means_of_several(self.model, control_path.means))
                }
                (some, _) => format!("of whom {} {}", listed(some), means_of_several(self.model, control_path.means)),
            };
            if !parts.contains(&part) {
                parts.push(part);
            }
        }
        parts.join(", ")
    }
}
