//! Bodies taken in: of bounded size, within a time, and out of a budget that all who send one share.

use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Body;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// What is small: a call of an API, a token request. These wait for each other, and never for the large ones.
pub const SMALL: usize = 64 << 10;
/// The largest body taken, in bytes: a category of 25,000 URLs of full length fits.
pub const LARGEST: usize = 32 << 20;

/// How much is taken in, and how long it may take.
#[derive(Clone, Copy, Debug)]
pub struct BodyLimits {
    /// From a body's beginning to its end, the wait for the budget included.
    pub time: Duration,
    /// How many bytes all small bodies have at once that are being read or answered.
    pub small: usize,
    /// How many bytes all large ones have.
    pub large: usize,
}

impl Default for BodyLimits {
    fn default() -> BodyLimits {
        BodyLimits { time: Duration::from_secs(30), small: 64 << 20, large: 256 << 20 }
    }
}

/// Why a body is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotTaken {
    /// It is larger than what may be sent there.
    TooLarge,
    /// It did not end in time.
    Late,
    /// So much is being taken in already that its turn did not come.
    Full,
    /// Its sender went away, or spoke nonsense.
    Broken,
}

/// A body's share of the budget, to be kept until it is answered.
#[derive(Debug)]
pub struct Share(#[expect(dead_code, reason = "given back when dropped")] OwnedSemaphorePermit);

/// The bodies of one server.
#[derive(Debug)]
pub struct Bodies {
    limits: BodyLimits,
    small: Arc<Semaphore>,
    large: Arc<Semaphore>,
}

impl Bodies {
    /// With these limits.
    pub fn new(limits: BodyLimits) -> Bodies {
        let (small, large) = (Semaphore::new(limits.small), Semaphore::new(limits.large));
        Bodies { limits, small: Arc::new(small), large: Arc::new(large) }
    }

    /// Takes a body of at most so many bytes in.
    pub async fn take<B>(&self, mut body: B, most: usize) -> Result<(Bytes, Share), NotTaken>
    where
        B: Body<Data = Bytes> + Unpin,
    {
        let announced = body.size_hint().exact().map(|length| usize::try_from(length).unwrap_or(usize::MAX));
        if announced.is_some_and(|length| length > most) {
            return Err(NotTaken::TooLarge);
        }
        let mut waits = true;
        let taken = async {
            // A body that does not say how long it is may turn out to be large.
            let mut share = self.share(announced.unwrap_or(SMALL.min(most))).await?;
            let mut kept = announced.unwrap_or(SMALL.min(most));
            waits = false;
            let mut whole = BytesMut::new();
            while let Some(frame) = body.frame().await {
                let Ok(data) = frame.map_err(|_| NotTaken::Broken)?.into_data() else { continue };
                let length = whole.len() + data.len();
                if length > most {
                    return Err(NotTaken::TooLarge);
                }
                if length > kept {
                    waits = true;
                    share = self.share(most).await?;
                    kept = most;
                    waits = false;
                }
                if whole.is_empty() && body.is_end_stream() {
                    return Ok((data, Share(share)));
                }
                whole.extend_from_slice(&data);
            }
            Ok((whole.freeze(), Share(share)))
        };
        let taken = timeout(self.limits.time, taken).await;
        taken.unwrap_or(Err(if waits { NotTaken::Full } else { NotTaken::Late }))
    }

    async fn share(&self, length: usize) -> Result<OwnedSemaphorePermit, NotTaken> {
        let (budget, all) = match length <= SMALL {
            true => (&self.small, self.limits.small),
            false => (&self.large, self.limits.large),
        };
        // What is more than the whole budget takes all of it, once it is free.
        let length = u32::try_from(length.min(all)).unwrap_or(u32::MAX);
        Arc::clone(budget).acquire_many_owned(length).await.map_err(|_| NotTaken::Full)
    }

    /// Reads what a refused caller is still sending, as it comes and without keeping it: cut off in the middle of it, the
    /// caller would not read the refusal. Not for long, and not without end.
    pub fn pass_over<B>(&self, mut body: B)
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
        B::Error: Send,
    {
        let time = self.limits.time;
        tokio::spawn(async move {
            let mut left = LARGEST;
            let read = async {
                while let Some(Ok(frame)) = body.frame().await {
                    let length = frame.data_ref().map_or(0, Bytes::len);
                    match left.checked_sub(length) {
                        Some(rest) => left = rest,
                        None => break,
                    }
                }
            };
            // Whether it came to its end is nobody's concern.
            let _ = timeout(time, read).await;
        });
    }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::pin::Pin;
    use std::task::{Context, Poll};

    use hyper::body::{Frame, SizeHint};

    use super::*;

    /// A body that says how long it is or not, sends some of it, and then ends or waits for ever.
    struct Sent {
        announced: Option<u64>,
        frames: Vec<usize>,
        ends: bool,
    }

    impl Body for Sent {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
            match self.frames.pop() {
                Some(length) => Poll::Ready(Some(Ok(Frame::data(vec![b' '; length].into())))),
                None if self.ends => Poll::Ready(None),
                None => Poll::Pending,
            }
        }

        fn size_hint(&self) -> SizeHint {
            self.announced.map(SizeHint::with_exact).unwrap_or_default()
        }
    }

    fn sent(announced: Option<u64>, frames: &[usize], ends: bool) -> Sent {
        Sent { announced, frames: frames.to_vec(), ends }
    }

    fn bodies(small: usize, large: usize) -> Bodies {
        Bodies::new(BodyLimits { time: Duration::from_millis(30), small, large })
    }

    #[tokio::test]
    async fn a_body_is_whole_or_refused() {
        let bodies = bodies(SMALL, LARGEST);
        for announced in [None, Some(150_000)] {
            let (whole, _share) =
                bodies.take(sent(announced, &[50_000; 3], true), LARGEST).await.expect("it is taken");
            assert_eq!(whole.len(), 150_000);
        }
        assert_eq!(bodies.take(sent(Some(5), &[], false), 4).await.err(), Some(NotTaken::TooLarge));
        assert_eq!(bodies.take(sent(None, &[3, 3], false), 4).await.err(), Some(NotTaken::TooLarge));
        assert_eq!(bodies.take(sent(Some(9), &[3], false), 9).await.err(), Some(NotTaken::Late));
    }

    #[tokio::test]
    async fn large_bodies_wait_for_each_other_and_small_ones_for_none_of_them() {
        let bodies = bodies(SMALL, 200_000);
        let large = || sent(Some(150_000), &[150_000], true);
        let (_, share) = bodies.take(large(), LARGEST).await.expect("it is taken");
        assert_eq!(bodies.take(large(), LARGEST).await.err(), Some(NotTaken::Full));
        let grown = sent(None, &[50_000; 3], true);
        assert_eq!(bodies.take(grown, 150_000).await.err(), Some(NotTaken::Full), "it turned out large");
        assert!(bodies.take(sent(Some(10), &[10], true), LARGEST).await.is_ok());
        drop(share);
        assert!(bodies.take(large(), LARGEST).await.is_ok(), "what was answered is given back");
        let (_, share) = bodies.take(sent(None, &[300_000], true), 400_000).await.expect("alone it has all");
        drop(share);
    }
}
