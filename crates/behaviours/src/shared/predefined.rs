//! `predefined`: records that the vendor made cannot be deleted, and change in a few members alone.
//!
//! Parameters: `by`, the flag that marks them, `is`, its value (true), `may_change`, the members that follow the
//! caller; `quietly` keeps the others as they are without a word, where a product does so. What another product of the
//! vendor's made, `through` which others see it too, changes as any record, and is deleted through that product; the server's
//! own changes are nobody's. Where there are several sorts of them, `sorts` lists these for each; the first that marks a
//! record counts.

use zuno_catalogue::Access;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::{Fault, Id, Kind, Record};

/// The guarantee for one resource.
struct Predefined {
    kind: Kind,
    sorts: Vec<Sort>,
}

/// Records that the vendor marks in one way.
struct Sort {
    by: String,
    is: bool,
    fixed: Vec<String>,
    quietly: bool,
    through: Option<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut sorts = params.parts("sorts").map(|sort| Sort::make(&sort)).collect::<Result<Vec<_>, _>>()?;
    if sorts.is_empty() {
        sorts.push(Sort::make(&params)?);
    }
    Ok(Box::new(Predefined { kind: Kind(params.kind()), sorts }))
}

impl Sort {
    fn make(params: &Params<'_>) -> Result<Sort, String> {
        let (may_change, by) = (params.fields("may_change")?, params.field("by")?);
        let callers = |access| !matches!(access, Access::Server | Access::Hidden);
        let fields = params.resource.fields.iter();
        let through = params.maybe_text("through");
        if let Some(strange) = through.as_ref().filter(|product| params.catalogue.product(product).is_none())
        {
            return Err(params.wrong(format!("there is no product `{strange}`")));
        }
        let fixed = fields
            .filter(|(name, field)| through.is_none() && callers(field.access) && !may_change.contains(name));
        Ok(Sort {
            is: params.value("is").and_then(serde_json::Value::as_bool).unwrap_or(true),
            fixed: fixed.map(|(name, _)| name.clone()).collect(),
            quietly: params.flag("quietly"),
            through,
            by,
        })
    }

    fn marks(&self, record: &Record) -> bool {
        record.flag(&self.by) == self.is
    }
}

impl Predefined {
    /// How the vendor marks this record, if it does.
    fn sort_of(&self, record: &Record) -> Option<&Sort> {
        self.sorts.iter().find(|sort| sort.marks(record))
    }

    fn refused(&self, id: &Id, verb: &'static str) -> Fault {
        Fault::Predefined { kind: self.kind.clone(), id: id.clone(), verb }
    }
}

impl Behaviour for Predefined {
    fn keeps(&self, old: &Record, member: &str) -> bool {
        self.sort_of(old).is_some_and(|sort| sort.fixed.iter().any(|fixed| fixed == member))
    }

    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(old) = &change.old else { return Ok(()) };
        let Some(sort) = self.sort_of(old) else { return Ok(()) };
        for name in &sort.fixed {
            let held = old.get(name);
            if !sort.quietly && change.sent.get(name).is_some_and(|sent| held != Some(sent)) {
                return Err(self.refused(&change.id, "changed"));
            }
            match held {
                Some(held) => change.new.insert(name.clone(), held.clone()),
                None => change.new.shift_remove(name),
            };
        }
        Ok(())
    }

    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let Some(sort) = self.sort_of(&stored.record) else { return Ok(()) };
        let Some(product) = &sort.through else { return Err(self.refused(&stored.id, "deleted")) };
        match cx.asked().map(|resource| Kind::from(resource.kind.as_str())) {
            Some(kind) if kind.product() != product => {
                Err(Fault::Predefined { kind, id: stored.id.clone(), verb: "deleted" })
            }
            _ => Ok(()),
        }
    }
}
