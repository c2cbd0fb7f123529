//! Where a write flows to, by `feeds`, and on which path.

use crate::model::flow::steps;
use crate::model::{Model, SystemId};
use crate::source::Span;
use petgraph::graphmap::DiGraphMap;
use petgraph::visit::Bfs;
use std::collections::BTreeMap;

pub use crate::model::flow::Location;

/// A place a write arrives at.
#[derive(Clone, Debug)]
pub struct Arrival {
    /// The class and the system.
    pub at: Location,
    /// The `feeds` clauses on the shortest way there.
    pub way: Vec<Span>,
    /// The systems on that way, the first left out.
    pub systems: Vec<SystemId>,
    /// How long the last step takes, in seconds.
    pub within: Option<i64>,
}

/// What flows where.
#[derive(Debug)]
pub struct Flows {
    graph: DiGraphMap<Location, (Span, Option<i64>)>,
}

impl Flows {
    /// Every step of every feed.
    pub fn of(model: &Model) -> Flows {
        let mut graph = DiGraphMap::new();
        for step in steps(model) {
            graph.add_edge(step.from, step.to, (step.feed.span, step.feed.within));
        }
        Flows { graph }
    }

    /// Everywhere that a write of a class in a system arrives, nearest first, without the ways.
    pub fn places(&self, start: Location) -> Vec<Location> {
        if !self.graph.contains_node(start) {
            return Vec::new();
        }
        let mut places = Vec::new();
        let mut search = Bfs::new(&self.graph, start);
        while let Some(node) = search.next(&self.graph) {
            places.push(node);
        }
        places.remove(0);
        places
    }

    /// Everywhere that a write of a class in a system arrives, nearest first.
    pub fn from(&self, start: Location) -> Vec<Arrival> {
        if !self.graph.contains_node(start) {
            return Vec::new();
        }
        let mut arrivals: BTreeMap<Location, Arrival> = BTreeMap::new();
        let mut order = Vec::new();
        let mut search = Bfs::new(&self.graph, start);
        while let Some(node) = search.next(&self.graph) {
            for (_, next, (span, within)) in self.graph.edges(node) {
                if next == start || arrivals.contains_key(&next) {
                    continue;
                }
                let before = arrivals.get(&node);
                let way = before
                    .map_or(&[][..], |before| &before.way)
                    .iter()
                    .copied()
                    .chain([*span])
                    .collect();
                let systems = before
                    .map_or(&[][..], |before| &before.systems)
                    .iter()
                    .copied()
                    .chain([next.0])
                    .collect();
                arrivals.insert(
                    next,
                    Arrival {
                        at: next,
                        way,
                        systems,
                        within: *within,
                    },
                );
                order.push(next);
            }
        }
        order.iter().filter_map(|held| arrivals.get(held).cloned()).collect()
    }
}
