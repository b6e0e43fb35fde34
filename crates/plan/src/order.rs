//! The order of steps in which each call finds what it refers to, and nothing is deleted that something still refers to.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use zuno_engine::Engine;

use crate::Wrong;
use crate::step::{Action, Step};

/// The steps in such an order; otherwise as they were, deletes last.
///
/// # Errors
/// Some records that are to be made refer to each other.
pub fn in_order(engine: &Engine, mut steps: Vec<Step>) -> Result<Vec<Step>, Wrong> {
    steps.sort_by_key(|step| step.action == Action::Delete);
    let mut behind: Vec<Vec<usize>> = vec![Vec::new(); steps.len()];
    let mut before = vec![0_usize; steps.len()];
    let mut add = |first: usize, then: usize| {
        if first != then {
            behind[first].push(then);
            before[then] += 1;
        }
    };
    let key = |step: &Step| step.id.as_ref().map(|id| (step.kind.clone(), id.clone()));
    let of = |action: Action| {
        let chosen = steps.iter().enumerate().filter(move |(_, step)| step.action == action);
        chosen.filter_map(|(place, step)| Some((key(step)?, place))).collect::<HashMap<_, _>>()
    };
    let (made, deleted) = (of(Action::Create), of(Action::Delete));
    for (place, step) in steps.iter().enumerate() {
        let resource = engine.catalogue().resource(&step.kind).expect("a step is about a kind that there is");
        let pointed = |record| {
            let pointers = engine.pointers_of(resource, record);
            pointers
                .into_iter()
                .map(|to| (engine.catalogue().kept_as(&to.kind).to_owned(), to.id))
                .collect::<Vec<_>>()
        };
        if step.action != Action::Delete {
            pointed(&step.record).iter().filter_map(|to| made.get(to)).for_each(|first| add(*first, place));
        }
        let was = step.is.iter().flat_map(pointed);
        was.filter_map(|to| deleted.get(&to).copied()).for_each(|then| add(place, then));
    }
    let mut ready: BinaryHeap<Reverse<usize>> = before
        .iter()
        .enumerate()
        .filter(|(_, before)| **before == 0)
        .map(|(place, _)| Reverse(place))
        .collect();
    let mut order = Vec::with_capacity(steps.len());
    while let Some(Reverse(place)) = ready.pop() {
        order.push(place);
        for &then in &behind[place] {
            before[then] -= 1;
            if before[then] == 0 {
                ready.push(Reverse(then));
            }
        }
    }
    if let Some(stuck) = before.iter().position(|before| *before > 0) {
        let step = &steps[stuck];
        let why = "it and others refer to each other, so that none can be made or deleted before the others: declare one \
                   without the reference first";
        return Err(Wrong::of(&step.kind, &step.name, why.into()));
    }
    let mut steps: Vec<Option<Step>> = steps.into_iter().map(Some).collect();
    Ok(order.into_iter().filter_map(|place| steps[place].take()).collect())
}
