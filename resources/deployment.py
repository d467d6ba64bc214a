"""Everything assets work with, built from the settings in one place."""

from __future__ import annotations

from dataclasses import dataclass

from resources.archive import Archive
from resources.http import Http
from resources.lake import Lake
from resources.release import Releases
from resources.settings import Settings
from resources.sources import Sources


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
