"""Names and reviewed figures of chips, from ``chips.yml`` beside this file."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from functools import cache, cached_property
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from assets.controls.performance import BIT_LENGTHS

FILE = Path(__file__).with_name("chips.yml")

QUANTITIES = (
    *BIT_LENGTHS,
    "die_area_mm2",
    "process_nm",
    "interconnect_gb_per_s",
    "memory_bandwidth_gb_per_s",
)
"""What a chip has a figure of; the first are rates in TOPS or TFLOPS, dense, of one integrated circuit."""


def _decimal(value: Any) -> Any:
    """As written in the file: YAML makes floats, whose shortest form is the text."""
    return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else value


Figure = Annotated[Decimal, BeforeValidator(_decimal), Field(gt=0)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Source(_Strict):
    """A document that states figures."""

    title: str = Field(min_length=1)
    url: str = Field(pattern=r"^https?://")
    compared: bool = False

    @property
    def cited(self) -> str:
        """Title and address, and a word where the figures still have to be compared with the document."""
        return f"{self.title} <{self.url}>" + ("" if self.compared else " (to be compared)")


class Values(_Strict):
    """Figures of one chip from one source."""

    source: str
    memory_kind: str | None = None
    fp64: Figure | None = None
    fp32: Figure | None = None
    tf32: Figure | None = None
    fp16: Figure | None = None
    int16: Figure | None = None
    fp8: Figure | None = None
    int8: Figure | None = None
    fp6: Figure | None = None
    fp4: Figure | None = None
    int4: Figure | None = None
    die_area_mm2: Figure | None = None
    die_area_at_most_mm2: Figure | None = None
    process_nm: Figure | None = None
    interconnect_gb_per_s: Figure | None = None
    memory_bandwidth_gb_per_s: Figure | None = None


class Marketing(_Strict):
    """Whether a chip is designed or marketed for data centers, and who says so."""

    value: bool
    source: str


class Brand(_Strict):
    """What the brand in a chip's name says about its market."""

    pattern: str
    datacenter: bool
    source: str


class Chip(_Strict):
    """One chip as reviewed; see the head of ``chips.yml``."""

    chip: str = Field(min_length=1)
    product: str | None = None
    vendor: str = Field(min_length=1)
    release_date: date | None = None
    epoch: list[str] = []
    aliases: list[str] = []
    values: list[Values] = []
    settles: dict[str, str] = {}
    doubts: dict[str, str] = {}
    datacenter: Marketing | None = None
    ics_on_board: int = Field(default=1, ge=1)
    note: str | None = None

    @model_validator(mode="after")
    def _known_quantities(self) -> Chip:
        if unknown := (set(self.settles) | set(self.doubts)) - set(QUANTITIES):
            raise ValueError(f"{self.chip}: no quantity {sorted(unknown)}")
        return self


class Chips(_Strict):
    """The file."""

    sources: dict[str, Source]
    brands: list[Brand]
    chips: list[Chip]

    @model_validator(mode="after")
    def _consistent(self) -> Chips:
        cited = {brand.source for brand in self.brands}
        for chip in self.chips:
            cited |= {values.source for values in chip.values}
            cited |= {chip.datacenter.source} if chip.datacenter else set()
        if unknown := cited - set(self.sources):
            raise ValueError(f"no source {sorted(unknown)}")
        owners: dict[str, str] = {}
        for chip in self.chips:
            for name in (chip.chip, *chip.epoch, *chip.aliases):
                if owners.setdefault(comparable(name), chip.chip) != chip.chip:
                    raise ValueError(f"{name!r} names {owners[comparable(name)]} and {chip.chip}")
        return self

    @cached_property
    def _by_name(self) -> dict[str, Chip]:
        return {comparable(name): chip for chip in self.chips for name in (chip.chip, *chip.epoch, *chip.aliases)}

    def named(self, name: str) -> Chip | None:
        """The chip that bears a name, however spaced or cased, with the vendor or without; ``None`` if none does."""
        return self._by_name.get(comparable(name))

    def brand(self, name: str) -> Brand | None:
        """The first brand whose pattern is in a chip's name."""
        return next((brand for brand in self.brands if re.search(brand.pattern, name, re.IGNORECASE)), None)


_VENDORS = re.compile(r"^(?:nvidia|amd|intel|huawei|cambricon|moore threads|hygon|biren|metax)\s+|\bgeforce\s+")


def comparable(name: str) -> str:
    """A chip's name without vendor, case, spaces and hyphens; PCIe is also printed ``PCle``, with an L."""
    small = re.sub(r"\bpcle\b", "pcie", " ".join(name.lower().replace("™", "").split()))
    return re.sub(r"[\s\-_]+", "", _VENDORS.sub("", small))


@cache
def load(file: Path = FILE) -> Chips:
    """Read the file.

    Raises:
        ValueError: the file is not well formed.
    """
    try:
        return Chips.model_validate(yaml.safe_load(file.read_text("utf-8")))
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name}: {error}") from error
