//! What is asked about emitted policies, and what each answer is worth.

use crate::emit::answer::Denial;
use crate::emit::cedar::Cedar;
use crate::emit::policy::{Group, Policy};
use crate::facts::scope::sha256;
use crate::prove::claim::{Claim, claims, written};
use crate::prove::counterexample::{allows, broken, told};
use crate::prove::differences::{self, Difference};
use crate::prove::equivalent;
use crate::prove::errors;
use crate::prove::pieces::key;
use crate::prove::proof::{Example, Kind, Proof, Shown, Verdict};
use crate::prove::queue::all;
use crate::prove::slice;
use crate::prove::solver::{Solvers, Stuck, Worker};
use crate::prove::subject::{Subject, heeds};
use cedar_policy::{PolicyId, PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::err::Error;
use cedar_policy_symcc::{CompiledPolicy, CompiledPolicySet, Env};
use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;
use std::sync::OnceLock;

/// What an answer comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It holds for every request.
    Holds,
    /// It does not hold for this one.
    Fails(Example),
    /// Neither is known.
    Open(String),
}

/// One question about one kind of request.
#[derive(Clone, Copy)]
enum Question<'q> {
    /// What the permit of a group lets through has all that is claimed, and it lets something through.
    Required(&'q Group, usize),
    /// The permit of a group lets nothing through that is not an action of it.
    Elsewhere(&'q Group, usize),
    /// What the permit of a group allows, no reason refuses.
    Permitted(&'q Group, usize),
    /// What no reason refuses of the data of a group, its permit allows.
    Unexplained(&'q Group, usize),
    /// Of other data everything is refused with a reason.
    Ungoverned(usize),
    /// A policy of a file does not err.
    NeverErrs(File, &'q PolicyId, usize),
}

impl Question<'_> {
    /// What it serves to show.
    fn kind(&self) -> Kind {
        match self {
            Question::Required(..) | Question::Elsewhere(..) => Kind::Required,
            Question::NeverErrs(..) => Kind::NeverErrs,
            Question::Permitted(..) | Question::Unexplained(..) | Question::Ungoverned(..) => Kind::Explained,
        }
    }
}

/// A file of policies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum File {
    Permits,
    Reasons,
}

impl File {
    fn name(self) -> &'static str {
        match self {
            File::Permits => "policies.cedar",
            File::Reasons => "explain.cedar",
        }
    }
}

/// What is to be shown of what was emitted from a policy: claims of these kinds. An error is one of the solver, and then nothing is shown.
pub fn prove(policy: &Policy, cedar: &Cedar, solvers: &dyn Solvers, kinds: &[Kind]) -> Result<Proof, String> {
    let subject = Subject::new(policy, cedar)?;
    let mut questions = Vec::new();
    let permits: Vec<PolicyId> = ids(&subject.permits);
    let reasons: Vec<PolicyId> = ids(&subject.reasons);
    for (at, (action, env)) in subject.actions.iter().enumerate() {
        for group in &policy.groups {
            questions.push(match group.actions.contains(action) {
                true => Question::Required(group, at),
                false => Question::Elsewhere(group, at),
            });
            if group.actions.contains(action) {
                questions.extend([Question::Permitted(group, at), Question::Unexplained(group, at)]);
            }
        }
        questions.push(Question::Ungoverned(at));
        for (file, set, ids) in [
            (File::Permits, &subject.permits, &permits),
            (File::Reasons, &subject.reasons, &reasons),
        ] {
            let heeding = ids.iter().filter(|id| set.policy(id).is_some_and(|policy| heeds(policy, env)));
            questions.extend(heeding.map(|id| Question::NeverErrs(file, id, at)));
        }
    }
    questions.retain(|question| kinds.contains(&question.kind()));
    let asking = Asking {
        policy,
        cedar,
        subject: &subject,
        derived: OnceLock::new(),
    };
    let answers = all(&questions, solvers, |worker, question| asking.answer(worker, *question))?;
    let rows = policy
        .groups
        .iter()
        .map(Row::Group)
        .chain([Row::File(File::Permits), Row::File(File::Reasons), Row::Explained]);
    let pairs: Vec<(Question, Found)> = questions.into_iter().zip(answers).collect();
    Ok(Proof {
        schema: "quorate/proof/1",
        workspace: policy.workspace.clone(),
        revision: policy.revision.clone(),
        files: digests(cedar),
        solver: solvers.name().to_owned(),
        shown: rows
            .filter(|row| kinds.contains(&row.kind()))
            .map(|row| row.shown(&subject, &pairs))
            .collect(),
    })
}

/// The files that a proof is about, with their digests.
pub fn digests(cedar: &Cedar) -> BTreeMap<String, String> {
    let files = [
        ("cedar/schema.cedarschema", &cedar.schema),
        ("cedar/policies.cedar", &cedar.policies),
        ("cedar/explain.cedar", &cedar.explain),
        ("cedar/entities.json", &cedar.entities),
    ];
    files.map(|(name, text)| (name.to_owned(), sha256(text.as_bytes()))).into()
}

fn ids(set: &PolicySet) -> Vec<PolicyId> {
    let mut ids: Vec<PolicyId> = set.policies().map(|policy| policy.id().clone()).collect();
    ids.sort();
    ids
}

struct Asking<'a> {
    policy: &'a Policy,
    cedar: &'a Cedar,
    subject: &'a Subject,
    /// The derived requests on which the files differ, once somebody asks.
    derived: OnceLock<Result<Vec<Difference>, String>>,
}

