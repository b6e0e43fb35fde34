//! What a caller's right in a product lets it ask for: a class of objects to see or to change, and a scope of the tenant.
//! The catalogue says the class; this is the one place that holds a call against it.

use zuno_catalogue::{Operation, Resource};
use zuno_engine::Scope;
use zuno_model::{Fault, Permission, Right};

/// Refuses an operation that the caller's role does not let it carry out.
///
/// # Errors
/// [`Fault::Forbidden`].
pub fn allowed(right: &Right, resource: &Resource, operation: &Operation) -> Result<(), Fault> {
    let class = resource.class_of(operation);
    let named = class.unwrap_or(&resource.noun);
    let refused = |why: String| Err(Fault::Forbidden(why));
    match right.to(class) {
        None => refused(format!("its role gives no access to `{named}`")),
        Some(Permission::ReadOnly) if operation.writes() => refused(format!("its role only views `{named}`")),
        // What has no scopes belongs to the whole tenant (documented: providers, log receivers and their like are
        // configured in Default alone).
        Some(_) if operation.writes() && right.within.is_some() && resource.scope.is_none() => {
            refused(format!("it is confined to one scope, and a {} belongs to all", resource.noun))
        }
        Some(_) => Ok(()),
    }
}

/// The scope that a call speaks of. `microtenantId`: `0` is the default scope, `null` all of them, anything else that
/// one; absent it is the caller's own (documented). A caller that is confined to one scope names that one or none.
///
/// # Errors
/// [`Fault::Forbidden`] where it names another.
pub fn scope(right: &Right, query: &[(String, String)]) -> Result<Scope, Fault> {
    let named = query.iter().find(|(name, _)| name.eq_ignore_ascii_case("microtenantId"));
    let named = named.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty());
    match (named, right.within.as_deref()) {
        (Some(named), Some(own)) if named != own => {
            Err(Fault::Forbidden(format!("it is confined to the microtenant {own}")))
        }
        (Some("null"), _) => Ok(Scope::All),
        (None, None) => Ok(Scope::One("0".into())),
        (Some(scope), _) | (None, Some(scope)) => Ok(Scope::One(scope.to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use zuno_catalogue::Catalogue;
    use zuno_engine::Scope;
    use zuno_model::{Permission, Reach, Right};

    use super::{allowed, scope};

    fn right(classes: &[(&str, Permission)], within: Option<&str>) -> Right {
        let classes = classes.iter().map(|(name, access)| ((*name).to_owned(), *access)).collect();
        Right { reach: Reach::Classes(classes), within: within.map(str::to_owned) }
    }

    #[test]
    fn every_operation_wants_its_class_and_a_change_wants_all_of_it() {
        let catalogue = Catalogue::compiled();
        let with_classes = catalogue.resources().filter(|resource| resource.class.is_some());
        let mut asked = 0;
        for resource in with_classes {
            for operation in resource.operations.values() {
                let class = resource.class_of(operation).expect("the product has classes");
                let passes = |right: &Right| allowed(right, resource, operation).is_ok();
                assert!(!passes(&right(&[("Another", Permission::Full)], None)), "{}", operation.path);
                let views = passes(&right(&[(class, Permission::ReadOnly)], None));
                assert_eq!(views, !operation.writes(), "{}", operation.path);
                assert!(passes(&right(&[(class, Permission::Full)], None)), "{}", operation.path);
                let confined = passes(&right(&[(class, Permission::Full)], Some("7")));
                assert_eq!(confined, !operation.writes() || resource.scope.is_some(), "{}", operation.path);
                asked += 1;
            }
        }
        assert!(asked > 300, "{asked}");
    }

    #[test]
    fn a_confined_caller_names_its_own_scope_or_none() {
        let asked = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        let (free, own) = (right(&[], None), right(&[], Some("7")));
        let one = |scope: &str| Some(Scope::One(scope.to_owned()));
        assert_eq!(scope(&free, &[]).ok(), one("0"));
        assert_eq!(scope(&free, &asked("microtenantId", "null")).ok(), Some(Scope::All));
        assert_eq!(scope(&free, &asked("microtenantid", "9")).ok(), one("9"));
        assert_eq!(scope(&own, &[]).ok(), one("7"));
        assert_eq!(scope(&own, &asked("MICROTENANTID", "7")).ok(), one("7"));
        assert_eq!(scope(&own, &asked("microtenantId", "")).ok(), one("7"));
        for other in ["0", "null", "9", "07", " 7"] {
            assert!(scope(&own, &asked("microtenantId", other)).is_err(), "{other}");
        }
    }
}
