"""A deployment of its own, for tests of the whole job."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from resources.settings import ROOT


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