impl Asking<'_> {
    fn answer(&self, worker: &mut Worker, question: Question) -> Result<Found, Stuck> {
        let found = match question {
            Question::Required(group, at) => self.required(worker, group, at),
            Question::Elsewhere(group, at) => self.elsewhere(worker, group, at),
            Question::Permitted(group, at) => self.permitted(worker, group, at),
            Question::Unexplained(group, at) => self.unexplained(worker, group, at),
            Question::Ungoverned(at) => self.ungoverned(worker, at),
            Question::NeverErrs(file, id, at) => self.never_errs(worker, file, id, at),
        };
        match found {
            Err(Stuck::Open(why)) => Ok(Found::Open(why)),
            other => other,
        }
    }

    fn env(&self, at: usize) -> &(String, RequestEnv) {
        &self.subject.actions[at]
    }

    fn required(&self, worker: &mut Worker, group: &Group, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        let permit = self.subject.permit(group).map_err(Stuck::Open)?;
        let claims = claims(self.policy, group, action).map_err(Stuck::Open)?;
        let mut doubtful = Vec::new();
        for claim in claims {
            if !self.holds_for_slice(worker, &permit, &claim, env)? {
                doubtful.push(claim);
            }
        }
        let schema = self.narrow(&permit, &doubtful)?;
        let permits = CompiledPolicy::compile(&permit, env, &schema)
            .map_err(open)?
            .into_compiled_policyset();
        if !doubtful.is_empty() {
            let asked = compiled(&doubtful, env, &schema)?;
            let against = worker.ask(async |compiler| compiler.check_implies_with_counterexample_opt(&permits, &asked).await)?;
            if let Some(found) = against {
                return self.refuted(worker, group, action, &permit, &permits, &doubtful, env, &schema, &found);
            }
        }
        let idle = worker.ask(async |compiler| compiler.check_always_denies_opt(&permits).await)?;
        Ok(match idle {
            false => Found::Holds,
            true => Found::Open(format!("{action}: no request at all is allowed, so that nothing is shown of one")),
        })
    }

    /// Whether a claim follows from those conditions of a permit alone that have to do with it.
    fn holds_for_slice(&self, worker: &mut Worker, permit: &cedar_policy::Policy, claim: &Claim, env: &RequestEnv) -> Result<bool, Stuck> {
        let Some(slice) = slice::of(permit, claim) else { return Ok(false) };
        let claimed = cedar_policy::Policy::parse(None, written([claim])).map_err(|error| Stuck::Open(error.to_string()))?;
        let holds = self.subject.once(key("claim", [&slice, &claimed]), || {
            let schema = self.narrow(&slice, std::slice::from_ref(claim))?;
            let asked = compiled(std::slice::from_ref(claim), env, &schema)?;
            let Ok(slice) = CompiledPolicy::compile(&slice, env, &schema) else {
                return Ok(false);
            };
            let slice = slice.into_compiled_policyset();
            worker.ask(async |compiler| compiler.check_implies_opt(&slice, &asked).await)
        });
        match holds {
            Err(Stuck::Open(_)) => Ok(false),
            other => other,
        }
    }

    /// Each claim by itself, and the request that was found.
    #[expect(clippy::too_many_arguments, reason = "what was asked, and how it was put")]
    fn refuted(
        &self,
        worker: &mut Worker,
        group: &Group,
        action: &str,
        permit: &cedar_policy::Policy,
        permits: &CompiledPolicySet,
        claims: &[Claim],
        env: &RequestEnv,
        schema: &Schema,
        found: &Env,
    ) -> Result<Found, Stuck> {
        let set = PolicySet::from_policies([permit.clone()]).map_err(|error| Stuck::Open(error.to_string()))?;
        if !allows(&set, found) || broken(claims, found).map_err(Stuck::Open)?.is_empty() {
            return Err(Stuck::Broken("the solver found a request that is none when it is tried".to_owned()));
        }
        let mut lacking: BTreeSet<Denial> = BTreeSet::new();
        for claim in claims {
            let alone = compiled(std::slice::from_ref(claim), env, schema)?;
            if !worker.ask(async |compiler| compiler.check_implies_opt(permits, &alone).await)? {
                lacking.insert(claim.denial.clone());
            }
        }
        // That approvals are from too few people is said where each of them is asked for.
        if lacking.iter().any(|denial| denial.place.is_some()) {
            lacking.retain(|denial| *denial != Denial::plain(crate::emit::reason::Reason::SamePerson));
        }
        Ok(Found::Fails(told(self.policy, Some(group), action, &lacking, found)))
    }

    fn narrow(&self, permit: &cedar_policy::Policy, claims: &[Claim]) -> Result<Schema, Stuck> {
        let claimed = cedar_policy::Policy::parse(None, written(claims)).map_err(|error| Stuck::Open(error.to_string()))?;
        self.subject.narrow.of([permit, &claimed]).map_err(Stuck::Open)
    }

    fn elsewhere(&self, worker: &mut Worker, group: &Group, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        let permit = self.subject.permit(group).map_err(Stuck::Open)?;
        if !heeds(&permit, env) {
            return Ok(Found::Holds);
        }
        let schema = self.narrow(&permit, &[])?;
        let compiled = CompiledPolicy::compile(&permit, env, &schema).map_err(open)?;
        let never = worker.ask(async |compiler| compiler.check_never_matches_opt(&compiled).await)?;
        Ok(match never {
            true => Found::Holds,
            false => Found::Fails(Example {
                action: action.clone(),
                sentence: format!("{action} is allowed, which `{}` does not cover", group.id),
                lacking: vec![Denial::plain(crate::emit::reason::Reason::OutOfScope).code()],
            }),
        })
    }

    fn permitted(&self, worker: &mut Worker, group: &Group, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        let permit = self.subject.permit(group).map_err(Stuck::Open)?;
        Ok(match equivalent::refused(worker, self.subject, &permit, action, env)? {
            None => Found::Holds,
            Some(reason) => self.differing(Some(group), action, &format!("`{reason}` may refuse what `{}` allows", group.id)),
        })
    }

    fn unexplained(&self, worker: &mut Worker, group: &Group, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        let permit = self.subject.permit(group).map_err(Stuck::Open)?;
        Ok(match equivalent::unexplained(worker, self.subject, &permit, env)? {
            None => Found::Holds,
            Some(part) => self.differing(
                Some(group),
                action,
                &format!("`{}` may refuse without a reason, where this does not hold: {part}", group.id),
            ),
        })
    }

    fn ungoverned(&self, worker: &mut Worker, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        Ok(match equivalent::ungoverned(worker, self.subject, action, env)? {
            false => Found::Holds,
            true => self.differing(None, action, "data that no domain covers may be refused without a reason"),
        })
    }

    /// A derived request on which the files differ; if there is none, nothing is known.
    fn differing(&self, group: Option<&Group>, action: &str, doubt: &str) -> Found {
        let derived = self
            .derived
            .get_or_init(|| differences::among_derived(self.policy, self.cedar, self.subject));
        let differences = match derived {
            Ok(differences) => differences,
            Err(why) => return Found::Open(why.clone()),
        };
        let about = |resource: &String| match group {
            Some(group) => group.resources.contains(resource),
            None => !self.policy.groups.iter().any(|group| group.resources.contains(resource)),
        };
        let example = differences
            .iter()
            .find(|found| found.example.action == action && about(&found.resource));
        match example {
            Some(found) => Found::Fails(found.example.clone()),
            None => Found::Open(format!("{action}: {doubt}; no derived request shows it")),
        }
    }

    fn never_errs(&self, worker: &mut Worker, file: File, id: &PolicyId, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        let set = match file {
            File::Permits => &self.subject.permits,
            File::Reasons => &self.subject.reasons,
        };
        let Some(policy) = set.policy(id) else {
            return Err(Stuck::Open(format!("there is no `{id}`")));
        };
        let never = errors::never(worker, self.subject, policy, env)?;
        Ok(match never {
            true => Found::Holds,
            false => Found::Fails(Example {
                action: action.clone(),
                sentence: format!("`{id}` can err for {action}"),
                lacking: Vec::new(),
            }),
        })
    }
}

