//! Where in a long list every few hundredth record stands, so that a page far into it is found from the nearest
//! one instead of by counting from the start.
//!
//! Kept by each reading connection beside itself and dropped when anything in the database changed. A list earns
//! its landmarks the second time that somebody reads far into it unchanged, because placing them costs one pass.

use std::collections::HashMap;

use rusqlite::{Connection, params};
use zuno_model::TenantId;
use zuno_store::Stretch;

/// How many records apart landmarks stand.
const STRIDE: u64 = 256;

/// What a connection knows of the lists that it read far into.
#[derive(Default)]
pub struct Landmarks {
    version: (i64, u64),
    lists: HashMap<(i64, String, String), List>,
}

enum List {
    /// Read far into once.
    Visited,
    /// The sort key and id of each record whose position is a multiple of the stride, and how many there are.
    Marked { marks: Vec<(String, String)>, length: u64 },
}

/// Where to begin: at a record (or, backwards, just before it), passing over a few more.
pub struct Start {
    pub sort: String,
    pub id: String,
    pub skip: u64,
}

impl Landmarks {
    /// Where a stretch of one scope's list is best begun, if anywhere better than at its end.
    pub fn start(
        &mut self,
        connection: &Connection,
        tenant: TenantId,
        kind: &str,
        scope: &str,
        stretch: Stretch,
    ) -> rusqlite::Result<Option<Start>> {
        if stretch.skip < 2 * STRIDE {
            return Ok(None);
        }
        let others = connection.prepare_cached("PRAGMA data_version")?.query_row([], |row| row.get(0))?;
        let version = (others, connection.total_changes());
        if version != self.version {
            self.lists.clear();
            self.version = version;
        }
        let list = (tenant.0, kind.to_owned(), scope.to_owned());
        let Some(known) = self.lists.get_mut(&list) else {
            self.lists.insert(list, List::Visited);
            return Ok(None);
        };
        if let List::Visited = known {
            *known = mark(connection, tenant, kind, scope)?;
        }
        Ok(known.start(stretch))
    }
}

impl List {
    fn start(&self, stretch: Stretch) -> Option<Start> {
        let List::Marked { marks, length } = self else { return None };
        let (mark, skip) = if stretch.backwards {
            let position = length.checked_sub(stretch.skip + 1)?;
            let behind = position / STRIDE + 1;
            (behind, behind * STRIDE - 1 - position)
        } else {
            (stretch.skip / STRIDE, stretch.skip % STRIDE)
        };
        let (sort, id) = marks.get(usize::try_from(mark).ok()?)?.clone();
        Some(Start { sort, id, skip })
    }
}

fn mark(connection: &Connection, tenant: TenantId, kind: &str, scope: &str) -> rusqlite::Result<List> {
    let mut ask = connection.prepare_cached(
        "SELECT sort, id FROM records WHERE tenant = ?1 AND kind = ?2 AND scope = ?3 ORDER BY sort, id",
    )?;
    let mut rows = ask.query(params![tenant.0, kind, scope])?;
    let (mut marks, mut length) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        if length % STRIDE == 0 {
            marks.push((row.get(0)?, row.get(1)?));
        }
        length += 1;
    }
    Ok(List::Marked { marks, length })
}
