use std::io::{BufRead as _, BufReader, Write as _};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, channel};

use super::*;

const HUBS: &str =
    r#"{"cloudName":"zscaler.net","type":"required","hubPrefixes":["192.0.2.0/24","198.51.100.0/24"]}"#;
const FUTURE: &str = r#"{"cloudName":"zscaler.net","prefixes":["192.0.2.0/24"]}"#;

/// A site that gives these answers, one after the other, and then goes away; and what it was asked.
fn site(answers: Vec<String>) -> (Site, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let (tell, asked) = channel();
    std::thread::spawn(move || {
        for answer in answers {
            let (stream, _) = listener.accept().unwrap();
            let mut lines = BufReader::new(&stream).lines().map(Result::unwrap);
            let head: Vec<String> = lines.by_ref().take_while(|line| !line.is_empty()).collect();
            tell.send(head.join("\n").to_lowercase()).unwrap();
            (&stream).write_all(answer.as_bytes()).unwrap();
        }
    });
    (Site::at(&origin).unwrap(), asked)
}

fn answer(status: u16, headers: &str, body: &str) -> String {
    let length = body.len();
    format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {length}\r\n{headers}\r\n{body}")
}

fn mirror(site: Site, folder: &Path, kinds: &[Kind]) -> Mirror {
    let wanted = kinds.iter().map(|&kind| Wanted { cloud: "zscaler.net".into(), kind }).collect();
    let pace = Pace::new(Duration::from_secs(3600), false, "--every").unwrap();
    Mirror::new(site, folder.to_owned(), wanted, pace).unwrap()
}

/// A round, and what it told: document and news.
fn round(mirror: &mut Mirror) -> (Round, Vec<String>) {
    let mut told = Vec::new();
    let round = mirror.round(|asked| {
        let news = match &asked.news {
            Ok(News::Same) => "same".to_owned(),
            Ok(News::First(prefixes)) => format!("first {prefixes}"),
            Ok(News::Changed(change)) => format!("changed {}", change.lines().len()),
            Ok(News::Absent(why)) => format!("absent: {why}"),
            Err(wrong) => format!("{wrong:#}"),
        };
        told.push(format!("{}: {news}", asked.wanted.kind));
        Ok(Heard::Well)
    });
    (round.unwrap(), told)
}

#[test]
fn a_document_is_asked_for_on_the_conditions_it_came_with() {
    let folder = tempfile::tempdir().unwrap();
    let more = HUBS.replace("192.0.2.0/24", "192.0.2.0/24\",\"203.0.113.0/24");
    let (site, asked) = site(vec![
        answer(200, "etag: \"a\"\r\nlast-modified: Thu, 20 Aug 2026 09:15:00 GMT\r\n", HUBS),
        answer(304, "", ""),
        answer(200, "", &more),
        answer(200, "etag: \"b\"\r\n", &more),
        answer(200, "", &more),
    ]);
    let mut mirror = mirror(site, folder.path(), &[Kind::HubsRequired]);
    assert_eq!(round(&mut mirror).1, ["hubs-required: first 2"]);
    let place = folder.path().join("zscaler.net.hubs-required.json");
    assert_eq!(fs::read_to_string(&place).unwrap(), HUBS, "byte for byte");
    assert_eq!(round(&mut mirror).1, ["hubs-required: same"]);
    let (done, told) = round(&mut mirror);
    assert_eq!((told, done.changed, done.failed), (vec!["hubs-required: changed 1".to_owned()], true, false));
    // What is kept was lost, or is not what came: it must not be asked for on condition.
    fs::remove_file(&place).unwrap();
    assert_eq!(round(&mut mirror).1, ["hubs-required: first 3"]);
    fs::write(&place, HUBS).unwrap();
    assert_eq!(round(&mut mirror).1, ["hubs-required: changed 1"]);
    let asked: Vec<String> = asked.iter().collect();
    assert!(
        asked[0].starts_with("get /api/zscaler.net/hubs/cidr/json/required ") && !asked[0].contains("if-")
    );
    assert!(asked[1].contains("if-none-match: \"a\""), "{}", asked[1]);
    assert!(asked[1].contains("if-modified-since: thu, 20 aug 2026 09:15:00 gmt"), "{}", asked[1]);
    assert!(!asked[3].contains("if-") && !asked[4].contains("if-"), "{asked:?}");
}

