//! What a plan says: calls with their reasons, and lists that are to be put in order.

use serde::Serialize;
use serde_json::{Map, Value};
use zuno_model::Id;

use crate::Wrong;
use crate::difference::Difference;

/// What is to be done.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// The calls, in an order in which each finds what it refers to.
    pub steps: Vec<Step>,
    /// The lists of rules that are to be put into another order, after all else.
    pub orders: Vec<Order>,
    /// What differs and cannot be done by a call, with the reason.
    pub left: Vec<Wrong>,
    /// How many records are as they are to be.
    pub same: usize,
}

/// What is done to a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Action {
    /// It is made.
    Create,
    /// It is changed.
    Update,
    /// It is deleted.
    Delete,
}

/// A call, and why.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// The record's kind.
    pub kind: String,
    /// What the record is called; nothing where there is one of its kind.
    pub name: String,
    /// The record's id, where it has one: of one that is to be made, what stands for it in this plan.
    pub id: Option<Id>,
    /// What it is to be, in engine form; of one that is deleted, what it is. What is not declared of it stays.
    pub record: Map<String, Value>,
    /// What it is while the plan is made; nothing of one that is to be made.
    pub is: Option<Map<String, Value>>,
    /// In which members it differs.
    pub differences: Vec<Difference>,
}

/// A list of rules that is to be put into another order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Order {
    /// Their kind.
    pub kind: String,
    /// Which list of that kind it is, by members and values in engine form.
    pub within: Vec<(String, String)>,
    /// The rules by id, in the order that is wanted; one that is to be made by what stands for its id.
    pub wanted: Vec<Id>,
    /// How many are to be moved, and the first of them by name.
    pub moved: usize,
    /// A rule that is to be moved.
    pub example: String,
}

impl Plan {
    /// Whether there is nothing to do.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty() && self.orders.is_empty()
    }
}
