//! `bare-name`: a list finds a record by its name although something stands behind the name.
//!
//! A search for a name that no record has is repeated for names that begin with it and go on with `behind` (clients
//! ask so). Parameter: `behind`.

use zuno_engine::{Behaviour, Call, Comparison, Context, Outcome, Params, Search};
use zuno_model::Fault;

/// The guarantee for one resource.
struct BareName {
    behind: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(BareName { behind: params.text("behind")? }))
}

impl Behaviour for BareName {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let found = cx.list_part(&call.list_query)?;
        let empty = matches!(&found, Outcome::Many(page) if page.total == 0);
        let Some(Search::Clauses(clauses)) = call.list_query.search.as_ref().filter(|_| empty) else {
            return Ok(found);
        };
        let mut clauses = clauses.clone();
        for clause in &mut clauses {
            if clause.field == "name" && clause.comparison == Comparison::Equal {
                clause.comparison = Comparison::StartsWith;
                clause.value.push_str(&self.behind);
            }
        }
        let mut query = call.list_query.clone();
        query.search = Some(Search::Clauses(clauses));
        cx.list_part(&query)
    }
}