#[test]
fn news_that_were_not_heard_are_told_again() {
    let folder = tempfile::tempdir().unwrap();
    let more = HUBS.replace("192.0.2.0/24", "192.0.2.0/24\",\"2001:db8::/40");
    let grown = answer(200, "etag: \"b\"\r\n", &more);
    let first = answer(200, "etag: \"a\"\r\n", HUBS);
    let (site, asked) = site(vec![first, grown.clone(), grown.clone(), grown]);
    let mut mirror = mirror(site, folder.path(), &[Kind::HubsRequired]);
    round(&mut mirror);
    let place = folder.path().join("zscaler.net.hubs-required.json");
    let badly = mirror.round(|asked| {
        assert!(asked.new.is_some_and(|new| new == more.as_bytes()), "it is there for whoever is told");
        Ok(Heard::Badly)
    });
    assert!(badly.is_ok_and(|round| round.failed && round.changed));
    assert!(mirror.round(|_| bail!("the telling breaks off")).is_err());
    assert_eq!(fs::read_to_string(&place).unwrap(), HUBS, "what was kept stays");
    assert_eq!(round(&mut mirror).1, ["hubs-required: changed 1"]);
    assert_eq!(fs::read_to_string(&place).unwrap(), more);
    assert!(asked.iter().skip(1).all(|head| head.contains("if-none-match: \"a\"")));
}

#[test]
fn the_conditions_of_one_site_are_not_told_to_another() {
    let folder = tempfile::tempdir().unwrap();
    let (first, _asked) = site(vec![answer(200, "etag: \"a\"\r\n", HUBS)]);
    round(&mut mirror(first, folder.path(), &[Kind::HubsRequired]));
    let (second, asked) = site(vec![answer(200, "etag: \"b\"\r\n", HUBS)]);
    assert_eq!(round(&mut mirror(second, folder.path(), &[Kind::HubsRequired])).1, ["hubs-required: same"]);
    assert!(!asked.recv().unwrap().contains("if-none-match"));
}

#[test]
fn a_bad_document_does_not_take_the_place_of_a_good_one() {
    let folder = tempfile::tempdir().unwrap();
    let cut = answer(200, "", HUBS);
    let bad = [
        (answer(200, "", &HUBS[..HUBS.len() - 20]), "cut off"),
        // The connection breaks in the midst of it: the next round begins with the next document, the same one here.
        (cut[..cut.len() - 20].to_owned(), "cannot reach"),
        (answer(200, "", "<html>sign in</html>"), "cannot use"),
        (answer(200, "", FUTURE), "of the kind `future`"),
        (answer(200, "", &HUBS.replace("192.0.2.0/24\",\"198.51.100.0/24", "192.0.2.0/26")), "lacks 87.5%"),
        (answer(200, "", &HUBS.replace("\"192.0.2.0/24\",\"198.51.100.0/24\"", "")), "is empty"),
        (answer(500, "", ""), "answers 500"),
    ];
    let mut answers = vec![answer(200, "etag: \"a\"\r\n", HUBS)];
    answers.extend(bad.iter().map(|(answer, _)| answer.clone()));
    answers.push(answer(304, "", ""));
    let (site, asked) = site(answers);
    let mut mirror = mirror(site, folder.path(), &[Kind::HubsRequired]);
    round(&mut mirror);
    for (_, why) in bad {
        let (done, told) = round(&mut mirror);
        assert!(done.failed && !done.changed && told[0].contains(why), "{why}: {told:?}");
        let kept = fs::read_to_string(folder.path().join("zscaler.net.hubs-required.json")).unwrap();
        assert_eq!(kept, HUBS, "{why}");
    }
    assert_eq!(round(&mut mirror).1, ["hubs-required: same"]);
    assert!(
        asked.iter().skip(1).all(|head| head.contains("if-none-match: \"a\"")),
        "the tag is that of what is kept"
    );
}

