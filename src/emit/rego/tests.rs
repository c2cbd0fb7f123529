//! Tests that both machines of regorus give each request the decision that the contract requires.

mod approvals;
mod conditions;
mod conjuncts;
mod decisions;
mod emission;
mod fixture;
mod joint;
mod shape;
