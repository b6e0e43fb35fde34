//! A tenant's configuration in files: pulled from a cloud, planned, applied or pushed, and watched for drift.

mod calls;
mod carrying_out;
mod folder;
mod options;
mod pace;
mod reading;
mod told;

use std::collections::{BTreeMap, BTreeSet};
use std::io::IsTerminal as _;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Resource, Shape};
use zuno_engine::Engine;
use zuno_plan::{Declared, Kind, Plan as Steps, declare_all, kind};

use self::calls::Caller;
use self::carrying_out::CarryingOut;
use self::folder::Unfinished;
use self::options::Only;
pub use self::options::{Apply, Drift, Plan, Pull, Push};
use self::reading::{Forgotten, Reading};
use crate::everyday;
use crate::folder::Credentials;
use crate::reach::Reached;
use crate::table::say;
use crate::usage::Usage;

fn engine() -> Result<Engine> {
    Engine::new(Arc::new(Catalogue::compiled()), zuno_behaviours::all()).map_err(anyhow::Error::msg)
}

/// A bar on a terminal.
fn bar(length: usize) -> ProgressBar {
    if !std::io::stderr().is_terminal() {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} {msg}")
        .unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(length as u64).with_style(style)
}

/// Runs `zuno pull`.
pub fn pull(options: &Pull) -> Result<ExitCode> {
    let engine = engine()?;
    let chosen = options.only.chosen(engine.catalogue())?;
    let Some(folder) = options.folder.as_deref().filter(|_| !options.list) else {
        let row =
            |kind: &Kind<'_>| json!({"kind": kind.name(), "noun": kind.resource.noun, "does": verbs(kind)});
        options.shown.show(&Value::Array(chosen.iter().map(row).collect()))?;
        return Ok(ExitCode::SUCCESS);
    };
    let reached = options.whom.reach()?.stubborn();
    let unfinished = Unfinished::of(folder, &reached.tenant(), options.afresh)?;
    if unfinished.continues {
        say("zuno: goes on where an earlier pull ended; --afresh begins anew");
    }
    let caller = Caller::new(engine.catalogue(), &reached, options.haste.hurry);
    let mut reading = Reading::new(&engine, &caller, &unfinished);
    let bar = bar(chosen.len());
    for kind in &chosen {
        bar.set_message(kind.name().to_owned());
        reading.read(kind)?;
        bar.inc(1);
    }
    bar.set_message("what records refer to");
    reading.read_referred()?;
    bar.finish_and_clear();
    let (mut texts, mut records) = (Vec::new(), 0);
    for kind in &chosen {
        let Some(found) = reading.tenant.found.get(kind.name()) else { continue };
        let declared = declare_all(&engine, kind, found, &reading.tenant.names);
        records += declared.len();
        texts.push(zuno_plan::write(kind, &declared).map_err(anyhow::Error::msg)?);
    }
    folder::write(folder, &texts)?;
    let failed = tell_refused(&reading, &chosen);
    if failed == 0 {
        unfinished.done()?;
    }
    say(&format!("zuno: {records} records of {} kinds are in {}", texts.len(), folder.display()));
    Ok(if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Tells what could not be read; counts what another try may bring.
fn tell_refused(reading: &Reading<'_>, chosen: &[Kind<'_>]) -> usize {
    let mut failed = 0;
    let meant = reading.refused.iter().filter(|(name, _)| chosen.iter().any(|kind| kind.name() == *name));
    for (name, (status, why)) in meant {
        // A tenant without a subscription, or a role without the right, is refused so.
        let lacks = matches!(status, 401 | 403 | 404 | 405 | 501);
        failed += usize::from(!lacks);
        let next = if lacks { "left out" } else { "left out; the same command again tries it once more" };
        say(&format!("zuno: {name}: {why}: {next}"));
    }
    failed
}

fn verbs(kind: &Kind<'_>) -> String {
    let can = [
        ("create", kind.create.is_some()),
        ("update", kind.update.is_some()),
        ("delete", kind.delete.is_some()),
    ];
    can.iter().filter(|(_, can)| *can).map(|(verb, _)| *verb).collect::<Vec<_>>().join(", ")
}

/// What a folder declares, and what a tenant has of that.
fn planned<'a>(
    engine: &'a Engine,
    caller: &'a Caller<'a>,
    folder: &Path,
    only: &Only,
) -> Result<(Steps, zuno_plan::Tenant)> {
    only.chosen(engine.catalogue())?;
    let mut wishes = folder::read(engine.catalogue(), folder)?;
    wishes.retain(|name, _| only.means(name));
    let mut reading = Reading::new(engine, caller, &Forgotten);
    let bar = bar(wishes.len());
    for name in wishes.keys() {
        bar.set_message(name.clone());
        let of = kind(engine.catalogue(), name).context("what is declared was read by kind")?;
        if !reading.read(&of)? {
            let why = reading.refused.get(name).map(|(_, why)| why.clone()).unwrap_or_default();
            bail!("{name} is declared, and cannot be read: {why}");
        }
        bar.inc(1);
    }
    bar.set_message("what records refer to");
    reading.read_referred()?;
    reading.read_named(named_kinds(engine.catalogue(), &wishes))?;
    bar.finish_and_clear();
    let secrets = |name: &str| std::env::var(name).ok();
    let steps = zuno_plan::plan(engine, &wishes, &reading.tenant, &secrets)?;
    Ok((steps, reading.tenant))
}

