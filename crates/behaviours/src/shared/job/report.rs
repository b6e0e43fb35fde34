//! A report of the tenant's log: which entries it has, and its file.

use serde_json::json;
use time::OffsetDateTime;
use zuno_catalogue::{Catalogue, Members, Resource};
use zuno_engine::{Context, LOG_SECS};
use zuno_model::{Entry, Fault, Interface, Kind, Record, Time};

use super::filter::Filter;
use super::row::Row;
use crate::shared::csv::line;

/// The member that keeps which entry of the log was the last one when a report was asked for.
pub const LAST_ENTRY: &str = "lastEntry";

/// The longest time that a report is of, in days (documented).
const DAYS: i64 = 31;

/// How many entries a report has at most (documented).
const MOST: usize = 1_000;

/// What the log has beside the words of resources: sign-ins and their ends (documented).
const LOGIN: &str = "Login";

/// What pushes are told under (documented).
const PROVISIONING: &str = "Provisioning";
const SCIM: &str = "SCIM";

/// What a report is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// What clients did with the product, and that they signed in.
    Changes,
    /// What identity providers pushed.
    Pushes,
}

/// The columns of a file (documented), and what stands in them.
type Columns = &'static [(&'static str, fn(&Row) -> &str)];

const CHANGES: Columns = &[
    ("Timestamp", |row| &row.time),
    ("Action", |row| &row.action),
    ("Category", |row| &row.category),
    ("Sub-Category", |row| &row.part),
    ("Resource", |row| &row.object),
    ("Admin ID", |row| &row.admin),
    ("Client IP", |row| &row.address),
    ("Interface", |row| row.interface()),
    ("Trace ID", |row| &row.trace),
    ("Result", |row| row.result()),
    ("Pre-Configuration", |row| &row.before),
    ("Post-Configuration", |row| &row.after),
];

const PUSHES: Columns = &[
    ("Timestamp", |row| &row.time),
    ("Category", |row| &row.category),
    ("Sub-Category", |row| &row.part),
    ("Message", |row| &row.message),
    ("Result", |row| row.result()),
    ("Error Code", |row| &row.code),
    ("Status Code", |row| &row.status),
];

/// The report of one resource.
pub struct Report {
    tells: Tells,
    kind: Kind,
    product: String,
    grant: String,
    name: String,
}

impl Report {
    /// A report of a resource whose path is its file's name.
    pub fn of(tells: Tells, resource: &Resource, catalogue: &Catalogue) -> Report {
        let product = catalogue.owner(resource);
        let name = resource.path.rsplit('/').next().unwrap_or_default().to_owned();
        let (product, grant) = (product.name.clone(), product.grant.clone());
        Report { tells, kind: Kind(resource.kind.clone()), product, grant, name }
    }

    /// The file's name, without its ending.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Refuses what no report can be of. Its times are whole milliseconds, but clients send what their clocks read
    /// (client: scripts in Python).
    ///
    /// # Errors
    /// The refusal; its words are guessed.
    pub fn check(&self, request: &mut Record) -> Result<(), Fault> {
        for member in ["startTime", "endTime"] {
            if let Some(time) = request.get_mut(member)
                && let Some(milliseconds) = time.as_f64()
            {
                *time = json!(milliseconds as i64);
            }
        }
        let (Some(start), Some(end)) = (request.number("startTime"), request.number("endTime")) else {
            return Ok(());
        };
        if end < start {
            return Err(Fault::said(&self.kind, "endTime", "endTime must not be before startTime"));
        }
        if end.saturating_sub(start) > DAYS * 24 * 60 * 60 * 1000 {
            let words = format!("The time range must not exceed {DAYS} days");
            return Err(Fault::said(&self.kind, "endTime", words));
        }
        Ok(())
    }

    /// The entries of a report, the newest first: those of its time that were there when it was asked for, the page of
    /// them that it asks for.
    ///
    /// # Errors
    /// The store failed.
    pub fn rows(&self, cx: &Context<'_>, request: &Record) -> Result<Vec<Row>, Fault> {
        let seconds = |member: &str| request.number(member).map(|time| time.div_euclid(1000));
        let from = seconds("startTime").unwrap_or_default().max(cx.now().saturating_sub(LOG_SECS));
        let until = seconds("endTime").map_or(Time::MAX, |end| end.saturating_add(1));
        let last = request.number(LAST_ENTRY).unwrap_or_default().unsigned_abs();
        let size = request.number("pageSize").and_then(|size| usize::try_from(size).ok());
        let size = size.filter(|size| *size > 0).unwrap_or(MOST).min(MOST);
        let page = request.number("page").and_then(|page| usize::try_from(page).ok()).unwrap_or(1).max(1);
        let mut skip = size.saturating_mul(page - 1);
        let filter = Filter::of(request);
        let mut rows = Vec::new();
        cx.look_through_log((from, until), true, |number, at, entry| {
            if number <= last && self.is_of(&entry) {
                let row = self.row(cx, at, entry);
                if filter.takes(&row) {
                    match skip.checked_sub(1) {
                        Some(left) => skip = left,
                        None => rows.push(row),
                    }
                }
            }
            rows.len() < size
        })?;
        Ok(rows)
    }

