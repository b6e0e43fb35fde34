//! What can be asked of one moment of a store, and what may be changed at it.

use std::error::Error;

use zuno_model::{Fault, Id, Tenant, TenantId, Time};

/// One record as a store keeps it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Its id within the kind.
    pub id: Id,
    /// The scope within the tenant that it belongs to; `0` is the default one.
    pub scope: String,
    /// Its place in the kind's order, compared byte by byte; the id settles a tie.
    pub sort: String,
    /// Its members, as JSON.
    pub body: Vec<u8>,
}

/// A record pointing at another.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    /// The kind of the record that points.
    pub kind: String,
    /// Its id.
    pub id: Id,
    /// The member that holds the pointer.
    pub field: String,
}

/// A pointer from a record's member to another record.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Pointer {
    /// The member that holds it.
    pub field: String,
    /// The kind pointed at.
    pub kind: String,
    /// The id pointed at.
    pub id: Id,
}

/// A stretch of a kind's records in its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// How many to pass over.
    pub skip: u64,
    /// How many to answer at most.
    pub take: u64,
    /// From the end.
    pub backwards: bool,
}

impl Stretch {
    /// All of them.
    pub const ALL: Stretch = Stretch { skip: 0, take: u64::MAX, backwards: false };

    /// The part of a whole list that it means.
    pub fn of<T>(self, mut whole: Vec<T>) -> Vec<T> {
        if self.backwards {
            whole.reverse();
        }
        let skip = usize::try_from(self.skip).unwrap_or(usize::MAX);
        let take = usize::try_from(self.take).unwrap_or(usize::MAX);
        whole.into_iter().skip(skip).take(take).collect()
    }
}

/// A change that waits for activation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Staged {
    /// The record's kind.
    pub kind: String,
    /// Its id.
    pub id: Id,
    /// What is active: the record before its first change since the last activation, or nothing if it is new.
    pub active: Option<Vec<u8>>,
}

/// One entry of a tenant's log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Which one: later ones have greater numbers, whatever the clock read.
    pub number: u64,
    /// What the clock read.
    pub at: Time,
    /// The entry.
    pub entry: Vec<u8>,
}

/// How far back a log reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Entries of this time and later.
    pub since: Time,
    /// So many, the newest ones.
    pub most: u64,
}

/// What of a tenant a version counts the changes of, so that whoever remembers something of it knows when to look again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Aspect {
    /// Its records.
    Records,
    /// Who may call, and what.
    Callers,
    /// What its operator has set. Under [`TenantId::SERVER`]: what holds for the whole server, and which tenants there are.
    Settings,
}

impl Aspect {
    /// All of them.
    pub const ALL: [Aspect; 3] = [Aspect::Records, Aspect::Callers, Aspect::Settings];

    /// Its name, for stores that keep one.
    pub fn as_str(self) -> &'static str {
        match self {
            Aspect::Records => "records",
            Aspect::Callers => "callers",
            Aspect::Settings => "settings",
        }
    }
}

/// The store failed; never the caller's fault.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct StoreError {
    /// What was being done.
    pub what: String,
    /// Why it failed.
    #[source]
    pub cause: Option<Box<dyn Error + Send + Sync>>,
}

impl StoreError {
    /// A failure without a deeper cause.
    pub fn new(what: impl Into<String>) -> StoreError {
        StoreError { what: what.into(), cause: None }
    }

    /// A failure with the cause it came from.
    pub fn because(what: impl Into<String>, cause: impl Into<Box<dyn Error + Send + Sync>>) -> StoreError {
        StoreError { what: what.into(), cause: Some(cause.into()) }
    }
}

impl From<StoreError> for Fault {
    fn from(cause: StoreError) -> Fault {
        Fault::broken(cause)
    }
}

/// What every store call answers.
pub type Result<T> = std::result::Result<T, StoreError>;

