//! A PostgreSQL database that any number of servers share.
//!
//! A write job runs inside a savepoint. Jobs that queue while others run share their transaction and its commit. Writers of
//! one tenant go one after the other, on whichever servers they are: each holds the row of the tenant's lane from before its
//! first look until its commit, so that all of them together do what they would have done one by one. Nothing is told
//! before PostgreSQL has kept it. Readers see one snapshot each; what was acknowledged on any server is in it.

mod address;
mod change;
mod connect;
mod found;
mod group;
mod lane;
#[cfg(all(unix, feature = "local"))]
pub mod local;
mod log;
mod moment;
mod read;
mod readers;
mod schema;
mod session;
mod sums;
mod tls;
mod trouble;
mod value;
mod versions;
mod wait;
mod writer;

use std::sync::Arc;

use zuno_model::TenantId;
use zuno_store::{Aspect, Done, Job, Read, Result, Store, StoreError};

pub use address::Address;

use crate::connect::Connect;
use crate::moment::Moment;
use crate::readers::Readers;
use crate::schema::Unsuited;
use crate::trouble::Failure;
use crate::versions::Versions;
use crate::wait::{aside, wait};
use crate::writer::Writer;

/// A store in a PostgreSQL database.
pub struct PostgresStore {
    // In the order in which they end: whoever uses connections before what drives them.
    writer: Writer,
    versions: Versions,
    readers: Readers,
    connect: Arc<Connect>,
}

impl PostgresStore {
    /// Opens the database, bringing its schema up to date as needed; any number of servers may do so at once.
    ///
    /// # Errors
    /// It cannot be reached or does not let the user in, or was written by a newer Zuno.
    pub fn open(address: Address) -> Result<PostgresStore> {
        let connect = Arc::new(Connect::to(address)?);
        aside(|| {
            let opening = Arc::clone(&connect);
            let set_up = connect.handle().spawn(async move {
                let client = opening.client().await?;
                schema::migrate(&client).await.map_err(|unsuited| match unsuited {
                    Unsuited::Failed(cause) => {
                        opening.watch.told("cannot bring the database's schema up to date", cause)
                    }
                    Unsuited::Newer(version) => StoreError::new(format!(
                        "the database has schema version {version}, this Zuno knows {}: it was written by a newer Zuno; \
                         use that one, or another database",
                        schema::newest()
                    )),
                })
            });
            wait(set_up).map_err(|cause| StoreError::because("the store is stopping", cause))?
        })?;
        let (writer, versions) = (Writer::start(&connect), Versions::over(&connect));
        let readers = Readers::of(Arc::clone(&connect));
        Ok(PostgresStore { writer, versions, readers, connect })
    }
}

impl Store for PostgresStore {
    fn view(&self, job: &mut dyn FnMut(&dyn Read)) -> Result<()> {
        aside(|| {
            loop {
                let session = self.readers.take()?;
                session.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
                job(&Moment::reading(&session));
                if session.failure() != Some(Failure::Lost) {
                    session.command("COMMIT");
                    self.readers.give_back(session);
                    return Ok(());
                }
                // A connection that waited for work may have ended with the server's last stop.
                let was_used = session.was_used();
                self.readers.lose();
                if !was_used {
                    return Ok(());
                }
            }
        })
    }

    fn version(&self, tenant: TenantId, aspect: Aspect) -> Result<u64> {
        aside(|| self.versions.at(tenant, aspect))
    }

    fn submit(&self, job: Job, done: Done) {
        self.writer.submit(None, job, done);
    }

    fn submit_for(&self, tenant: TenantId, job: Job, done: Done) {
        self.writer.submit(Some(tenant), job, done);
    }

    fn trouble(&self) -> Option<String> {
        self.connect.watch.trouble()
    }
}
