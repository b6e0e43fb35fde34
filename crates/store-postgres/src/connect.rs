//! Connections are opened and driven on a thread of the store's own; whoever uses one waits on theirs.

use std::sync::Arc;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};
use tokio_postgres::Client;
use zuno_store::{Result, StoreError};

use crate::address::Address;
use crate::session::Session;
use crate::tls::Tls;
use crate::trouble::Watch;
use crate::wait::wait;

/// How long it may take until a connection is ready.
const LONGEST: Duration = Duration::from_secs(15);

/// What every connection keeps to: a writer whose server hangs in the middle of its work lets go of its lane, and no commit is
/// told before it is kept, whatever the database's own setting.
const HABITS: &str = "SET idle_in_transaction_session_timeout = '30s';
    SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'";

/// How connections to one database are opened.
pub struct Connect {
    address: Address,
    tls: Tls,
    runtime: Option<Runtime>,
    /// What went wrong last.
    pub watch: Arc<Watch>,
}

impl Connect {
    /// Gets ready to.
    ///
    /// # Errors
    /// TLS cannot be set up as the address asks for, or the system gives no thread.
    pub fn to(address: Address) -> Result<Connect> {
        let tls = Tls::of(&address)?;
        let runtime =
            Builder::new_multi_thread().worker_threads(1).thread_name("store-postgres").enable_all().build();
        let runtime = runtime.map_err(|cause| StoreError::because("the store gets no thread", cause))?;
        let watch = Arc::new(Watch::new(address.to_string()));
        Ok(Connect { address, tls, runtime: Some(runtime), watch })
    }

    /// What connections are driven by.
    pub fn handle(&self) -> &Handle {
        self.runtime.as_ref().expect("it is there until the last owner goes").handle()
    }

    /// Opens a connection, waiting on this thread.
    ///
    /// # Errors
    /// The database cannot be reached, or does not let this user in.
    pub fn session(self: &Arc<Connect>) -> Result<Session> {
        let connect = Arc::clone(self);
        let opened = wait(self.handle().spawn(async move { connect.client().await }));
        let opened = opened.map_err(|cause| StoreError::because("the store is stopping", cause))?;
        opened.map(|client| Session::new(client, Arc::clone(&self.watch)))
    }

    /// Opens a connection; on the runtime's own thread.
    ///
    /// # Errors
    /// The same.
    pub async fn client(&self) -> Result<Client> {
        let opening = async {
            let (client, connection) = self.address.config.connect(self.tls.clone()).await?;
            // What ends it is told to whoever uses it.
            tokio::spawn(connection);
            client.batch_execute(HABITS).await?;
            Ok(client)
        };
        match tokio::time::timeout(LONGEST, opening).await {
            Ok(opened) => opened.map_err(|cause| self.watch.told("cannot connect", cause)),
            Err(_) => Err(self.watch.silent("cannot connect", LONGEST.as_secs())),
        }
    }
}

impl Drop for Connect {
    fn drop(&mut self) {
        // The last owner may be one of many calls that take turns on a thread, where nothing may be waited for.
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