/// The kinds that what is declared says names of.
fn named_kinds(catalogue: &Catalogue, wishes: &BTreeMap<String, Vec<Declared>>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (name, records) in wishes {
        let Some(resource) = catalogue.resource(name) else { continue };
        for record in records {
            for (member, value) in record {
                let shape = resource.field(member).map(|field| &field.shape);
                walk(catalogue, resource, shape, value, &mut found);
            }
        }
    }
    found
}

fn walk(
    catalogue: &Catalogue,
    resource: &Resource,
    shape: Option<&Shape>,
    value: &Value,
    found: &mut BTreeSet<String>,
) {
    match (shape, value) {
        (Some(Shape::Ref(kind) | Shape::Link(kind)), Value::String(_)) => {
            found.insert(catalogue.kept_as(kind).to_owned());
        }
        (Some(Shape::List(inner)), Value::Array(items)) => {
            items.iter().for_each(|item| walk(catalogue, resource, Some(inner), item, found));
        }
        (_, Value::Array(items)) => {
            items.iter().for_each(|item| walk(catalogue, resource, None, item, found))
        }
        (shape, Value::Object(members)) => {
            let fields = match shape {
                Some(Shape::Named(name)) => catalogue.value_type(resource, name),
                _ => None,
            };
            for (name, value) in members {
                if members.len() == 1 && catalogue.resource(name).is_some() {
                    found.insert(catalogue.kept_as(name).to_owned());
                }
                let shape = fields.and_then(|fields| fields.get(name)).map(|field| &field.shape);
                walk(catalogue, resource, shape, value, found);
            }
        }
        _ => {}
    }
}

/// Runs `zuno plan`.
pub fn plan(options: &Plan) -> Result<ExitCode> {
    let (engine, reached) = (engine()?, options.whom.reach()?.stubborn());
    let caller = Caller::new(engine.catalogue(), &reached, options.haste.hurry);
    let (steps, _) = planned(&engine, &caller, &options.folder, &options.only)?;
    told::show(&steps, options.json)?;
    say(&format!("zuno: {}", told::conclusion(&steps)));
    Ok(ExitCode::SUCCESS)
}

