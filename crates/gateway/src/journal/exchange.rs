//! One call and its answer, as the journal keeps them.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue, Method};
use http_body_util::Full;
use hyper::body::Body as _;
use jiff::Timestamp;
use zuno_catalogue::Catalogue;

use super::seen::{Seen, cut};
use crate::request::Request;
use crate::respond::Response;

/// The longest body that is kept, in bytes; of a longer one its length is told.
const LONGEST_BODY: usize = 64 * 1024;

/// The longest host, and the longest path with its query, that are kept whole.
const LONGEST_TARGET: usize = 4 * 1024;

/// The longest media type that is kept, in bytes.
const LONGEST_MEDIA: usize = 128;

/// What every exchange takes beside its texts, in bytes, with what memory is lost between them.
const FRAME: usize = size_of::<Exchange>() + size_of::<Seen>() + 256;

/// Which service a call is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Service {
    /// A product, by its place in the catalogue.
    Product(usize),
    /// Another.
    Named(&'static str),
}

impl Service {
    /// Its name.
    pub fn name(self, catalogue: &Catalogue) -> &str {
        match self {
            Service::Product(place) => &catalogue.products()[place].name,
            Service::Named(name) => name,
        }
    }
}

/// A call that is about to be answered.
#[derive(Clone, Copy, Debug)]
pub struct Began {
    /// When.
    at: Instant,
    /// Which service it is for.
    service: Service,
    /// Whether its bodies may be kept.
    keeps_bodies: bool,
}

impl Began {
    /// A call for a service, whose bodies may be kept or not.
    pub fn now(service: Service, keeps_bodies: bool) -> Began {
        Began { at: Instant::now(), service, keeps_bodies }
    }
}

/// A body, as far as it is kept.
#[derive(Debug, Default)]
pub struct Payload {
    /// Its media type, where one was said.
    pub media: Option<HeaderValue>,
    /// Whether it is compressed.
    pub is_packed: bool,
    /// How long it is, in bytes.
    pub length: usize,
    /// Its bytes, unless it is too long or of a sort that is not kept.
    pub bytes: Option<Bytes>,
}

impl Payload {
    fn of(headers: &HeaderMap, bytes: &Bytes, keep: bool) -> Payload {
        if bytes.is_empty() {
            return Payload::default();
        }
        Payload {
            media: headers.get(CONTENT_TYPE).filter(|media| media.len() <= LONGEST_MEDIA).cloned(),
            is_packed: headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip"),
            length: bytes.len(),
            bytes: (keep && bytes.len() <= LONGEST_BODY).then(|| bytes.clone()),
        }
    }

    /// The same, in memory of its own: what a caller sent is a part of all that was read at once.
    fn apart(self) -> Payload {
        let media = self.media.and_then(|media| HeaderValue::from_bytes(media.as_bytes()).ok());
        Payload { media, bytes: self.bytes.map(|bytes| Bytes::copy_from_slice(&bytes)), ..self }
    }

    /// Its media type, empty where none was said.
    pub fn media(&self) -> &str {
        self.media.as_ref().and_then(|media| media.to_str().ok()).unwrap_or_default()
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
    /// Which service it was for.
    pub service: Service,
    /// The method.
    pub method: Method,
    /// The host, as the caller wrote it.
    pub host: Box<str>,
    /// The path with its query, as the caller wrote them.
    pub target: Box<str>,
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
            host: cut(request.host(), LONGEST_TARGET).into(),
            target: cut(target, LONGEST_TARGET).into(),
            sent: Payload::of(&request.head.headers, &request.body, began.keeps_bodies).apart(),
            status: response.status().as_u16(),
            answered: Payload::of(response.headers(), &bytes_of(response.body()), began.keeps_bodies),
            seen: Seen::with(response),
        }
    }

    /// About how many bytes of memory it takes.
    pub fn weight(&self) -> usize {
        let payload =
            |payload: &Payload| payload.media().len() + payload.bytes.as_ref().map_or(0, Bytes::len);
        let record = |text: &Option<String>| text.as_ref().map_or(0, String::len);
        let entry = self.seen.entry.as_ref().map_or(0, |entry| {
            entry.object.len() + entry.name.len() + record(&entry.before) + record(&entry.after)
        });
        let target = self.host.len() + self.target.len();
        let entry = entry + self.seen.why.as_ref().map_or(0, |why| why.weight());
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
