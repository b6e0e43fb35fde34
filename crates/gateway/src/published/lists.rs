//! Saved allowlists, for firewalls that poll one: the operator says once which prefixes are wanted, and
//! `GET /lists/NAME.txt` renders them from what is published now.

use std::collections::BTreeMap;

use http::Method;
use serde_json::{Map, Value, json};
use zuno_endpoints::{
    Allowance, Family, Format, FormatError, Kind, PrefixSet, Selection, Sheet, guard, is_name, widen,
};

use crate::Cloud;
use crate::conditional::{conditional, entity_tag};
use crate::notes::{Changed, Note};
use crate::request::Request;
use crate::respond::{Response, in_json, respond, set};
use crate::state::published::Endpoints;

static LISTS: Note<BTreeMap<String, Value>> = Note::named("endpoints:lists", "the saved lists");

/// A list as it is answered.
struct Made {
    text: String,
    /// Where it comes from, if some of its documents are built in.
    label: Option<String>,
}

/// Why there is no list.
enum Trouble {
    /// What the operator wrote cannot be.
    Invalid(String),
    /// The mirror has not had a document of it yet.
    Later(String),
}

/// A saved list, as its operator wrote it, checked.
struct SavedList {
    format: Format,
    selection: Selection,
    allowance: Option<Allowance>,
    max_shrink: f64,
    /// It may hold what is built in, and says so.
    synthetic: bool,
}

/// Answers `/lists/NAME.txt`.
pub fn answer(cloud: &Cloud, request: &Request, name: &str) -> Response {
    let text = |status: u16, text: String| respond(status, Some("text/plain; charset=utf-8"), text);
    let saved = match LISTS.read(cloud.store.as_ref()) {
        Ok(mut lists) => lists.remove(name),
        Err(cause) => {
            tracing::error!(%cause, "the saved lists");
            return text(500, "the saved lists cannot be read\n".into());
        }
    };
    let Some(saved) = saved else {
        return text(
            404,
            "there is no list of this name: an operator saves one with PUT /_zuno/lists/NAME\n".to_owned(),
        );
    };
    let made = checked_list(&saved).map_err(Trouble::Invalid);
    match made.and_then(|wanted| cloud.published.with(|edition| render(cloud, name, &wanted, edition))) {
        Ok(Made { text, label }) => {
            let etag = entity_tag(text.as_bytes());
            let mut answer = conditional(request, &etag, None, "text/plain; charset=utf-8", text.as_bytes());
            if let Some(label) = label {
                set(answer.headers_mut(), "x-zuno-data", &label);
            }
            answer
        }
        // A firewall keeps its last good list when it gets no list, and an empty one would be obeyed.
        Err(Trouble::Invalid(why) | Trouble::Later(why)) => {
            text(503, format!("the list cannot be made: {why}\n"))
        }
    }
}

fn render(
    cloud: &Cloud,
    name: &str,
    wanted: &SavedList,
    edition: &zuno_endpoints::Edition,
) -> Result<Made, Trouble> {
    let Selection { clouds, kinds, .. } = &wanted.selection;
    let meant = |cloud: &str, kind: Kind| {
        clouds.iter().any(|one| one.eq_ignore_ascii_case(cloud)) && kinds.contains(&kind)
    };
    let documents: Vec<_> = edition.iter().filter(|(cloud, kind, _)| meant(cloud, *kind)).collect();
    let set: PrefixSet = documents
        .iter()
        .flat_map(|(_, _, found)| wanted.selection.of(&found.document))
        .map(|listed| listed.net)
        .collect();
    let built_in = documents.iter().find(|(_, _, found)| found.origin.is_built_in());
    let follows = matches!(cloud.published.from, Endpoints::Mirror(_));
    let label = built_in.filter(|_| !follows).map(|(_, _, found)| found.origin.to_string());
    let mut answered = cloud.published.answered.lock();
    let last = answered.get(name);
    let refused = guard::check(last.map(|(last, _)| last), &set, wanted.max_shrink)
        .map_err(|why| Trouble::Invalid(why.to_string()));
    let refused = refused.and(match built_in {
        Some((of, kind, found)) if !follows && !wanted.synthetic => Err(Trouble::Invalid(format!(
            "{kind} of {of} is {}, and for no firewall: serve with --mirror-endpoints, or say `\"synthetic\": true`",
            found.origin
        ))),
        // Whoever follows a site wants its addresses in the firewall, not those of a day or made up ones.
        Some((of, kind, _)) if follows => {
            Err(Trouble::Later(format!("the mirror does not have {kind} of {of}, yet or at all")))
        }
        _ => Ok(()),
    });
    if let Err(trouble) = refused {
        let Some((_, list)) = last else { return Err(trouble) };
        let (Trouble::Invalid(why) | Trouble::Later(why)) = trouble;
        tracing::warn!(list = name, %why, "the last good list is answered");
        return Ok(Made { text: list.clone(), label });
    }
    let written = match wanted.allowance {
        Some(allowance) => widen(&set, allowance).map_err(|wrong| Trouble::Invalid(wrong.to_string()))?.set,
        None => set.clone(),
    };
    let prefixes: Vec<_> = written.prefixes().collect();
    let notes = vec![format!("list {name}: {} prefixes", prefixes.len())];
    let warning = label.as_ref().map(|label| format!("not for a firewall: {label}"));
    let sheet = Sheet { notes, warning, ..Sheet::new(name, prefixes) };
    let text = wanted.format.render(&sheet).map_err(|wrong| Trouble::Invalid(wrong.to_string()))?;
    answered.insert(name.to_owned(), (set, text.clone()));
    Ok(Made { text, label })
}

