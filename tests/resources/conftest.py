"""Fixtures of the tests of resources: a server that speaks for the sources, and settings that know nothing else."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from source_server import SourceServer

from expectations import contract
from resources.settings import Settings


@pytest.fixture(autouse=True)
def _own_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the developer's settings nor a proxy of the machine has a say here."""
    for name in list(os.environ):
        if name.startswith("CHOKEPOINT_"):
            monkeypatch.delenv(name)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def served(tmp_path: Path) -> Path:
    """The folder that ``server`` answers from."""
    folder = tmp_path / "served"
    (folder / "www.sec.gov").mkdir(parents=True)
    return folder


@pytest.fixture
def server(served: Path) -> Iterator[SourceServer]:
    """A server of that folder."""
    with SourceServer(served) as running:
        yield running
    assert not running.faults


@pytest.fixture
def live(server: SourceServer) -> Callable[..., Settings]:
    """Make settings of live sources that are asked at ``server``."""

    def make(**chosen: Any) -> Settings:
        return Settings(**{"sources": "live", "contact": "tests@example.org", "addresses": server.addresses, **chosen})

    return make


@pytest.fixture
def small_contracts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[dict[str, Any]], None]]:
    """Contracts of our own, so that the project's tables may change: ``sightings`` by month, ``towns`` whole.

    Gives a function that writes another, or one of these anew.
    """
    folder = tmp_path / "contracts"
    folder.mkdir()
    monkeypatch.setattr(contract, "FOLDER", folder)

    def write(terms: dict[str, Any]) -> None:
        path = folder / f"{terms['table']}.yml"
        path.write_text(yaml.safe_dump({"subject": "tests", "layer": "intake", "description": "A test's.", **terms}))
        contract.load.cache_clear()
        contract.load_all.cache_clear()

    number = {"type": "int64", "meaning": "How many", "nullable": True}
    write(
        {
            "table": "sightings",
            "by_month": True,
            "grain": ["bird", "month"],
            "columns": {
                "month": {"type": "string", "meaning": "YYYY-MM"},
                "bird": {"type": "string", "meaning": "Its name"},
                "count": number,
            },
        }
    )
    write(
        {
            "table": "towns",
            "grain": ["town"],
            "columns": {
                "town": {"type": "string", "meaning": "Its name"},
                "people": number,
                "density": {"type": "float64", "meaning": "People by square kilometre", "nullable": True},
            },
        }
    )
    yield write
    contract.load.cache_clear()
    contract.load_all.cache_clear()