/// What can be asked of one moment of the store.
pub trait Read {
    /// One record.
    fn get(&self, tenant: TenantId, kind: &str, id: &Id) -> Result<Option<Row>>;
    /// A stretch of a kind's records in their order; of one scope, or of all.
    fn list(&self, tenant: TenantId, kind: &str, scope: Option<&str>, stretch: Stretch) -> Result<Vec<Row>>;
    /// How many records a kind has, in constant time; in one scope, or in all.
    fn count(&self, tenant: TenantId, kind: &str, scope: Option<&str>) -> Result<u64>;
    /// Who holds a unique value.
    fn holder(&self, tenant: TenantId, kind: &str, field: &str, value: &str) -> Result<Option<Id>>;
    /// Who points at a record, ordered by kind, id and member.
    fn referrers(&self, tenant: TenantId, kind: &str, id: &Id) -> Result<Vec<Reference>>;
    /// The records that point at a record through one member, in the order of their kind.
    fn pointing(&self, tenant: TenantId, from: &str, field: &str, kind: &str, id: &Id) -> Result<Vec<Row>>;
    /// The unique values that the records of a kind hold: whose, in which member, and which.
    fn claims(&self, tenant: TenantId, kind: &str) -> Result<Vec<(Id, String, String)>>;
    /// The pointers of the records of a kind: whose, and to what.
    fn pointers(&self, tenant: TenantId, kind: &str) -> Result<Vec<(Id, Pointer)>>;
    /// The records of a kind that have a part in a text, in the order of their kind; of one scope, or of all: at least all that
    /// have it in one of the texts that [`Write::found_by`] was told of them. Nothing where looking through the whole kind
    /// is no worse: the part is short, or in many, or the moment is one that changes things.
    fn having(
        &self,
        tenant: TenantId,
        kind: &str,
        scope: Option<&str>,
        part: &str,
    ) -> Result<Option<Vec<Row>>>;
    /// The changes of a product that wait for activation.
    fn staged(&self, tenant: TenantId, product: &str) -> Result<Vec<Staged>>;
    /// The products of which changes wait for activation, in the order of their names.
    fn products_staged(&self, tenant: TenantId) -> Result<Vec<String>>;
    /// Whether any change of a product waits for activation, in constant time.
    fn is_staged(&self, tenant: TenantId, product: &str) -> Result<bool>;
    /// Whether a change of this record waits for activation, in constant time.
    fn waits(&self, tenant: TenantId, product: &str, kind: &str, id: &Id) -> Result<bool>;
    /// A note kept under a key.
    fn note(&self, tenant: TenantId, key: &str) -> Result<Option<Vec<u8>>>;
    /// The notes whose keys begin so, in the order of their keys.
    fn notes(&self, tenant: TenantId, beginning: &str) -> Result<Vec<(String, Vec<u8>)>>;
    /// The kinds that a tenant has records of, in the order of their names.
    fn kinds(&self, tenant: TenantId) -> Result<Vec<String>>;
    /// Every counter that has begun to count with its next value, in the order of their names.
    fn counters(&self, tenant: TenantId) -> Result<Vec<(String, i64)>>;
    /// Shows the entries of a tenant's log from one time until before another, in the order of time or turned round, for
    /// as long as `look` wants to see more; without reading any other.
    fn look_through_log(
        &self,
        tenant: TenantId,
        times: (Time, Time),
        backwards: bool,
        look: &mut dyn FnMut(Logged) -> bool,
    ) -> Result<()>;
    /// The number of the last entry of a tenant's log; 0 before there is one.
    fn last_logged(&self, tenant: TenantId) -> Result<u64>;
    /// Every tenant.
    fn tenants(&self) -> Result<Vec<Tenant>>;
}

/// What a write job may do, seeing its own changes.
pub trait Write: Read {
    /// Keeps a record, new or not.
    fn put(&mut self, tenant: TenantId, kind: &str, row: &Row) -> Result<()>;
    /// Replaces the texts by whose parts a record is found; as they are, letter by letter.
    fn found_by(&mut self, tenant: TenantId, kind: &str, id: &Id, texts: &[String]) -> Result<()>;
    /// Removes a record with its unique values, its texts and its pointers; tells whether there was one.
    fn remove(&mut self, tenant: TenantId, kind: &str, id: &Id) -> Result<bool>;
    /// Replaces the unique values that a record holds; answers the first that another record holds already.
    fn claim(
        &mut self,
        tenant: TenantId,
        kind: &str,
        id: &Id,
        values: &[(String, String)],
    ) -> Result<Option<(String, String)>>;
    /// Replaces the pointers of a record.
    fn point(&mut self, tenant: TenantId, kind: &str, id: &Id, pointers: &[Pointer]) -> Result<()>;
    /// The next value of a counter; `start` is its first.
    fn next(&mut self, tenant: TenantId, counter: &str, start: i64) -> Result<i64>;
    /// Sets the next value of a counter.
    fn set_counter(&mut self, tenant: TenantId, counter: &str, next: i64) -> Result<()>;
    /// Moves a version on: whatever was remembered of this aspect is out of date once the job is kept.
    fn touch(&mut self, tenant: TenantId, aspect: Aspect) -> Result<()>;
    /// Remembers what is active of a record that is about to change, unless that is remembered already.
    fn stage(
        &mut self,
        tenant: TenantId,
        product: &str,
        kind: &str,
        id: &Id,
        active: Option<&[u8]>,
    ) -> Result<()>;
    /// Makes every staged change of a product active; tells how many there were.
    fn activate(&mut self, tenant: TenantId, product: &str) -> Result<u64>;
    /// Keeps a note, or removes it.
    fn set_note(&mut self, tenant: TenantId, key: &str, note: Option<&[u8]>) -> Result<()>;
    /// Adds an entry to a tenant's log, and forgets the oldest entries that are not to be kept: two at most for each that
    /// is added, so that it costs the same whatever has to go.
    fn log(&mut self, tenant: TenantId, at: Time, entry: &[u8], kept: Kept) -> Result<()>;
    /// Puts an entry into a log under a number behind the last one's, as it stands in another store.
    fn put_logged(&mut self, tenant: TenantId, logged: &Logged) -> Result<()>;
    /// Adds a tenant, or changes one that is known by its number.
    fn put_tenant(&mut self, tenant: &Tenant) -> Result<()>;
    /// Removes a tenant and everything it has; every version of it moves on.
    fn remove_tenant(&mut self, tenant: TenantId) -> Result<()>;
    /// Removes everything a tenant has, but not the tenant; its versions stay.
    fn clear_tenant(&mut self, tenant: TenantId) -> Result<()>;
    /// Removes what a tenant has beside its records and its log: counters, staged changes and notes.
    fn clear_beside_records(&mut self, tenant: TenantId) -> Result<()>;
    /// This moment as a reader sees it.
    fn as_read(&self) -> &dyn Read;
}
