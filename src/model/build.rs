//! Builds the [`Model`] from resolved items.

use crate::diagnostic::Diagnostic;
use crate::model::{At, Grant, Meta, Model, Party, PeopleQuorum, PersonId, Quorum, Said, TeamId};
use crate::model::{flow, shared};
use crate::resolve::{Declaration, Names};
use crate::source::{Sources, Span};
use crate::syntax::Parsed;
use crate::syntax::ast::{self, Item, Name, Target, Value};
use crate::syntax::vocabulary::Kind;
use jiff::civil::Date;

mod agents;
mod domains;
mod library;
mod limits;
mod people;
mod repeats;
mod standards;
mod systems;
mod taxonomy;
mod workspace;

/// What every lowering needs: the declarations, and a place for errors.
pub(super) struct Builder<'a> {
    pub(super) sources: &'a Sources,
    pub(super) declarations: &'a [Declaration],
    /// For each target, its index in the list of its kind.
    place: Vec<u32>,
    pub(super) diagnostics: Vec<Diagnostic>,
    /// Each with the name of the missing input.
    pub(super) absences: Vec<Absence>,
}

/// Errors in lines that could be read.
#[derive(Debug, Default)]
pub struct Complaints {
    /// Errors whatever else the files contain.
    pub errors: Vec<Diagnostic>,
    /// Errors because a declaration is missing.
    pub absences: Vec<Absence>,
}

/// An error because no input of this name is declared as it would have to be: a line that could not be read may
/// declare one.
pub type Absence = (Box<str>, Diagnostic);

/// A model that grows file by file, so that only a few files need to be held as trees.
pub struct ModelBuilder<'a> {
    builder: Builder<'a>,
    model: Model,
    used: Vec<bool>,
}

impl<'a> ModelBuilder<'a> {
    /// A model as of a day. Every target of a kind gets the next index in that kind's list.
    pub fn new(sources: &'a Sources, names: &'a Names, as_of: Date) -> ModelBuilder<'a> {
        let mut next = std::collections::BTreeMap::new();
        let place = names.declarations.iter().map(|declaration| {
            let count = next.entry(declaration.kind).or_insert(0_u32);
            *count += 1;
            *count - 1
        });
        ModelBuilder {
            builder: Builder {
                sources,
                declarations: &names.declarations,
                place: place.collect(),
                diagnostics: Vec::new(),
                absences: Vec::new(),
            },
            model: empty(names.workspace.clone(), as_of),
            used: vec![false; names.declarations.len()],
        }
    }

    /// Adds the next file, with its names resolved, and what it uses. Files must come in their order.
    pub fn file(&mut self, file: Parsed, uses: &[Target]) {
        for item in &file.items {
            self.builder.repeats(item);
            self.builder.item(item, &mut self.model);
        }
        for target in uses {
            self.used[target.0 as usize] = true;
        }
    }

    /// Computes what needs every file.
    pub fn finish(mut self) -> (Model, Complaints) {
        self.builder.finish(&mut self.model);
        self.model.arrived = flow::arrived(&self.model);
        let unused = self.builder.declarations.iter().zip(&self.used).filter(|(_, used)| !**used);
        self.model.unused = unused.map(|(declaration, _)| declaration.span).collect();
        let complaints = Complaints {
            errors: self.builder.diagnostics,
            absences: self.builder.absences,
        };
        (self.model, complaints)
    }
}

fn empty(name: Box<str>, as_of: Date) -> Model {
    Model {
        name,
        as_of,
        workspace: None,
        unused: Default::default(),
        adoption: Default::default(),
        functions: Vec::new(),
        people: Vec::new(),
        teams: Vec::new(),
        purposes: Vec::new(),
        data: Vec::new(),
        actions: Vec::new(),
        providers: Vec::new(),
        enforcements: Vec::new(),
        systems: Vec::new(),
        arrived: Default::default(),
        identities: Vec::new(),
        agents: Vec::new(),
        tasks: Vec::new(),
        domains: Vec::new(),
        ownerships: Vec::new(),
        safeguards: Vec::new(),
        delegations: Vec::new(),
        rollbacks: Vec::new(),
        ledgers: Vec::new(),
        standards: Vec::new(),
        frameworks: Vec::new(),
        waivers: Vec::new(),
        tests: Vec::new(),
    }
}

