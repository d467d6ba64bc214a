"""Feeds of every dialect to articles: what is read, what is reported, what is refused."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.news.feed import articles_of, merge
from assets.news.feeds import Feed
from expectations import contract
from resources.documents import Parsed, SourceError

FETCHED = datetime(2026, 9, 1, tzinfo=UTC)


def a_feed(**changes: str) -> Feed:
    described = {
        "name": "a-feed",
        "url": "https://feeds.example.org/a/feed.xml",
        "publisher": "A Publisher",
        "language": "en",
        "region": "US",
    }
    return Feed.model_validate(described | changes)


def read(body: bytes | str, *, content_type: str | None = None, **changes: str) -> Parsed:
    raw = body.encode() if isinstance(body, str) else body
    parsed = articles_of(
        raw,
        feed=a_feed(**changes),
        fetched_at=FETCHED,
        sha256=hashlib.sha256(raw).hexdigest(),
        content_type=content_type,
    )
    contract.load("articles").table_of(parsed.rows)
    return parsed


def rss(*items: str, head: str = "") -> str:
    return f'<?xml version="1.0"?>\n<rss version="2.0"><channel><title>T</title>{head}{"".join(items)}</channel></rss>'


def item(
    title: str = "A title",
    link: str = "https://a.example/1",
    date: str = "Tue, 13 Jan 2026 16:45:00 -0500",
    more: str = "",
) -> str:
    return f"<item><title>{title}</title><link>{link}</link><pubDate>{date}</pubDate>{more}</item>"


# --- Real documents ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def real(real_documents: Path) -> Path:
    return real_documents / "extra" / "news"


@pytest.mark.parametrize(
    ("path", "rows", "problems", "language"),
    [
        # Counted in the file: <item> or <entry> elements.
        ("feeds/feed_anthropic_news.xml", 255, 0, "en"),
        ("feeds/feed_dagster.xml", 187, 0, "en"),
        ("feeds/feed_ai_first_podcast.xml", 97, 0, "de"),
        ("feeds_captured/guardian.rss", 55, 0, "en"),
        ("feeds_captured/rss-1.rss", 69, 0, "en"),
        ("feeds_captured/encoding.rss", 40, 0, "pt"),
        ("feeds_captured/feedburner.atom", 25, 0, "en"),
        # 231 items; three addresses stand twice with the same title; the last is dated 1994-02-01.
        ("feeds/feed_paulgraham.xml", 227, 1, "en"),
        # 118 and 147 headings of one page, told apart by a fragment alone.
        ("feeds/feed_windsurf_changelog.xml", 1, 1, "en"),
        ("feeds/feed_windsurf_next_changelog.xml", 1, 1, "en"),
    ],
)
def test_real_feeds_are_read_whole(real: Path, path: str, rows: int, problems: int, language: str) -> None:
    parsed = read((real / path).read_bytes())
    assert (len(parsed.rows), len(parsed.problems)) == (rows, problems)
    assert max({row["language"] for row in parsed.rows}, key=[r["language"] for r in parsed.rows].count) == language


def test_every_item_of_every_real_feed_is_a_row_or_a_problem(real: Path) -> None:
    for path in sorted(
        [*real.glob("feeds/*.xml"), *real.glob("feeds_captured/*"), *real.glob("feeds_malformed/**/*.xml")]
    ):
        body = path.read_bytes()
        items = body.count(b"<item>") + body.count(b"<item ") + body.count(b"<entry>") + body.count(b"<entry ")
        if path.name in NO_FEEDS:
            continue
        parsed = read(body)
        if path.name in ("feed_paulgraham.xml", "feed_windsurf_changelog.xml", "feed_windsurf_next_changelog.xml"):
            continue  # items that share an address, above
        of_items = [problem for problem in parsed.problems if problem.place.startswith("item ")]
        assert len(parsed.rows) + len(of_items) == items, path.name


def test_a_release_of_an_atom_feed_with_relative_links(real: Path) -> None:
    # gulp-atom.atom, line 9 on: <link href="/gulpjs/gulp/releases/tag/v3.9.0">, <updated>2015-06-01T23:49:41+02:00.
    parsed = read((real / "feeds_captured/gulp-atom.atom").read_bytes(), url="https://github.com/gulpjs/gulp.atom")
    row = next(row for row in parsed.rows if row["canonical_url"].endswith("v3.9.0"))
    assert row["canonical_url"] == "https://github.com/gulpjs/gulp/releases/tag/v3.9.0"
    assert (row["published_at"], row["updated_at"]) == (datetime(2015, 6, 1, 21, 49, 41, tzinfo=UTC), None)
    assert row["title"] == "v3.9.0"


def test_the_original_address_behind_feedburner(real: Path) -> None:
    # encoding.rss, first item: link at feeds.jn.pt, feedburner:origLink at www.jn.pt; ISO-8859-1.
    parsed = read((real / "feeds_captured/encoding.rss").read_bytes())
    row = next(row for row in parsed.rows if "rarissimas-9021600" in row["canonical_url"])
    assert row["canonical_url"].startswith("https://www.jn.pt/")
    assert "é" in row["title"]
    assert row["published_at"] == datetime(2018, 1, 3, 13, 47, tzinfo=UTC)


def test_updated_beside_published(real: Path) -> None:
    # heise.atom, first entry: published 2016-02-01T17:22:00+01:00, updated 2016-02-01T17:54:50+01:00.
    parsed = read((real / "feeds_captured/heise.atom").read_bytes())
    row = next(row for row in parsed.rows if "WildFly-10-frei-3088438" in row["canonical_url"])
    assert row["canonical_url"].endswith("3088438.html")  # without ?wt_mc=rss.developer.beitrag.atom
    assert row["published_at"] == datetime(2016, 2, 1, 16, 22, tzinfo=UTC)
    assert row["updated_at"] == datetime(2016, 2, 1, 16, 54, 50, tzinfo=UTC)


def test_rss_1_dates_and_addresses(real: Path) -> None:
    # rss-1.rss, first item: dc:date 2017-06-15T10:29:47-07:00, link with ?rss=1.
    parsed = read((real / "feeds_captured/rss-1.rss").read_bytes())
    row = next(row for row in parsed.rows if row["canonical_url"].endswith("/356/6343/1134-a"))
    assert row["published_at"] == datetime(2017, 6, 15, 17, 29, 47, tzinfo=UTC)


def test_full_text_and_authors(real: Path) -> None:
    parsed = read((real / "feeds_captured/content-encoded.rss").read_bytes())
    row = next(row for row in parsed.rows if "the-creative-forager" in row["canonical_url"])
    assert row["has_full_text"]
    assert "<" not in row["text"]
    assert len(row["text"]) > 1000
    assert row["canonical_url"] == "https://medium.com/invironment/the-creative-forager-125af37d838f"


NO_FEEDS = (
    "unrecognized.rss",
    "rss_empty_document.xml",
    "aaa_illformed.xml",
    "rss_incomplete_cdata.xml",
    "undeclared_namespace.xml",
)


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("feeds_captured/unrecognized.rss", "HTML page"),
        ("feeds_malformed/rss_empty_document.xml", "no RSS or Atom"),
        ("feeds_malformed/aaa_illformed.xml", "line 6"),
        ("feeds_malformed/rss_incomplete_cdata.xml", "not well-formed"),
        ("feeds_malformed/undeclared_namespace.xml", "itunes"),
    ],
)
def test_real_documents_that_are_no_feed(real: Path, path: str, reason: str) -> None:
    with pytest.raises(SourceError, match=reason) as caught:
        read((real / path).read_bytes())
    assert caught.value.is_index
    assert caught.value.document == "https://feeds.example.org/a/feed.xml"


def test_items_without_date_address_or_title_are_named(real: Path) -> None:
    herald = read((real / "feeds_captured/heraldsun.rss").read_bytes())
    assert [problem.place for problem in herald.problems] == ["item 1, line 14", "item 2, line 22"]
    assert all("without a date" in str(problem) and "a-feed" in str(problem) for problem in herald.problems)
    assert "not one" in str(read((real / "feeds_captured/missing-fields.atom").read_bytes()).problems[0])
    portuguese = read((real / "feeds_captured/uolNoticias.rss").read_bytes())
    assert sum("'Seg, 24 Set 2018" in str(problem) for problem in portuguese.problems) == 15


# --- Encodings ---------------------------------------------------------------------------------------------------

HANT = "輝達 H20 晶片輸往中國須申請許可"
HANS = "英伟达 H20 芯片对华出口须申请许可证"


@pytest.mark.parametrize(
    ("encoding", "declared", "content_type", "title", "language"),
    [
        ("big5", "Big5", None, HANT, "zh-Hant"),
        ("gb2312", "gb2312", "application/xml", HANS, "zh-Hans"),
        ("gb18030", "gb2312", None, HANS + "镕堃", "zh-Hans"),  # beyond GB 2312, declared as it
        ("euc-jp", "euc-jp", None, "半導体の輸出規制について", "ja"),
        ("utf-16", "utf-16", None, HANS, "zh-Hans"),
        ("utf-8", "utf-8", "text/xml", HANT, "zh-Hant"),  # RFC 3023 would make this ASCII
        ("big5", "utf-8", "text/xml; charset=Big5", HANT, "zh-Hant"),  # the header counts
        ("utf-8", "utf-8", "text/xml; charset=ISO-8859-1", HANT, "zh-Hant"),  # the server's default does not
    ],
)
def test_declared_encodings(encoding: str, declared: str, content_type: str | None, title: str, language: str) -> None:
    text = rss(item(title)).replace('version="1.0"?', f'version="1.0" encoding="{declared}"?')
    parsed = read(text.encode(encoding), content_type=content_type)
    assert [(row["title"], row["language"]) for row in parsed.rows] == [(title, language)]
    assert parsed.problems == []


@pytest.mark.parametrize(("encoding", "title", "language"), [("big5", HANT, "zh-Hant"), ("gb18030", HANS, "zh-Hans")])
def test_an_undeclared_encoding_is_taken_from_the_feeds_language_and_said(
    encoding: str, title: str, language: str
) -> None:
    parsed = read(rss(item(title)).encode(encoding), language=language)
    assert [row["title"] for row in parsed.rows] == [title]
    assert [problem.place for problem in parsed.problems] == ["encoding"]


def test_chinese_bytes_in_an_english_feed_do_not_become_noise() -> None:
    parsed = read(rss(item(HANT * 5, more=f"<description>{HANT * 20}</description>")).encode("big5"))
    assert parsed.rows == []
    assert "bytes the feed's encoding does not know" in str(parsed.problems[-1])


# --- What is no feed, and what is dangerous ------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   \n",
        '{"items": []}',
        "<!DOCTYPE html><html><head><title>Sign in</title></head><body><p>Error</p></body></html>",
        "<html><body>503</body></html>",
        "not found",
        "<sitemapindex/>",
        '<?xml version="1.0"?><opml version="2.0"><body/></opml>',
    ],
)
def test_not_a_feed(body: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(body)
    assert caught.value.is_index


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE rss [<!ENTITY a "x">]>',
        '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/passwd">]>',
        '<!-- <rss> --><!DOCTYPE rss [<!ENTITY a "x"><!ENTITY b "&a;&a;">]>',
        '<!DOCTYPE rss [<!ENTITY % d SYSTEM "https://example.org/d.dtd">%d;]>',
        '<!doctype rss [\n<!entity a "x">\n]>',
    ],
)
def test_entities_are_refused_before_any_parser(doctype: str) -> None:
    body = rss(item("A &a; title")).replace("<rss", doctype + "<rss", 1)
    with pytest.raises(SourceError, match="declares entities") as caught:
        read(body)
    assert caught.value.is_index


def test_a_document_type_without_declarations_is_harmless() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "https://invalid.example/rss.dtd">'
    assert len(read(rss(item()).replace("<rss", doctype + "<rss", 1)).rows) == 1


def test_a_declaration_quoted_in_an_article_is_text() -> None:
    body = rss(item(more='<description><![CDATA[<p>Never write <!DOCTYPE a [<!ENTITY b "c">]></p>]]></description>'))
    assert len(read(body).rows) == 1


# --- Ill-formed feeds ----------------------------------------------------------------------------------------------


def test_an_undefined_entity_is_reported_with_its_line_and_the_items_are_read() -> None:
    body = rss(item("One&nbsp;two"), "\n", item("Three", "https://a.example/3"))
    parsed = read(body)
    assert [row["title"] for row in parsed.rows] == ["One two", "Three"]
    assert [problem.place for problem in parsed.problems] == ["line 2"]
    assert "not well-formed" in str(parsed.problems[0])


def test_a_body_cut_off_keeps_its_complete_items_alone() -> None:
    whole = rss(
        *(
            item(f"Title {n}", f"https://a.example/{n}", more="<description>" + "words " * 20 + "</description>")
            for n in range(4)
        )
    )
    cut = whole[: whole.index("Title 3") + 120]
    parsed = read(cut)
    assert [row["title"] for row in parsed.rows] == ["Title 0", "Title 1", "Title 2"]
    assert any("cut off" in str(problem) and "Title 3" in str(problem) for problem in parsed.problems)


def test_a_feed_without_items_is_reported() -> None:
    parsed = read(rss())
    assert parsed.rows == []
    assert "no items" in str(parsed.problems[0])


# --- Items -----------------------------------------------------------------------------------------------------------


def test_one_bad_item_loses_nothing_else() -> None:
    body = rss(
        item(),
        "<item><title>No address</title><pubDate>Tue, 13 Jan 2026 16:45:00 GMT</pubDate></item>",
        "<item><title>No date</title><link>https://a.example/2</link></item>",
        item("", "https://a.example/3"),
        item("Not a date", "https://a.example/4", "yesterday"),
        item("In the future", "https://a.example/5", "Tue, 13 Jan 2099 16:45:00 GMT"),
        item("The epoch", "https://a.example/6", "Thu, 01 Jan 1970 00:00:00 GMT"),
        item("Mail", "mailto:someone@a.example"),
        item("Last", "https://a.example/8"),
    )
    parsed = read(body)
    assert [row["title"] for row in parsed.rows] == ["A title", "Last"]
    said = [str(problem) for problem in parsed.problems]
    assert [problem.place for problem in parsed.problems] == [f"item {n}, line 2" for n in range(2, 9)]
    for text, words in zip(
        said,
        [
            "without an address",
            "without a date",
            "without a title",
            "not a date",
            "after the fetch",
            "before 1995",
            "not one",
        ],
        strict=True,
    ):
        assert words in text


def test_without_a_fetch_time_the_future_is_not_judged() -> None:
    body = rss(item(date="Tue, 13 Jan 2099 16:45:00 GMT")).encode()
    assert len(articles_of(body, feed=a_feed(), fetched_at=None, sha256="0" * 64).rows) == 1


def test_a_guid_is_an_address_only_if_it_is_a_permalink() -> None:
    date = "<pubDate>Tue, 13 Jan 2026 16:45:00 GMT</pubDate>"
    permalink = f"<item><title>A</title><guid>https://a.example/p</guid>{date}</item>"
    other = f'<item><title>B</title><guid isPermaLink="false">https://a.example/q</guid>{date}</item>'
    parsed = read(rss(permalink, other))
    assert [row["canonical_url"] for row in parsed.rows] == ["https://a.example/p"]
    assert len(parsed.problems) == 1


def test_the_alternate_link_of_an_atom_entry() -> None:
    body = """<feed xmlns="http://www.w3.org/2005/Atom"><entry><title type="html">A &amp;lt;b&gt;</title>
      <link rel="self" href="https://a.example/self"/><link rel="replies" type="text/html" href="https://a.example/r"/>
      <link rel="alternate" type="application/pdf" href="https://a.example/x.pdf"/>
      <link rel="alternate" type="text/html" href="https://A.example/x?utm_medium=feed#top"/>
      <id>tag:a.example,2026:1</id><updated>2026-01-13T16:45:00Z</updated><author><name>Ann</name></author>
      <author><name>Bo</name></author><summary>Short</summary><content type="html">&lt;p&gt;One&lt;br/&gt;two&lt;/p&gt;
      &lt;script&gt;no()&lt;/script&gt;&lt;p&gt;Th&lt;b&gt;re&lt;/b&gt;e&lt;/p&gt;</content></entry></feed>"""
    (row,) = read(body).rows
    assert row["canonical_url"] == "https://a.example/x"
    assert row["authors"] == ["Ann", "Bo"]
    assert row["text"] == "One\ntwo\nThree"
    assert (row["summary"], row["has_full_text"], row["location"]) == ("Short", True, "item 1, line 1")


@pytest.mark.parametrize(
    ("written", "zone", "utc"),
    [
        ("Tue, 13 Jan 2026 16:45:00 -0500", "UTC", (2026, 1, 13, 21, 45)),
        ("Tue, 13 Jan 2026 16:45:00 EST", "UTC", (2026, 1, 13, 21, 45)),
        ("2026-01-13T16:45:00+08:00", "UTC", (2026, 1, 13, 8, 45)),
        ("2026-01-13T16:45:00-03:30", "UTC", (2026, 1, 13, 20, 15)),
        ("2026-01-14 09:15:00", "Asia/Shanghai", (2026, 1, 14, 1, 15)),
        ("2026-01-14 09:15:00  +0800", "UTC", (2026, 1, 14, 1, 15)),
        ("Wed, 14 Jan 2026 09:15:00 CST", "Asia/Taipei", (2026, 1, 14, 1, 15)),  # China's time, not Chicago's
        ("Wed, 14 Jan 2026 09:15:00 CST", "America/New_York", (2026, 1, 14, 15, 15)),
        ("2026-01-14", "Asia/Taipei", (2026, 1, 13, 16, 0)),
        ("Wed, 14 Jan 2026 00:30:00 +0800", "UTC", (2026, 1, 13, 16, 30)),
    ],
)
def test_dates_in_utc(written: str, zone: str, utc: tuple[int, ...]) -> None:
    (row,) = read(rss(item(date=written)), time_zone=zone).rows
    assert row["published_at"] == datetime(*utc, tzinfo=UTC)  # type: ignore[arg-type,misc]


def test_the_month_is_that_of_utc() -> None:
    (row,) = read(rss(item(date="Thu, 01 Jan 2026 03:00:00 +0800"))).rows
    assert row["month"] == "2025-12"


def test_different_items_that_share_an_address_are_reported() -> None:
    parsed = read(rss(item("One", "https://a.example/page#1"), item("Two", "https://a.example/page#2")))
    assert len(parsed.rows) == 1
    assert "2 different titles share https://a.example/page" in str(parsed.problems[0])


def test_reading_is_deterministic() -> None:
    body = rss(*(item(f"T{n}", f"https://a.example/{n}") for n in range(5)))
    assert read(body) == read(body)


# --- Several fetches -------------------------------------------------------------------------------------------------


def test_merge_takes_the_latest_text_and_the_earliest_publication() -> None:
    first = read(rss(item("Old", date="Wed, 31 Dec 2025 23:00:00 GMT"), item("Only then", "https://a.example/2"))).rows
    second = read(rss(item("New", date="Thu, 01 Jan 2026 02:00:00 GMT"))).rows
    merged = merge([first, second])
    assert [(row["canonical_url"], row["title"]) for row in merged] == [
        ("https://a.example/1", "New"),
        ("https://a.example/2", "Only then"),
    ]
    assert merged[0]["published_at"] == datetime(2025, 12, 31, 23, tzinfo=UTC)
    assert merged[0]["month"] == "2025-12"
    assert merged[0]["source_sha256"] == second[0]["source_sha256"]
    assert merge([merged, second]) == merged
    contract.load("articles").table_of(merged)


def test_merge_prefers_the_later_fetch_among_equal_dates() -> None:
    first, second = read(rss(item("Draft"))).rows, read(rss(item("Final"))).rows
    assert merge([first, second])[0]["title"] == "Final"
    assert merge([second, first])[0]["title"] == "Draft"
