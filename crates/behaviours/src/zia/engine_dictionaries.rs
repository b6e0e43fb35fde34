//! `engine-dictionaries`: an engine holds the dictionaries that its expression asks, and an operation tells which they are,
//! of each engine or of the one that the query names.
//! Parameters: `expression`, the member; `engine`, the query's; `dictionaries`, their kind.

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Id, Record};
use zuno_store::Pointer;

use crate::languages::expression::dictionaries;

/// The guarantee for the kind.
struct EngineDictionaries {
    own: String,
    expression: String,
    engine: String,
    dictionaries: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(EngineDictionaries {
        own: params.kind(),
        expression: params.field("expression")?,
        engine: params.text("engine")?,
        dictionaries: params.other("dictionaries")?,
    }))
}

impl EngineDictionaries {
    fn told(&self, cx: &Context<'_>, engine: &Stored) -> Result<Value, Fault> {
        let text = |record: &Record, names: [&str; 2]| {
            names.iter().find_map(|name| record.text(name)).map(str::to_owned)
        };
        let expression = engine.record.text(&self.expression).unwrap_or_default();
        let mut asked = dictionaries(expression).unwrap_or_default();
        asked.sort_unstable();
        asked.dedup();
        let mut told = Vec::new();
        for number in asked {
            let found = cx.get(&self.dictionaries, &Id::from(i64::from(number)))?;
            let name = found.and_then(|found| text(&found.record, ["name", "predefinedName"]));
            told.push(json!({ "id": number, "name": name, "parentDictionaryId": 0 }));
        }
        Ok(json!({
            "id": engine.id.as_str().parse::<i64>().ok(),
            "name": text(&engine.record, ["predefinedEngineName", "name"]),
            "dictionaries": told,
        }))
    }
}

impl Behaviour for EngineDictionaries {
    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        let text = record.text(&self.expression).unwrap_or_default();
        found.extend(dictionaries(text).into_iter().flatten().map(|number| Pointer {
            field: self.expression.clone(),
            kind: self.dictionaries.clone(),
            id: Id::from(i64::from(number)),
        }));
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let engines = match call.query(&self.engine).filter(|id| !id.is_empty()) {
            Some(id) => vec![cx.need(&self.own, &Id(id.to_owned()))?],
            None => cx.all(&self.own, None)?,
        };
        let told = engines.iter().map(|engine| self.told(cx, engine)).collect::<Result<_, _>>()?;
        Ok(Outcome::Value(Value::Array(told)))
    }
}
