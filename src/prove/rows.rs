//! The lines of a proof: the questions that each takes, and what the answers mean.

use crate::emit::policy::{Group, Policy};
use crate::prove::proof::{Example, Kind, Shown, Verdict};
use crate::prove::subject::{File, Subject, heeds};
use cedar_policy::PolicyId;
use std::collections::BTreeSet;

/// What an answer means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// It holds for every request.
    Holds,
    /// It does not hold for these.
    Fails(Vec<Example>),
    /// Neither is known.
    Open(String),
}

/// One question about one kind of request.
#[derive(Clone, Copy)]
pub enum Question<'q> {
    /// Every request that the permit of a group allows meets every claim, and the permit allows at least one
    /// request.
    Required(&'q Group, usize),
    /// The permit of a group allows no action outside of the group.
    Elsewhere(&'q Group, usize),
    /// No reason refuses what the permit of a group allows.
    Permitted(&'q Group, usize),
    /// The permit of a group allows what no reason refuses for the data of the group.
    Unexplained(&'q Group, usize),
    /// For other data everything is refused with a reason.
    Ungoverned(usize),
    /// A policy of a file does not err.
    NeverErrs(File, &'q PolicyId, usize),
    /// The permit of a group allows nothing that was refused before.
    Within(&'q Group, usize),
    /// The data contain nothing that allows more than before.
    NoWider,
}

impl Question<'_> {
    /// The place of the action that it is about, if it is about one.
    fn action(&self) -> Option<usize> {
        match self {
            Question::Required(_, at) | Question::Elsewhere(_, at) | Question::Permitted(_, at) => Some(*at),
            Question::Unexplained(_, at) | Question::Ungoverned(at) | Question::NeverErrs(_, _, at) => Some(*at),
            Question::Within(_, at) => Some(*at),
            Question::NoWider => None,
        }
    }
}

/// One line of what is shown.
#[derive(Clone, Copy)]
pub enum Row<'q> {
    /// What the permits of a group require.
    Group(&'q Group),
    /// That no policy of a file errs.
    File(File),
    /// That the files agree.
    Explained,
    /// That the permits of a group allow nothing that was refused before.
    Within(&'q Group),
    /// That the data contain nothing that allows more than before.
    Data,
}

impl<'q> Row<'q> {
    /// What it shows.
    pub fn kind(&self) -> Kind {
        match self {
            Row::Group(_) => Kind::Required,
            Row::File(_) => Kind::NeverErrs,
            Row::Explained => Kind::Explained,
            Row::Within(_) | Row::Data => Kind::Within,
        }
    }

    /// What is asked for this line.
    pub fn questions(&self, policy: &'q Policy, subject: &'q Subject) -> Vec<Question<'q>> {
        if matches!(self, Row::Data) {
            return vec![Question::NoWider];
        }
        let mut questions = Vec::new();
        for (at, (action, env)) in subject.actions.iter().enumerate() {
            match self {
                Row::Group(group) if group.actions.contains(action) => questions.push(Question::Required(group, at)),
                Row::Group(group) => questions.push(Question::Elsewhere(group, at)),
                Row::File(file) => {
                    let heeding = subject
                        .ids(*file)
                        .iter()
                        .filter(|id| subject.set(*file).policy(id).is_some_and(|policy| heeds(policy, env)));
                    questions.extend(heeding.map(|id| Question::NeverErrs(*file, id, at)));
                }
                Row::Explained => {
                    let of = policy.groups.iter().filter(|group| group.actions.contains(action));
                    questions.extend(of.flat_map(|group| [Question::Permitted(group, at), Question::Unexplained(group, at)]));
                    questions.push(Question::Ungoverned(at));
                }
                Row::Within(group) if group.actions.contains(action) => questions.push(Question::Within(group, at)),
                Row::Within(_) | Row::Data => {}
            }
        }
        questions
    }

    /// The result of the answers to its questions; `sound` states that no policy errs.
    fn shown(&self, subject: &Subject, answers: &[(Question, &Found)], sound: bool) -> Shown {
        let own: Vec<(Option<usize>, &Found)> = answers.iter().map(|(question, found)| (question.action(), *found)).collect();
        let mut examples: BTreeSet<Example> = BTreeSet::new();
        let mut because: BTreeSet<String> = BTreeSet::new();
        for (_, found) in &own {
            match found {
                Found::Holds => {}
                Found::Fails(found) => examples.extend(found.iter().cloned()),
                Found::Open(why) => drop(because.insert(why.clone())),
            }
        }
        // A policy that errs has no effect, and the questions about both files assume that none errs.
        if matches!(self, Row::Explained) && !sound {
            because.insert("it is not proved that every policy evaluates without an error".to_owned());
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
        let asked: BTreeSet<usize> = own.iter().filter_map(|(at, _)| *at).collect();
        let names = asked.into_iter().map(|at| subject.actions[at].0.clone());
        let (kind, of, domains, actions) = match self {
            Row::Group(group) | Row::Within(group) => (
                self.kind(),
                group.id.clone(),
                group.domains.clone(),
                group.actions.iter().cloned().collect(),
            ),
            Row::File(file) => (Kind::NeverErrs, file.name().to_owned(), Vec::new(), names.collect()),
            Row::Explained => (Kind::Explained, File::Reasons.name().to_owned(), Vec::new(), names.collect()),
            Row::Data => (Kind::Within, "entities.json".to_owned(), Vec::new(), Vec::new()),
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

/// The results so far, reported row by row.
pub struct Progress<'a, 'q> {
    subject: &'a Subject,
    rows: &'a [Row<'q>],
    questions: &'a [(usize, Question<'q>)],
    found: Vec<Option<Found>>,
    shown: Vec<Shown>,
    told: &'a mut (dyn FnMut(&Shown) + Send),
}

impl<'a, 'q> Progress<'a, 'q> {
    /// Nothing yet.
    pub fn new(
        subject: &'a Subject,
        rows: &'a [Row<'q>],
        questions: &'a [(usize, Question<'q>)],
        told: &'a mut (dyn FnMut(&Shown) + Send),
    ) -> Progress<'a, 'q> {
        Progress {
            found: vec![None; questions.len()],
            shown: Vec::new(),
            subject,
            rows,
            questions,
            told,
        }
    }

    /// All results. Rows without a question are decided without an answer.
    pub fn end(mut self) -> Vec<Shown> {
        self.advance();
        self.shown
    }

    /// An answer.
    pub fn hear(&mut self, at: usize, found: Found) {
        self.found[at] = Some(found);
        self.advance();
    }

    /// Every row whose turn it is, and whose questions are answered.
    fn advance(&mut self) {
        while let Some(row) = self.rows.get(self.shown.len()) {
            let place = self.shown.len();
            let own = || self.questions.iter().zip(&self.found).filter(move |((of, _), _)| *of == place);
            let answers: Option<Vec<(Question, &Found)>> = own().map(|((_, question), found)| Some((*question, found.as_ref()?))).collect();
            let Some(answers) = answers else { return };
            let shown = row.shown(self.subject, &answers, self.sound());
            (self.told)(&shown);
            self.shown.push(shown);
        }
    }

    /// Whether it is shown that no policy errs.
    fn sound(&self) -> bool {
        let mut files = self.shown.iter().filter(|shown| shown.kind == Kind::NeverErrs).peekable();
        files.peek().is_some() && files.all(Shown::is_proved)
    }
}
