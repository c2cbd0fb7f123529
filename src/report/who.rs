//! The answer to *who is accountable when this agent changes this data?*

pub mod arrival;
mod coalition;
mod routes;
mod seats;

use crate::compile::{Compilation, Meaning};
use crate::facts::AtomId;
use crate::facts::atom::expand;
use crate::facts::verdict::{Answer, CellVerdict};
use crate::model::{AgentId, DomainId, Grant, Meta, Model, PersonId, Quorum, Said};
use crate::report::evidence::reading::Reading;
use crate::report::evidence::words;
use crate::source::Span;
use crate::syntax::nearest;
use crate::words::{counted, duration, listed};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Agent, action, class, system.
pub struct Question {
    agent: AgentId,
    grant: Grant,
    words: String,
}

impl Question {
    /// Reads the words of a question. The error names the word that refers to nothing.
    pub fn read(model: &Model, agent: &str, action: &str, data: &str, system: Option<&str>) -> Result<Question, String> {
        let agent_at = find("agent", agent, model.agents.iter().map(|one| &one.meta))?;
        let action_at = find("action", action, model.actions.iter().map(|one| &one.meta))?;
        let data_at = find("data", data, model.data.iter().map(|one| &one.meta))?;
        let systems = match system {
            Some(system) => vec![crate::model::SystemId(find(
                "system",
                system,
                model.systems.iter().map(|one| &one.meta),
            )?)],
            None => Vec::new(),
        };
        let place = system.map_or(String::new(), |system| format!(" in {system}"));
        let verb = if model.actions[action_at as usize].flags.mutates {
            "changes"
        } else {
            "reads"
        };
        let words = format!("Who is accountable when {agent} {verb} {data}{place}?");
        let grant = Grant {
            action: action_at.into(),
            data: vec![data_at.into()],
            except: Vec::new(),
            systems,
            span: model.agents[agent_at as usize].meta.span,
        };
        Ok(Question {
            agent: agent_at.into(),
            grant,
            words,
        })
    }

    /// The atoms it is about that the agent reaches.
    pub fn atoms(&self, meaning: &Meaning) -> Vec<AtomId> {
        let reached: BTreeSet<AtomId> = meaning.facts.reach[self.agent.index()]
            .points
            .iter()
            .map(|(atom, _)| *atom)
            .collect();
        let applicable = expand(&meaning.model, &self.grant);
        applicable
            .into_iter()
            .filter_map(|atom| meaning.facts.atoms.find(atom))
            .filter(|atom| reached.contains(atom))
            .collect()
    }
}

fn find<'a>(kind: &str, name: &str, metas: impl Iterator<Item = &'a Meta> + Clone) -> Result<u32, String> {
    let exact: Vec<usize> = metas
        .clone()
        .enumerate()
        .filter(|(_, meta)| *meta.id == *name || *meta.name == *name)
        .map(|(index, _)| index)
        .collect();
    match exact[..] {
        [index] => Ok(index as u32),
        [] => {
            let near = nearest(name, metas.map(|meta| &*meta.name));
            Err(format!(
                "no {kind} is called `{name}`{}",
                near.map_or(String::new(), |near| format!("; did you mean `{near}`?"))
            ))
        }
        _ => {
            let ids: Vec<&str> = metas.filter(|meta| *meta.name == *name).map(|meta| &*meta.id).collect();
            Err(format!("{kind} `{name}` may be {}; write one of these in full", listed(&ids)))
        }
    }
}

/// One block for each set of atoms with the same governing domains and the same system.
pub fn answer(compilation: &Compilation, meaning: &Meaning, question: &Question, atoms: &[AtomId]) -> Vec<String> {
    let mut blocks: BTreeMap<(u32, crate::model::SystemId), Vec<AtomId>> = BTreeMap::new();
    for atom in atoms {
        let key = (meaning.facts.group_of[atom.index()].0, meaning.facts.atoms.get(*atom).system);
        blocks.entry(key).or_default().push(*atom);
    }
    let many = blocks.len() > 1;
    let page = Page {
        compilation,
        reading: Reading::with(compilation, meaning),
        model: &meaning.model,
        meaning,
        agent: question.agent,
    };
    let mut out = Vec::new();
    out.push(format!("{}   as of {}\n", question.words, compilation.options.as_of));
    for atoms in blocks.values() {
        out.push(page.block(atoms, many));
    }
    out
}

struct Page<'a> {
    compilation: &'a Compilation,
    reading: Reading<'a>,
    model: &'a Model,
    meaning: &'a Meaning,
    agent: AgentId,
}

