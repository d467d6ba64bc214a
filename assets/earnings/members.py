"""How XBRL members are to be read, from the reviewed table ``members.yml`` beside this file."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FILE = Path(__file__).with_name("members.yml")

Breakdown = Literal["segment", "product", "geography"]
ReportingBasis = Literal["billing", "ship_to", "headquarters", "unstated"]

_FOOTNOTE = re.compile(r"\s*\(\d{1,2}\)|\s*\*+")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Member(_Strict):
    """What a member stands for."""

    name: str = Field(min_length=1)
    captions: list[str] = []
    parent: str | None = None
    scope: str | None = None

    @property
    def spellings(self) -> set[str]:
        """All ways the name is printed, made comparable."""
        return {comparable(text) for text in (self.name, *self.captions)}


class Qualifier(_Strict):
    """A member that says what kind of line a figure is; with a name it is a line of its own."""

    name: str | None = None


class Axes(_Strict):
    """Axes by what they break revenue down by."""

    segment: list[str]
    product: list[str]
    geography: list[str]
    qualifier: list[str]
    ignored: dict[str, str]


class _Members(_Strict):
    segment: dict[str, Member]
    product: dict[str, Member]
    geography: dict[str, Member]

    def of(self, breakdown: Breakdown) -> dict[str, Member]:
        members: dict[str, Member] = getattr(self, breakdown)
        return members


class Basis(_Strict):
    """How revenue is assigned to a place in filings from a day on."""

    from_: date = Field(alias="from")
    basis: ReportingBasis
    evidence: str = Field(min_length=1)


class _VendorMembers(_Members):
    reporting_basis: list[Basis] = []
    contradictions: dict[str, str] = {}

    @model_validator(mode="after")
    def _ordered(self) -> _VendorMembers:
        days = [line.from_ for line in self.reporting_basis]
        if days != sorted(set(days)):
            raise ValueError("the lines of reporting_basis must be in the order of their dates")
        for breakdown in ("segment", "product", "geography"):
            members = self.of(breakdown)
            names = {member.name for member in members.values()}
            for qname, member in members.items():
                if member.parent is not None and member.parent not in names:
                    raise ValueError(f"{qname} has the parent {member.parent!r}, which no member is named")
        return self


class Members(_Strict):
    """The whole reviewed table."""

    axes: Axes
    qualifiers: dict[str, Qualifier]
    common: _Members
    vendors: dict[str, _VendorMembers]

    def axis_kind(self, axis: str) -> Literal["segment", "product", "geography", "qualifier", "ignored"] | None:
        """What an axis is; ``None`` for one that nobody has reviewed."""
        if axis in self.axes.segment:
            return "segment"
        if axis in self.axes.product:
            return "product"
        if axis in self.axes.geography:
            return "geography"
        if axis in self.axes.qualifier:
            return "qualifier"
        return "ignored" if axis in self.axes.ignored else None

    def member(self, vendor: str, breakdown: Breakdown, member: str) -> Member | None:
        """What a vendor's member stands for; ``None`` for one that nobody has reviewed."""
        own = self.vendors.get(vendor)
        return (own.of(breakdown).get(member) if own else None) or self.common.of(breakdown).get(member)

    def printed(self, vendor: str, breakdown: Breakdown, caption: str) -> Member | None:
        """The member that a printed caption names; ``None`` if it names none of the vendor's."""
        own = self.vendors.get(vendor)
        wanted = comparable(caption)
        for members in (own.of(breakdown) if own else {}, self.common.of(breakdown)):
            for member in members.values():
                if wanted in member.spellings:
                    return member
        return None

    def is_reviewed_contradiction(self, vendor: str, member: str, printed: str) -> bool:
        """Whether somebody has seen that a vendor prints another canonical name beside a member."""
        own = self.vendors.get(vendor)
        return own is not None and own.contradictions.get(member) == printed

    def reporting_basis(self, vendor: str, filed: date) -> ReportingBasis:
        """How a vendor's filing of that day assigns revenue to a place: the last reviewed line before it holds."""
        own = self.vendors.get(vendor)
        basis: ReportingBasis = "unstated"
        for line in own.reporting_basis if own else []:
            if line.from_ <= filed:
                basis = line.basis
        return basis


def comparable(caption: str) -> str:
    """A caption without footnote marks, case, trailing colon and runs of spaces."""
    return " ".join(_FOOTNOTE.sub("", caption).split()).rstrip(":").strip().casefold()


@cache
def load(file: Path = FILE) -> Members:
    """Read the reviewed table.

    Raises:
        ValueError: the file is not well formed, or a parent in it does not exist.
    """
    try:
        data: Any = yaml.safe_load(file.read_text("utf-8"))
        return Members.model_validate(data)
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name}: {error}") from error
