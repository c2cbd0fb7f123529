//! The questions about emitted policies, and what their answers mean.

use crate::emit::answer::Denial;
use crate::emit::cedar::Cedar;
use crate::emit::policy::{Group, Policy};
use crate::prove::against::permits::Comparison;
use crate::prove::against::{Earlier, Files};
use crate::prove::claim::{Claim, claims, written};
use crate::prove::counterexample::{allows, broken, told};
use crate::prove::differences::{self, Difference};
use crate::prove::equivalent;
use crate::prove::errors;
use crate::prove::pieces::key;
use crate::prove::proof::{Example, Kind, Proof, Shown};
use crate::prove::queue::all;
use crate::prove::rows::{Found, Progress, Question, Row};
use crate::prove::slice;
use crate::prove::solver::{Solvers, Stuck, Worker};
use crate::prove::subject::{File, Subject, heeds};
use cedar_policy::{PolicyId, PolicySet, RequestEnv, Schema};
use cedar_policy_symcc::err::Error;
use cedar_policy_symcc::{CompiledPolicy, CompiledPolicySet, Env};
use std::collections::BTreeSet;
use std::str::FromStr;
use std::sync::{Mutex, OnceLock};

const NOTHING_EARLIER: &str = "there is no earlier build to compare with";

/// What to show, and who receives the results.
pub struct Wanted<'a> {
    /// Claims of these kinds.
    pub kinds: &'a [Kind],
    /// If not empty, only what these domains govern is proved, and nothing about the files as a whole.
    pub domains: &'a BTreeSet<String>,
    /// The files of an earlier build, if this one is compared with it.
    pub earlier: Option<&'a Earlier>,
    /// Receives each claim once it is decided, in the order of the claims.
    pub told: &'a mut (dyn FnMut(&Shown) + Send),
}

/// The claims about the files that were emitted from a policy. An error comes from the solver, and then nothing
/// is proved.
pub fn prove(policy: &Policy, cedar: &Cedar, solvers: &dyn Solvers, wanted: Wanted) -> Result<Proof, String> {
    let subject = Subject::new(policy, cedar)?;
    let everything = wanted.domains.is_empty();
    let named = |group: &&Group| everything || governed(group, wanted.domains);
    let whole = [Row::File(File::Permits), Row::File(File::Reasons), Row::Explained];
    let rows = policy.groups.iter().filter(named).map(Row::Group);
    let rows = rows.chain(whole.into_iter().filter(|_| everything));
    let within = policy.groups.iter().filter(named).map(Row::Within).chain([Row::Data]);
    let rows = rows.chain(within.filter(|_| wanted.earlier.is_some()));
    let rows: Vec<Row> = rows.filter(|row| wanted.kinds.contains(&row.kind())).collect();
    let questions: Vec<(usize, Question)> = rows
        .iter()
        .enumerate()
        .flat_map(|(place, row)| row.questions(policy, &subject).into_iter().map(move |question| (place, question)))
        .collect();
    let asking = Asking {
        policy,
        cedar,
        subject: &subject,
        earlier: wanted.earlier,
        derived: OnceLock::new(),
    };
    let progress = Mutex::new(Progress::new(&subject, &rows, &questions, wanted.told));
    let heard = |at: usize, found: &Found| {
        if let Ok(mut progress) = progress.lock() {
            progress.hear(at, found.clone());
        }
    };
    all(&questions, solvers, |worker, (_, question)| asking.answer(worker, *question), heard)?;
    let progress = progress.into_inner().map_err(|_| "a claim could not be written".to_owned())?;
    Ok(Proof {
        schema: "quorate/proof/1",
        workspace: policy.workspace.clone(),
        revision: policy.revision.clone(),
        domains: wanted.domains.iter().cloned().collect(),
        files: Files::of(cedar).digests(),
        against: wanted.earlier.map(|earlier| earlier.files.clone()).unwrap_or_default(),
        solver: solvers.name().to_owned(),
        shown: progress.end(),
    })
}

/// Whether one of these domains governs a group.
pub fn governed(group: &Group, domains: &BTreeSet<String>) -> bool {
    group.domains.iter().any(|domain| domains.contains(domain))
}