/// Runs `zuno drift`.
pub fn drift(options: &Drift) -> Result<ExitCode> {
    let found = || -> Result<Steps> {
        let (engine, reached) = (engine()?, options.whom.reach()?.stubborn());
        let caller = Caller::new(engine.catalogue(), &reached, options.haste.hurry);
        Ok(planned(&engine, &caller, &options.folder, &options.only)?.0)
    };
    let steps = match found() {
        Ok(steps) => steps,
        // Whoever asks on a timer tells a difference from a failure by the status.
        Err(wrong) => {
            say(&format!("zuno: {wrong:#}"));
            return Ok(ExitCode::from(2));
        }
    };
    told::show(&steps, options.json)?;
    let same = steps.is_empty() && steps.left.is_empty();
    say(&format!("zuno: {}", if same { "no drift".to_owned() } else { told::conclusion(&steps) }));
    Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs `zuno apply`.
pub fn apply(options: &Apply) -> Result<ExitCode> {
    let reached = options.target.reach()?.stubborn();
    let how =
        How { hurry: true, dry: options.dry_run, activates: !options.no_activation, json: options.json };
    bring(&reached, &options.folder, &options.only, &how, None)
}

/// Runs `zuno push`.
pub fn push(options: &Push) -> Result<ExitCode> {
    if options.whom.real && options.whom.target.vanity.is_none() {
        return Err(Usage("a push to the real cloud names its tenant: --vanity LABEL".into()).into());
    }
    let reached = options.whom.reach()?.stubborn();
    let how = How {
        hurry: options.haste.hurry,
        dry: !options.yes,
        activates: !options.no_activation,
        json: options.json,
    };
    bring(&reached, &options.folder, &options.only, &how, Some("nothing was changed; --yes does it"))
}

/// Makes the first tenant of a server that listens here what a folder says, before anybody else hears of the server.
pub fn apply_here(origin: &str, kept: &Credentials, folder: &Path) -> Result<()> {
    let reached = Reached::at(origin, kept)?;
    let engine = engine()?;
    let caller = Caller::new(engine.catalogue(), &reached, true);
    let (steps, tenant) = planned(&engine, &caller, folder, &Only::default())?;
    if let Some(left) = steps.left.first() {
        bail!("{left}");
    }
    let mut carrying = CarryingOut::new(&engine, &caller, &tenant);
    let done = carrying.all(&steps, &|_| {})?;
    for product in carrying.waiting(&steps) {
        everyday::activated(&reached, &product)?;
    }
    say(&format!("zuno: {} is applied: {} steps, {} rules moved", folder.display(), done.steps, done.moved));
    Ok(())
}

/// How a plan is carried out.
struct How {
    hurry: bool,
    dry: bool,
    activates: bool,
    json: bool,
}

/// Brings a tenant to what a folder declares.
fn bring(reached: &Reached, folder: &Path, only: &Only, how: &How, dry: Option<&str>) -> Result<ExitCode> {
    let engine = engine()?;
    let caller = Caller::new(engine.catalogue(), reached, how.hurry);
    let (steps, tenant) = planned(&engine, &caller, folder, only)?;
    told::show(&steps, how.json)?;
    say(&format!("zuno: {}", told::conclusion(&steps)));
    let left = if steps.left.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE };
    if steps.is_empty() || how.dry {
        if let Some(word) = dry.filter(|_| !steps.is_empty()) {
            say(&format!("zuno: {word}"));
        }
        return Ok(left);
    }
    let bar = bar(steps.steps.len());
    let mut carrying = CarryingOut::new(&engine, &caller, &tenant);
    let done = carrying.all(&steps, &|done| bar.set_position(done as u64));
    bar.finish_and_clear();
    let done = done.context("run the same command again to go on: it does not do again what is done")?;
    if how.activates {
        for product in carrying.waiting(&steps) {
            everyday::activated(reached, &product).with_context(|| {
                format!(
                    "all steps are done, and {product}'s changes wait: `zuno activate --product {product}`"
                )
            })?;
        }
    }
    say(&format!("zuno: {} steps are done, {} rules moved", done.steps, done.moved));
    Ok(left)
}
