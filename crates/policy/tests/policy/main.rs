//! Verdicts: the worked cases of the documents under their numbers, and an evaluator that is slow and obvious.

mod analysis;
mod analysis_private;
mod client;
mod flows;
mod foreign;
mod internet;
mod logs;
mod obvious;
mod obvious_private;
mod obvious_review;
mod private;
mod segments;
mod sessions;
mod tenant;
mod web;
mod words;
