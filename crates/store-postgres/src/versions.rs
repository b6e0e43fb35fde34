//! How far versions have moved, as the database has it at this moment: another server may have moved them. Whoever asks
//! while an answer is on its way shares the next one.

use std::sync::Arc;

use tokio::sync::{mpsc, oneshot};
use tokio_postgres::Client;
use zuno_model::TenantId;
use zuno_store::{Aspect, Result, StoreError};

use crate::connect::Connect;
use crate::trouble::Failure;
use crate::wait::wait;

struct Asked {
    tenant: TenantId,
    aspect: Aspect,
    tell: oneshot::Sender<std::result::Result<u64, String>>,
}

/// Who is asked for versions.
pub struct Versions(mpsc::UnboundedSender<Asked>);

impl Versions {
    /// Answers over a connection of its own, until dropped.
    pub fn over(connect: &Arc<Connect>) -> Versions {
        let (ask, asked) = mpsc::unbounded_channel();
        connect.handle().spawn(answer(Arc::downgrade(connect), asked));
        Versions(ask)
    }

    /// How far a version has moved; waits on this thread.
    ///
    /// # Errors
    /// The database fails.
    pub fn at(&self, tenant: TenantId, aspect: Aspect) -> Result<u64> {
        let (tell, told) = oneshot::channel();
        let stopped = || StoreError::new("the store has stopped");
        self.0.send(Asked { tenant, aspect, tell }).map_err(|_| stopped())?;
        wait(told).map_err(|_| stopped())?.map_err(StoreError::new)
    }
}

async fn answer(connect: std::sync::Weak<Connect>, mut asked: mpsc::UnboundedReceiver<Asked>) {
    let mut client = None;
    while let Some(first) = asked.recv().await {
        let mut together = vec![first];
        while let Ok(next) = asked.try_recv() {
            together.push(next);
        }
        let Some(connect) = connect.upgrade() else { return };
        let known = look(&connect, &mut client, &together).await;
        for Asked { tenant, aspect, tell } in together {
            // Whoever asked may have gone.
            let _ = tell.send(match &known {
                Ok(known) => {
                    let found = known
                        .iter()
                        .find(|(of, what, _)| *of == tenant.0 && what == aspect.as_str().as_bytes());
                    Ok(found.map_or(0, |(.., number)| u64::try_from(*number).unwrap_or(0)))
                }
                Err(why) => Err(why.clone()),
            });
        }
    }
}

type Known = Vec<(i64, Vec<u8>, i64)>;

async fn look(
    connect: &Connect,
    client: &mut Option<(Client, tokio_postgres::Statement)>,
    together: &[Asked],
) -> std::result::Result<Known, String> {
    let mut tenants: Vec<i64> = together.iter().map(|asked| asked.tenant.0).collect();
    tenants.sort_unstable();
    tenants.dedup();
    for is_last in [false, true] {
        let told = |cause: StoreError| match cause.cause {
            Some(deeper) => format!("{}: {deeper}", cause.what),
            None => cause.what,
        };
        let (open, statement) = match client.take().filter(|(client, _)| !client.is_closed()) {
            Some(known) => known,
            None => {
                let opened = connect.client().await.map_err(told)?;
                let sql = "SELECT tenant, aspect, number FROM versions WHERE tenant = ANY($1)";
                let prepared = opened.prepare(sql).await;
                (
                    opened,
                    prepared.map_err(|cause| told(connect.watch.told("versions cannot be read", cause)))?,
                )
            }
        };
        match open.query(&statement, &[&tenants]).await {
            Ok(rows) => {
                *client = Some((open, statement));
                let read = rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?)));
                return read
                    .collect::<std::result::Result<Known, tokio_postgres::Error>>()
                    .map_err(|cause| cause.to_string());
            }
            Err(cause) if Failure::of(&cause) == Failure::Lost && !is_last => {}
            Err(cause) => return Err(told(connect.watch.told("versions cannot be read", cause))),
        }
    }
    unreachable!("the last try returns")
}
