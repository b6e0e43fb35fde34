//! The same rules and questions for zuno, for Cedar and for regorus: the same decisions, or it fails, and how long they take.
//!
//!     bench-policy                  # prints a table
//!     bench-policy review FOLDER    # what lint and diff find, with the rules as JSON, for review.py

mod cedar;
mod clock;
mod rego;
mod review;
mod rules;
mod zuno;

use std::hint::black_box;

use clock::{best, seconds};
use rules::Rules;

/// Questions that are asked in turn.
const QUESTIONS: usize = 1_000;
/// The lines of a day's log.
const LOG: usize = 1_000_000;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => questions(),
        ["review", folder] => review::write(folder),
        _ => {
            eprintln!("bench-policy [review FOLDER]");
            std::process::exit(2);
        }
    }
}

fn questions() {
    for count in [100, 1_000, 5_000] {
        let rules = Rules::new(count);
        let questions = rules.questions(QUESTIONS);
        let (records, policies, data) =
            (zuno::records(&rules).to_string(), cedar::text(&rules), rego::data(&rules));
        let zuno = zuno::Zuno::new(&records);
        let (asked, lines) = (zuno::asked(&questions), zuno::lines(&questions));
        let cedar = cedar::Cedar::new(&policies);
        let requests = cedar::requests(&questions);
        let mut rego = rego::Rego::new(&data);
        let inputs = rego::inputs(&questions);
        let mut matched = 0;
        for (number, question) in questions.iter().enumerate() {
            let wanted = zuno.decide(&asked[number]);
            assert_eq!(cedar.decide(&requests[number]), wanted, "Cedar says otherwise of {question:?}");
            assert_eq!(rego.decide(&inputs[number]), wanted, "regorus says otherwise of {question:?}");
            assert_eq!(zuno.decide_line(&lines[number]), wanted, "the line says otherwise of {question:?}");
            matched += usize::from(wanted.is_some());
        }
        println!("{count} rules, {QUESTIONS} questions, of which {matched} meet one");
        // One after the other, round after round; the best of each counts.
        let few = if count > 1_000 { 50 } else { 200 };
        let ask = best(
            [
                &mut || {
                    asked.iter().for_each(|question| {
                        black_box(zuno.decide(question));
                    })
                },
                &mut || asked.iter().for_each(|question| zuno.trace(question)),
                &mut || {
                    requests[..few].iter().for_each(|request| {
                        black_box(cedar.decide(request));
                    })
                },
                &mut || {
                    inputs[..few].iter().for_each(|input| {
                        black_box(rego.decide(input));
                    })
                },
            ],
            5,
        );
        let [plain, traced, cedars, regos] =
            [ask[0] / QUESTIONS as f64, ask[1] / QUESTIONS as f64, ask[2] / few as f64, ask[3] / few as f64];
        println!(
            "  a question: zuno {:.0} ns, traced {:.0} ns; Cedar {:.0} ns ({:.0} ×), regorus {:.0} ns ({:.0} ×)",
            plain * 1e9,
            traced * 1e9,
            cedars * 1e9,
            cedars / plain,
            regos * 1e9,
            regos / plain
        );
        let compile = best(
            [
                &mut || drop(zuno::Zuno::new(&records)),
                &mut || drop(zuno.again()),
                &mut || drop(cedar::Cedar::new(&policies)),
                &mut || drop(rego::Rego::new(&data)),
            ],
            3,
        );
        let [text, read, cedars, regos] =
            [compile[0], compile[1], compile[2], compile[3]].map(|seconds| seconds * 1e3);
        println!(
            "  to compile: zuno {read:.1} ms, from text {text:.1} ms; Cedar {cedars:.1} ms, regorus {regos:.1} ms from text"
        );
        if count == 1_000 {
            let all = seconds(|| {
                (0..LOG).for_each(|number| {
                    black_box(zuno.decide(&asked[number % QUESTIONS]));
                })
            });
            let read = seconds(|| {
                (0..LOG).for_each(|number| {
                    black_box(zuno.decide_line(&lines[number % QUESTIONS]));
                })
            });
            println!("  a million questions: zuno {all:.2} s, {read:.2} s from the lines of a log");
            println!(
                "    by the time of one: Cedar {:.0} s, regorus {:.0} s",
                ask[2] / few as f64 * 1e6,
                ask[3] / few as f64 * 1e6
            );
        }
    }
}