fn compiled(claims: &[Claim], env: &RequestEnv, schema: &Schema) -> Result<CompiledPolicySet, Stuck> {
    let text = written(claims);
    let set = PolicySet::from_str(&text).map_err(|error| Stuck::Open(format!("what it takes cannot be put as a question: {error}")))?;
    CompiledPolicySet::compile(&set, env, schema).map_err(open)
}

/// A policy that cannot be put as a question.
fn open(error: Error) -> Stuck {
    Stuck::Open(crate::prove::solver::unsupported(&error))
}

/// One line of what is shown.
enum Row<'q> {
    Group(&'q Group),
    File(File),
    Explained,
}

impl Row<'_> {
    fn kind(&self) -> Kind {
        match self {
            Row::Group(_) => Kind::Required,
            Row::File(_) => Kind::NeverErrs,
            Row::Explained => Kind::Explained,
        }
    }

    /// The action of a question, if it belongs to this line.
    fn concerns(&self, question: &Question) -> Option<usize> {
        match (self, question) {
            (Row::Group(group), Question::Required(of, at) | Question::Elsewhere(of, at)) if group.id == of.id => Some(*at),
            (Row::File(file), Question::NeverErrs(of, _, at)) if file == of => Some(*at),
            (Row::Explained, Question::Permitted(_, at) | Question::Unexplained(_, at) | Question::Ungoverned(at)) => Some(*at),
            (Row::Group(_) | Row::File(_) | Row::Explained, _) => None,
        }
    }

    fn shown(&self, subject: &Subject, answers: &[(Question, Found)]) -> Shown {
        let own: Vec<(usize, &Found)> = answers
            .iter()
            .filter_map(|(question, found)| Some((self.concerns(question)?, found)))
            .collect();
        let mut examples: BTreeSet<Example> = BTreeSet::new();
        let mut because: BTreeSet<String> = BTreeSet::new();
        for (_, found) in &own {
            match found {
                Found::Holds => {}
                Found::Fails(example) => drop(examples.insert(example.clone())),
                Found::Open(why) => drop(because.insert(why.clone())),
            }
        }
        // A policy that errs says nothing, and the questions about both files take it that none does.
        let sound = |(question, found): &(Question, Found)| question.kind() != Kind::NeverErrs || *found == Found::Holds;
        let asked = answers.iter().any(|(question, _)| question.kind() == Kind::NeverErrs);
        if matches!(self, Row::Explained) && !(asked && answers.iter().all(sound)) {
            because.insert("it is not proved that no policy can err".to_owned());
        }
        let verdict = match (examples.is_empty(), because.is_empty()) {
            (false, _) => Verdict::Refuted {
                examples: examples.into_iter().collect(),
            },
            (true, false) => Verdict::NotProved {
                because: because.into_iter().collect(),
            },
            (true, true) if own.is_empty() => Verdict::NotProved {
                because: vec!["there is no request to ask about".to_owned()],
            },
            (true, true) => Verdict::Proved,
        };
        let asked: BTreeSet<usize> = own.iter().map(|(at, _)| *at).collect();
        let names = asked.into_iter().map(|at| subject.actions[at].0.clone());
        let (kind, of, domains, actions) = match self {
            Row::Group(group) => (
                Kind::Required,
                group.id.clone(),
                group.domains.clone(),
                group.actions.iter().cloned().collect(),
            ),
            Row::File(file) => (Kind::NeverErrs, file.name().to_owned(), Vec::new(), names.collect()),
            Row::Explained => (Kind::Explained, File::Reasons.name().to_owned(), Vec::new(), names.collect()),
        };
        Shown {
            kind,
            of,
            domains,
            actions,
            questions: own.len(),
            verdict,
        }
    }
}
