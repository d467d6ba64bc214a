"""Every setting of Chokepoint, from environment variables (``CHOKEPOINT_…``) or a file ``.env``."""

from __future__ import annotations

import hashlib
import re
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from pydantic import Field, PositiveFloat, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent
"""The project's folder; relative paths in settings start here."""

SourcesKind = Literal["samples", "mirror", "live"]


class Settings(BaseSettings):
    """What a deployment may choose. Addresses are settings so that a test server can speak for a source."""

    model_config = SettingsConfigDict(env_prefix="CHOKEPOINT_", env_file=ROOT / ".env", extra="ignore", frozen=True)

    sources: str = "samples"
    """``samples`` (the embedded default), ``live``, or ``mirror:PATH`` (a folder in the layout of samples/)."""

    contact: str = ""
    """An e-mail address for the User-Agent. The SEC requires it: without one, ``live`` does not start."""

    lake: Path = Path("lake")
    """What analysts see: ``releases/`` and the pointer ``current``."""

    state: Path = Path("state")
    """What engineers need: archive, working area, Dagster's own storage; one folder per kind of sources."""

    first_month: str = "2017-01"
    """The first month of intake. The eCFR holds official lists since 2017: from there the tables can be reconciled."""

    addresses: dict[str, str] = {}
    """Other bases for the sources' own: ``{"https://www.sec.gov": "https://mirror.example.org/sec"}``. Tables and
    ledger keep the sources' own addresses."""

    federal_register_agency: str = "industry-and-security-bureau"

    vendors: Path = Path("assets/earnings/vendors.yml")
    feeds: Path | None = None
    """The list of feeds; by default the sources' own ``feeds.yml`` if the folder has one, otherwise the live list."""

    executor: Literal["in_process", "multiprocess"] = "in_process"
    """How the steps of a run execute. In-process is the default by measurement (docs/operations.md)."""

    schedule_on: bool = True
    """Whether the nightly schedule (02:30 America/New_York) is on when a deployment first loads it."""

    releases_kept: int = Field(default=30, ge=1)
    """How many releases stay on disk; older ones are removed after a new one was published."""

    accepted_losses: str = ""
    """Losses of rows that were looked at and are right, separated by commas: ``table:YYYY-MM``, or ``table`` for all
    its months."""

    retry_wait_s: float = Field(default=30.0, ge=0)
    """The first wait before a step that met a transient failure is tried again; it doubles each time."""

    failure_webhook: str = ""
    """An address that is sent one line of JSON for every failed step; none by default."""

    http_attempts: int = Field(default=4, ge=1)
    http_timeout_s: float = Field(default=60.0, gt=0)
    http_longest_wait_s: float = Field(default=60.0, ge=0)
    """The longest wait between two attempts; a longer Retry-After ends the attempts and leaves the rest to the run."""
    http_largest_body: int = Field(default=256 * 1024 * 1024, gt=0)
    """Bytes; a larger body is refused."""
    http_requests_per_s: dict[str, PositiveFloat] = {
        "www.federalregister.gov": 2.0,
        "data.sec.gov": 5.0,
        "www.sec.gov": 5.0,
        "www.ecfr.gov": 1.0,
        "data.trade.gov": 1.0,
    }
    """At most so many requests a second per host; hosts not named here get one."""

    ui_port: int = 3000
    report_port: int = 3001

    @field_validator("first_month")
    @classmethod
    def _month(cls, value: str) -> str:
        if not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", value):
            raise ValueError(f"a month is written YYYY-MM, not {value!r}")
        return value

    @field_validator("sources")
    @classmethod
    def _sources(cls, value: str) -> str:
        if value not in ("samples", "live") and not re.fullmatch(r"mirror:.+", value):
            raise ValueError(f"CHOKEPOINT_SOURCES is samples, live or mirror:PATH, not {value!r}")
        return value

    @model_validator(mode="after")
    def _reachable(self) -> Settings:
        if self.sources == "live" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", self.contact):
            raise ValueError(
                "live sources need CHOKEPOINT_CONTACT=you@example.org: the SEC refuses requests whose "
                "User-Agent names nobody to write to"
            )
        if (folder := self.sources_folder) is not None and not folder.is_dir():
            raise ValueError(f"CHOKEPOINT_SOURCES={self.sources}: there is no folder {folder}")
        return self

    @property
    def sources_folder(self) -> Path | None:
        """The folder that answers for the sources, or ``None`` where they are live."""
        if self.sources == "live":
            return None
        return ROOT / ("samples" if self.sources == "samples" else self.sources.removeprefix("mirror:"))

    @property
    def sources_kind(self) -> SourcesKind:
        """What answers for the sources."""
        return "mirror" if self.sources.startswith("mirror:") else "samples" if self.sources == "samples" else "live"

    @property
    def sources_key(self) -> str:
        """A name for the kind of sources: what was read from one kind is never mixed with what came from another."""
        if not self.sources.startswith("mirror:"):
            return self.sources
        folder = (self.sources_folder or ROOT).resolve()
        return f"mirror-{hashlib.sha256(str(folder).encode()).hexdigest()[:8]}"

    @property
    def lake_folder(self) -> Path:
        """Absolute folder of the releases."""
        return (ROOT / self.lake).absolute()

    @property
    def state_folder(self) -> Path:
        """Absolute folder of this kind of sources' archive, working area and Dagster storage."""
        return (ROOT / self.state / self.sources_key).absolute()

    def address_of(self, url: str) -> str:
        """Where a source's own address is asked for, by the setting ``addresses``."""
        for base, other in self.addresses.items():
            if url.startswith(base):
                return other + url.removeprefix(base)
        return url

    @property
    def user_agent(self) -> str:
        """What every request calls itself."""
        return f"Chokepoint/0.1 ({self.contact or 'no contact configured'})"

    def requests_per_s(self, url: str) -> float:
        """How many requests a second the host of ``url`` may be sent."""
        return self.http_requests_per_s.get(urlsplit(url).hostname or "", 1.0)


@cache
def settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()
