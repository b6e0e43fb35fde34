//! Connections for readers: one each, taken and given back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use parking_lot::{Condvar, Mutex};
use zuno_store::{Result, StoreError};

use crate::connect::Connect;
use crate::session::Session;

/// The most that are open at once.
const MOST: usize = 16;
/// How many of them wait for work.
const IDLE: usize = 8;
/// How long a reader waits for one.
const LONGEST: Duration = Duration::from_secs(10);

/// Connections for readers.
pub struct Readers {
    connect: Arc<Connect>,
    open: Mutex<Open>,
    given_back: Condvar,
}

#[derive(Default)]
struct Open {
    idle: Vec<Session>,
    number: usize,
}

impl Readers {
    /// None yet.
    pub fn of(connect: Arc<Connect>) -> Readers {
        Readers { connect, open: Mutex::default(), given_back: Condvar::new() }
    }

    /// A connection: one that waits for work, or a new one; or else the next that is given back.
    ///
    /// # Errors
    /// The database cannot be reached, or none was given back in time.
    pub fn take(&self) -> Result<Session> {
        let until = Instant::now() + LONGEST;
        let mut open = self.open.lock();
        loop {
            while let Some(session) = open.idle.pop() {
                if !session.is_closed() {
                    return Ok(session);
                }
                open.number -= 1;
            }
            if open.number < MOST {
                break;
            }
            if self.given_back.wait_until(&mut open, until).timed_out() {
                return Err(StoreError::new(format!(
                    "all {MOST} connections for readers were in use for {} s",
                    LONGEST.as_secs()
                )));
            }
        }
        open.number += 1;
        drop(open);
        let opened = self.connect.session();
        if opened.is_err() {
            self.lose();
        }
        opened
    }

    /// Gives one back.
    pub fn give_back(&self, session: Session) {
        let mut open = self.open.lock();
        if open.idle.len() < IDLE && !session.is_closed() {
            open.idle.push(session);
        } else {
            open.number -= 1;
        }
        drop(open);
        self.given_back.notify_one();
    }

    /// One that was taken is not given back.
    pub fn lose(&self) {
        self.open.lock().number -= 1;
        self.given_back.notify_one();
    }
}