impl Page<'_> {
    fn block(&self, atoms: &[AtomId], many: bool) -> String {
        let mut out = String::new();
        let names: Vec<String> = atoms
            .iter()
            .map(|atom| {
                let (action, data, system) = self.meaning.facts.atoms.get(*atom).names(self.model);
                format!("{action} {data} in {system}")
            })
            .collect();
        if many || names.len() > 1 {
            let _ = writeln!(out, "  {}\n", names.join(", "));
        }
        let first = atoms[0];
        let domains = &self.meaning.facts.group(first).domains;
        if domains.is_empty() {
            let _ = writeln!(out, "  Nobody: no domain decides this. `quorate check` reports it as undecided.");
            return out;
        }
        for domain in domains {
            self.seats(&mut out, *domain);
        }
        let _ = writeln!(out);
        self.cells(&mut out, first, domains);
        self.behalf(&mut out, first);
        self.calls(&mut out, first);
        self.tasks(&mut out, first);
        self.bounds(&mut out, first, domains);
        self.credential(&mut out);
        self.spread(&mut out, first);
        self.afterwards(&mut out, first, domains);
        out
    }

    fn cite(&self, span: Span) -> String {
        self.compilation.sources.cite(span)
    }

    fn person(&self, id: PersonId) -> &str {
        self.model.people[id.index()].meta.shown()
    }

    fn row(&self, out: &mut String, head: &str, text: &str) {
        let _ = writeln!(out, "  {head:21} {text}");
    }

    fn cells(&self, out: &mut String, atom: AtomId, domains: &[DomainId]) {
        let verdict = self.meaning.facts.verdict(atom);
        for cell in &verdict.cells {
            let sample = crate::facts::cell::described(&cell.cell.sample);
            let head = if sample.is_empty() {
                "It takes".to_owned()
            } else {
                format!("With {sample}")
            };
            self.row(out, &head, &self.takes(cell, domains));
            self.numbers(out, &cell.normal, cell.normal.resilience);
            if let Some(answer) = &cell.emergency {
                self.emergency(out, answer, domains);
            }
        }
    }

    fn takes(&self, cell: &CellVerdict, domains: &[DomainId]) -> String {
        let mut parts = Vec::new();
        for (domain, tier) in domains.iter().zip(&cell.cell.tiers) {
            let own = &self.model.domains[domain.index()];
            match tier {
                Some(tier) if own.tiers[*tier].quorum == Quorum::None => parts.push(format!("no approval ({})", own.meta.name)),
                Some(tier) => {
                    let text = own.tiers[*tier]
                        .text
                        .split(" when ")
                        .next()
                        .unwrap_or_default()
                        .trim_end_matches(" otherwise")
                        .to_owned();
                    parts.push(format!("{text}, {}", words::validity(own)));
                }
                None => parts.push(format!("no tier of {} applies to this, so the policies refuse it", own.meta.name)),
            }
        }
        parts.join("; and ")
    }

    fn numbers(&self, out: &mut String, answer: &Answer, resilience: Option<usize>) {
        match (answer.nominal, answer.effective) {
            (Some(0), _) => self.row(out, "At least", "nobody"),
            (Some(nominal), Some(effective)) => {
                let text = format!(
                    "{}; counting what each can bring about, {effective}: {}",
                    counted(nominal, "person", "people"),
                    self.coalition(answer)
                );
                self.row(out, "At least", &text);
            }
            _ => self.row(out, "At least", "nobody can decide this"),
        }
        if answer.nominal.is_some_and(|nominal| nominal > 0) {
            self.row(out, "If people are absent", &words::resilience(resilience));
        }
    }

    fn emergency(&self, out: &mut String, answer: &Answer, domains: &[DomainId]) {
        for domain in domains {
            let own = &self.model.domains[domain.index()];
            let Some(emergency) = &own.emergency else {
                continue;
            };
            let approve = emergency
                .approve
                .as_ref()
                .map_or("the files do not say who approves,".to_owned(), |at| {
                    self.written(at.span, "approve ")
                });
            let lasts = emergency
                .lasts
                .map_or("without an end".to_owned(), |lasts| format!("for {}", duration(lasts)));
            let review = emergency
                .review
                .as_ref()
                .map_or("no review".to_owned(), |(_, within)| format!("review within {}", duration(*within)));
            let count = answer
                .effective
                .map_or("nobody".to_owned(), |count| counted(count, "person", "people"));
            self.row(out, "In an emergency", &format!("{approve} {lasts}; {review}   → {count}"));
        }
    }

    fn written(&self, span: Span, prefix: &str) -> String {
        let text = self.compilation.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ");
        text.strip_prefix(prefix).unwrap_or(&text).to_owned()
    }

    fn tasks(&self, out: &mut String, atom: AtomId) {
        let day = self.model.as_of;
        let mut any = false;
        for task in &self.model.agents[self.agent.index()].tasks {
            let own = &self.model.tasks[task.index()];
            if !(own.current(day) || own.coming(day)) || !self.meaning.facts.scope(*task).contains(&atom) {
                continue;
            }
            any = true;
            let begins = own.starts.filter(|starts| starts.value > day);
            let begins = begins.map_or(String::new(), |starts| format!(", from {}", starts.value));
            let until = own.until.map_or(String::new(), |until| format!("{begins}, until {}", until.value));
            let approved = own.approved.iter().map(|approval| {
                let people: BTreeSet<&str> = approval.given.iter().map(|(_, person, _)| self.person(*person)).collect();
                let people: Vec<&str> = people.into_iter().collect();
                format!(
                    "{} on {}",
                    listed(&people),
                    approval.on.map_or("no day".to_owned(), |on| on.to_string())
                )
            });
            let approved: Vec<String> = approved.collect();
            let approved = if approved.is_empty() {
                "approved by nobody".to_owned()
            } else {
                format!("approved by {}", approved.join("; "))
            };
            self.row(
                out,
                "Task",
                &format!("{}{until}, {approved}   {}", own.meta.name, self.cite(own.meta.span)),
            );
            self.started(out, own);
        }
        if !any {
            self.row(out, "Task", "no task allows it; the credential or a call does");
        }
    }

    fn credential(&self, out: &mut String) {
        for identity in &self.meaning.facts.reach[self.agent.index()].identities {
            let own = &self.model.identities[identity.index()];
            let principal = own.principal.as_ref().map_or("no principal", |at| &at.value);
            let ttl = own
                .credential
                .ttl
                .map_or("without an end in the files".to_owned(), |ttl| duration(ttl.value));
            let ends = match own.credential.revoked.as_ref().map(|at| &*at.value) {
                Some("on_task_end") => "ends with the task",
                Some(_) => "outlives the task",
                None => "the files do not say when it ends",
            };
            self.row(out, "Credential", &format!("{principal}, {ttl}, {ends}"));
        }
    }

    fn spread(&self, out: &mut String, atom: AtomId) {
        let atom = self.meaning.facts.atoms.get(atom);
        if !atom.mutates(self.model) {
            return;
        }
        let arrivals = self.reading.flows.from((atom.system, atom.data));
        let mut parts: Vec<String> = Vec::new();
        for arrival in &arrivals {
            let name = &self.model.systems[arrival.at.0.index()].meta.name;
            let within = arrival
                .within
                .map_or(String::new(), |within| format!(" (within {})", duration(within)));
            let by = if arrival.systems.len() > 1 { " in turn" } else { "" };
            parts.push(format!("{name}{within}{by}"));
        }
        let text = match (&self.model.systems[atom.system.index()].feeds, parts.is_empty()) {
            (Said::Nothing, _) => "not known; the data may go anywhere".to_owned(),
            (Said::This(_), true) => "no other system".to_owned(),
            (Said::This(_), false) => parts.join(" → "),
        };
        self.row(out, "It spreads to", &text);
    }

    fn afterwards(&self, out: &mut String, atom: AtomId, domains: &[DomainId]) {
        let mutates = self.meaning.facts.atoms.get(atom).mutates(self.model);
        let mut rollbacks: BTreeSet<usize> = BTreeSet::new();
        let mut ledgers: BTreeSet<usize> = BTreeSet::new();
        for domain in domains {
            let own = &self.model.domains[domain.index()];
            rollbacks.extend(own.rollbacks.iter().map(|at| at.value.index()));
            ledgers.extend(own.evidence.map(|at| at.value.index()));
        }
        for rollback in &rollbacks {
            let own = &self.model.rollbacks[*rollback];
            let within = own.within.map_or("the files do not say how fast".to_owned(), |within| {
                format!("within {}", duration(within))
            });
            let systems: BTreeSet<&str> = own
                .restores
                .iter()
                .flat_map(|(_, systems)| systems.iter().map(|system| &*self.model.systems[system.index()].meta.name))
                .collect();
            let systems: Vec<&str> = systems.into_iter().collect();
            let tested = own
                .tested
                .map_or("never tested".to_owned(), |at| format!("last tested {}", at.value));
            let owner = own
                .owner
                .as_ref()
                .map_or(String::new(), |owner| format!("; run by {}", self.party(owner.value)));
            self.row(
                out,
                "Undone by",
                &format!("{}, {within}, in {}; {tested}{owner}", own.meta.name, listed(&systems)),
            );
        }
        if rollbacks.is_empty() && mutates {
            self.row(out, "Undone by", "nothing");
        }
        for ledger in &ledgers {
            let own = &self.model.ledgers[*ledger];
            let how = own
                .tamper_evident
                .as_ref()
                .map_or("nothing shows a change".to_owned(), |at| at.value.replace('_', " "));
            let kept = own
                .retention
                .map_or("the files do not say how long".to_owned(), |at| duration(at.value));
            let by = match &own.managed_by {
                Said::Nothing => "the files do not say who can change it".to_owned(),
                Said::This(at) => format!("only {} can change it", self.reading.people(&at.value)),
            };
            self.row(out, "Evidence", &format!("{}, {how}, {kept}; {by}", own.meta.name));
        }
        if ledgers.is_empty() {
            self.row(out, "Evidence", "none");
        }
        let system = &self.model.systems[self.meaning.facts.atoms.get(atom).system.index()];
        for enforcement in &system.enforced_by {
            let own = &self.model.enforcements[enforcement.value.index()];
            let fails = own
                .on_failure
                .map_or("the files do not say what happens if it fails", |at| words::on_failure(at.value));
            self.row(
                out,
                "Enforced by",
                &format!("{} ({}), {fails}", own.meta.name, own.engine.as_deref().unwrap_or("engine unknown")),
            );
        }
        if system.enforced_by.is_empty() {
            self.row(out, "Enforced by", "nothing");
        }
    }
}
