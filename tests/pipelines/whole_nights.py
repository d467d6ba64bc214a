"""Chains of whole nights, each on a deployment of its own; tests look at what they left.

A night takes about a minute of one core, so nights are shared: a chain leads one deployment through several of them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson
import pyarrow.parquet as pq
from deployed import Deployed

from expectations import contract
from resources.documents import Row
from resources.lake import Lake
from resources.release import Releases
from resources.settings import ROOT

REGISTER = "www.federalregister.gov"
FULL_TEXTS = f"{REGISTER}/documents/full_text/xml"
_POLL_S = 0.002
_LONGEST_S = 300


@dataclass(frozen=True)
class Night:
    """One command on a deployment: what it said, and what was published and quarantined then."""

    deployed: Deployed
    status: int
    stdout: str
    stderr: str
    release: str | None
    """Name of the release that was current afterwards."""
    broken: list[str]
    """Files of that release that are not as its manifest says, or are not in it."""
    problems: list[Row]
    """What the working area held as unreadable afterwards."""

    @property
    def folder(self) -> Path:
        """Folder of the release."""
        assert self.release is not None, self.stderr[-2000:]
        return self.deployed.lake / "releases" / self.release

    @property
    def manifest(self) -> dict[str, Any]:
        manifest: dict[str, Any] = orjson.loads((self.folder / "manifest.json").read_bytes())
        return manifest

    def rows(self, table: str) -> list[Row]:
        """Rows of a table of the release."""
        rows: list[Row] = pq.read_table(self.folder / f"{table}.parquet", partitioning=None).to_pylist()
        return rows

    @property
    def quarantined(self) -> set[tuple[str, str, str]]:
        """Table, document and place of each row of quarantine in the release."""
        return {(row["table"], row["document"], row["place"]) for row in self.rows("quarantine")}

    @property
    def sha256(self) -> dict[str, str]:
        """Digest of each table's file by table."""
        return {entry["table"]: entry["sha256"] for entry in self.manifest["tables"]}


def night(deployed: Deployed, *command: str) -> Night:
    """Run a command, the nightly by default, and look at the deployment then."""
    done = deployed.run(*(command or ("nightly",)))
    return _seen(deployed, done.returncode, done.stdout, done.stderr)


def broken_files(release: Path) -> list[str]:
    """Files of a release that are not as its manifest says, that it lacks, or that the manifest does not name."""
    manifest = orjson.loads((release / "manifest.json").read_bytes())
    promised = {entry["file"]: entry["sha256"] for entry in manifest["tables"]} | manifest["files"]
    found = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest()
        for path in release.iterdir()
        if path.name != "manifest.json"
    }
    return sorted(name for name in promised.keys() | found.keys() if promised.get(name) != found.get(name))


def state_of(deployed: Deployed) -> Path:
    """Folder of the deployment's state of its kind of sources."""
    (folder,) = deployed.state.iterdir()
    return folder


def _seen(deployed: Deployed, status: int, stdout: str, stderr: str) -> Night:
    current = deployed.current
    return Night(
        deployed,
        status,
        stdout,
        stderr,
        release=current.resolve().name if current.exists() else None,
        broken=broken_files(current) if current.exists() else [],
        problems=Lake(state_of(deployed) / "work").problems(),
    )


# ---- documents of the sources as published ----


def mirrored(folder: Path) -> Night:
    """A night on a mirror of real documents."""
    return night(Deployed(folder / "lake", folder / "state", "mirror:../shared/data/mirror"))


# ---- killed nights ----


@dataclass(frozen=True)
class Killed:
    """A release made before, nights killed at several moments, the night after them, and a quiet one after that."""

    before: str
    killed: dict[str, Night]
    after: Night
    quiet: Night
    work_before_quiet: dict[str, str]
    work_after_quiet: dict[str, str]
    backfilled: Night


class Elsewhere(Deployed):
    """A deployment in another place in the world, where the same documents must make the same bytes."""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"TZ": "Pacific/Auckland", "LC_ALL": "C", "PYTHONHASHSEED": "4711"}


