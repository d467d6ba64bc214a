"""Settings: what they refuse, and what follows from them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import ValidationError

from resources.settings import ROOT, Settings

CHOKEPOINT = str(Path(sys.executable).with_name("chokepoint"))


def test_default_is_the_embedded_samples() -> None:
    settings = Settings()
    assert settings.sources_folder == ROOT / "samples"
    assert settings.sources_key == "samples"
    assert settings.lake_folder == ROOT / "lake"
    assert settings.state_folder == ROOT / "state" / "samples"


def test_environment_is_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CHOKEPOINT_LAKE", str(tmp_path / "lake"))
    monkeypatch.setenv("CHOKEPOINT_ADDRESSES", '{"https://www.sec.gov": "http://127.0.0.1:8"}')
    monkeypatch.setenv("CHOKEPOINT_HTTP_ATTEMPTS", "2")
    settings = Settings()
    assert settings.lake_folder == tmp_path / "lake"
    assert settings.address_of("https://www.sec.gov/x") == "http://127.0.0.1:8/x"
    assert settings.http_attempts == 2


@pytest.mark.parametrize(
    "contact", ["", "nobody", "@example.org", "you@example", "a b@example.org", "ops@exa mple.org"]
)
def test_live_does_not_start_without_a_contact(contact: str) -> None:
    """SEC, "Accessing EDGAR data": a request must declare who makes it, with an address to write to."""
    with pytest.raises(ValidationError, match="CHOKEPOINT_CONTACT"):
        Settings(sources="live", contact=contact)


def test_live_with_a_contact_names_it_and_asks_no_folder() -> None:
    settings = Settings(sources="live", contact="ops@example.org")
    assert settings.user_agent == "Chokepoint/0.1 (ops@example.org)"
    assert settings.sources_folder is None
    assert settings.sources_key == "live"


def test_samples_need_no_contact() -> None:
    assert Settings(sources="samples").user_agent == "Chokepoint/0.1 (no contact configured)"


def test_mirrors_are_kept_apart_by_their_folder(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = (Settings(sources=f"mirror:{tmp_path / name}") for name in "ab")
    assert one.sources_folder == tmp_path / "a"
    assert one.sources_key.startswith("mirror-")
    assert one.sources_key != other.sources_key
    assert one.state_folder != other.state_folder
    assert Settings(sources=f"mirror:{tmp_path / 'b' / '..' / 'a'}").sources_key == one.sources_key
    assert Settings(sources="mirror:samples").sources_folder == ROOT / "samples"


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        ({"sources": "sample"}, "samples, live or mirror:PATH"),
        ({"sources": "mirror:/nowhere/at/all"}, "there is no folder /nowhere/at/all"),
        ({"first_month": "2025-13"}, "YYYY-MM"),
        ({"first_month": "2025-1"}, "YYYY-MM"),
        ({"first_month": "2025-01-01"}, "YYYY-MM"),
        ({"http_attempts": 0}, "greater than or equal to 1"),
        ({"http_timeout_s": 0}, "greater than 0"),
        ({"http_requests_per_s": {"www.sec.gov": 0}}, "greater than 0"),
        ({"http_requests_per_s": {"www.sec.gov": -1}}, "greater than 0"),
        ({"releases_kept": 0}, "greater than or equal to 1"),
        ({"executor": "threads"}, "in_process"),
    ],
)
def test_nonsense_is_refused_with_a_reason(chosen: dict[str, object], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        Settings.model_validate(chosen)


def test_addresses_replace_the_base_alone() -> None:
    settings = Settings(
        addresses={"https://data.sec.gov": "http://127.0.0.1:9/data", "https://www.sec.gov": "http://127.0.0.1:9/www"}
    )
    assert settings.address_of("https://www.sec.gov/a/b?c=d") == "http://127.0.0.1:9/www/a/b?c=d"
    assert settings.address_of("https://data.sec.gov/x.json") == "http://127.0.0.1:9/data/x.json"
    assert settings.address_of("https://www.federalregister.gov/x") == "https://www.federalregister.gov/x"


def test_hosts_have_their_rates_and_others_one() -> None:
    """SEC: at most ten requests a second; the default stays below it."""
    settings = Settings()
    assert settings.requests_per_s("https://www.sec.gov/x") == 5.0
    assert settings.requests_per_s("https://feeds.example.org/x") == 1.0
    assert settings.requests_per_s("no address") == 1.0


def _chokepoint(*command: str, tmp_path: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CHOKEPOINT, *command],
        env={
            "PATH": "/usr/bin:/bin",
            "CHOKEPOINT_LAKE": str(tmp_path / "lake"),
            "CHOKEPOINT_STATE": str(tmp_path / "state"),
            **environment,
        },
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"CHOKEPOINT_SOURCES": "live", "CHOKEPOINT_CONTACT": ""}, "CHOKEPOINT_CONTACT=you@example.org"),
        ({"CHOKEPOINT_ADDRESSES": "not JSON"}, "addresses"),
        ({"CHOKEPOINT_FIRST_MONTH": "soon"}, "first_month"),
    ],
)
def test_command_line_says_in_a_line_what_is_missing(tmp_path: Path, environment: dict[str, str], said: str) -> None:
    done = _chokepoint("nightly", tmp_path=tmp_path, **environment)
    assert done.returncode == 2
    assert done.stdout == ""
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1, done.stderr
    assert lines[0].startswith("error: ")
    assert said in lines[0]
    assert list(tmp_path.iterdir()) == [], "nothing was begun"
