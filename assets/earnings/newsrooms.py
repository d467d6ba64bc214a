"""The vendors' own pages of results, from ``newsrooms.yml`` beside this file."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from assets.earnings.fiscal import last_quarter_before
from assets.earnings.vendors import Vendor
from resources.documents import Row

FILE = Path(__file__).with_name("newsrooms.yml")
SOURCE = "newsroom"

_RESULTS = "2.02"


class Newsroom(BaseModel):
    """How the addresses of a vendor's releases are made; the meaning stands at the head of ``newsrooms.yml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    address: str = Field(pattern=r"^https://.*\{quarter\}.*\{year\}")
    quarters: list[str] = Field(min_length=4, max_length=4)

    def url(self, year: int, quarter: int) -> str:
        """Address of the release on a fiscal quarter (1 to 4)."""
        return self.address.format(quarter=self.quarters[quarter - 1], year=year)


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    newsrooms: dict[str, Newsroom]


@cache
def load(file: Path = FILE) -> dict[str, Newsroom]:
    """Read the newsrooms by the vendors' slugs.

    Raises:
        ValueError: the file is not well formed.
    """
    try:
        return _File.model_validate(yaml.safe_load(file.read_text("utf-8"))).newsrooms
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name}: {error}") from error


def release_url(filing: Row, vendor: Vendor) -> str | None:
    """Address of the release that an 8-K on results stands for; ``None`` for other filings and vendors.

    A vendor announces its results in the weeks after a quarter's end, so they are those of the last quarter before.
    """
    newsroom = load().get(vendor.slug)
    if newsroom is None or filing["form"] != "8-K" or _RESULTS not in filing["items"]:
        return None
    return newsroom.url(*last_quarter_before(filing["filing_date"], vendor))