    fn is_of(&self, entry: &Entry) -> bool {
        match (self.tells, entry.interface) {
            (Tells::Pushes, interface) => interface == Interface::Scim,
            (Tells::Changes, Interface::Scim) => false,
            (Tells::Changes, Interface::Api) if entry.kind.is_empty() => {
                entry.roles.contains_key(&self.grant)
            }
            (Tells::Changes, Interface::Api) => entry.product() == self.product,
        }
    }

    fn row(&self, cx: &Context<'_>, at: Time, entry: Entry) -> Row {
        let pushed = entry.interface == Interface::Scim;
        let resource = cx.catalogue().resource(&entry.kind);
        let operation = resource.and_then(|resource| resource.operations.get(&entry.operation));
        let (action, category, part) = match (resource, operation) {
            _ if pushed => (capital(&entry.operation), PROVISIONING.to_owned(), SCIM.to_owned()),
            (Some(resource), Some(operation)) => {
                (operation.action().to_owned(), resource.log_category(), resource.log_part())
            }
            _ => {
                let action = if entry.operation == "sign-out" { "Sign Out" } else { "Sign In" };
                (action.to_owned(), LOGIN.to_owned(), LOGIN.to_owned())
            }
        };
        // Where there is but one of a kind, it needs no name.
        let only = resource.is_some_and(|resource| resource.singleton);
        let object = if entry.object.is_empty() && !only { entry.id } else { entry.object };
        let refused = entry.refused;
        // `user`, `group`
        let noun = resource.and_then(|resource| resource.noun.rsplit(' ').next()).unwrap_or_default();
        let mut message = format!("{action} {noun} {object}");
        let (mut code, mut status) = (String::new(), succeeded(&entry.operation).to_owned());
        if let Some(refused) = &refused {
            message = format!("{message}: {}", refused.words);
            code.clone_from(&refused.code);
            status = refused.status.map(|status| status.to_string()).unwrap_or_default();
        }
        let tenant = cx.tenant();
        // Seen in the help pages: the user that stands for an API client has its role's name.
        let admin = match entry.roles.get(&self.grant) {
            Some(role) => format!("oauth-{role}$@{}.{}", tenant.org_id, tenant.cloud),
            None => entry.name,
        };
        Row {
            time: moment(at),
            action,
            category,
            part,
            object,
            admin,
            address: entry.address.map(|address| address.to_string()).unwrap_or_default(),
            trace: entry.trace,
            message,
            code,
            status,
            before: entry.before.unwrap_or_default(),
            after: entry.after.unwrap_or_default(),
            kind: entry.kind,
            refused: refused.is_some(),
            pushed,
        }
    }

    /// The file. Five lines stand before the header (reported: whoever reads one skips so many); what they say is guessed.
    ///
    /// # Errors
    /// The store failed.
    pub fn file(&self, cx: &Context<'_>, request: &Record) -> Result<String, Fault> {
        let (title, columns) = match self.tells {
            Tells::Changes => ("Audit Logs", CHANGES),
            Tells::Pushes => ("Event Logs", PUSHES),
        };
        let time = |member: &str| request.number(member).map(|time| moment(time.div_euclid(1000)));
        let (start, end) = (time("startTime"), time("endTime"));
        let organization = cx.tenant().org_id.to_string();
        let mut rows = self.rows(cx, request)?;
        for row in &mut rows {
            let spelled = |text: &str| cx.spelled(&row.kind, text).map(|record| record.to_string());
            let (before, after) = (spelled(&row.before), spelled(&row.after));
            (row.before, row.after) = (before.unwrap_or_default(), after.unwrap_or_default());
        }
        let count = rows.len().to_string();
        let mut file = line([Some("Report"), Some(title)]);
        file.push_str(&line([Some("Organization"), Some(&organization)]));
        file.push_str(&line([Some("Start Time"), start.as_deref()]));
        file.push_str(&line([Some("End Time"), end.as_deref()]));
        file.push_str(&line([Some("Records"), Some(&count)]));
        file.push_str(&line(columns.iter().map(|(name, _)| Some(*name))));
        for row in &rows {
            let cell = |(_, of): &(&str, fn(&Row) -> &'_ str)| Some(of(row)).filter(|text| !text.is_empty());
            file.push_str(&line(columns.iter().map(cell)));
        }
        Ok(file)
    }
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).collect()
}

/// The status that a push which succeeds is answered with.
fn succeeded(operation: &str) -> &'static str {
    match operation {
        "create" => "201",
        "delete" => "204",
        _ => "200",
    }
}

/// `2025-10-07 15:52:01 GMT`, as another export has it (seen). The zone is that of the caller's profile (documented), which
/// an API client does not have.
fn moment(at: Time) -> String {
    let at = OffsetDateTime::from_unix_timestamp(at).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (hour, minute, second) = at.to_hms();
    let (year, month, day) = (at.year(), u8::from(at.month()), at.day());
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02} GMT")
}
