"""The configured feeds, read from a list such as ``feeds.yml`` beside this module."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import BaseModel, ConfigDict, field_validator, model_validator

FEEDS = Path(__file__).with_name("feeds.yml")
"""The live feeds."""


class FeedsError(Exception):
    """The list of feeds is not well formed; the message names the file and the feed."""


class Feed(BaseModel):
    """A feed: where it is, who publishes it, in which language, and how to read its undated zones.

    ``time_zone`` (IANA) holds for dates that name none.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    name: str
    url: str
    publisher: str
    language: Literal["en", "zh-Hans", "zh-Hant"]
    region: str
    time_zone: str = "UTC"

    @field_validator("name")
    @classmethod
    def _slug(cls, value: str) -> str:
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", value):
            raise ValueError(f"{value!r} is not a slug (a-z, 0-9, -)")
        return value

    @field_validator("url")
    @classmethod
    def _address(cls, value: str) -> str:
        if not re.fullmatch(r"https?://[^\s/]+/\S*", value):
            raise ValueError(f"{value!r} is not an http(s) address")
        return value

    @field_validator("region")
    @classmethod
    def _country(cls, value: str) -> str:
        if not re.fullmatch(r"[A-Z]{2}", value):
            raise ValueError(f"{value!r} is not an ISO 3166-1 alpha-2 code")
        return value

    @field_validator("time_zone")
    @classmethod
    def _zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError) as error:  # KeyError: ZoneInfoNotFoundError
            raise ValueError(f"{value!r} is not an IANA time zone") from error
        return value


class _FeedList(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    feeds: tuple[Feed, ...]

    @model_validator(mode="after")
    def _unique(self) -> _FeedList:
        if not self.feeds:
            raise ValueError("lists no feed")
        for of in ("name", "url"):
            seen: set[str] = set()
            for feed in self.feeds:
                value = getattr(feed, of)
                if value in seen:
                    raise ValueError(f"{of} {value} stands twice")
                seen.add(value)
        return self


def load(path: Path = FEEDS) -> tuple[Feed, ...]:
    """Read a list of feeds, in the file's order.

    Raises:
        FeedsError: the file is missing, is not YAML, or describes a feed that is not well formed.
    """
    try:
        return _FeedList.model_validate(yaml.safe_load(path.read_text("utf-8"))).feeds
    except (OSError, ValueError, yaml.YAMLError) as error:
        raise FeedsError(f"{path}: {error}") from error
