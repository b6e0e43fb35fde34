//! Answers that do not arrive whole, because a fault wants it: the connection ends in the place of the answer, or in the
//! midst of its body.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body_util::Full;
use hyper::body::{Body, Frame, SizeHint};

use crate::respond::Response;
use crate::state::faults::Cut;

/// Why a connection ended.
#[derive(Debug, thiserror::Error)]
#[error("a fault that was asked for cuts the connection")]
pub struct CutOff;

/// A body of which all arrives, or the first half.
#[derive(Debug)]
pub struct PerhapsCut {
    body: Full<Bytes>,
    cut: Option<Half>,
}

/// How far a body is that will not arrive whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    ToBeSent,
    Sent,
    Flushed,
}

impl PerhapsCut {
    /// An answer as it goes out.
    ///
    /// # Errors
    /// Nothing of it is to arrive.
    pub fn of(response: Response) -> Result<http::Response<PerhapsCut>, CutOff> {
        let cut = response.extensions().get::<Cut>().copied();
        match cut {
            Some(Cut::Answer) => Err(CutOff),
            Some(Cut::Body) => Ok(response.map(|body| PerhapsCut { body, cut: Some(Half::ToBeSent) })),
            None => Ok(response.map(|body| PerhapsCut { body, cut: None })),
        }
    }
}

impl Body for PerhapsCut {
    type Data = Bytes;
    type Error = CutOff;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, CutOff>>> {
        let this = self.get_mut();
        match this.cut {
            None => Pin::new(&mut this.body).poll_frame(cx).map_err(|never| match never {}),
            Some(Half::ToBeSent) => {
                this.cut = Some(Half::Sent);
                let frame = Pin::new(&mut this.body).poll_frame(cx);
                // Its length was announced whole, so that the reader finds that the rest is missing.
                frame.map(|frame| {
                    let whole = frame.and_then(Result::ok).and_then(|frame| frame.into_data().ok());
                    let whole = whole.unwrap_or_default();
                    Some(Ok(Frame::data(whole.slice(..whole.len() / 2))))
                })
            }
            // What was written goes out while there is nothing more, and would be lost with the error.
            Some(Half::Sent) => {
                this.cut = Some(Half::Flushed);
                cx.waker().wake_by_ref();
                Poll::Pending
            }
            Some(Half::Flushed) => Poll::Ready(Some(Err(CutOff))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.cut.is_none() && self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
