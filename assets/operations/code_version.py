"""Which code made a release."""

from __future__ import annotations

import subprocess
from importlib.metadata import version

from resources.settings import ROOT


def code_version() -> str:
    """The package's version and, in a git checkout, the commit, with ``+`` where files differ from it."""
    package = version("chokepoint")
    try:
        commit = subprocess.run(
            ["git", "describe", "--always", "--dirty=+", "--abbrev=12"],  # noqa: S607
            cwd=ROOT, capture_output=True, text=True, timeout=10, check=True,
        ).stdout.strip()  # fmt: skip
    except (OSError, subprocess.SubprocessError):
        return package  # installed without git: the package's version is all there is
    return f"{package} ({commit})"
