"""Daily reference rates of exchange: the Federal Reserve's release H.10, from FRED, as rows of ``reference_rates``.

H.10 has noon buying rates in New York, for the Taiwan dollar too, which the European Central Bank does not quote. FRED
gives each series whole as two columns, the day and the rate; a weekday without a rate is a holiday.
Source: https://www.federalreserve.gov/releases/h10/about.htm, https://fred.stlouisfed.org/categories/94.
"""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final, Literal

from resources.documents import Parsed, SourceError

SOURCE: Final = "fred"

Quote = Literal["units_per_usd", "usd_per_unit"]


@dataclass(frozen=True)
class Series:
    """One currency's series, and whether its rate counts units of the currency or US dollars."""

    currency: str
    name: str
    quote: Quote

    @property
    def url(self) -> str:
        """Address of the whole series."""
        return f"https://fred.stlouisfed.org/graph/fredgraph.csv?id={self.name}"


SERIES: Final = (
    Series("CNY", "DEXCHUS", "units_per_usd"),
    Series("EUR", "DEXUSEU", "usd_per_unit"),
    Series("TWD", "DEXTAUS", "units_per_usd"),
)
"""The currencies other than the US dollar in which configured vendors report."""

_DAY_COLUMNS = ("observation_date", "DATE")
_NO_RATE = ("", ".")
_LARGEST_STEP = 2
"""No currency here halved or doubled between two days, not even the yuan in 1994: such a step is a misprint."""


def rates_of(body: bytes, *, series: Series, sha256: str) -> Parsed:
    """Read a series.

    Args:
        body: the CSV as received.
        series: which one was asked for.
        sha256: of ``body``, for provenance.

    Returns:
        One row per day with a rate, as the contract ``reference_rates`` has it. Lines that cannot be read safely, or
        whose rate is twice or half the one before, are among the problems.

    Raises:
        SourceError: it is not the series asked for, or has no rate.
    """
    lines = csv.reader(io.StringIO(body.decode("utf-8-sig", "replace")))
    heads = next(lines, [])
    if len(heads) != 2 or heads[0] not in _DAY_COLUMNS or heads[1] != series.name:
        raise _refused(series, "line 1", f"columns {heads!r:.80} instead of {_DAY_COLUMNS[0]} and {series.name}")
    parsed = Parsed()
    day, rate = date.min, None
    for cells in lines:
        try:
            day_here, rate_here = _read(cells, after=day, before=rate)
        except ValueError as error:
            parsed.problems.append(_refused(series, f"line {lines.line_num}", str(error)))
            continue
        day = day_here
        if rate_here is None:
            continue
        rate = rate_here
        parsed.rows.append(
            {
                "currency": series.currency,
                "rate_date": day,
                "rate": rate,
                "quote": series.quote,
                "series": series.name,
                "source_url": series.url,
                "source_sha256": sha256,
            }
        )
    if not parsed.rows:
        raise _refused(series, "", "no rate in it")
    return parsed


def _read(cells: list[str], *, after: date, before: Decimal | None) -> tuple[date, Decimal | None]:
    if len(cells) != 2:
        raise ValueError(f"{len(cells)} cells instead of 2: {cells!r:.80}")
    day = date.fromisoformat(cells[0])
    if day <= after:
        raise ValueError(f"{day} comes after {after}")
    if cells[1] in _NO_RATE:
        return day, None
    try:
        rate = Decimal(cells[1])
    except InvalidOperation as error:
        raise ValueError(f"{day}: {cells[1]!r} is no rate") from error
    if not rate.is_finite() or rate <= 0:
        raise ValueError(f"{day}: {cells[1]!r} is no rate")
    if before is not None and not before / _LARGEST_STEP < rate < before * _LARGEST_STEP:
        raise ValueError(f"{day}: {rate} after {before} is a misprint of one of them")
    return day, rate


def _refused(series: Series, place: str, reason: str) -> SourceError:
    return SourceError(SOURCE, series.url, place, reason, remedy="look at the series in a browser; fetch it again")
