//! An answer on its way: the service's, a line of the proxy's own, or what a foreign host said.

use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::{Response, StatusCode, header};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use hyper::body::Incoming;
use pin_project_lite::pin_project;

use crate::{front::BoxError, via::Via};

/// Keeps a connection from counting as idle while the service works.
pub(crate) struct InService(Arc<Via>);

impl InService {
    pub(crate) fn enter(via: &Arc<Via>) -> InService {
        via.enter();
        InService(via.clone())
    }
}

impl Drop for InService {
    fn drop(&mut self) {
        self.0.leave();
    }
}

type Boxed<B> = Pin<Box<dyn Future<Output = Response<ResponseBody<B>>> + Send>>;

pin_project! {
    /// An answer on its way.
    #[project = EnteredState]
    pub(crate) enum Entered<F, B> {
        Service { #[pin] answer: F, in_service: InService },
        Front { answer: Boxed<B>, in_service: InService },
    }
}

impl<F, B, E> Future for Entered<F, B>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<ResponseBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            EnteredState::Service { answer, .. } => {
                answer.poll(cx).map_ok(|response| response.map(|body| ResponseBody::Service { body }))
            }
            EnteredState::Front { answer, .. } => answer.as_mut().poll(cx).map(Ok),
        }
    }
}

pin_project! {
    /// The body of an answer: the service's, a line of the proxy's own, or what a foreign host answered.
    #[project = ResponseBodyState]
    pub(crate) enum ResponseBody<B> {
        Service { #[pin] body: B },
        Text { #[pin] body: Full<Bytes> },
        Foreign { #[pin] body: Incoming },
    }
}

impl<B> Body for ResponseBody<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(match self.project() {
            ResponseBodyState::Service { body } => ready!(body.poll_frame(cx)).map(|f| f.map_err(Into::into)),
            ResponseBodyState::Text { body } => ready!(body.poll_frame(cx)).map(|f| f.map_err(Into::into)),
            ResponseBodyState::Foreign { body } => ready!(body.poll_frame(cx)).map(|f| f.map_err(Into::into)),
        })
    }

    fn is_end_stream(&self) -> bool {
        match self {
            ResponseBody::Service { body } => body.is_end_stream(),
            ResponseBody::Text { body } => body.is_end_stream(),
            ResponseBody::Foreign { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            ResponseBody::Service { body } => body.size_hint(),
            ResponseBody::Text { body } => body.size_hint(),
            ResponseBody::Foreign { body } => body.size_hint(),
        }
    }
}

/// The proxy's own answer, with a line that says what to do about it.
pub(crate) fn say<B>(status: StatusCode, text: String) -> Response<ResponseBody<B>> {
    let mut response = Response::new(ResponseBody::Text { body: Full::new(Bytes::from(text + "\n")) });
    *response.status_mut() = status;
    let plain = header::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}
