//! What of a log's requests would be treated otherwise: each line is a question, asked in this process of one or two
//! configurations, a block of lines at a time by as many threads as there are processors.

mod feeds;
mod lines;
mod report;

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};
use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result, bail};
use indicatif::{ProgressBar, ProgressStyle};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};
use zuno_policy::Question;
use zuno_policy::logs::{Entry, Feed, Reader, Tally};

use self::lines::{Block, Blocks};
use crate::asking::Held;
use crate::usage::Usage;

pub use self::report::{conclusion, logged, otherwise};

/// What is asked of every line.
pub struct Asked {
    /// What is in force.
    pub now: Held,
    /// What it is compared with.
    pub then: Option<Held>,
    /// Members that are laid over what each line tells.
    pub given: Map<String, Value>,
}

/// How lines are written, as the command line says it.
#[derive(Debug, Default)]
pub struct Written<'o> {
    pub feed: Option<&'o str>,
    pub zone: Option<&'o str>,
}

/// Asks every line of a log.
pub fn asked(path: &Path, written: &Written<'_>, asked: &Asked) -> Result<Tally> {
    let shown = path.display();
    let zone = match written.zone {
        None => TimeZone::UTC,
        Some(name) => match TimeZone::get(name) {
            Ok(zone) => zone,
            Err(_) => return Err(Usage(format!("--log-zone {name}: there is no such zone")).into()),
        },
    };
    let (source, length): (Box<dyn Read + Send>, Option<u64>) = if path.as_os_str() == "-" {
        (Box::new(io::stdin()), None)
    } else {
        let file = File::open(path).with_context(|| format!("cannot read {shown}"))?;
        let length = file.metadata().ok().filter(std::fs::Metadata::is_file).map(|about| about.len());
        (Box::new(file), length)
    };
    let mut blocks = Blocks::of(source);
    let mut tally = Tally::default();
    let Some(mut first) = blocks.next(&mut tally).with_context(|| format!("cannot read {shown}"))? else {
        return Ok(tally);
    };
    let reader = Reader { feed: feed(written.feed, &mut first)?, zone };
    let progress = progress(length);
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let (sender, receiver) = sync_channel(2 * threads);
    let receiver = Arc::new(Mutex::new(receiver));
    let read = std::thread::scope(|scope| -> Result<()> {
        let worker = |_| {
            let (blocks, reader) = (Arc::clone(&receiver), &reader);
            scope.spawn(move || counted(&blocks, reader, asked))
        };
        let workers: Vec<_> = (0..threads).map(worker).collect();
        // Once the last worker is gone nobody receives, and sending fails rather than waits.
        drop(receiver);
        let mut next = Some(first);
        let mut failed = Ok(());
        while let Some(block) = next {
            progress.inc(block.length());
            if sender.send(block).is_err() {
                break;
            }
            next = blocks.next(&mut tally).unwrap_or_else(|cause| {
                failed = Err(cause);
                None
            });
        }
        drop(sender);
        for worker in workers {
            match worker.join() {
                Ok(counts) => tally.take(counts),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        failed.with_context(|| format!("cannot read {shown}"))
    });
    progress.finish_and_clear();
    read.map(|()| tally)
}

/// How lines are written: as it is said, or as the first one shows.
fn feed(said: Option<&str>, first: &mut Block) -> Result<Feed> {
    let feeds = feeds::known();
    let names = || feeds.names().collect::<Vec<_>>().join(", ");
    match said {
        Some(text) if text.contains('{') => {
            Feed::written(text).map_err(|wrong| Usage(format!("--log-feed: {wrong}")).into())
        }
        Some(name) => {
            let wrong = || Usage(format!("--log-feed {name}: there is no such feed; there are {}", names()));
            Ok(feeds.named(name).cloned().ok_or_else(wrong)?)
        }
        None => {
            let line = first.first_line();
            let Some(found) = line.and_then(|line| feeds.recognise(line)) else {
                bail!(
                    "the first line is of no feed that is known: say with --log-feed how lines are written, by the \
                     text of the feed or by one of {}",
                    names()
                );
            };
            if found.is_header {
                first.pass_first_line();
            }
            Ok(found.feed)
        }
    }
}

/// A bar on a terminal, and nothing elsewhere.
fn progress(length: Option<u64>) -> ProgressBar {
    match length {
        Some(length) => {
            let style = ProgressStyle::with_template("{bar:40} {percent}% of {total_bytes}, {eta} to go");
            ProgressBar::new(length).with_style(style.expect("the template is right"))
        }
        None => {
            let style = ProgressStyle::with_template("{spinner} {bytes} read, {bytes_per_sec}");
            ProgressBar::no_length().with_style(style.expect("the template is right"))
        }
    }
}

/// What came of the blocks that one thread got.
fn counted(blocks: &Mutex<Receiver<Block>>, reader: &Reader, asked: &Asked) -> Tally {
    let mut tally = Tally::default();
    loop {
        let block = match blocks.lock() {
            Ok(blocks) => blocks.recv(),
            Err(_) => return tally,
        };
        let Ok(block) = block else { return tally };
        for (number, line) in block.lines() {
            if line.len() > lines::LONGEST {
                tally.unread(number, lines::TOO_LONG);
                continue;
            }
            match std::str::from_utf8(line).map_err(|_| "it is no UTF-8").and_then(|line| reader.entry(line))
            {
                Ok(entry) => one(&mut tally, number, entry, asked),
                Err(why) => tally.unread(number, why),
            }
        }
    }
}

fn one(tally: &mut Tally, number: u64, entry: Entry, asked: &Asked) {
    let entry = match with(entry, &asked.given) {
        Ok(entry) => entry,
        Err((entry, why)) => return tally.unclear(number, &entry, why),
    };
    let then = asked.then.as_ref().map(|then| then.policy.decide(&entry.question)).transpose();
    match asked.now.policy.decide(&entry.question).and_then(|now| Ok((now, then?))) {
        Ok((now, then)) => tally.add(number, &entry, &now, then.as_ref()),
        Err(unclear) => tally.unclear(number, &entry, unclear.to_string()),
    }
}

/// What a line tells, with what is given for all of them laid over it.
fn with(mut entry: Entry, given: &Map<String, Value>) -> Result<Entry, (Box<Entry>, String)> {
    if given.is_empty() {
        return Ok(entry);
    }
    let laid = serde_json::to_value(&entry.question).and_then(|mut told| {
        if let Value::Object(members) = &mut told {
            members.extend(given.clone());
        }
        serde_json::from_value::<Question>(told)
    });
    match laid {
        Ok(question) => {
            entry.question = question;
            Ok(entry)
        }
        Err(wrong) => Err((Box::new(entry), wrong.to_string())),
    }
}
