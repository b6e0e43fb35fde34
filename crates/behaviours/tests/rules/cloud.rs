//! A tenant on a store in memory, called by method and path.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use serde_json::Value;
use zuno_catalogue::{Catalogue, Method, Operation, Resource, Router, Target};
use zuno_engine::{
    Call, Context, Engine, ListQuery, Maker, Origin, Outcome, Scope, Search, Seed, Session, Transaction,
};
use zuno_identity::{Pepper, SealingKey};
use zuno_model::{Actor, AudienceRule, Fault, Tenant, TenantId};
use zuno_store::{StoreError, read, write};
use zuno_store_sqlite::SqliteStore;

/// What every call's clock reads.
pub const NOW: i64 = 1_700_000_000;

pub struct Cloud {
    engine: Arc<Engine>,
    router: Router,
    store: SqliteStore,
    tenant: Arc<Tenant>,
    base: &'static str,
    calls: AtomicU64,
}

impl Cloud {
    /// A tenant whose paths are below `base`, with the sample fleet or without.
    pub fn new(base: &'static str, sample_fleet: bool) -> Cloud {
        Cloud::with(base, sample_fleet, zuno_behaviours::all())
    }

    /// The same with other behaviours.
    pub fn with(base: &'static str, sample_fleet: bool, behaviours: Vec<(&'static str, Maker)>) -> Cloud {
        let catalogue = Arc::new(Catalogue::compiled());
        let router = Router::new(&catalogue);
        let engine = Engine::new(catalogue, behaviours).expect("the catalogue binds");
        let (pepper, sealing) = (Pepper::new(&[1; 32]), SealingKey::new(&[2; 32]));
        let engine = zuno_behaviours::keys::give(engine, &Arc::new(pepper), &Arc::new(sealing));
        let tenant = Tenant {
            id: TenantId(1),
            vanity: "acme".into(),
            customer_id: 216_196_257_331_281_920,
            org_id: 8_061_240,
            cloud: "zscalerthree.net".into(),
            created: NOW,
            sample_fleet,
            audience: AudienceRule::default(),
        };
        Cloud {
            engine: Arc::new(engine),
            router,
            store: SqliteStore::in_memory().expect("memory opens"),
            tenant: Arc::new(tenant),
            base,
            calls: AtomicU64::new(0),
        }
    }

    fn session(&self) -> Session {
        let actor = Arc::new(Actor::server());
        Session { tenant: Arc::clone(&self.tenant), actor, now: NOW, as_sent: false }
    }

    /// A seed of its own for each change.
    fn seed(&self) -> Seed {
        let mut seed = [0; 32];
        seed[..8].copy_from_slice(&(self.calls.fetch_add(1, Ordering::Relaxed) + 1).to_le_bytes());
        seed
    }

    fn call_of(&self, method: Method, path: &str, body: Option<Value>) -> Call {
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let route = self.router.find(method, &format!("{}{path}", self.base)).expect("a known path");
        let Target::Built(operation) = route.target else { panic!("{path} is not built") };
        let (_, described) = self.engine.catalogue().operation(operation);
        let names = described.parameters().map(str::to_owned);
        let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        Call {
            session: self.session(),
            operation,
            params: names.zip(route.values.iter().cloned()).collect(),
            query: pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect(),
            body,
            scope: Scope::All,
            upload: None,
            ahead: None,
            list_query: ListQuery { take: Some(100), number: 1, size: 100, ..ListQuery::default() },
            origin: Origin::default(),
        }
    }

    /// The operation at a path.
    pub fn described(&self, method: Method, path: &str) -> (&Resource, &Operation) {
        let call = self.call_of(method, path, None);
        self.engine.operation(&call)
    }

    pub fn call(&self, method: Method, path: &str, body: Option<Value>) -> Result<Value, Fault> {
        self.carry_out(self.call_of(method, path, body))
    }

    /// The list at a path that a search finds.
    pub fn search(&self, path: &str, search: Search) -> Result<Value, Fault> {
        let mut call = self.call_of(Method::Get, path, None);
        call.list_query.search = Some(search);
        self.carry_out(call)
    }

    fn carry_out(&self, call: Call) -> Result<Value, Fault> {
        let seed = self.seed();
        let engine = Arc::clone(&self.engine);
        let (tell, told) = std::sync::mpsc::channel();
        let _ = write(&self.store, move |tx| {
            let run = Context::of_call(&engine, &call, Transaction::Write(tx, seed)).run();
            let refused = run.is_err();
            tell.send(run).expect("the caller waits");
            if refused { Err(StoreError::new("refused")) } else { Ok(()) }
        });
        Ok(match told.recv().expect("the job ran")?.outcome {
            Outcome::One(value) | Outcome::Value(value) => value,
            Outcome::Many(page) => {
                assert!(page.total >= page.items.len() as u64);
                Value::Array(page.items)
            }
            Outcome::Json(text) => serde_json::from_slice(&text).expect("it is written as JSON"),
            Outcome::Written(written) => {
                let text = [b"[", &written.records[..], b"]"].concat();
                serde_json::from_slice(&text).expect("records are written as JSON")
            }
            Outcome::Done => Value::Null,
            other => panic!("{other:?}"),
        })
    }

    pub fn get(&self, path: &str) -> Value {
        self.call(Method::Get, path, None).unwrap_or_else(|fault| panic!("GET {path}: {fault}"))
    }

    pub fn post(&self, path: &str, body: Value) -> Value {
        self.call(Method::Post, path, Some(body)).unwrap_or_else(|fault| panic!("POST {path}: {fault}"))
    }

    pub fn put(&self, path: &str, body: Value) -> Value {
        self.call(Method::Put, path, Some(body)).unwrap_or_else(|fault| panic!("PUT {path}: {fault}"))
    }

    pub fn delete(&self, path: &str) {
        self.call(Method::Delete, path, None).unwrap_or_else(|fault| panic!("DELETE {path}: {fault}"));
    }

    pub fn refusal(&self, method: Method, path: &str, body: Option<Value>) -> String {
        self.call(method, path, body).expect_err("it is refused").to_string()
    }

    /// Runs code at a moment of the store as the gateway does.
    pub fn look<T>(&self, code: impl Fn(&Context<'_>) -> T) -> T {
        let session = self.session();
        read(&self.store, |tx| Ok(code(&Context::new(&self.engine, &session, Transaction::Read(tx)))))
            .expect("the store reads")
    }

    /// The same to change something.
    pub fn change(&self, code: impl Fn(&mut Context<'_>) -> Result<(), Fault> + Send + 'static) {
        let (session, seed) = (self.session(), self.seed());
        let engine = Arc::clone(&self.engine);
        write(&self.store, move |tx| {
            code(&mut Context::new(&engine, &session, Transaction::Write(tx, seed)))
                .map_err(|fault| StoreError::because("refused", fault))
        })
        .expect("the store writes");
    }
}
