"""Fixtures shared by all tests."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

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


@dataclass(frozen=True)
class Deployed:
    """A deployment of its own, driven by the command line as a user would."""

    lake: Path
    state: Path
    sources: str = "samples"

    @property
    def environment(self) -> dict[str, str]:
        """The environment of its commands: the machine's, with this deployment's settings and no others."""
        inherited = {
            name: value for name, value in os.environ.items() if not name.startswith(("CHOKEPOINT_", "DAGSTER"))
        }
        return inherited | {
            "CHOKEPOINT_LAKE": str(self.lake),
            "CHOKEPOINT_STATE": str(self.state),
            "CHOKEPOINT_SOURCES": self.sources,
        }

    @property
    def current(self) -> Path:
        """The pointer that analysts follow."""
        return self.lake / "current"

    def run(self, *command: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run ``chokepoint COMMAND…``; settings by their lower-case names."""
        chosen = {f"CHOKEPOINT_{name.upper()}": value for name, value in settings.items()}
        return subprocess.run(
            [str(Path(sys.executable).with_name("chokepoint")), *command],
            env=self.environment | chosen,
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=600,
            check=False,
        )


@pytest.fixture(scope="session")
def night(tmp_path_factory: pytest.TempPathFactory) -> Deployed:
    """One nightly on the samples, for tests that only read what it made."""
    folder = tmp_path_factory.mktemp("night")
    deployed = Deployed(lake=folder / "lake", state=folder / "state")
    done = deployed.run("nightly")
    assert done.returncode == 0, done.stderr[-4000:]
    return deployed
