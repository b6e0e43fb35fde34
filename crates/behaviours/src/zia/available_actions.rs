//! Which actions of rules there are for every one of some cloud applications, by alphabet (seen), whichever type of rules the
//! path names (seen); without any application, for the path's type (guessed).
//!
//! The type of an application is called as `known-application` has it. Which of them an application has is known of a few alone (seen), the others are taken to have
//! all of their type, and those whose type is not known all of the path's, as rules take them (guessed).
//! Parameters: `apps`, the body's list; `kind` of the applications, with the members `app`, their word, and `parent`, their
//! type; `word`, the path's parameter; `seen`, by application its actions.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::json;
use zuno_catalogue::Members;
use zuno_engine::{Call, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Fix, Kind};

use super::known_application::is_word;

/// How many applications one call may name: as many as a rule may, of which there are types with twelve thousand (seen).
const MOST: usize = 25_000;

/// The actions by type.
type ByType = BTreeMap<String, BTreeSet<String>>;

/// What is known of applications.
pub struct Available {
    own: String,
    apps: String,
    kind: String,
    app: String,
    parent: String,
    word: String,
    called: BTreeMap<String, String>,
    seen: ByType,
}

impl Available {
    /// Makes it of the parameter `available`.
    ///
    /// # Errors
    /// One of them is missing or unknown.
    pub fn make(params: Params<'_>) -> Result<Available, String> {
        let (given, known) = (params.part("available"), params.resource.behaviours.get("known-application"));
        let known = known.ok_or_else(|| params.wrong("needs `known-application` beside it"))?;
        let made = Available {
            own: params.kind(),
            apps: given.text("apps")?,
            kind: given.other("kind")?,
            app: given.text("app")?,
            parent: given.text("parent")?,
            word: given.text("word")?,
            called: params.within(&known.0).part("called").read()?,
            seen: given.part("seen").read()?,
        };
        for member in [&made.app, &made.parent] {
            params.field_of(&made.kind, member)?;
        }
        Ok(made)
    }

    /// The actions of the rules for applications of a type.
    fn of_parent<'a>(&self, of: &'a ByType, parent: &str) -> Option<&'a BTreeSet<String>> {
        let called = self.called.iter().find(|(_, theirs)| *theirs == parent);
        of.get(called.map_or(parent, |(word, _)| word.as_str()))
    }

    /// The types of the applications that are known, by their words, where any of those that are named needs one.
    fn parents(&self, cx: &Context<'_>, apps: &BTreeSet<&str>) -> Result<HashMap<String, String>, Fault> {
        if apps.iter().all(|app| self.seen.contains_key(*app)) {
            return Ok(HashMap::new());
        }
        let word = |stored: &Stored, member: &str| stored.record.text(member).map(str::to_owned);
        let all = cx.all(&self.kind, None)?.into_iter();
        Ok(all.filter_map(|known| Some((word(&known, &self.app)?, word(&known, &self.parent)?))).collect())
    }

    /// The actions of one application of a type, in rules of a type where its own is not known.
    fn of_app<'a>(
        &'a self,
        of: &'a ByType,
        app: &str,
        parent: Option<&String>,
        rules: &str,
    ) -> Option<&'a BTreeSet<String>> {
        let seen = self.seen.get(app);
        seen.or_else(|| self.of_parent(of, parent?)).or_else(|| of.get(rules))
    }

    /// Tells those of the applications that a call names, out of the actions by type.
    ///
    /// # Errors
    /// One is named by no word, they are too many, or the store failed.
    pub fn of(&self, cx: &Context<'_>, call: &Call, of: &ByType) -> Result<Outcome, Fault> {
        let named = call.body.as_ref().map_or(&[][..], |body| body.items(&self.apps));
        let wrong = |fix| Fault::Invalid { kind: Kind(self.own.clone()), field: self.apps.clone(), fix };
        if named.len() > MOST {
            return Err(wrong(Fix::Said(format!("No more than {MOST} applications may be named"))));
        }
        let rules = call.param(&self.word).unwrap_or_default();
        let mut common: Option<BTreeSet<&String>> = None;
        let mut apps = BTreeSet::new();
        for app in named {
            let app = app.as_str().ok_or_else(|| wrong(Fix::Type("text")))?;
            if !is_word(app) {
                return Err(wrong(Fix::Enum(Vec::new())));
            }
            apps.insert(app);
        }
        let parents = self.parents(cx, &apps)?;
        for app in apps {
            // Nothing is left to take away.
            if common.as_ref().is_some_and(BTreeSet::is_empty) {
                break;
            }
            let own = self.of_app(of, app, parents.get(app), rules);
            common = Some(match common {
                Some(common) => {
                    common.into_iter().filter(|action| own.is_some_and(|own| own.contains(*action))).collect()
                }
                None => own.into_iter().flatten().collect(),
            });
        }
        let of_type = || of.get(rules).into_iter().flatten().collect();
        Ok(Outcome::Value(json!(common.unwrap_or_else(of_type))))
    }
}