/// Reads what an operator wrote; an unknown member is an error, since a wish that is not understood widens a firewall.
fn checked_list(saved: &Value) -> Result<SavedList, String> {
    let members = saved.as_object().ok_or("write a JSON object")?;
    let known = [
        "clouds",
        "kinds",
        "continents",
        "cities",
        "without_cities",
        "family",
        "uses",
        "ports",
        "format",
        "slack",
        "max_entries",
        "max_shrink",
        "synthetic",
    ];
    if let Some(unknown) = members.keys().find(|name| !known.contains(&name.as_str())) {
        return Err(format!("`{unknown}` is not known; known are {}", known.join(", ")));
    }
    let number = |name: &str| match members.get(name) {
        None => Ok(None),
        Some(value) => value
            .as_f64()
            .filter(|number| *number >= 0.0)
            .map(Some)
            .ok_or_else(|| format!("`{name}` is a number of zero or more")),
    };
    let or = |list: Vec<String>, other: &str| if list.is_empty() { vec![other.to_owned()] } else { list };
    let parsed =
        |list: Vec<String>| list.iter().map(|text| text.parse::<Kind>()).collect::<Result<Vec<_>, _>>();
    let selection = Selection {
        clouds: or(texts(members, "clouds")?, "zscaler.net"),
        kinds: parsed(or(texts(members, "kinds")?, "cenr")).map_err(|wrong| wrong.to_string())?,
        continents: texts(members, "continents")?,
        cities: texts(members, "cities")?,
        without_cities: texts(members, "without_cities")?,
        family: match members.get("family").map(|value| value.as_str().unwrap_or_default()) {
            None => None,
            Some("ipv4") => Some(Family::V4),
            Some("ipv6") => Some(Family::V6),
            Some(_) => return Err("`family` is `ipv4` or `ipv6`".into()),
        },
        uses: texts(members, "uses")?.iter().map(|text| text.parse()).collect::<Result<_, String>>()?,
        ports: match members.get("ports") {
            None => Vec::new(),
            Some(list) => serde_json::from_value(list.clone()).map_err(|_| "`ports` is a list of ports")?,
        },
        unready: false,
    };
    let format = match members.get("format") {
        None => "text",
        Some(name) => name.as_str().ok_or("`format` is the name of a format")?,
    };
    let format = Format::named(format).map_err(|wrong: FormatError| wrong.to_string())?;
    let (slack, entries) = (number("slack")?, number("max_entries")?.map(|most| most as usize));
    Ok(SavedList {
        format,
        selection,
        allowance: (slack.is_some() || entries.is_some()).then_some(Allowance { slack, entries }),
        max_shrink: number("max_shrink")?.unwrap_or(guard::MOST_SHRINK),
        synthetic: match members.get("synthetic") {
            None => false,
            Some(flag) => flag.as_bool().ok_or("`synthetic` is true or false")?,
        },
    })
}

fn texts(members: &Map<String, Value>, name: &str) -> Result<Vec<String>, String> {
    match members.get(name) {
        None => Ok(Vec::new()),
        Some(value) => {
            serde_json::from_value(value.clone()).map_err(|_| format!("`{name}` is a list of texts"))
        }
    }
}

/// What the operator may do with the saved lists: see, save and remove them.
pub fn administer(cloud: &Cloud, request: &Request, parts: &[&str], body: &Value) -> Response {
    let store = cloud.store.as_ref();
    match (&request.head.method, parts) {
        (&Method::GET, []) => match LISTS.read(store) {
            Ok(lists) => in_json(200, &json!(lists)),
            Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
        },
        (&Method::PUT, [name]) => {
            if !is_name(name) {
                let text = "a name begins with a letter and has letters, digits, `-` and `_`, 22 at most";
                return in_json(400, &json!({"error": text}));
            }
            let checked = checked_list(body).map_err(Trouble::Invalid).and_then(|wanted| {
                cloud.published.answered.lock().remove(*name);
                cloud.published.with(|edition| render(cloud, name, &wanted, edition))
            });
            // What the mirror does not have yet may come later.
            if let Err(Trouble::Invalid(why)) = checked {
                return in_json(400, &json!({"error": why}));
            }
            let (name, body) = ((*name).to_owned(), body.clone());
            LISTS.change(store, move |lists| {
                let status = if lists.insert(name.clone(), body.clone()).is_some() { 200 } else { 201 };
                Changed::Kept(in_json(status, &body))
            })
        }
        (&Method::DELETE, [name]) => {
            let name = (*name).to_owned();
            LISTS.change(store, move |lists| match lists.remove(&name) {
                Some(_) => Changed::Kept(respond(204, None, "")),
                None => {
                    Changed::Refused(in_json(404, &json!({"error": format!("there is no list `{name}`")})))
                }
            })
        }
        _ => in_json(405, &json!({"error": "GET /_zuno/lists, or PUT or DELETE /_zuno/lists/NAME"})),
    }
}
