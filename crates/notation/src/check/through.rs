//! A file that shows another kind's records says nothing that only where they are kept can say.

use super::checker::{Checker, file_of, listed};
use crate::Resource;

impl<'a> Checker<'a> {
    pub(super) fn through(&mut self, resource: &'a Resource) {
        let Some(kind) = &resource.records else { return };
        let home = match self.index.kind(kind) {
            Ok(home) => home,
            Err(wrong) => return self.tell("records", &wrong),
        };
        if let Some(further) = &home.records {
            self.tell("records", &format!("`{kind}` shows those of `{further}` itself: name that one"));
        }
        if resource.scope != home.scope || resource.singleton != home.singleton {
            self.tell("records", &format!("`scope` and `singleton` must be as in {}", file_of(kind, "toml")));
        }
        let kept = [
            ("ids", resource.ids.is_some()),
            ("order_by", resource.order_by.is_some()),
            ("contended", resource.contended.is_some()),
        ];
        for (key, _) in kept.iter().filter(|(_, said)| *said) {
            self.tell(key, &format!("{} says that, whose records they are", file_of(kind, "toml")));
        }
        let has = |files: &[(String, String)]| files.iter().any(|(of, _)| *of == resource.kind);
        if has(&self.index.catalogue.fresh) || has(&self.index.catalogue.fleet) {
            self.tell("records", &format!("a tenant's first ones stand beside {}", file_of(kind, "toml")));
        }
        for (name, field) in &resource.fields {
            if let Some(theirs) = home.fields.get(name)
                && theirs.shape != field.shape
                // A behaviour of its own may translate.
                && resource.behaviours.is_empty()
            {
                let what = format!("in {kind}, whose records they are, it is a {}", theirs.shape);
                self.tell(&format!("field `{name}`"), &what);
            }
            // Only where they are kept is known who holds a value.
            if field.unique.is_some()
                && home.fields.get(name).is_none_or(|theirs| theirs.unique != field.unique)
            {
                let all =
                    home.fields.iter().filter(|(_, theirs)| theirs.unique.is_some()).map(|(name, _)| name);
                let what = format!("unique in {kind} are {}", listed(all));
                self.tell(&format!("field `{name}`"), &what);
            }
        }
    }
}
