//! Requests and the decisions the contract gives them, asked of both of regorus' machines.

mod approvals;
mod conditions;
mod conjuncts;
mod decisions;
mod emission;
mod fixture;
mod joint;
mod shape;
