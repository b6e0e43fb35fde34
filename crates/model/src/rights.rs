//! What a caller may do: product by product, class by class, and perhaps within one scope alone.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// What may be done to objects; the greater includes the lesser.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Permission {
    /// Read.
    ReadOnly,
    /// Read and write.
    Full,
}

/// How far a role reaches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reach {
    /// This to objects of every class.
    Everything(Permission),
    /// This to objects of each of these classes, and nothing to others.
    Classes(BTreeMap<String, Permission>),
}

/// What a role gives in one product.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// How far it reaches.
    pub reach: Reach,
    /// The scope it is confined to; nothing: every scope of the tenant.
    pub within: Option<String>,
}

impl Right {
    /// This to everything, in every scope.
    pub fn everything(access: Permission) -> Right {
        Right { reach: Reach::Everything(access), within: None }
    }

    /// What it gives to objects of a class, if anything.
    pub fn to(&self, class: Option<&str>) -> Option<Permission> {
        match &self.reach {
            Reach::Everything(access) => Some(*access),
            Reach::Classes(classes) => classes.get(class?).copied(),
        }
    }

    /// Whether whoever has this may do all that `other` lets do.
    pub fn covers(&self, other: &Right) -> bool {
        let within = self.within.is_none() || self.within == other.within;
        let reach = match (&self.reach, &other.reach) {
            (Reach::Everything(own), Reach::Everything(asked)) => own >= asked,
            (Reach::Everything(own), Reach::Classes(asked)) => asked.values().all(|asked| own >= asked),
            (Reach::Classes(_), Reach::Everything(_)) => false,
            (Reach::Classes(own), Reach::Classes(asked)) => {
                asked.iter().all(|(class, asked)| own.get(class).is_some_and(|own| own >= asked))
            }
        };
        within && reach
    }
}

/// All that a caller may do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rights {
    /// Anything: the server itself, and its operator.
    #[default]
    All,
    /// This in each of these products, by the product's code in a token, and nothing in others.
    Of(BTreeMap<String, Right>),
}

impl Rights {
    /// Whether whoever has these may give a right in a product away.
    pub fn cover(&self, product: &str, asked: &Right) -> bool {
        match self {
            Rights::All => true,
            Rights::Of(products) => products.get(product).is_some_and(|own| own.covers(asked)),
        }
    }

    /// The scope that whoever has these is confined to in a product.
    pub fn within(&self, product: &str) -> Option<&str> {
        match self {
            Rights::All => None,
            Rights::Of(products) => products.get(product)?.within.as_deref(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{Permission, Reach, Right};

    fn right() -> impl Strategy<Value = Right> {
        let access = || prop_oneof![Just(Permission::ReadOnly), Just(Permission::Full)];
        let classes = prop::collection::btree_map("[abc]", access(), 0..4).prop_map(Reach::Classes);
        let reach = prop_oneof![access().prop_map(Reach::Everything), classes];
        (reach, prop::option::of("[xy]")).prop_map(|(reach, within)| Right { reach, within })
    }

    proptest! {
        #[test]
        fn what_is_covered_gives_nothing_that_the_cover_lacks(own in right(), asked in right()) {
            prop_assert!(own.covers(&own));
            if own.covers(&asked) {
                for class in ["a", "b", "c", "d"] {
                    prop_assert!(own.to(Some(class)) >= asked.to(Some(class)));
                }
                prop_assert!(own.within.is_none() || own.within == asked.within);
            }
        }

        #[test]
        fn covering_is_passed_on(a in right(), b in right(), c in right()) {
            prop_assert!(!(a.covers(&b) && b.covers(&c)) || a.covers(&c));
        }
    }
}
