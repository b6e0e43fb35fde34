//! A connection to the database, as one thread at a time uses it: statements whose outcome nobody waits for are on their
//! way while the job goes on, and an answer that is waited for comes behind all of them.

use std::cell::{Cell, RefCell};
use std::collections::{HashMap, VecDeque};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use tokio_postgres::{Client, Row, Statement};
use zuno_store::StoreError;

use crate::trouble::{Failure, Watch};
use crate::value::Value;
use crate::wait::wait;

/// How many statements may be on their way before their outcome is looked at.
const AHEAD: usize = 128;

type Outcome = Result<u64, tokio_postgres::Error>;

/// A connection.
pub struct Session {
    client: Arc<Client>,
    prepared: RefCell<HashMap<&'static str, Statement>>,
    sent: RefCell<VecDeque<Pin<Box<dyn Future<Output = Outcome> + Send>>>>,
    /// What failed first in this transaction.
    failed: Cell<Option<Failure>>,
    why: RefCell<String>,
    transactions: Cell<u64>,
    watch: Arc<Watch>,
}

impl Session {
    /// A connection that was just opened.
    pub fn new(client: Client, watch: Arc<Watch>) -> Session {
        Session {
            client: Arc::new(client),
            prepared: RefCell::default(),
            sent: RefCell::default(),
            failed: Cell::new(None),
            why: RefCell::default(),
            transactions: Cell::new(0),
            watch,
        }
    }

    /// Whether the database has hung up.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    /// What failed since the transaction began; all that is asked after it fails as well.
    pub fn failure(&self) -> Option<Failure> {
        self.failed.get()
    }

    /// What failed first, in words.
    pub fn why(&self) -> StoreError {
        StoreError::new(self.why.borrow().clone())
    }

    /// Begins a transaction by these words: what failed before is no matter any more.
    pub fn begin(&self, words: &'static str) {
        // Its outcome is known by whether the connection lives.
        let _ = self.settle();
        self.failed.set(None);
        self.transactions.set(self.transactions.get() + 1);
        self.command(words);
    }

    /// Whether this is not its first transaction.
    pub fn was_used(&self) -> bool {
        self.transactions.get() > 1
    }

    /// What failed in a part that is undone is no matter any more.
    pub fn forgive(&self) {
        self.failed.set(None);
    }

    /// Sends a command without values.
    pub fn command(&self, words: &'static str) {
        let client = Arc::clone(&self.client);
        self.push(Box::pin(async move { client.batch_execute(words).await.map(|()| 0) }));
    }

    fn push(&self, mut sending: Pin<Box<dyn Future<Output = Outcome> + Send>>) {
        // The first look at it is what sends it.
        match sending.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(Ok(_)) => {}
            Poll::Ready(Err(cause)) => drop(self.fails("a change failed", cause)),
            Poll::Pending => self.sent.borrow_mut().push_back(sending),
        }
    }

    /// Sends a statement that changes something; whether it did is known once something is waited for.
    ///
    /// # Errors
    /// Something failed before.
    pub fn send(&self, sql: &'static str, values: Vec<Value>) -> Result<(), StoreError> {
        let statement = self.statement(sql)?;
        let client = Arc::clone(&self.client);
        self.push(Box::pin(async move { client.execute_raw(&statement, &values).await }));
        if self.sent.borrow().len() > AHEAD {
            self.settle()?;
        }
        Ok(())
    }

    /// Waits for all that was sent.
    ///
    /// # Errors
    /// Some of it failed.
    pub fn settle(&self) -> Result<(), StoreError> {
        wait(self.settled())
    }

    async fn settled(&self) -> Result<(), StoreError> {
        let mut first = Ok(());
        loop {
            let Some(sent) = self.sent.borrow_mut().pop_front() else { break };
            if let Err(cause) = sent.await {
                let failed = self.fails("a change failed", cause);
                first = first.and(Err(failed));
            }
        }
        first
    }

    /// Runs a statement that changes something, and tells of how many rows.
    ///
    /// # Errors
    /// It failed, or something before it.
    pub fn change(&self, sql: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
        let statement = self.statement(sql)?;
        let (before, outcome) =
            wait(async { tokio::join!(self.settled(), self.client.execute_raw(&statement, &values)) });
        before?;
        outcome.map_err(|cause| self.fails("a change failed", cause))
    }

    /// The rows that a statement answers.
    ///
    /// # Errors
    /// It failed, or something before it.
    pub fn rows(&self, sql: &'static str, values: &[Value]) -> Result<Vec<Row>, StoreError> {
        let statement = self.statement(sql)?;
        let values: Vec<_> =
            values.iter().map(|value| value as &(dyn tokio_postgres::types::ToSql + Sync)).collect();
        let (before, outcome) =
            wait(async { tokio::join!(self.settled(), self.client.query(&statement, &values)) });
        before?;
        outcome.map_err(|cause| self.fails("a look-up failed", cause))
    }

    fn statement(&self, sql: &'static str) -> Result<Statement, StoreError> {
        if self.failed.get().is_some() {
            return Err(StoreError::new("the transaction has failed before"));
        }
        if let Some(known) = self.prepared.borrow().get(sql) {
            return Ok(known.clone());
        }
        let (before, outcome) = wait(async { tokio::join!(self.settled(), self.client.prepare(sql)) });
        before?;
        let statement = outcome.map_err(|cause| self.fails("a statement is refused", cause))?;
        self.prepared.borrow_mut().insert(sql, statement.clone());
        Ok(statement)
    }

    /// The error to give for what went wrong; the first one settles what becomes of the transaction.
    fn fails(&self, doing: &str, cause: tokio_postgres::Error) -> StoreError {
        let failure = Failure::of(&cause);
        let told = self.watch.told(doing, cause);
        if self.failed.get().is_none() {
            self.failed.set(Some(failure));
            let deeper = told.cause.as_ref().map_or_else(String::new, |deeper| format!(": {deeper}"));
            self.why.replace(format!("{}{deeper}", told.what));
        }
        told
    }
}
