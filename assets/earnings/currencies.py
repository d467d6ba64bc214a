"""Amounts of other currencies in US dollars, by daily reference rates.

What was earned over a period is converted at the average of the period's daily rates, a balance at the rate of its
day, as accounting standards translate them (IAS 21.39-40, ASC 830-10-55-10). Nothing is converted by rates of other
days: where they do not cover the period there is no dollar figure, but a reason.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from itertools import pairwise

from resources.documents import Row

USD = "USD"

_DIGITS = Decimal("0.0000000001")
_EDGE = timedelta(days=5)
"""A period may begin and end with days without a rate: a weekend and holidays beside it."""
_GAP = timedelta(days=10)


@dataclass(frozen=True)
class Dollars:
    """An amount in US dollars, and how it came about.

    Attributes:
        value_usd: whole dollars: the amount times ``usd_rate``; ``None`` where rates are missing.
        usd_rate: US dollars for one unit, to ten decimals; ``None`` if the amount was in dollars or rates are missing.
        first_day: first day of the rates averaged, ``last_day`` the last; one and the same for a balance.
        reason: why there is no dollar figure, or nothing.
    """

    value_usd: int | None
    usd_rate: Decimal | None = None
    first_day: date | None = None
    last_day: date | None = None
    reason: str = ""

    @property
    def rate_columns(self) -> Row:
        """The rate as columns of a table: what it was and of which days; empty for dollars."""
        return {"usd_rate": self.usd_rate, "usd_rate_from": self.first_day, "usd_rate_to": self.last_day}


class Rates:
    """The rates known, from rows of the table ``reference_rates``."""

    def __init__(self, rows: Iterable[Row] = ()) -> None:
        self._days: dict[str, list[date]] = {}
        self._rates: dict[str, list[Decimal]] = {}
        self._per_usd: dict[str, bool] = {}
        for row in sorted(rows, key=lambda row: (row["currency"], row["rate_date"])):
            currency = row["currency"]
            self._days.setdefault(currency, []).append(row["rate_date"])
            self._rates.setdefault(currency, []).append(Decimal(row["rate"]))
            self._per_usd[currency] = row["quote"] == "units_per_usd"

    def average(self, currency: str, start: date, end: date) -> Dollars:
        """What one unit was worth on average over a period, both days included; of no amount."""
        days = self._days.get(currency, [])
        first, after = bisect_left(days, start), bisect_right(days, end)
        within = days[first:after]
        if not within or within[0] - start > _EDGE or end - within[-1] > _EDGE:
            held = f"; held are {days[0]} to {days[-1]}" if days else ""
            return Dollars(None, reason=f"no rates of {currency} for all of {start} to {end}{held}")
        for day, following in pairwise(within):
            if following - day > _GAP:
                return Dollars(None, reason=f"no rates of {currency} between {day} and {following}")
        mean = sum(self._rates[currency][first:after], Decimal()) / len(within)
        usd = 1 / mean if self._per_usd[currency] else mean
        return Dollars(None, usd.quantize(_DIGITS, ROUND_HALF_EVEN), within[0], within[-1])

    def on(self, currency: str, day: date) -> Dollars:
        """What one unit was worth on a day, or on the last day before it with a rate, if that is near."""
        days = self._days.get(currency, [])
        position = bisect_right(days, day) - 1
        if position < 0 or day - days[position] > _EDGE:
            return Dollars(None, reason=f"no rate of {currency} for {day}")
        return self.average(currency, days[position], days[position])


def usd_of(amount: Decimal | int, currency: str, start: date | None, end: date, rates: Rates) -> Dollars:
    """An amount in US dollars.

    Args:
        amount: in whole units of ``currency``.
        currency: ISO 4217 code.
        start: first day of the period it was earned in; ``None`` for a balance.
        end: last day of the period, or the day of the balance.
        rates: what is known.

    Raises:
        ValueError: the period ends before it begins, or an amount in dollars is not one of whole dollars.
    """
    if start is not None and end < start:
        raise ValueError(f"{start} to {end} ends before it begins")
    if currency == USD:
        if amount != int(amount):
            raise ValueError(f"{amount} is not an amount of whole dollars")
        return Dollars(int(amount))
    rate = rates.on(currency, end) if start is None else rates.average(currency, start, end)
    if rate.usd_rate is None:
        return rate
    value = (Decimal(amount) * rate.usd_rate).to_integral_value(ROUND_HALF_EVEN)
    return Dollars(int(value), rate.usd_rate, rate.first_day, rate.last_day)
