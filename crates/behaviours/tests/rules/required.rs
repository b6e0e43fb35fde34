//! What is required is there before any behaviour looks at a record, unless the catalogue leaves it to that one.

use serde_json::{Value, json};
use zuno_catalogue::{Access, Catalogue, Method};
use zuno_engine::{Behaviour, Change, Context, Maker, Params};
use zuno_model::Fault;

use crate::cloud::Cloud;

/// A behaviour that must not see a record without what its resource requires.
struct Whole(Vec<String>);

fn whole(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    params.read::<Value>()?;
    let fields = params.resource.fields.iter();
    let required = fields.filter(|(_, field)| field.access == Access::Required && field.left_to.is_none());
    Ok(Box::new(Whole(required.map(|(name, _)| name.clone()).collect())))
}

impl Behaviour for Whole {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let lacks = self.0.iter().find(|name| change.new.get(*name).is_none_or(Value::is_null));
        lacks.map_or(Ok(()), |name| panic!("a behaviour saw a record without `{name}`"))
    }
}

#[test]
fn no_behaviour_sees_a_record_without_what_is_required() {
    let catalogue = Catalogue::compiled();
    let known: Vec<(&'static str, Maker)> =
        zuno_behaviours::all().into_iter().map(|(name, _)| (name, whole as Maker)).collect();
    let (mut refused, mut taken) = (0, 0);
    for (base, product) in [("/zpa/mgmtconfig/v1/admin/customers/1", "zpa"), ("/zia/api/v1", "zia")] {
        let cloud = Cloud::with(base, false, known.clone());
        for (_, resource, operation) in catalogue.operations() {
            let collection =
                operation.name == "create" && !operation.path.replace("{customer}", "1").contains('{');
            if !resource.kind.starts_with(product) || !collection || resource.behaviours.is_empty() {
                continue;
            }
            let path = operation.path.replace("{customer}", "1");
            let below = format!("/{product}{path}");
            let Some(path) = below.strip_prefix(base) else { continue };
            match cloud.call(Method::Post, path, Some(json!({}))) {
                Err(Fault::Invalid { .. }) => refused += 1,
                _ => taken += 1,
            }
        }
    }
    assert!(refused > 60 && taken > 0, "{refused} refused, {taken} taken");
}
