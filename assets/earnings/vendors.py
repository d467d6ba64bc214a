"""The configured vendors, from ``vendors.yml`` beside this file."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

FILE = Path(__file__).with_name("vendors.yml")

Role = Literal["designer", "foundry", "memory", "equipment", "eda", "china_maker"]
_Name = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Vendor(BaseModel):
    """A company whose figures are read; the meaning of each field stands at the head of ``vendors.yml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    slug: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
    cik: Annotated[int, Field(gt=0, lt=10**10)] | None
    name: _Name
    # YAML has lists only, and strict validation would not turn one into a tuple.
    names_zh: Annotated[tuple[_Name, ...], Field(strict=False)]
    role: Role
    fiscal_year_end_month: Annotated[int, Field(ge=1, le=12)]
    fiscal_year_end_note: _Name

    @property
    def filer_cik(self) -> int:
        """The CIK of a vendor that files with the SEC.

        Raises:
            ValueError: it does not file.
        """
        if self.cik is None:
            raise ValueError(f"{self.slug} does not file with the SEC")
        return self.cik


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    vendors: dict[str, Vendor]

    @model_validator(mode="before")
    @classmethod
    def _key_is_slug(cls, data: Any) -> Any:
        if not isinstance(data, dict) or not isinstance(data.get("vendors"), dict):
            raise ValueError("the file must hold one mapping, vendors")
        blocks = {slug: {**block, "slug": slug} for slug, block in data["vendors"].items()}
        return {**data, "vendors": blocks}

    @model_validator(mode="after")
    def _distinct(self) -> _File:
        by_cik: dict[int, str] = {}
        for slug, vendor in self.vendors.items():
            if vendor.cik is None:
                continue
            other = by_cik.setdefault(vendor.cik, slug)
            if other != slug:
                raise ValueError(f"{other} and {slug} bear the same CIK {vendor.cik}")
        return self


def load(file: Path = FILE) -> dict[str, Vendor]:
    """Read the vendors by slug, in the order of the file.

    Raises:
        ValueError: the file is not well formed, a field is missing, unknown or out of range, or two vendors
            share a CIK.
    """
    return dict(_load(file))


@cache
def _load(file: Path) -> dict[str, Vendor]:
    try:
        return _File.model_validate(yaml.safe_load(file.read_text("utf-8"))).vendors
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name}: {error}") from error


def filers(known: Mapping[str, Vendor]) -> dict[str, Vendor]:
    """The vendors that file with the SEC, by slug."""
    return {slug: vendor for slug, vendor in known.items() if vendor.cik is not None}