impl Builder<'_> {
    fn item(&mut self, item: &Item, model: &mut Model) {
        let Some(kind) = item.clause.declares else {
            if item.clause.word == "adopt" {
                self.adopt(item, model);
            }
            return;
        };
        match kind {
            Kind::Workspace => self.workspace(item, model),
            Kind::Function => {
                let function = self.function(item);
                model.functions.push(function);
            }
            Kind::Person => {
                let person = self.person(item);
                model.people.push(person);
            }
            Kind::Team => {
                let team = self.team(item);
                model.teams.push(team);
            }
            Kind::Delegation => {
                let delegation = self.delegation(item);
                model.delegations.push(delegation);
            }
            Kind::Purpose => {
                let purpose = self.purpose(item);
                model.purposes.push(purpose);
            }
            Kind::Data => self.data(item, None, model),
            Kind::Action => self.action(item, None, model),
            Kind::Provider => {
                let provider = self.provider(item);
                model.providers.push(provider);
            }
            Kind::Enforcement => {
                let enforcement = self.enforcement(item);
                model.enforcements.push(enforcement);
            }
            Kind::System => {
                let system = self.system(item);
                model.systems.push(system);
            }
            Kind::Identity => {
                let identity = self.identity(item);
                model.identities.push(identity);
            }
            Kind::Agent => {
                let agent = self.agent(item);
                model.agents.push(agent);
            }
            Kind::Task => {
                let task = self.task(item);
                model.tasks.push(task);
            }
            Kind::Domain => {
                let domain = self.domain(item);
                model.domains.push(domain);
            }
            Kind::Ownership => {
                let ownership = self.ownership(item);
                model.ownerships.push(ownership);
            }
            Kind::Safeguards => {
                let safeguards = self.safeguards(item);
                model.safeguards.push(safeguards);
            }
            Kind::Rollback => {
                let rollback = self.rollback(item);
                model.rollbacks.push(rollback);
            }
            Kind::Ledger => {
                let ledger = self.ledger(item);
                model.ledgers.push(ledger);
            }
            Kind::Standard => {
                let standard = self.standard(item);
                model.standards.push(standard);
            }
            Kind::Framework => {
                let framework = self.framework(item);
                model.frameworks.push(framework);
            }
            Kind::Waiver => {
                let waiver = self.waiver(item);
                model.waivers.push(waiver);
            }
            Kind::Test => self.test(item, model),
        }
    }

    fn finish(&mut self, model: &mut Model) {
        taxonomy::settle(model);
        people::settle(model);
        agents::settle(model);
        self.diagnostics.extend(shared::settle(model));
        let (errors, absences) = limits::settle(model);
        self.diagnostics.extend(errors);
        self.absences.extend(absences);
        self.absences.extend(standards::settle(model));
        self.cycles(model);
        if model.adoption.none.is_none() {
            let library = self
                .declarations
                .iter()
                .position(|declaration| declaration.kind == Kind::Standard && &*declaration.id == "std.guidance");
            if let Some(index) = library {
                let id = self.place[index].into();
                if !model.adoption.standards.contains(&id) {
                    model.adoption.standards.insert(0, id);
                }
            }
        }
    }

    /// Name, title and place of a declaration.
    pub(super) fn meta(&self, item: &Item) -> Meta {
        let declaration = item.declares.map(|target| &self.declarations[target.0 as usize]);
        let id: Box<str> = declaration.map_or("".into(), |declaration| declaration.id.clone());
        Meta {
            name: id.rsplit('.').next().unwrap_or(&id).into(),
            title: item.text("title").map(Into::into),
            documentation: item.documentation.clone(),
            span: item.header,
            library: declaration.is_some_and(|declaration| declaration.library),
            id,
        }
    }

    /// What a name refers to, as an index into the list of its kind; `None` for an unknown name, which has been
    /// reported.
    pub(super) fn id<T: From<u32>>(&self, name: &Name) -> Option<T> {
        name.target.map(|target| T::from(self.place[target.0 as usize]))
    }

    /// The kind of what a name refers to.
    pub(super) fn kind(&self, target: Target) -> Kind {
        self.declarations[target.0 as usize].kind
    }

    /// The names in a slot.
    pub(super) fn ids<T: From<u32>>(&self, item: &Item, slot: &str) -> Vec<At<T>> {
        item.names(slot)
            .filter_map(|name| {
                Some(At {
                    value: self.id(name)?,
                    span: name.span,
                })
            })
            .collect()
    }

    /// The one name in the one clause with this word.
    pub(super) fn only<T: From<u32>>(&self, item: &Item, word: &str, slot: &str) -> Option<At<T>> {
        self.ids(item.clause(word)?, slot).into_iter().next()
    }

    /// Every name in every clause with this word.
    pub(super) fn every<T: From<u32>>(&self, item: &Item, word: &str, slot: &str) -> Vec<At<T>> {
        item.clauses(word).flat_map(|clause| self.ids(clause, slot)).collect()
    }

    /// A person, a team, an agent or an identity.
    pub(super) fn party(&self, name: &Name) -> Option<At<Party>> {
        let target = name.target?;
        let place = self.place[target.0 as usize];
        let value = match self.kind(target) {
            Kind::Person => Party::Person(place.into()),
            Kind::Team => Party::Team(place.into()),
            Kind::Agent => Party::Agent(place.into()),
            Kind::Identity => Party::Identity(place.into()),
            _ => return None,
        };
        Some(At { value, span: name.span })
    }

    /// A quorum over functions.
    pub(super) fn quorum(&self, quorum: &ast::Quorum) -> Quorum {
        match quorum {
            ast::Quorum::None(_) => Quorum::None,
            ast::Quorum::Seat(count, name) => self.id(name).map_or(Quorum::None, |function| Quorum::Seat(*count, function)),
            ast::Quorum::Threshold(need, parts, _) => Quorum::Threshold(*need, parts.iter().map(|part| self.quorum(part)).collect()),
        }
    }

    /// A quorum over people.
    pub(super) fn people(&self, quorum: &ast::Quorum) -> PeopleQuorum {
        match quorum {
            ast::Quorum::None(_) => PeopleQuorum::None,
            ast::Quorum::Seat(count, name) => match name.target.map(|target| (self.kind(target), self.place[target.0 as usize])) {
                Some((Kind::Team, place)) => PeopleQuorum::Team(*count, TeamId(place), name.span),
                Some((_, place)) => PeopleQuorum::Person(PersonId(place), name.span),
                None => PeopleQuorum::None,
            },
            ast::Quorum::Threshold(need, parts, _) => PeopleQuorum::Threshold(*need, parts.iter().map(|part| self.people(part)).collect()),
        }
    }

    /// Who can change something, where the files state it.
    pub(super) fn managed_by(&self, item: &Item) -> Said<At<PeopleQuorum>> {
        match item
            .clause("managed_by")
            .and_then(|clause| Some((clause, clause.quorum("managers")?)))
        {
            Some((clause, quorum)) => Said::This(At {
                value: self.people(quorum),
                span: clause.header,
            }),
            None => Said::Nothing,
        }
    }

    /// Who runs something, where the files state it.
    pub(super) fn operated_by<T: From<u32>>(&self, item: &Item) -> Said<T> {
        self.only(item, "operated_by", "provider")
            .map_or(Said::Nothing, |provider| Said::This(provider.value))
    }

    /// A grant; `None` if its action or data is unknown. That has been reported, and nothing is checked then.
    pub(super) fn grant(&self, grant: &ast::Grant) -> Option<Grant> {
        Some(Grant {
            action: self.id(&grant.action)?,
            data: grant.data.iter().filter_map(|name| self.id(name)).collect(),
            except: grant.except.iter().filter_map(|name| self.id(name)).collect(),
            systems: grant.systems.iter().filter_map(|name| self.id(name)).collect(),
            span: grant.span,
        })
    }

    /// The grants that stand in a block.
    pub(super) fn grants(&self, items: &[Item]) -> Vec<Grant> {
        items.iter().flat_map(Item::grants).filter_map(|grant| self.grant(grant)).collect()
    }

    /// A string with its place.
    pub(super) fn text_at(&self, item: &Item, word: &str, slot: &str) -> Option<At<Box<str>>> {
        let clause = item.clause(word)?;
        Some(At {
            value: clause.text(slot)?.into(),
            span: clause.header,
        })
    }

    /// Every string in a slot of a clause, each with the place of the string.
    pub(super) fn texts(item: &Item, slot: &str) -> Vec<At<Box<str>>> {
        let texts = item.all(slot).filter_map(|argument| match &argument.value {
            Value::Text(text) | Value::Word(text) => Some(At {
                value: text.clone(),
                span: argument.span,
            }),
            _ => None,
        });
        texts.collect()
    }

    /// The text at a place, on one line.
    pub(super) fn written(&self, span: Span) -> Box<str> {
        self.sources.text(span).split_whitespace().collect::<Vec<_>>().join(" ").into()
    }
}
