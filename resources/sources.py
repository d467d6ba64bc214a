"""Where documents come from: the live sources, or a folder that answers their addresses."""

from __future__ import annotations

from datetime import UTC, datetime, time
from functools import cached_property

import requests

from resources.folder import Folder, FolderAdapter
from resources.settings import Settings


class Sources:
    """The sources of this deployment.

    The clock is theirs too: a folder of documents does not age, so its nights do not depend on the day they are run.
    """

    def __init__(self, settings: Settings) -> None:
        self._first_month = settings.first_month
        path = settings.sources_folder
        self.folder = Folder(path) if path is not None else None

    def session(self) -> requests.Session:
        """A session for :class:`resources.http.Http` whose requests the sources answer."""
        session = requests.Session()
        if self.folder is not None:
            session.mount("https://", FolderAdapter(self.folder))
            session.mount("http://", FolderAdapter(self.folder))
        return session

    def now(self) -> datetime:
        """UTC: the present for live sources; for a folder the end of the last day it holds."""
        if self.folder is None:
            return datetime.now(UTC).replace(microsecond=0)
        last = max(self._days_held, default=None)
        if last is None:
            raise ValueError(f"{self.folder.path} holds no dated document of any source")
        return datetime.combine(last, time(23, 59, 59), UTC)

    def answers(self, url: str) -> bool:
        """Whether ``url`` can be asked for: anything of live sources, of a folder what it holds."""
        return self.folder is None or self.folder.answers(url)

    def may_hold_below(self, url: str) -> bool:
        """Whether there may be documents below ``url``: anywhere in live sources, in a folder where it holds one."""
        return self.folder is None or self.folder.holds_below(url)

    def months_held(self) -> tuple[str, str]:
        """The first and the last month of intake (YYYY-MM); the last is the open month."""
        open_month = f"{self.now():%Y-%m}"  # before the oldest: it says which folder holds nothing
        return max(self._first_month, self.oldest_month()), open_month

    def oldest_month(self) -> str:
        """The month of the oldest document of a folder, which may lie before intake begins; live sources have all."""
        return self._first_month if self.folder is None else f"{min(self._days_held):%Y-%m}"

    @cached_property
    def _days_held(self) -> list[datetime]:
        assert self.folder is not None  # noqa: S101 - only asked of a folder
        # A day after the present is a misprint: it must not move the clock of all other documents.
        present = datetime.now(UTC)
        days = (datetime.combine(day, time(), UTC) for held in self.folder.days.values() for day in held)
        return [day for day in days if day <= present]