MOMENTS: Mapping[str, Callable[[Path, str], bool]] = {
    "intake, holding the pool of a source": lambda _, said: "fr_documents 2022-10" in said,
    "intake, between the tables of a month": lambda _, said: "facts 2024-01" in said,
    "release, half of its files written": lambda lake, _: len(list(lake.glob("releases/.building-*/*.parquet"))) > 4,
}
"""When nights are killed, in the lake and by what they have said."""


def killed(folder: Path) -> Killed:
    """Kill nights from nothing until one may end, over a release that an earlier night might have made."""
    deployed = Elsewhere(folder / "lake", folder / "state")
    released = _an_older_release(deployed)
    deaths = {
        name: _kill(deployed, folder / f"{number}.log", is_time)
        for number, (name, is_time) in enumerate(MOMENTS.items())
    }
    after = night(deployed)
    work = digests(state_of(deployed) / "work")
    quiet = night(deployed)
    return Killed(
        released,
        deaths,
        after,
        quiet,
        work_before_quiet=work,
        work_after_quiet=digests(state_of(deployed) / "work"),
        backfilled=night(deployed, "backfill", "2023-01", "2023-03"),
    )


def digests(folder: Path) -> dict[str, str]:
    """sha256 of every file in a folder and below, by its path there."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _an_older_release(deployed: Deployed) -> str:
    terms = contract.load("release_diff")
    row = {"table": "fr_documents", "change": "added", "key": "2022-1 | 2022-01-01", "changed_columns": []}
    release, _ = Releases(deployed.lake, kept=30).publish(
        {"release_diff": terms.table_of([row])},
        files={"report.html": b"<!doctype html>"},
        sources="samples",
        code_version="0",
        published_at="2022-01-01T00:00:00+00:00",
    )
    return release.id


def _kill(deployed: Deployed, log: Path, is_time: Callable[[Path, str], bool]) -> Night:
    """Begin a night in a process group of its own and end all of it at once, as a power cut would, when it is time."""
    with log.open("wb") as stderr:
        process = subprocess.Popen(
            [str(Path(sys.executable).with_name("chokepoint")), "nightly"],
            env=deployed.environment,
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            stderr=stderr,
            start_new_session=True,
        )
        deadline = time.monotonic() + _LONGEST_S
        try:
            while not is_time(deployed.lake, log.read_text("utf-8", "replace")):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise AssertionError(f"the moment never came: {log.read_text('utf-8', 'replace')[-2000:]}")
                time.sleep(_POLL_S)
        finally:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            status = process.wait()
    return _seen(deployed, status, "", log.read_text("utf-8", "replace"))


# ---- broken documents ----


@dataclass(frozen=True)
class Faulty:
    """Nights on a copy of the samples: single documents broken, then a list of documents, then a check violated."""

    documents: Night
    index: Night
    facts_after_broken_index: list[Row]
    """The working area's facts after the night on a broken list."""
    violated: Night
    secret: str
    """Content of a file beside the documents that one of them refers to."""


TRUNCATED = "2022-27151"
PAGE = "2023-23048"
BOMB = "2023-03929"
REFERRING = "2024-28267"
ABSENT = "2025-02655"
FEED = "https://feeds.example.org/en/chip-market.atom"
COMPANYFACTS = "https://data.sec.gov/api/xbrl/companyfacts/CIK0000002488.json"
_ERROR_PAGE = b"<!DOCTYPE html>\n<html><head><title>Service unavailable</title></head><body>Try later</body></html>\n"


