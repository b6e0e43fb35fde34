//! One call and its answer, as the journal keeps them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, Method};
use http_body_util::Full;
use hyper::body::Body as _;
use jiff::Timestamp;

use super::seen::{Seen, Why, cut};
use crate::request::Request;
use crate::respond::Response;

/// The longest body that is kept, in bytes; of a longer one its length is told.
const LONGEST_BODY: usize = 64 * 1024;

/// The longest host, and the longest path with its query, that are kept whole.
const LONGEST_TARGET: usize = 4 * 1024;

/// What every exchange takes beside its texts, in bytes.
const FRAME: usize = 512;

/// A call that is about to be answered.
#[derive(Clone, Debug)]
pub struct Began {
    /// When.
    at: Instant,
    /// Which service it is for, or which product.
    service: String,
    /// Whether its bodies may be kept.
    keeps_bodies: bool,
}

impl Began {
    /// A call for a service, whose bodies may be kept or not.
    pub fn now(service: &str, keeps_bodies: bool) -> Began {
        Began { at: Instant::now(), service: service.to_owned(), keeps_bodies }
    }
}

/// A body, as far as it is kept.
#[derive(Debug)]
pub struct Payload {
    /// Its media type, empty where none was said.
    pub media: String,
    /// Whether it is compressed.
    pub is_packed: bool,
    /// How long it is, in bytes.
    pub length: usize,
    /// Its bytes, unless it is too long or of a sort that is not kept.
    pub bytes: Option<Box<[u8]>>,
}

impl Payload {
    fn of(headers: &HeaderMap, bytes: &[u8], keep: bool) -> Payload {
        let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
        Payload {
            media: cut(text(CONTENT_TYPE), 128),
            is_packed: text(CONTENT_ENCODING) == "gzip",
            length: bytes.len(),
            bytes: (keep && bytes.len() <= LONGEST_BODY).then(|| bytes.into()),
        }
    }
}

/// One call and its answer.
#[derive(Debug)]
pub struct Exchange {
    /// Which one: later ones have greater numbers.
    pub number: u64,
    /// When it was answered, by the real clock.
    pub at: Timestamp,
    /// How long that took.
    pub took: Duration,
    /// Which service it was for, or which product.
    pub service: String,
    /// The method.
    pub method: Method,
    /// The host, as the caller wrote it.
    pub host: String,
    /// The path with its query, as the caller wrote them.
    pub target: String,
    /// What was sent.
    pub sent: Payload,
    /// The status of the answer.
    pub status: u16,
    /// What was answered.
    pub answered: Payload,
    /// What the wire does not show.
    pub seen: Arc<Seen>,
}

impl Exchange {
    /// A call that has just been answered.
    pub fn of(began: Began, request: &Request, response: &Response) -> Exchange {
        let took = began.at.elapsed();
        let target = request.head.uri.path_and_query().map_or("/", |target| target.as_str());
        Exchange {
            number: 0,
            at: Timestamp::now(),
            took,
            service: began.service,
            method: request.head.method.clone(),
            host: cut(request.host(), LONGEST_TARGET),
            target: cut(target, LONGEST_TARGET),
            sent: Payload::of(&request.head.headers, &request.body, began.keeps_bodies),
            status: response.status().as_u16(),
            answered: Payload::of(response.headers(), &bytes_of(response.body()), began.keeps_bodies),
            seen: Seen::with(response),
        }
    }

    /// About how many bytes of memory it takes.
    pub fn weight(&self) -> usize {
        let payload =
            |payload: &Payload| payload.media.len() + payload.bytes.as_ref().map_or(0, |it| it.len());
        let record = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let entry = self.seen.entry.as_ref().map_or(0, |entry| {
            entry.object.len() + entry.name.len() + record(&entry.before) + record(&entry.after)
        });
        let target = self.host.len() + self.target.len();
        let entry = entry + self.seen.why.as_ref().map_or(0, Why::weight);
        FRAME + target + payload(&self.sent) + payload(&self.answered) + entry
    }
}

/// The bytes of a body, which is there as a whole.
fn bytes_of(body: &Full<Bytes>) -> Bytes {
    let frame = Pin::new(&mut body.clone()).poll_frame(&mut Context::from_waker(Waker::noop()));
    match frame {
        Poll::Ready(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        _ => Bytes::new(),
    }
}