struct Asking<'a> {
    policy: &'a Policy,
    cedar: &'a Cedar,
    subject: &'a Subject,
    earlier: Option<&'a Earlier>,
    /// The derived requests on which the files differ, found on first use.
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
            Question::Within(group, at) => self.within(worker, group, at),
            Question::NoWider => self.no_wider(),
        };
        match found {
            Err(Stuck::Open(why)) => Ok(Found::Open(why)),
            other => other,
        }
    }

    fn env(&self, at: usize) -> &(String, RequestEnv) {
        &self.subject.actions[at]
    }

    /// Each permit of a group by itself, up to the first with a problem.
    fn of_each(&self, group: &Group, mut ask: impl FnMut(&cedar_policy::Policy) -> Result<Found, Stuck>) -> Result<Found, Stuck> {
        for permit in self.subject.of_group(group).map_err(Stuck::Open)? {
            let found = ask(&permit)?;
            if found != Found::Holds {
                return Ok(found);
            }
        }
        Ok(Found::Holds)
    }

    fn required(&self, worker: &mut Worker, group: &Group, at: usize) -> Result<Found, Stuck> {
        self.of_each(group, |permit| self.required_by(worker, group, permit, at))
    }

    fn required_by(&self, worker: &mut Worker, group: &Group, permit: &cedar_policy::Policy, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        let claims = claims(self.policy, group, action).map_err(Stuck::Open)?;
        let mut doubtful = Vec::new();
        for claim in claims {
            if !self.holds_for_slice(worker, permit, &claim, env)? {
                doubtful.push(claim);
            }
        }
        let schema = self.narrow(permit, &doubtful)?;
        let permits = CompiledPolicy::compile(permit, env, &schema)
            .map_err(open)?
            .into_compiled_policyset();
        if !doubtful.is_empty() {
            let asked = compiled(&doubtful, env, &schema)?;
            let against = worker.ask(async |compiler| compiler.check_implies_with_counterexample_opt(&permits, &asked).await)?;
            if let Some(found) = against {
                return self.refuted(worker, group, action, permit, &permits, &doubtful, env, &schema, &found);
            }
        }
        let idle = worker.ask(async |compiler| compiler.check_always_denies_opt(&permits).await)?;
        Ok(match idle {
            false => Found::Holds,
            true => Found::Open(format!("{action}: no request is allowed, so there is nothing to show")),
        })
    }

    /// Whether a claim follows from only the related conditions of a permit.
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
            return Err(Stuck::Broken("the solver's counterexample does not reproduce".to_owned()));
        }
        let mut lacking: BTreeSet<Denial> = BTreeSet::new();
        for claim in claims {
            let alone = compiled(std::slice::from_ref(claim), env, schema)?;
            if !worker.ask(async |compiler| compiler.check_implies_opt(permits, &alone).await)? {
                lacking.insert(claim.denial.clone());
            }
        }
        // If each approval is required, its denial already reports that too few people approved.
        if lacking.iter().any(|denial| denial.place.is_some()) {
            lacking.retain(|denial| *denial != Denial::plain(crate::emit::reason::Reason::SamePerson));
        }
        Ok(Found::Fails(vec![told(self.policy, Some(group), action, &lacking, found)]))
    }

    fn narrow(&self, permit: &cedar_policy::Policy, claims: &[Claim]) -> Result<Schema, Stuck> {
        let claimed = cedar_policy::Policy::parse(None, written(claims)).map_err(|error| Stuck::Open(error.to_string()))?;
        self.subject.narrow.of([permit, &claimed]).map_err(Stuck::Open)
    }

    fn elsewhere(&self, worker: &mut Worker, group: &Group, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        self.of_each(group, |permit| {
            if !heeds(permit, env) {
                return Ok(Found::Holds);
            }
            let schema = self.narrow(permit, &[])?;
            let compiled = CompiledPolicy::compile(permit, env, &schema).map_err(open)?;
            let never = worker.ask(async |compiler| compiler.check_never_matches_opt(&compiled).await)?;
            Ok(match never {
                true => Found::Holds,
                false => Found::Fails(vec![Example {
                    action: action.clone(),
                    sentence: format!("{action} is allowed, but `{}` does not cover it", group.id),
                    lacking: vec![Denial::plain(crate::emit::reason::Reason::OutOfScope).code()],
                }]),
            })
        })
    }

    fn permitted(&self, worker: &mut Worker, group: &Group, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        self.of_each(group, |permit| {
            Ok(match equivalent::refused(worker, self.subject, permit, action, env)? {
                None => Found::Holds,
                Some(reason) => self.differing(Some(group), action, &format!("`{reason}` may deny what `{}` allows", permit.id())),
            })
        })
    }

    fn unexplained(&self, worker: &mut Worker, group: &Group, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        let permits = self.subject.of_group(group).map_err(Stuck::Open)?;
        let heeding: Vec<&cedar_policy::Policy> = permits.iter().filter(|permit| heeds(permit, env)).collect();
        self.of_each(group, |permit| {
            let taken = equivalent::complementary(permit, &heeding).map_err(Stuck::Open)?;
            Ok(match equivalent::unexplained(worker, self.subject, permit, &taken, env)? {
                None => Found::Holds,
                Some(part) => self.differing(
                    Some(group),
                    action,
                    &format!("`{}` may deny without a reason if this is not so: {part}", permit.id()),
                ),
            })
        })
    }

    fn within(&self, worker: &mut Worker, group: &Group, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        let Some(earlier) = self.earlier else {
            return Ok(Found::Open(NOTHING_EARLIER.to_owned()));
        };
        let comparison = Comparison {
            policy: self.policy,
            subject: self.subject,
            earlier,
            group,
            action,
            env,
        };
        self.of_each(group, |permit| match heeds(permit, env) {
            true => comparison.of(worker, permit),
            false => Ok(Found::Holds),
        })
    }

    fn no_wider(&self) -> Result<Found, Stuck> {
        let Some(earlier) = self.earlier else {
            return Ok(Found::Open(NOTHING_EARLIER.to_owned()));
        };
        let example = |sentence: &String| Example {
            action: String::new(),
            sentence: sentence.clone(),
            lacking: Vec::new(),
        };
        Ok(match earlier.wider.is_empty() {
            true => Found::Holds,
            false => Found::Fails(earlier.wider.iter().map(example).collect()),
        })
    }

    fn ungoverned(&self, worker: &mut Worker, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        Ok(match equivalent::ungoverned(worker, self.subject, action, env)? {
            false => Found::Holds,
            true => self.differing(None, action, "data that no domain covers may be denied without a reason"),
        })
    }

    /// A derived request on which the files differ; if there is none, the result is not known.
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
            Some(found) => Found::Fails(vec![found.example.clone()]),
            None => Found::Open(format!("{action}: {doubt}; no derived request shows it")),
        }
    }

    fn never_errs(&self, worker: &mut Worker, file: File, id: &PolicyId, at: usize) -> Result<Found, Stuck> {
        let (action, env) = self.env(at);
        let Some(policy) = self.subject.set(file).policy(id) else {
            return Err(Stuck::Open(format!("there is no `{id}`")));
        };
        let never = errors::never(worker, self.subject, policy, env)?;
        Ok(match never {
            true => Found::Holds,
            false => Found::Fails(vec![Example {
                action: action.clone(),
                sentence: format!("`{id}` can fail with an error for {action}"),
                lacking: Vec::new(),
            }]),
        })
    }
}

fn compiled(claims: &[Claim], env: &RequestEnv, schema: &Schema) -> Result<CompiledPolicySet, Stuck> {
    let text = written(claims);
    let set =
        PolicySet::from_str(&text).map_err(|error| Stuck::Open(format!("its requirements cannot be written as a question: {error}")))?;
    CompiledPolicySet::compile(&set, env, schema).map_err(open)
}

/// A policy that cannot be expressed as a question.
fn open(error: Error) -> Stuck {
    Stuck::Open(crate::prove::solver::unsupported(&error))
}
