"""The measures of ``vendor_quarters`` and the tags behind them, from ``measures.yml`` beside this file."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from functools import cache
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, model_validator

FILE = Path(__file__).with_name("measures.yml")


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Measure(_Strict):
    """One measure of the whole company; the meaning of each field stands at the head of ``measures.yml``."""

    kind: Literal["amount", "per_share"]
    signed: bool
    concepts: list[str] = Field(min_length=1)
    may_be_part: list[str] = []
    fallback: list[str] = []

    @property
    def all_concepts(self) -> list[str]:
        """Every tag under which the measure is looked for."""
        return [*self.concepts, *self.may_be_part, *self.fallback]


class Split(_Strict):
    """A stock split: filings from a day on count in the new shares."""

    from_: date = Field(alias="from")
    ratio: str = Field(pattern=r"^\d+:\d+$")
    evidence: str = Field(min_length=1)


class Measures(_Strict):
    """The whole reviewed table."""

    measures: dict[str, Measure]
    splits: dict[str, list[Split]]

    @model_validator(mode="after")
    def _consistent(self) -> Measures:
        concepts = [concept for measure in self.measures.values() for concept in measure.all_concepts]
        if twice := sorted({concept for concept in concepts if concepts.count(concept) > 1}):
            raise ValueError(f"concepts of two measures: {twice}")
        for vendor, splits in self.splits.items():
            days = [split.from_ for split in splits]
            if days != sorted(set(days)):
                raise ValueError(f"the splits of {vendor} must be in the order of their dates")
        return self

    def by_concept(self) -> Iterator[tuple[str, str]]:
        """Every concept with the measure it belongs to."""
        return ((concept, name) for name, measure in self.measures.items() for concept in measure.all_concepts)

    def shares_of(self, vendor: str, filed: date) -> str | None:
        """In which shares a vendor's filing of that day counts; ``None`` where no split of the vendor is known."""
        days = [split.from_ for split in self.splits.get(vendor, [])]
        if not days:
            return None
        before = [day for day in days if day <= filed]
        return f"shares since {before[-1]}" if before else f"shares before {days[0]}"


@cache
def load(file: Path = FILE) -> Measures:
    """Read the reviewed table.

    Raises:
        ValueError: the file is not well formed, or a concept stands under two measures.
    """
    try:
        return Measures.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name}: {error}") from error


def revenue_concepts() -> list[str]:
    """All tags under which revenue is looked for, with dimensions or without."""
    return load().measures["revenue"].all_concepts
