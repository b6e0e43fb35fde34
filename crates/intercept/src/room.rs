//! How many connections are held at once. Whoever comes when there is no more room is told so on one of a few seats kept
//! back, where the server's health can still be asked; of these the longest taken is given to the next who comes.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;

/// How many seats are kept back: a health check needs one for the blink of an eye.
const RESERVE: usize = 64;
/// How often the log says that there is no room.
const TELL_EVERY: Duration = Duration::from_secs(30);

/// The seats of one server.
pub(crate) struct Room {
    most: usize,
    seats: Arc<Semaphore>,
    reserve: Arc<Reserve>,
    told: Told,
}

impl Room {
    pub(crate) fn new(most: usize) -> Room {
        // A semaphore counts no further than this.
        let most = most.clamp(1, Semaphore::MAX_PERMITS);
        let seats = Arc::new(Semaphore::new(most));
        Room { most, seats, reserve: Arc::default(), told: Told::default() }
    }

    /// A seat for a connection that has come: there always is one.
    pub(crate) fn seat(&self) -> Seat {
        match self.one_more() {
            Some(permit) => Seat::Regular { _permit: permit },
            None => Seat::Kept { evicted: self.reserve.take(), reserve: Arc::clone(&self.reserve) },
        }
    }

    /// Room for one more socket, beside those of the listeners; the log says when there is none.
    pub(crate) fn one_more(&self) -> Option<OwnedSemaphorePermit> {
        let permit = Arc::clone(&self.seats).try_acquire_owned().ok();
        if permit.is_none() && self.told.is_due() {
            tracing::warn!(
                "{} connections are open, as many as this server takes: others are answered with 503 until some end. \
                 Raise the limit of open files (`ulimit -n`) if these are wanted",
                self.most
            );
        }
        permit
    }

    /// Says that no connection can be taken in, if it was not said just now.
    pub(crate) fn cannot_accept(&self, error: &std::io::Error) {
        if self.told.is_due() {
            tracing::warn!(%error, "no connection can be taken in; trying again");
        }
    }
}

/// A connection's place, taken until the last that goes on where it led has ended.
pub(crate) enum Seat {
    /// One of those for everybody.
    Regular { _permit: OwnedSemaphorePermit },
    /// One of those kept back.
    Kept { evicted: CancellationToken, reserve: Arc<Reserve> },
}

impl Seat {
    /// What tells that the seat is wanted for another; nothing ends a regular one.
    pub(crate) fn evicted(&self) -> Option<&CancellationToken> {
        match self {
            Seat::Regular { .. } => None,
            Seat::Kept { evicted, .. } => Some(evicted),
        }
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        if let Seat::Kept { evicted, reserve } = self {
            // Ours is the one that is cancelled: those of others who were evicted are out of the queue already.
            evicted.cancel();
            reserve.locked().retain(|seat| !seat.is_cancelled());
        }
    }
}

impl fmt::Debug for Seat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.evicted().is_some() { "Kept" } else { "Regular" })
    }
}

/// The seats kept back, the longest taken first.
#[derive(Default)]
pub(crate) struct Reserve(Mutex<VecDeque<CancellationToken>>);

impl Reserve {
    fn locked(&self) -> std::sync::MutexGuard<'_, VecDeque<CancellationToken>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn take(&self) -> CancellationToken {
        let seat = CancellationToken::new();
        let mut seats = self.locked();
        seats.push_back(seat.clone());
        if seats.len() > RESERVE
            && let Some(longest) = seats.pop_front()
        {
            longest.cancel();
        }
        seat
    }
}

/// When something was last said.
#[derive(Default)]
struct Told(Mutex<Option<Instant>>);

impl Told {
    fn is_due(&self) -> bool {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let due = last.is_none_or(|last| last.elapsed() >= TELL_EVERY);
        if due {
            *last = Some(Instant::now());
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_comes_when_there_is_no_room_gets_the_seat_that_was_kept_longest() {
        let room = Room::new(2);
        let regular = [room.seat(), room.seat()];
        assert!(regular.iter().all(|seat| seat.evicted().is_none()));
        let kept: Vec<Seat> = (0..RESERVE + 3).map(|_| room.seat()).collect();
        let gone = kept.iter().filter(|seat| seat.evicted().is_some_and(CancellationToken::is_cancelled));
        assert_eq!(gone.count(), 3);
        assert!(kept[..3].iter().all(|seat| seat.evicted().is_some_and(CancellationToken::is_cancelled)));
        drop(kept);
        assert!(room.reserve.locked().is_empty(), "seats are given back");
        drop(regular);
        assert!(room.seat().evicted().is_none(), "there is room again");
    }

    #[test]
    fn what_was_just_said_is_not_said_again() {
        let told = Told::default();
        assert!(told.is_due() && !told.is_due());
    }
}
