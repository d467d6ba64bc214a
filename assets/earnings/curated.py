"""Figures of makers that do not file with the SEC, from ``curated_figures.yml``, as rows of ``curated_figures``.

The file keeps amounts and periods as printed; here they are read, held against one another and made US dollars.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Annotated, Final, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assets.earnings import vendors
from assets.earnings.chinese_figures import Amount, Quarters, parse_amount, parse_period
from assets.earnings.currencies import Rates, usd_of
from resources.documents import Parsed, Row, SourceError

FILE: Final = Path(__file__).with_name("curated_figures.yml")
SOURCE: Final = "curated"

_Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True)]


class Figure(BaseModel):
    """One figure; the meaning of each field stands at the head of ``curated_figures.yml``."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    vendor: _Text
    measure: Literal["revenue"]
    standard: Literal["IFRS", "CAS"]
    period: _Text
    printed: _Text
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
    comparative: bool = False
    published: date
    source: Annotated[str, StringConstraints(pattern=r"^https?://\S+$")]
    note: _Text | None = None
    reviewed: date

    @property
    def amount(self) -> Amount:
        """The amount printed."""
        return parse_amount(self.printed)

    @property
    def quarters(self) -> Quarters:
        """The quarters it is for."""
        return parse_period(self.period)

    @property
    def series(self) -> tuple[str, str, str, str]:
        """Figures that may be added up: of one vendor and measure, by one standard, in one currency."""
        return self.vendor, self.measure, self.standard, self.currency

    @property
    def place(self) -> str:
        """Where it stands, for messages."""
        return f"{self.vendor} {self.measure} {self.quarters} ({self.standard}, {self.currency})"

    @model_validator(mode="after")
    def _consistent(self) -> Figure:
        where = f"{self.vendor} {self.period}"
        stated = self.amount.currency  # amount and period raise ValueError where they cannot be read
        if stated not in (None, self.currency):
            raise ValueError(f"{where}: {self.printed!r} is in {stated}, not in {self.currency}")
        if self.amount.value < 0:
            raise ValueError(f"{where}: {self.measure} is not negative: {self.printed!r}")
        if not self.quarters.end < self.published <= self.reviewed:
            raise ValueError(
                f"{where}: ends {self.quarters.end}, published {self.published}, reviewed {self.reviewed}: out of order"
            )
        return self


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    figures: Annotated[tuple[Figure, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _known_and_distinct(self) -> _File:
        known = vendors.load()
        seen: set[tuple[object, ...]] = set()
        for figure in self.figures:
            if figure.vendor not in known or known[figure.vendor].cik is not None:
                raise ValueError(f"{figure.vendor} is not a vendor without filings in {vendors.FILE.name}")
            key = (*figure.series, figure.quarters)
            if key in seen:
                raise ValueError(f"{figure.place} stands twice")
            seen.add(key)
        return self


def load(file: Path = FILE) -> list[Figure]:
    """Read the figures, in the order of the file.

    Raises:
        ValueError: the file is not well formed, a field is missing, unknown or out of range, an amount or period cannot
            be read, a figure stands twice, or a vendor is unknown or files with the SEC.
    """
    return list(_load(file))


@cache
def _load(file: Path) -> tuple[Figure, ...]:
    try:
        return _File.model_validate(yaml.safe_load(file.read_text("utf-8"))).figures
    except (ValueError, yaml.YAMLError) as error:
        raise ValueError(f"{file.name}: {error}") from error


def curated_figures(figures: Iterable[Figure], rates: Rates) -> Parsed:
    """Rows of the table ``curated_figures``, by vendor, standard and period.

    Args:
        figures: as reviewed.
        rates: rates of exchange known.

    Returns:
        All figures; where the parts of a period miss its whole by more than what rounding explains, that is among the
        problems, with both amounts.
    """
    ordered = sorted(figures, key=lambda figure: (*figure.series, figure.quarters.start, figure.quarters.count))
    by_series: dict[tuple[str, ...], list[Figure]] = {}
    for figure in ordered:
        by_series.setdefault(figure.series, []).append(figure)
    problems = [problem for series in by_series.values() for problem in _that_do_not_add_up(series)]
    return Parsed([_row(figure, rates) for figure in ordered], problems)


def _that_do_not_add_up(series: Sequence[Figure]) -> Iterable[SourceError]:
    for whole in series:
        for parts in _tilings(whole, series):
            total = sum((part.amount.value for part in parts), Decimal())
            rounding = sum((part.amount.precision for part in (whole, *parts)), Decimal()) / 2
            if abs(total - whole.amount.value) > rounding:
                terms = " + ".join(f"{part.quarters} {part.printed}" for part in parts)
                reason = f"{whole.printed} ({whole.amount.value:f}), but {terms} make {total:f}"
                yield SourceError(SOURCE, whole.source, whole.place, reason, remedy="look at the sources of each")


def _tilings(whole: Figure, series: Sequence[Figure], begun: tuple[Figure, ...] = ()) -> Iterable[tuple[Figure, ...]]:
    """The ways to make up a figure's quarters from others of its year, without gap or overlap."""
    first = begun[-1].quarters.last + 1 if begun else whole.quarters.first
    if first > whole.quarters.last:
        yield begun
        return
    for part in series:
        quarters = part.quarters
        fits = quarters.year == whole.quarters.year and quarters.first == first
        if part is not whole and fits and quarters.last <= whole.quarters.last:
            yield from _tilings(whole, series, (*begun, part))


def _row(figure: Figure, rates: Rates) -> Row:
    amount, quarters = figure.amount, figure.quarters
    whole_units = amount.value.to_integral_value()
    dollars = usd_of(
        whole_units if figure.currency == "USD" else amount.value, figure.currency, quarters.start, quarters.end, rates
    )
    return {
        "vendor": figure.vendor,
        "measure": figure.measure,
        "accounting_standard": figure.standard,
        "period": str(quarters),
        "period_start": quarters.start,
        "period_end": quarters.end,
        "quarters": quarters.count,
        "value": amount.value,
        "value_precision": amount.precision,
        "currency": figure.currency,
        "value_usd": dollars.value_usd,
        **dollars.rate_columns,
        "no_usd_reason": dollars.reason or None,
        "period_printed": figure.period,
        "printed": figure.printed,
        "is_comparative": figure.comparative,
        "known_from": figure.published,
        "source_url": figure.source,
        "note": figure.note,
        "reviewed": figure.reviewed,
    }
