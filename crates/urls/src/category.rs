//! The predefined categories and the names of security alerts.

/// The category of whatever the base does not know (seen).
pub const MISCELLANEOUS_OR_UNKNOWN: &str = "MISCELLANEOUS_OR_UNKNOWN";

/// One predefined category.
#[derive(Debug, PartialEq, Eq)]
pub struct Category {
    /// Its id on the wire, such as `SOCIAL_NETWORKING`.
    pub id: &'static str,
    /// Its number, by which web DLP rules name it; custom categories follow from 127 on.
    pub val: u32,
    /// The id of the family it belongs to; a rule that names the family matches the category.
    pub super_category: &'static str,
}

include!(concat!(env!("OUT_DIR"), "/categories.rs"));

/// The ids that a lookup may report as security alerts, sorted. Most are not categories of their own (documented).
pub static SECURITY_ALERTS: &[&str] = include!(concat!(env!("OUT_DIR"), "/alerts.rs"));

/// The predefined category with this id.
pub fn predefined(id: &str) -> Option<&'static Category> {
    PREDEFINED.iter().find(|category| category.id == id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tenant_has_110_predefined_categories() {
        assert_eq!(PREDEFINED.len(), 110);
        assert_eq!(predefined("DEVELOPER_TOOLS").unwrap().val, 3075);
        assert_eq!(predefined(MISCELLANEOUS_OR_UNKNOWN).unwrap().super_category, "MISCELLANEOUS");
        assert_eq!(predefined("CUSTOM_01"), None);
    }

    #[test]
    fn the_compiled_categories_are_those_of_the_data_file() {
        let rows = crate::table::categories(include_str!("../data/categories.tsv")).unwrap();
        let rows = rows.iter().map(|row| (row.id, row.val, row.super_category));
        assert!(rows.eq(PREDEFINED.iter().map(|c| (c.id, c.val, c.super_category))));
    }
}
