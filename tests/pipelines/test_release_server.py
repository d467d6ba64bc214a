"""What the user interface serves beside Dagster, and the last lines of a night."""

from __future__ import annotations

import shlex
import subprocess
import threading
from collections.abc import Iterator
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
import requests
from deployed import Deployed

from pipelines.cli import _Releases
from resources.settings import ROOT


@pytest.fixture
def server(tmp_path: Path) -> Iterator[str]:
    """Serve a lake that a publication is at work on; return the address."""
    for name in (
        ".publishing",
        ".current-next",
        "releases/.building-000002/manifest.json",
        "releases/000001/report.html",
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("page", encoding="utf-8")
    (tmp_path / "current").symlink_to("releases/000001")
    serving = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Releases, directory=str(tmp_path)))
    thread = threading.Thread(target=serving.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{serving.server_port}"
    serving.shutdown()
    serving.server_close()
    thread.join()


def test_reports_and_folders_are_served_without_hidden_names(server: str) -> None:
    assert requests.get(f"{server}/current/report.html", timeout=10).text == "page"
    listed = requests.get(f"{server}/", timeout=10).text
    assert 'href="current/"' in listed
    assert 'href="releases/"' in listed
    for folder in ("", "releases/"):
        assert ".publishing" not in (page := requests.get(f"{server}/{folder}", timeout=10).text)
        assert ".building" not in page
        assert ".current-next" not in page


@pytest.mark.parametrize(
    "path", [".publishing", "%2epublishing", "releases/.building-000002/manifest.json", "releases/%2Ebuilding-000002/"]
)
def test_hidden_names_are_not_found(server: str, path: str) -> None:
    assert requests.get(f"{server}/{path}", timeout=10).status_code == 404


def test_the_last_lines_of_a_night_run_as_printed(night: Deployed) -> None:
    """On a machine without a duckdb shell and without pandas of its own: nothing else is on the path."""
    printed = night.run("show").stdout
    commands = [line.split(":", 1)[1].strip() for line in printed.splitlines() if " -c " in line]
    assert len(commands) == 2
    for command in commands:
        done = subprocess.run(
            shlex.split(command),
            cwd=ROOT,
            env={"PATH": "/nowhere"},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        assert done.stdout.strip()
