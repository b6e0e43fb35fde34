//! What the call asks for that is carried out. Where the server itself reads or changes something, nothing is asked:
//! no member was sent, no flag is set, and every scope is meant.

use serde_json::Value;
use zuno_catalogue::{Operation, Resource};
use zuno_model::Fault;

use super::Context;
use crate::{Ahead, Call, ListQuery, Scope, Upload};

/// Where there is no call, all of the tenant is meant.
const EVERYWHERE: &Scope = &Scope::All;

impl<'a> Context<'a> {
    /// The call that is carried out.
    ///
    /// # Errors
    /// There is none: the server itself reads or changes something.
    pub(crate) fn call(&self) -> Result<&'a Call, Fault> {
        self.call.ok_or_else(|| Fault::broken("something only a call can ask for was asked for without one"))
    }

    /// The resource that the call is about; none where the server itself reads or changes something.
    pub fn asked(&self) -> Option<&'a Resource> {
        self.call.map(|call| self.engine.operation(call).0)
    }

    /// The operation that is carried out.
    ///
    /// # Errors
    /// There is no call.
    pub fn operation(&self) -> Result<&'a Operation, Fault> {
        Ok(self.engine.operation(self.call()?).1)
    }

    /// The view that the operation answers with, if it names one.
    pub fn view(&self) -> Option<&'a str> {
        self.engine.operation(self.call?).1.view.as_deref()
    }

    /// The path's parameters with their names.
    pub fn params(&self) -> &'a [(String, String)] {
        self.call.map(|call| call.params.as_slice()).unwrap_or_default()
    }

    /// A parameter of the path.
    pub fn param(&self, name: &str) -> Option<&'a str> {
        self.call?.param(name)
    }

    /// The first query parameter of this name, whatever the case of its letters.
    pub fn query(&self, name: &str) -> Option<&'a str> {
        self.call?.query(name)
    }

    /// Every query parameter of this name, whatever the case of its letters.
    pub fn query_all<'n>(&self, name: &'n str) -> impl Iterator<Item = &'n str> + use<'a, 'n>
    where
        'a: 'n,
    {
        self.call.into_iter().flat_map(move |call| call.query_all(name))
    }

    /// Whether a query parameter is switched on: `true` in any case of letters, or `1`.
    pub fn flag(&self, name: &str) -> bool {
        self.call.is_some_and(|call| call.flag(name))
    }

    /// The body, if there was one.
    pub fn body(&self) -> Option<&'a Value> {
        self.call?.body.as_ref()
    }

    /// What came in place of JSON.
    pub fn upload(&self) -> Option<&'a Upload> {
        self.call?.upload.as_ref()
    }

    /// What the operation's behaviour made before the write.
    ///
    /// # Errors
    /// It made nothing of this type.
    pub fn ahead<T: std::any::Any>(&self) -> Result<&'a T, Fault> {
        let made = self.call.and_then(|call| call.ahead.as_ref()).and_then(Ahead::get);
        made.ok_or_else(|| Fault::broken("what a behaviour makes before a write was not made"))
    }

    /// A member of the body as it was sent.
    pub fn sent(&self, member: &str) -> Option<&'a Value> {
        self.body()?.get(member)
    }

    /// Which scope within the tenant is meant.
    pub fn scope(&self) -> &'a Scope {
        self.call.map_or(EVERYWHERE, |call| &call.scope)
    }

    /// Which part of a list is wished for.
    pub fn list_query(&self) -> ListQuery {
        self.call.map(|call| call.list_query.clone()).unwrap_or_default()
    }
}
