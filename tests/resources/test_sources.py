"""Sources: whose clock counts, which months there are, and what can be asked for."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from resources.documents import SourceError
from resources.http import Http
from resources.settings import Settings
from resources.sources import Sources

RSS = """<?xml version="1.0"?><rss version="2.0"><channel><item>
<pubDate>{date}</pubDate></item></channel></rss>"""


@pytest.fixture
def mirror(tmp_path: Path) -> Path:
    """A folder with a rule of 2025-03-28, a filing of 2025-05-28 and an article of 2025-06-02."""
    files = {
        "www.federalregister.gov/documents.index.json": orjson.dumps([{"publication_date": "2025-03-28"}]),
        "data.sec.gov/submissions/CIK0000000001.json": orjson.dumps(
            {"filings": {"recent": {"filingDate": ["2025-05-28", "2025-04-30"]}}}
        ),
        "feeds.example.org/en/a.rss": RSS.format(date="Mon, 02 Jun 2025 23:30:00 -0400").encode(),
    }
    for name, content in files.items():
        path = tmp_path / "mirror" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    return tmp_path / "mirror"


def sources(mirror: Path, **chosen: str) -> Sources:
    return Sources(Settings.model_validate({"sources": f"mirror:{mirror}", **chosen}))


def test_a_folders_night_is_the_last_day_it_holds(mirror: Path) -> None:
    assert sources(mirror).now() == datetime(2025, 6, 2, 23, 59, 59, tzinfo=UTC)


def test_a_folders_months_are_those_of_all_its_sources(mirror: Path) -> None:
    assert sources(mirror).months_held() == ("2025-03", "2025-06")


def test_a_folders_months_begin_no_earlier_than_asked(mirror: Path) -> None:
    assert sources(mirror, first_month="2025-05").months_held() == ("2025-05", "2025-06")


@pytest.mark.parametrize("host", ["www.federalregister.gov", "data.sec.gov", "feeds.example.org"])
def test_a_folder_need_not_hold_every_source(mirror: Path, host: str) -> None:
    (mirror / host).rename(mirror.with_name(host))
    months = {
        "www.federalregister.gov": ("2025-04", "2025-06"),
        "data.sec.gov": ("2025-03", "2025-06"),
        "feeds.example.org": ("2025-03", "2025-05"),
    }
    assert sources(mirror).months_held() == months[host]


def test_a_folder_without_a_date_says_so(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=f"{tmp_path} holds no dated document"):
        sources(tmp_path).now()


def test_broken_documents_do_not_stop_the_calendar(mirror: Path) -> None:
    """Intake reports what is wrong with them; the clock only leaves them out."""
    (mirror / "data.sec.gov/submissions/CIK0000000001.json").write_bytes(b"<html>")
    (mirror / "feeds.example.org/en/b.rss").write_bytes(RSS.format(date="yesterday").encode())
    (mirror / "feeds.example.org/en/c.rss").write_bytes(b"\xff\xfe<rss\x00")
    assert sources(mirror).months_held() == ("2025-03", "2025-06")


def test_a_day_that_has_not_come_does_not_move_the_clock(mirror: Path) -> None:
    (mirror / "feeds.example.org/en/b.rss").write_bytes(RSS.format(date="Thu, 02 Jan 2125 10:00:00 GMT").encode())
    assert sources(mirror).months_held() == ("2025-03", "2025-06")


def test_samples_hold_the_story() -> None:
    """October 2022 (2022-21658) to NVIDIA's report of 2026-02-25; the SEC's list reaches back before."""
    held = Sources(Settings(sources="samples", first_month="2022-10"))
    assert held.months_held() == ("2022-10", "2026-02")
    assert held.now().date().isoformat() == "2026-02-25"


def test_live_months_reach_to_the_present(live: Callable[..., Settings]) -> None:
    asked = Sources(live(first_month="2025-10"))
    assert abs(datetime.now(UTC) - asked.now()) < timedelta(seconds=5)
    assert asked.now().microsecond == 0
    assert asked.months_held() == ("2025-10", f"{datetime.now(UTC):%Y-%m}")
    assert asked.answers("https://anything.example.org/")


def test_a_folder_is_asked_for_what_it_holds(mirror: Path) -> None:
    asked = sources(mirror)
    assert asked.answers("https://feeds.example.org/en/a.rss")
    assert not asked.answers("https://feeds.example.org/en/z.rss")


def test_a_folder_is_never_left_for_the_network(mirror: Path) -> None:
    """Both schemes are answered from the folder, so that a run on it works without a network and says what it lacks."""
    asked = sources(mirror)
    http = Http(Settings(), asked.session(), spaced=False)
    for scheme in ("http", "https"):
        assert http.get(f"{scheme}://feeds.example.org/en/a.rss", source="news").body.startswith(b"<?xml")
        with pytest.raises(SourceError, match="404"):
            http.get(f"{scheme}://www.example.org/", source="news")
