//! The texts that lists are searched for: the members that a resource's search and its filters look for a part in, as the store
//! is told them, so that it finds the few records that have a part without reading the others.

use zuno_catalogue::{Match, Resource, Shape};
use zuno_model::Record;

use crate::matching::each_text;
use crate::{Clause, Comparison, at_path};

/// The dotted names of such members. What stands in another record is not told with this one.
pub(crate) fn searched(resource: &Resource) -> Vec<&str> {
    let mut members: Vec<&str> = resource.search.iter().map(String::as_str).collect();
    for filter in resource.filters.values() {
        let first = resource.field(filter.field.split('.').next().unwrap_or_default());
        if matches!(filter.how, Match::Contains | Match::Starts)
            && first.is_some_and(|field| field.shape.target().is_none() && !field.is_kept_sealed())
            && !members.contains(&filter.field.as_str())
        {
            members.push(&filter.field);
        }
    }
    members
}

/// What some members of a record hold, in lower case.
pub(crate) fn of(members: &[&str], record: &Record) -> Vec<String> {
    let mut texts = Vec::new();
    for member in members {
        each_text(at_path(record, member), &mut |text| {
            texts.push(text.to_owned());
            false
        });
    }
    texts
}

/// The parts that a search asks for, of which every record that it finds has each in such a member.
pub(crate) fn parts<'q>(
    resource: &Resource,
    clauses: &'q [Clause],
    words: Option<&'q str>,
    filters: impl Iterator<Item = (&'q str, Match, &'q [&'q str])>,
) -> Vec<&'q str> {
    let searched = searched(resource);
    let mut parts = Vec::new();
    for clause in clauses.iter().filter(|clause| searched.contains(&clause.field.as_str())) {
        let plain = || resource.field(&clause.field).is_some_and(|field| field.shape == Shape::String);
        let by_part = match clause.comparison {
            Comparison::Contains | Comparison::StartsWith | Comparison::EndsWith => true,
            Comparison::Equal => plain(),
            _ => false,
        };
        parts.extend(by_part.then_some(clause.value.as_str()));
    }
    parts.extend(words);
    for (field, how, given) in filters {
        if let ([part], Match::Contains | Match::Starts) = (given, how)
            && searched.contains(&field)
        {
            parts.push(part);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    #[test]
    fn all_texts_of_a_member_are_told_as_a_search_reads_them() {
        let Value::Object(record) =
            json!({ "a": ["A", { "name": "\u{130}B" }, 7, null, { "id": "x" }], "b": { "c": "C" } })
        else {
            panic!("an object")
        };
        assert_eq!(super::of(&["a", "b.c", "d"], &record), ["a", "i\u{307}b", "7", "c"]);
    }
}
