"""Everything assets work with, built from the settings in one place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from resources.archive import Archive, Document
from resources.documents import SourceError, TransientSourceError
from resources.http import Http
from resources.lake import Lake
from resources.release import Releases
from resources.settings import Settings
from resources.sources import Sources

T = TypeVar("T")


@dataclass(frozen=True)
class Deployment:
    """Settings, sources, archive, working area and releases of one deployment."""

    settings: Settings
    sources: Sources
    archive: Archive
    lake: Lake
    releases: Releases
    is_last_try: bool = False
    """Whether a step will not be tried again: a document that still cannot be fetched is then a problem of its own."""

    def take_in(self, url: str, *, source: str, problems: list[SourceError]) -> Document | None:
        """Fetch a single document and return what is held of it then, if anything.

        Where it cannot be had, that is a problem of its own, and what is held stays in use; it is no index, whose loss
        would hide others.

        Raises:
            TransientSourceError: it may be had later, and the step can still be tried again.
        """
        try:
            return self.archive.fetch(url, source=source)
        except SourceError as error:
            if isinstance(error, TransientSourceError) and not self.is_last_try:
                raise
            problems.append(error)
        return self.archive.newest(url)

    def newest_readable(self, url: str, read: Callable[[Document], T], problems: list[SourceError]) -> T | None:
        """What ``read`` makes of the newest body of ``url`` that it can read; a newer one that it cannot is a problem.

        As :meth:`resources.archive.Archive.newest_readable`.
        """
        found, unreadable = self.archive.newest_readable(url, read)
        if unreadable is not None:
            problems.append(unreadable)
        return found

    def accepts_loss(self, table: str, month: str) -> bool:
        """Whether the settings say that a source is right where it no longer gives what a table's month held."""
        accepted = {loss.strip() for loss in self.settings.accepted_losses.split(",")}
        return not accepted.isdisjoint({table, f"{table}:{month}"})

    def take_in_index(self, url: str, *, source: str) -> Document:
        """Fetch a document that lists others: without it any number of them may be missing.

        Raises:
            TransientSourceError: it may be had later.
            SourceError: (``is_index``) it cannot be had.
        """
        try:
            return self.archive.fetch(url, source=source)
        except TransientSourceError:
            raise
        except SourceError as error:
            error.is_index = True
            raise

    @classmethod
    def of(cls, settings: Settings) -> Deployment:
        """Build it; folders are created, nothing is asked of a source."""
        sources = Sources(settings)
        http = Http(settings, sources.session(), spaced=sources.folder is None)
        return cls(
            settings=settings,
            sources=sources,
            archive=Archive(settings.state_folder / "archive", sources=sources, http=http),
            lake=Lake(settings.state_folder / "work"),
            releases=Releases(settings.lake_folder, kept=settings.releases_kept),
        )
