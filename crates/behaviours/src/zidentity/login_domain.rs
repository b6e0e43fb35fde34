//! `login-domain`: the domain of a login name is remembered for filters. Parameters: `login`, `domain`.

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

struct LoginDomain {
    login: String,
    domain: String,
}

pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (login, domain) = (params.text("login")?, params.text("domain")?);
    Ok(Box::new(LoginDomain { login, domain }))
}

impl Behaviour for LoginDomain {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let login = change.new.text(&self.login);
        if let Some((_, domain)) = login.and_then(|login| login.split_once('@')) {
            let domain = Value::from(domain.to_lowercase());
            change.new.insert(self.domain.clone(), domain);
        }
        Ok(())
    }
}
