//! The feeds of the trust portal: RSS 2.0, and the JSON of the newer ones.

use std::io::{self, Write};

use quick_xml::Writer;
use quick_xml::events::{BytesDecl, BytesText, Event};
use serde_json::{Value, json};

use super::posts::{Post, date};

/// As RSS has it: with digits for the zone, which every reader takes.
fn rss_date(seconds: u64) -> String {
    date(seconds).replace("GMT", "+0000")
}

/// The JSON of a newer feed (client).
pub fn items(posts: &[&Post], site: &str) -> Value {
    let items = posts.iter().map(|post| {
        json!({
            "id": post.id.to_string(), "title": post.title, "body": post.body,
            "url": format!("{site}{}", post.path()), "pubdate": rss_date(post.published),
        })
    });
    json!({"items": items.collect::<Vec<Value>>()})
}

/// A feed of posts, which are newest first. The elements are those that readers of the real feeds look at (client).
pub fn rss(posts: &[&Post], what: &str, site: &str) -> Vec<u8> {
    let mut xml = Writer::new_with_indent(Vec::new(), b' ', 2);
    written(&mut xml, posts, what, site).expect("memory takes all that is written");
    xml.into_inner()
}

fn written(xml: &mut Writer<Vec<u8>>, posts: &[&Post], what: &str, site: &str) -> io::Result<()> {
    let home = format!("{site}/");
    xml.write_event(Event::Decl(BytesDecl::new("1.0", Some("utf-8"), None)))?;
    let root = xml.create_element("rss").with_attributes([("version", "2.0"), ("xml:base", home.as_str())]);
    root.write_inner_content(|xml| {
        xml.create_element("channel").write_inner_content(|xml| {
            element(xml, "title", &format!("Trust portal: {what}"))?;
            element(xml, "link", &home)?;
            element(xml, "description", "Written by the operator of this server")?;
            element(xml, "language", "en")?;
            if let Some(last) = posts.iter().map(|post| post.updated()).max() {
                element(xml, "lastBuildDate", &rss_date(last))?;
            }
            posts.iter().try_for_each(|post| item(xml, post, site))
        })?;
        Ok(())
    })?;
    Ok(())
}

fn item(xml: &mut Writer<impl Write>, post: &Post, site: &str) -> io::Result<()> {
    xml.create_element("item").write_inner_content(|xml| {
        element(xml, "title", &post.title)?;
        element(xml, "link", &format!("{site}{}", post.path()))?;
        element(xml, "description", &post.body)?;
        element(xml, "category", &post.cloud)?;
        post.categories.iter().try_for_each(|category| element(xml, "category", category))?;
        if !post.event_type.is_empty() {
            // It stands in no namespace (client), which extensions of RSS otherwise do.
            element(xml, "eventType", &post.event_type)?;
        }
        element(xml, "pubDate", &rss_date(post.published))?;
        let id = post.id.to_string();
        let guid = xml.create_element("guid").with_attribute(("isPermaLink", "false"));
        guid.write_text_content(BytesText::new(&id))?;
        Ok(())
    })?;
    Ok(())
}

fn element(xml: &mut Writer<impl Write>, name: &str, text: &str) -> io::Result<()> {
    // XML has no way to write most control characters, not even escaped.
    let text: String = text.chars().filter(|one| !one.is_control() || matches!(one, '\n' | '\t')).collect();
    xml.create_element(name).write_text_content(BytesText::new(&text))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use quick_xml::Reader;

    use super::*;

    /// The texts of the elements of a name, as a reader of XML gets them.
    fn texts(feed: &[u8], name: &str) -> Vec<String> {
        let mut reader = Reader::from_reader(feed);
        let (mut found, mut buffer, mut open) = (Vec::new(), Vec::new(), None::<String>);
        loop {
            match reader.read_event_into(&mut buffer).expect("the feed is well-formed") {
                Event::Start(start) if start.name().as_ref() == name => open = Some(String::new()),
                Event::End(end) if end.name().as_ref() == name => found.extend(open.take()),
                Event::Text(text) => {
                    if let Some(open) = &mut open {
                        open.push_str(&text);
                    }
                }
                Event::GeneralRef(entity) => {
                    if let Some(open) = &mut open {
                        let named = format!("&{};", &*entity);
                        open.push_str(&quick_xml::escape::unescape(&named).expect("an entity of XML"));
                    }
                }
                Event::Eof => return found,
                _ => {}
            }
        }
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_read_back(title in "[^\\p{Cc}]{0,40}", body in "[<>&\"'\\]a-z;# ]{0,60}") {
            let post = Post { title: title.clone(), body: body.clone(), ..Post::default() };
            let feed = rss(&[&post], "posts", "https://trust.zscaler.com");
            prop_assert_eq!(texts(&feed, "title").pop(), Some(title));
            prop_assert_eq!(texts(&feed, "description").pop(), Some(body));
        }
    }

    #[test]
    fn what_xml_cannot_hold_is_left_out() {
        let post = Post { title: "a\u{0}b\u{b}c\td".into(), ..Post::default() };
        assert_eq!(texts(&rss(&[&post], "posts", ""), "title").last().map(String::as_str), Some("abc\td"));
    }
}
