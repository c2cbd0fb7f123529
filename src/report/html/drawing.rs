//! Where a write goes, as a drawing: boxes in layers from the agent, numbered arrows between them.

use crate::report::evidence::spread::Spread;
use serde::Serialize;

const BOX: i64 = 190;
const HEIGHT: i64 = 44;
const BETWEEN_LAYERS: i64 = 104;
const BETWEEN_BOXES: i64 = 46;
const EDGE: i64 = 4;

/// The most boxes of a drawing. With more it is not readable, and the table shows the same.
const MOST: usize = 24;

/// A box.
#[derive(Clone, Debug, Serialize)]
pub struct Node {
    /// Left.
    pub x: i64,
    /// Top.
    pub y: i64,
    /// What is written in it.
    pub label: String,
    /// In full.
    pub title: String,
    /// `agent` or `system`.
    pub kind: &'static str,
}

/// An arrow.
#[derive(Clone, Debug, Serialize)]
pub struct Arrow {
    /// As SVG has it.
    pub path: String,
    /// Its number.
    pub number: usize,
    /// Where its number stands.
    pub x: i64,
    /// Where its number stands.
    pub y: i64,
    /// `calls`, `writes`, `flows`.
    pub kind: &'static str,
}

/// A drawing.
#[derive(Clone, Debug, Serialize)]
pub struct Drawing {
    /// How wide.
    pub width: i64,
    /// How high.
    pub height: i64,
    /// How wide a box is.
    pub box_width: i64,
    /// How high a box is.
    pub box_height: i64,
    /// The boxes.
    pub nodes: Vec<Node>,
    /// The arrows.
    pub arrows: Vec<Arrow>,
}

/// Computes the layout; `None` if the writes go nowhere or to too many places.
pub fn draw(spread: &Spread) -> Option<Drawing> {
    if spread.edges.is_empty() || spread.nodes.len() > MOST {
        return None;
    }
    let layers = spread.nodes.iter().map(|node| node.layer).max().unwrap_or(0) + 1;
    let mut count = vec![0_i64; layers];
    let rows: Vec<i64> = spread
        .nodes
        .iter()
        .map(|node| {
            count[node.layer] += 1;
            count[node.layer] - 1
        })
        .collect();
    let tallest = count.iter().copied().max().unwrap_or(1);
    let step = HEIGHT + BETWEEN_BOXES;
    // Arrows that pass over a box or lead back curve below or above the boxes, where there is room.
    let bows = spread
        .edges
        .iter()
        .any(|edge| spread.nodes[edge.from].layer + 1 != spread.nodes[edge.to].layer && !beside(spread, edge.from, edge.to));
    let bow = if bows { 44 } else { 0 };
    let height = 2 * bow + tallest * step - BETWEEN_BOXES + 2 * EDGE;
    let width = 2 * EDGE + layers as i64 * (BOX + BETWEEN_LAYERS) - BETWEEN_LAYERS;
    let place = |node: usize| {
        let layer = spread.nodes[node].layer;
        let own = count[layer] * step - BETWEEN_BOXES;
        let x = EDGE + layer as i64 * (BOX + BETWEEN_LAYERS);
        let y = (height - own) / 2 + rows[node] * step;
        (x, y)
    };
    let nodes = spread.nodes.iter().enumerate().map(|(index, node)| {
        let (x, y) = place(index);
        Node {
            x,
            y,
            label: fitting(&node.title),
            title: node.title.clone(),
            kind: node.kind,
        }
    });
    let arrows = spread.edges.iter().map(|edge| {
        let (from, to) = (place(edge.from), place(edge.to));
        let layers = spread.nodes[edge.to].layer as i64 - spread.nodes[edge.from].layer as i64;
        let (path, x, y) = curve(from, to, layers, edge.number as i64);
        Arrow {
            path,
            number: edge.number,
            x,
            y,
            kind: edge.kind,
        }
    });
    Some(Drawing {
        width,
        height,
        box_width: BOX,
        box_height: HEIGHT,
        nodes: nodes.collect(),
        arrows: arrows.collect(),
    })
}

/// Whether two boxes stand one above the other with none between them.
fn beside(spread: &Spread, one: usize, other: usize) -> bool {
    spread.nodes[one].layer == spread.nodes[other].layer && one.abs_diff(other) == 1
}

/// A curve from box to box, and where its number stands.
fn curve(from: (i64, i64), to: (i64, i64), layers: i64, number: i64) -> (String, i64, i64) {
    let middle = HEIGHT / 2;
    let (fx, fy) = (from.0 + BOX, from.1 + middle);
    let (tx, ty) = (to.0, to.1 + middle);
    match layers {
        1 => {
            let half = (tx - fx) / 2;
            let path = format!("M{fx} {fy} C{} {fy} {} {ty} {} {ty}", fx + half, tx - half, tx - 9);
            (path, fx + half - 4, (fy + ty) / 2)
        }
        // Over the heads of the layers between, from top to top.
        2.. => {
            let (fx, tx) = (from.0 + BOX * 3 / 4, to.0 + BOX / 4);
            let (fy, ty) = (from.1, to.1);
            let high = fy.min(ty) - 36 - number % 3 * 6;
            let path = format!("M{fx} {fy} C{} {high} {} {high} {tx} {}", fx + 40, tx - 40, ty - 9);
            (path, (fx + tx) / 2, (fy + ty + 6 * high) / 8)
        }
        0 if (from.1 - to.1).abs() == HEIGHT + BETWEEN_BOXES => {
            let x = from.0 + BOX / 2;
            let (fy, ty) = if from.1 < to.1 {
                (from.1 + HEIGHT, to.1 - 9)
            } else {
                (from.1, to.1 + HEIGHT + 9)
            };
            // Two boxes that feed each other have an arrow each.
            let x = if from.1 < to.1 { x - 20 } else { x + 20 };
            (format!("M{x} {fy} L{x} {ty}"), x, (fy + ty) / 2)
        }
        // Back, or to itself: below, from bottom to bottom.
        _ => {
            let (fx, tx) = (from.0 + BOX / 4, to.0 + BOX * 3 / 4);
            let (fy, ty) = (from.1 + HEIGHT, to.1 + HEIGHT);
            let low = fy.max(ty) + 36 + number % 3 * 6;
            let path = format!("M{fx} {fy} C{fx} {low} {tx} {low} {tx} {}", ty + 9);
            (path, (fx + tx) / 2, (fy + ty + 6 * low) / 8)
        }
    }
}

/// A name as long as fits into a box.
fn fitting(title: &str) -> String {
    let clean: String = title.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    match clean.chars().count() {
        0..=24 => clean,
        _ => clean.chars().take(23).collect::<String>() + "…",
    }
}
