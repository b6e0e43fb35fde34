//! `delete-by-ids`: the records that a body `{"ids": […]}` names are deleted together, or none of them is.
//! Parameter: `most`, how many one call may name.

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Resource};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, success};
use zuno_model::{Fault, Id, Kind};

/// The guarantee for one resource.
struct DeleteByIds {
    kind: String,
    most: usize,
    guarded: bool,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    let most = params.number("most").and_then(|most| usize::try_from(most).ok());
    Ok(Box::new(DeleteByIds {
        kind: resource.kind.clone(),
        most: most.ok_or_else(|| format!("`{}` needs `most` = a number", params.behaviour))?,
        guarded: resource.operations.get("delete").is_some_and(|delete| delete.unless.is_some()),
    }))
}

impl Behaviour for DeleteByIds {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let unreadable = || Fault::Unreadable("`{\"ids\": […]}` is wanted".into());
        let named = call.body.as_ref().and_then(|body| body.get("ids")).and_then(Value::as_array);
        let named = named.ok_or_else(unreadable)?;
        if named.len() > self.most {
            let words = format!("No more than {} ids are allowed in one call.", self.most);
            return Err(Fault::said(&Kind(self.kind.clone()), "ids", words));
        }
        let resource = cx.resource(&self.kind)?;
        for id in named {
            let id = Id::from_value(id).ok_or_else(unreadable)?;
            cx.erase(resource, &id, self.guarded)?;
        }
        match success(cx.catalogue(), resource, cx.operation()) {
            204 => Ok(Outcome::Done),
            _ => Ok(Outcome::Value(json!({ "ids": named }))),
        }
    }
}
