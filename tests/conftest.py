"""Fixtures shared by all tests."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from deployed import Deployed

ROOT = Path(__file__).resolve().parent.parent
REAL_DOCUMENTS = ROOT.parent / "shared" / "data"


@pytest.fixture(scope="session")
def real_documents() -> Path:
    """Folder of documents as the sources published them; not part of the project, absent in a user's clone."""
    if not REAL_DOCUMENTS.is_dir():
        if os.environ.get("CI"):
            pytest.fail(f"real documents must be at {REAL_DOCUMENTS} in CI: these tests are not to be skipped there")
        pytest.skip(f"no real documents at {REAL_DOCUMENTS} (they are not part of the project)")
    return REAL_DOCUMENTS


@pytest.fixture(scope="session")
def samples() -> Path:
    """Folder of the embedded default: small stand-ins for the sources, written by us."""
    return ROOT / "samples"


@pytest.fixture(scope="session")
def deploy() -> Callable[..., Deployed]:
    """Make a deployment in a folder of its own: ``deploy(tmp_path, sources="live")``."""
    return lambda folder, sources="samples": Deployed(folder / "lake", folder / "state", sources)


@pytest.fixture(scope="session")
def background() -> Iterator[ThreadPoolExecutor]:
    """Where whole nights run beside the tests, two at a time, because each takes a minute of one core."""
    pool = ThreadPoolExecutor(2)
    yield pool
    pool.shutdown(cancel_futures=True)


@pytest.fixture(scope="session")
def live_nights(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    background: ThreadPoolExecutor,
    deploy: Callable[..., Deployed],
    samples: Path,
) -> Future[Any] | None:
    """The story of the nights on live sources, if a selected test asks for it."""
    told = (item for item in request.session.items if "story" in getattr(item, "fixturenames", ()))
    tell = next((item.module.tell for item in told if isinstance(item, pytest.Function)), None)
    return background.submit(tell, tmp_path_factory.mktemp("live"), deploy, samples) if tell else None


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """One nightly on the samples, for tests that only read what it made."""
    folder = tmp_path_factory.mktemp("night")
    deployed = Deployed(lake=folder / "lake", state=folder / "state")
    done = deployed.run("nightly")
    assert done.returncode == 0, done.stderr[-4000:]
    return deployed
