//! Which categories a URL is in; whoever compiles a policy says it, so that verdicts and look-ups cannot disagree.

/// Resolves URLs to categories as the tenant's look-ups do.
pub trait Sites: Send + Sync {
    /// Tells the ids of the categories of a URL, host with or without path, one after another, and what is doubtful.
    fn look_up(&self, url: &str, each: &mut dyn FnMut(&str)) -> Doubt;
    /// The family of categories that one belongs to, by which rules may name it as well.
    fn family(&self, category: &str) -> Option<&str>;
    /// A site that the vendor's base has in a category; none where none is known.
    fn example(&self, category: &str) -> Option<&str> {
        let _ = category;
        None
    }
}

/// What is doubtful about a resolution.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Doubt {
    /// Several categories hold entries that are equally specific.
    pub equal_entries: bool,
    /// The host lies exactly five levels beneath the entry.
    pub five_levels: bool,
}
