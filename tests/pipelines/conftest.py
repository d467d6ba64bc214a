"""Deployments for tests of the pipeline, and whole nights that run in the background while other tests go on."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import dagster as dg
import orjson
import pytest
import whole_nights

from resources import settings as settings_module
from resources.deployment import Deployment
from resources.settings import Settings

Listed = Callable[..., Deployment]


@pytest.fixture(scope="session")
def defs(tmp_path_factory: pytest.TempPathFactory) -> dg.Definitions:
    """What Dagster loads, in this process; loading makes folders, which are not the project's own."""
    folder = tmp_path_factory.mktemp("definitions")
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("CHOKEPOINT_")]:
            patch.delenv(name)
        patch.setenv("CHOKEPOINT_LAKE", str(folder / "lake"))
        patch.setenv("CHOKEPOINT_STATE", str(folder / "state"))
        settings_module.settings.cache_clear()
        from pipelines.definitions import defs as loaded
    settings_module.settings.cache_clear()
    return loaded


@pytest.fixture
def listed(tmp_path: Path) -> Listed:
    """Make a deployment on a folder that lists documents of the Federal Register of the days given."""

    def make(*days: str, **chosen: Any) -> Deployment:
        index = tmp_path / "mirror" / "www.federalregister.gov" / "documents.index.json"
        index.parent.mkdir(parents=True, exist_ok=True)
        documents = [{"document_number": f"2024-{n}", "publication_date": day} for n, day in enumerate(days)]
        index.write_bytes(orjson.dumps(documents))
        return Deployment.of(
            Settings(
                sources=f"mirror:{tmp_path / 'mirror'}",
                lake=tmp_path / "lake",
                state=tmp_path / "state",
                **{"retry_wait_s": 0.0, **chosen},
            )
        )

    return make


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put first what measures time, then a test of this folder, with which the nights begin; last what waits for them.

    The tests of the UI come before the last: they mostly wait for Dagster's daemons, while nights are at work.
    """
    nights = {*whole_nights.CHAINS, "story"}
    last = [item for item in items if not nights.isdisjoint(getattr(item, "fixturenames", ()))]
    ours = [item for item in items if Path(__file__).parent in item.path.parents and item not in last]
    begins = [item for item in ours if {"night", "defs"}.isdisjoint(getattr(item, "fixturenames", ()))][:1]
    quiet = [item for item in items if item.get_closest_marker("quiet")]
    first = [*quiet, *(item for item in begins if item not in quiet)]
    items[:] = [*first, *(item for item in items if item not in first and item not in last), *last]


@pytest.fixture(scope="session", autouse=True)
def chains(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    background: ThreadPoolExecutor,
    live_nights: Future[Any] | None,
) -> Mapping[str, Future[Any]]:
    """Chains of whole nights, begun at once, the live ones among them.

    Only those run that a selected test asks for, by the fixture of the chain's name.
    """
    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    return {
        name: background.submit(chain, tmp_path_factory.mktemp(name))
        for name, chain in whole_nights.CHAINS.items()
        if name in wanted
    }


@pytest.fixture(scope="session")
def killed(chains: Mapping[str, Future[Any]]) -> whole_nights.Killed:
    """Nights that were killed, and the one after them."""
    done: whole_nights.Killed = chains["killed"].result()
    return done


@pytest.fixture(scope="session")
def faulty(chains: Mapping[str, Future[Any]]) -> whole_nights.Faulty:
    """Nights on documents that are broken in many ways."""
    done: whole_nights.Faulty = chains["faulty"].result()
    return done


@pytest.fixture(scope="session")
def mirrored(real_documents: Path, chains: Mapping[str, Future[Any]]) -> whole_nights.Night:
    """A night on documents as the sources published them."""
    done: whole_nights.Night = chains["mirrored"].result()
    return done
