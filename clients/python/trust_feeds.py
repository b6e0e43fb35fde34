"""The feeds of the trust portal, through the feed reader of many dashboards: newest first, dates, categories, changes."""

import calendar
import json
import os
import ssl
import urllib.request

import feedparser

from expect import equal, fail, true
from operate import operate

SITE = "https://trust.zscaler.com"
BROWSER = {"User-Agent": "feeds", "Content-Type": "application/json"}
TLS = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])


def ask(method, path, body=None):
    """An answer's text."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(SITE + path, data, BROWSER, method=method)
    with urllib.request.urlopen(request, context=TLS) as answer:
        return answer.read().decode()


def write(method, path="", **post):
    return operate(method, f"/trust{path}", post or None)


def read(path):
    feed = feedparser.parse(SITE + path)
    if feed.bozo:
        fail(f"{path} is well-formed", feed.bozo_exception)
    equal(f"{path} is RSS 2.0", (feed.status, feed.version), (200, "rss20"))
    return feed


posts = [
    write("POST", kind="incidents", title="Traffic is slow in <Oslo> & around", published=1787217300,
          event_type="Investigating", categories=["Incident", "ZIA"], body="<p>We are <b>looking</b>.</p>"),
    write("POST", kind="url-category-notification", title="Change Date: Apr 19th, 2026", published=1787220900,
          body="<table><tr><td>Domain/Sub-Domain</td></tr></table>"),
    write("POST", kind="maintenance", title="Planned work", published=1787213700, cloud="zscalertwo.net"),
]
try:
    feed = read("/blog-feed")
    true("the channel says when it changed", feed.feed.updated_parsed)
    equal("newest first", [entry.id for entry in feed.entries], [posts[at]["id"] for at in (1, 0, 2)])
    equal("dates", [calendar.timegm(entry.published_parsed) for entry in feed.entries],
          [posts[at]["published"] for at in (1, 0, 2)])
    incident = feed.entries[1]
    equal("title", incident.title, posts[0]["title"])
    equal("body", incident.description, posts[0]["body"])
    equal("categories", [tag.term for tag in incident.tags], ["zscaler.net", "Incident", "ZIA"])
    equal("event type", incident.eventtype, "Investigating")
    true("its link leads to the post", "We are <b>looking</b>." in ask("GET", incident.link.removeprefix(SITE)))

    notices = read("/blog-feed/url-category-notification")
    equal("notices only", [entry.title for entry in notices.entries], ["Change Date: Apr 19th, 2026"])
    true("the link of a notice", "Domain/Sub-Domain" in ask("GET", notices.entries[0].link.removeprefix(SITE)))
    equal("the newer feed is the same", [entry.id for entry in read("/rss-feed").entries],
          [entry.id for entry in feed.entries])
    equal("the newer feed of a kind", [entry.title for entry in read("/rss-feed/maintenance").entries], ["Planned work"])

    same = feedparser.parse(SITE + "/blog-feed", etag=feed.etag)
    equal("unchanged by its tag", (same.status, len(same.entries)), (304, 0))
    write("PATCH", f"/{posts[0]['id']}", event_type="Resolved")
    later = feedparser.parse(SITE + "/blog-feed", etag=feed.etag)
    equal("the newest state", (later.status, later.entries[1].eventtype), (200, "Resolved"))
    equal("at its old place", later.entries[1].id, incident.id)
finally:
    for post in posts:
        write("DELETE", f"/{post['id']}")