def faulty(folder: Path) -> Faulty:
    """Break documents one after the other."""
    mirror = folder / "mirror"
    shutil.copytree(ROOT / "samples", mirror)
    secret = folder / "secret.txt"
    secret.write_text("a-word-that-stands-nowhere-else", encoding="utf-8")
    _break_documents(mirror, secret)
    _without_later_official_text(mirror)
    deployed = Deployed(folder / "lake", folder / "state", f"mirror:{mirror}")
    documents = night(deployed)

    with _changed(mirror / COMPANYFACTS.removeprefix("https://")) as (path, body):
        path.write_bytes(body[: len(body) // 2])
        index = night(deployed)

    facts = Lake(state_of(deployed) / "work").rows("facts")

    _thousandfold(mirror)
    violated = night(deployed)
    return Faulty(documents, index, facts, violated, secret.read_text("utf-8"))


def full_text(mirror: Path, number: str) -> Path:
    """File of a document's full text."""
    (path,) = (mirror / FULL_TEXTS).rglob(f"{number}.xml")
    return path


def _break_documents(mirror: Path, secret: Path) -> None:
    truncated = full_text(mirror, TRUNCATED)
    truncated.write_bytes(truncated.read_bytes()[:3000])
    full_text(mirror, PAGE).write_bytes(_ERROR_PAGE)
    bomb = b'<!ENTITY a0 "ha">' + b"".join(b'<!ENTITY a%d "&a%d;&a%d;">' % (n, n - 1, n - 1) for n in range(1, 40))
    _declare(full_text(mirror, BOMB), bomb, b"&a39;")
    _declare(full_text(mirror, REFERRING), b'<!ENTITY x SYSTEM "file://%s">' % str(secret).encode(), b"&x;")
    full_text(mirror, ABSENT).unlink()
    (mirror / FEED.removeprefix("https://")).write_bytes(_ERROR_PAGE)
    listing = mirror / REGISTER / "documents.index.json"
    misnumbered = {
        "document_number": "FR Doc. 26-1",
        "publication_date": "2026-02-20",
        "title": "A rule",
        "type": "Rule",
    }
    undated = {"document_number": "2026-01234", "publication_date": None, "title": "A document without a date"}
    listing.write_bytes(orjson.dumps([*orjson.loads(listing.read_bytes()), misnumbered, undated]))


def _without_later_official_text(mirror: Path) -> None:
    """Leave out the official lists that tell of the broken rules' entries: without those nothing would be published."""
    later = "/full/2026-02-25/"
    index = mirror / "index.csv"
    lines = index.read_text("utf-8").splitlines(keepends=True)
    index.write_text("".join(line for line in lines if later not in line), encoding="utf-8")
    (text,) = (path for path in mirror.rglob("title-15.xml*") if later in path.as_posix())
    text.unlink()


def _thousandfold(mirror: Path) -> None:
    """State NVIDIA's revenue of fiscal 2026 in a wrong scale, in its report and in its companyfacts alike."""
    report = mirror / "www.sec.gov/Archives/edgar/data/1045810/000104581026000021/nvda-20260125.htm"
    stated, wrong = b'scale="6" id="f-5">215,938<', b'scale="9" id="f-5">215,938<'
    facts = mirror / "data.sec.gov/api/xbrl/companyfacts/CIK0001045810.json"
    for path, before, after in ((report, stated, wrong), (facts, b'"val": 215938000000,', b'"val": 215938000000000,')):
        body = path.read_bytes()
        assert body.count(before) == 1, path
        path.write_bytes(body.replace(before, after))


def _declare(path: Path, declarations: bytes, reference: bytes) -> None:
    """Put a document type with declarations before the root element, and a reference into the document's subject."""
    body = path.read_bytes()
    start = body.index(b"<RULE>")
    doctype = b"<!DOCTYPE RULE [" + declarations + b"]>\n"
    path.write_bytes(body[:start] + doctype + body[start:].replace(b"<SUBJECT>", b"<SUBJECT>" + reference, 1))


class _changed:  # noqa: N801 - reads as what it does
    """A file that gets its bytes back."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._body = path.read_bytes()

    def __enter__(self) -> tuple[Path, bytes]:
        return self._path, self._body

    def __exit__(self, *_: object) -> None:
        self._path.write_bytes(self._body)


CHAINS: Mapping[str, Callable[[Path], Any]] = {"killed": killed, "faulty": faulty, "mirrored": mirrored}
"""What the fixtures of these names wait for; the longest first."""
