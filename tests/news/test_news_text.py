"""Addresses, languages and plain text; the list of feeds."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.news import feeds
from assets.news.address import canonical_address
from assets.news.feeds import FeedsError
from assets.news.language import language_of, script_counts, tag_of
from assets.news.plain import one_line, plain_text


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTP://WWW.Example.ORG:80/A/b?utm_source=x&id=7&fbclid=q#top", "https://www.example.org/A/b?id=7"),
        ("https://example.org", "https://example.org/"),
        ("https://example.org/?a=1&b=2&a=3", "https://example.org/?a=1&b=2&a=3"),
        ("https://example.org:8443/x", "https://example.org:8443/x"),
        ("https://user:pw@example.org/x", "https://example.org/x"),
        ("https://例子.example/新聞/輝達", "https://xn--fsqu00a.example/%E6%96%B0%E8%81%9E/%E8%BC%9D%E9%81%94"),
        ("https://example.org/%e8%bc%9d?q=%7e", "https://example.org/%E8%BC%9D?q=%7E"),
        ("https://medium.com/p?source=rss----abc---4", "https://medium.com/p"),
        (
            "https://money.udn.com/money/story/5612/1?from=edn_subcatelist_cate",
            "https://money.udn.com/money/story/5612/1?from=edn_subcatelist_cate",
        ),
        (" https://example.org/a b ", "https://example.org/a%20b"),
        ("tag:github.com,2008:x", None),
        ("mailto:a@example.org", None),
        ("/relative", None),
        ("https:///nohost", None),
        ("https://[::1", None),
        ("https://exa mple.org/", None),
        ("https://example.org:port/", None),
        ("", None),
    ],
)
def test_canonical_address(url: str, canonical: str | None) -> None:
    assert canonical_address(url) == canonical


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40), st.text(alphabet="abc=&%?#/é中 ~'", max_size=40))
def test_the_canonical_form_is_a_fixed_point(path: str, query: str) -> None:
    once = canonical_address(f"http://Example.org/{path}?{query}")
    if once is not None:
        assert canonical_address(once) == once
        assert "#" not in once
        assert once.isascii()


@pytest.mark.parametrize(
    ("declared", "tag"),
    [
        ("en-US", "en"),
        ("zh-TW", "zh-Hant"),
        ("zh_CN", "zh-Hans"),
        ("zh-Hant-HK", "zh-Hant"),
        ("zh-Hant-CN", "zh-Hant"),
        ("zh", "zh"),
        ("pt-br", "pt"),
        ("", "und"),
        ("english", "und"),
        (None, "und"),
    ],
)
def test_declared_tags(declared: str | None, tag: str) -> None:
    assert tag_of(declared) == tag


@pytest.mark.parametrize(
    ("text", "declared", "configured", "language"),
    [
        ("輝達H200晶片將銷往中國", "en-US", "en", "zh-Hant"),
        ("英伟达芯片对华出口", "zh-TW", "zh-Hant", "zh-Hans"),
        ("晶片", "zh-TW", "zh-Hans", "zh-Hant"),  # both scripts write it so: what the feed says
        ("晶片", None, "zh-Hans", "zh-Hans"),
        ("Nvidia (英伟达) will sell the H20 in China again", "en", "en", "en"),
        ("Nvidia will sell the H20 in China again", "zh-CN", "zh-Hans", "en"),
        ("Die Ausfuhr von Chips", "de-DE", "en", "de"),
        ("Chips", None, "en", "en"),
        ("半導体の輸出規制", "zh", "zh-Hant", "ja"),
        ("반도체 수출 규제 英", None, "en", "ko"),
    ],
)
def test_language(text: str, declared: str | None, configured: str, language: str) -> None:
    assert language_of(text, declared=declared, configured=configured) == language


def test_scripts_of_real_pages(real_documents: Path) -> None:
    folder = real_documents / "extra" / "news"
    simplified, traditional = script_counts(next(folder.glob("pages_zh-Hant/*.txt")).read_text("utf-8"))
    assert traditional > 20 * simplified
    for page in folder.glob("pages_zh-Hans/*.html"):
        simplified, traditional = script_counts(page.read_bytes().decode("utf-8", "ignore"))
        assert simplified > 10 * traditional, page.name


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One <b>t</b>wo</p><p>three</p>", "One two\nthree"),
        ("a<br>b<br/>c", "a\nb\nc"),
        ("<ul><li>x</li><li>y</li></ul>", "x\ny"),
        ("AT&amp;T &lt;b&gt;", "AT&T <b>"),
        ("<style>p{}</style><!-- no -->yes<script>no</script>", "yes"),
        ("5 < 6 and 7 > 3", "5 < 6 and 7 > 3"),
        ("<p>輝達<em>H20</em>晶片</p>", "輝達H20晶片"),
        ("a\u00a0 \n b", "a\nb"),
        ("<p>a\n   b</p>", "a b"),
        ("<div>" * 3000 + "deep", "deep"),
        ("", ""),
    ],
)
def test_plain_text(markup: str, text: str) -> None:
    assert plain_text(markup) == text


def test_one_line() -> None:
    assert one_line(" a\n\tb\u200b c ") == "a b c"


def test_the_live_feeds_cover_three_languages() -> None:
    listed = feeds.load()
    assert {feed.language for feed in listed} == {"en", "zh-Hans", "zh-Hant"}
    assert all(feed.url.startswith("https://") for feed in listed)
    assert "example" not in " ".join(feed.url for feed in listed)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"language": "zh"}, "language"),
        ({"url": "ftp://a.example/"}, "http"),
        ({"time_zone": "Mars/Olympus"}, "time zone"),
        ({"region": "USA"}, "3166"),
        ({"name": "Not A Slug"}, "slug"),
        ({"color": "red"}, "color"),
    ],
)
def test_a_list_that_is_not_well_formed_names_what_is_wrong(tmp_path: Path, change: dict[str, str], words: str) -> None:
    good = {"name": "a", "url": "https://a.example/f", "publisher": "A", "language": "en", "region": "US"}
    path = tmp_path / "feeds.yml"

    def write(*listed: dict[str, str]) -> None:
        path.write_text("feeds:\n" + "".join("- " + str(feed) + "\n" for feed in listed), "utf-8")

    write(good)
    assert [feed.name for feed in feeds.load(path)] == ["a"]
    write(good | change)
    with pytest.raises(FeedsError, match=words):
        feeds.load(path)
    write(good, good)
    with pytest.raises(FeedsError, match="stands twice"):
        feeds.load(path)
    path.write_text("feeds: []\n")
    with pytest.raises(FeedsError, match="lists no feed"):
        feeds.load(path)
