"""The samples' feeds: their addresses, and that they tell the story."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from assets.news import feeds
from assets.news.feed import articles_of, merge
from assets.news.mentions import mentions_of
from expectations import contract
from resources.documents import Row


@pytest.fixture(scope="module")
def articles(samples: Path) -> list[Row]:
    rows = []
    for feed in feeds.load(samples / "feeds.yml"):
        body = (samples / feed.url.removeprefix("https://")).read_bytes()
        fetched = datetime(2026, 2, 1, tzinfo=UTC)
        parsed = articles_of(body, feed=feed, fetched_at=fetched, sha256=hashlib.sha256(body).hexdigest())
        assert parsed.problems == []
        assert {row["language"] for row in parsed.rows} == {feed.language}
        rows.append(parsed.rows)
    merged = merge(rows)
    contract.load("articles").table_of(merged)
    return merged


def test_four_feeds_in_three_languages(samples: Path, articles: list[Row]) -> None:
    listed = feeds.load(samples / "feeds.yml")
    assert sorted(feed.language for feed in listed) == ["en", "en", "zh-Hans", "zh-Hant"]
    on_disk = {
        path.relative_to(samples).as_posix() for path in (samples / "feeds.example.org").rglob("*") if path.is_file()
    }
    assert on_disk == {feed.url.removeprefix("https://") for feed in listed}
    assert len(articles) == 20 + 17 + 17 + 18
    assert (min(row["month"] for row in articles), max(row["month"] for row in articles)) == ("2022-10", "2026-01")


def test_the_story_is_told(articles: list[Row]) -> None:
    rows = mentions_of(articles)
    contract.load("mentions").table_of(rows)
    month_of: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: row["month"]):
        month_of.setdefault(row["entity_id"], row["month"])
    first = {
        "eccn-3a090": "2022-10",
        "a800": "2022-11",
        "ymtc": "2022-12",
        "biren": "2023-10",
        "ai-diffusion-rule": "2025-01",
        "h20": "2025-04",
        "mi308": "2025-04",
        "affiliates-rule": "2025-09",
        "h200": "2025-12",
    }
    assert {entity: month_of.get(entity) for entity in first} == first
    assert {
        "huawei",
        "smic",
        "cxmt",
        "cambricon",
        "moore-threads",
        "tsmc",
        "sk-hynix",
        "samsung",
        "micron",
        "asml",
    } <= set(month_of)


def test_a_date_without_an_offset_holds_in_the_feeds_zone(articles: list[Row]) -> None:
    # zh-hans/chips.rss, first item: 2026-01-14 09:15:00.
    row = next(row for row in articles if row["canonical_url"].endswith("/zh-hans/2026/01/14/h200"))
    assert row["published_at"] == datetime(2026, 1, 14, 1, 15, tzinfo=UTC)


def test_tracking_parameters_are_gone(articles: list[Row]) -> None:
    assert not any("utm_" in row["canonical_url"] for row in articles)
