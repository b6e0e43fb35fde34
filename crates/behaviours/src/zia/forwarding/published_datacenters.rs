//! `published-datacenters`: every site that the service endpoints publish is among the data centers, also one that no
//! record is kept of.

use std::collections::HashSet;

use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored};
use zuno_model::Fault;

use super::sites::{name_of, published, unrecorded};

/// The guarantee for one resource.
struct PublishedDatacenters(String);

/// Makes it.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(PublishedDatacenters(params.kind())))
}

impl Behaviour for PublishedDatacenters {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.0)?;
        let mut rows = cx.all(&self.0, None)?;
        let sites = published(cx)?;
        let known: HashSet<String> = rows.iter().filter_map(|row| name_of(&row.record)).collect();
        let strangers = sites.iter().filter(|site| !known.contains(&site.name));
        let strangers = strangers.map(|site| {
            let (id, record) = unrecorded(site, &rows);
            // Behind the known ones, whose places in the order are shorter texts of digits or none.
            Stored { sort: format!("\u{10ffff}{}", site.name), id, scope: "0".into(), record }
        });
        let strangers: Vec<Stored> = strangers.collect();
        rows.extend(strangers);
        cx.list(resource, None, rows)
    }
}