#[test]
fn a_site_that_asks_to_be_left_alone_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let soon = httpdate::fmt_http_date(SystemTime::now() + Duration::from_secs(20_000));
    let (site, asked) = site(vec![
        answer(200, "", HUBS),
        answer(429, "retry-after: 7200\r\n", ""),
        answer(503, &format!("retry-after: {soon}\r\n"), ""),
        answer(200, "", FUTURE),
        answer(304, "", ""),
    ]);
    let mut mirror = mirror(site, folder.path(), &[Kind::HubsRequired, Kind::Future]);
    let (done, told) = round(&mut mirror);
    assert!(told[1].contains("answers 429"), "{told:?}");
    assert_eq!(done.wait, Duration::from_secs(7200));
    let (done, told) = round(&mut mirror);
    assert!(told.len() == 1 && told[0].starts_with("future: "), "begins with what was refused: {told:?}");
    assert!((19_990..=20_000).contains(&done.wait.as_secs()), "{:?}", done.wait);
    let (done, told) = round(&mut mirror);
    assert_eq!(
        (told, done.wait),
        (vec!["future: first 1".into(), "hubs-required: same".into()], Duration::from_secs(3600))
    );
    assert_eq!(asked.iter().count(), 5);
}

#[test]
fn a_site_out_of_reach_is_not_tried_for_every_document() {
    let folder = tempfile::tempdir().unwrap();
    // It takes the call and says nothing.
    let (site, _asked) = site(vec![String::new(); 3]);
    let mut mirror = mirror(site, folder.path(), &[Kind::HubsRequired, Kind::Future]);
    for (kind, wait) in [("hubs-required", 1), ("future", 2), ("hubs-required", 4)] {
        let (done, told) = round(&mut mirror);
        assert!(told.len() == 1 && told[0].starts_with(kind), "each has its turn: {told:?}");
        assert_eq!((done.failed, done.wait), (true, Duration::from_secs(wait)), "soon again, and less soon");
    }
}

#[test]
fn what_the_site_marks_as_built_in_is_kept_only_by_who_wants_it() {
    let folder = tempfile::tempdir().unwrap();
    let labelled = answer(200, "x-zuno-data: built in; synthetic\r\n", HUBS);
    let (site, _asked) = site(vec![labelled.clone(), labelled]);
    let mut careful = mirror(site, folder.path(), &[Kind::HubsRequired]).without_built_in();
    let (done, told) = round(&mut careful);
    assert!(done.failed && told[0].contains("not the site's own (built in; synthetic)"), "{told:?}");
    assert!(!folder.path().join("zscaler.net.hubs-required.json").exists());
    careful.takes_built_in = true;
    assert_eq!(round(&mut careful).1, ["hubs-required: first 2"]);
}

#[test]
fn what_a_site_does_not_have_is_asked_for_no_sooner() {
    let folder = tempfile::tempdir().unwrap();
    let (site, _asked) = site(vec![answer(404, "", "not found"), answer(200, "", FUTURE)]);
    let mut mirror = mirror(site, folder.path(), &[Kind::Svpn, Kind::Future]);
    let (done, told) = round(&mut mirror);
    assert!(told[0].contains("absent: ") && told[0].contains("this site does not publish it"), "{told:?}");
    assert_eq!(told[1], "future: first 1", "the others come all the same");
    assert_eq!((done.failed, done.wait), (true, Duration::from_secs(3600)));
}
