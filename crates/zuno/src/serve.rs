//! `zuno serve`: opens the listeners, says where, and answers until told to stop.

mod applied;
mod beyond;
mod database;
mod descriptors;
mod kept;
mod listening;
mod mirror;
mod options;
mod record;
mod server;
mod spy;
mod suits;
mod tape;
mod told;

pub use beyond::Beyond;
pub use database::{Database, Place};
pub use kept::Folder;
pub use listening::listen;
pub use mirror::Follow;
pub use options::{Admission, Behaviour, Serve};
pub use server::Server;

use std::process::ExitCode;
use std::sync::Arc;

use anyhow::Result;
use zuno_intercept::{ClientFiles, Listener};

use self::applied::{applied, serving_once};
use self::told::{say_words, words};
use crate::folder;

/// Runs the command.
pub fn run(options: &Serve) -> Result<ExitCode> {
    descriptors::raise();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let folder = if options.memory { None } else { Some(folder::choose(options.data.as_deref())?) };
        let published = options.behaviour.endpoints.as_deref();
        let following = options.follow.open(published, folder.as_deref())?;
        let beyond = Beyond::of(options)?;
        let (database, keys) = (options.database.clone(), options.keys.clone());
        let place = Place { folder: folder.clone(), database, keys };
        let server = Server::open(place, &options.behaviour, &options.admission, following, beyond)?;
        let (socket, bound) = listen(options.listen).await?;
        let mut listeners = vec![Listener::Plain(socket)];
        let mut secure = None;
        if let Some(address) = options.tls {
            let (socket, bound) = listen(address).await?;
            listeners.push(Listener::Tls(socket));
            secure = Some(bound);
        }
        let stop = listening::asked_to_stop()?;
        server.tell(bound)?;
        let words = words(&server, bound, secure, options)?;
        if let Some(path) = folder {
            let ca = Arc::clone(server.ca());
            // Takes longer than the whole start, and no request waits for it.
            tokio::task::spawn_blocking(move || {
                if let Err(cause) = ClientFiles::write(&folder::trust(&path), &ca) {
                    tracing::warn!(%cause, "the files that clients trust cannot be written");
                }
            });
        }
        let told = move || say_words(&words);
        match applied(&server, bound, options)? {
            // What is to be there when somebody comes is there before the first line says where to come.
            Some(applied) => serving_once(server.run(listeners, stop), applied, told).await,
            None => {
                told();
                server.run(listeners, stop).await;
                Ok(ExitCode::SUCCESS)
            }
        }
    })
}
