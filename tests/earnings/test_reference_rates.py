"""Daily rates of exchange, and amounts made US dollars by them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from assets.earnings import reference_rates
from assets.earnings.currencies import Dollars, Rates, usd_of
from expectations import contract
from resources.documents import Parsed, Row, SourceError

YUAN, EURO, TAIWAN = reference_rates.SERIES


def read(*lines: str, head: str = "observation_date,DEXCHUS") -> Parsed:
    return reference_rates.rates_of("\n".join([head, *lines, ""]).encode(), series=YUAN, sha256="a" * 64)


def test_a_series_becomes_rows_and_a_holiday_none() -> None:
    parsed = read("2025-07-03,7.1684", "2025-07-04,", "2025-07-07,7.1744", "2025-07-08,.")
    assert not parsed.problems
    contract.load("reference_rates").table_of(parsed.rows)
    assert [(row["rate_date"], row["rate"]) for row in parsed.rows] == [
        (date(2025, 7, 3), Decimal("7.1684")),
        (date(2025, 7, 7), Decimal("7.1744")),
    ]
    assert {(row["currency"], row["quote"]) for row in parsed.rows} == {("CNY", "units_per_usd")}
    assert read("2025-07-03,7.1684", head="DATE,DEXCHUS").rows


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("2025-07-07,7,1744", "3 cells"),
        ("07/07/2025,7.1744", "07/07/2025"),
        ("2025-07-02,7.1649", "2025-07-02 comes after 2025-07-03"),
        ("2025-07-03,7.1684", "2025-07-03 comes after 2025-07-03"),
        ("2025-07-07,n/a", "'n/a' is no rate"),
        ("2025-07-07,0", "'0' is no rate"),
        ("2025-07-07,NaN", "'NaN' is no rate"),
        ("2025-07-07,71.744", "71.744 after 7.1684 is a misprint"),
    ],
)
def test_a_line_that_cannot_be_trusted_is_reported_and_the_rest_kept(line: str, reason: str) -> None:
    parsed = read("2025-07-03,7.1684", line, "2025-07-08,7.1738")
    assert [row["rate"] for row in parsed.rows] == [Decimal("7.1684"), Decimal("7.1738")]
    (problem,) = parsed.problems
    assert reason in problem.reason
    assert (problem.document, problem.place) == (YUAN.url, "line 3")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<!DOCTYPE html>\n<html></html>",
        b"observation_date,DEXTAUS\n2025-07-03,29.1\n",
        b"observation_date,DEXCHUS\n",
    ],
)
def test_what_is_not_the_series_asked_for_is_refused(body: bytes) -> None:
    with pytest.raises(SourceError, match=r"columns|no rate in it"):
        reference_rates.rates_of(body, series=YUAN, sha256="a" * 64)


def rows(currency: str, quote: str, rates: dict[date, str]) -> list[Row]:
    return [
        {"currency": currency, "quote": quote, "rate_date": day, "rate": Decimal(rate)} for day, rate in rates.items()
    ]


def weekdays(start: date, end: date, rate: str) -> dict[date, str]:
    days = (start + timedelta(n) for n in range((end - start).days + 1))
    return {day: rate for day in days if day.weekday() < 5}


QUARTER = (date(2025, 7, 1), date(2025, 9, 30))


def test_flows_are_converted_at_the_average_of_the_days_quotes() -> None:
    """By hand: (30 x 65 + 32) / 66 = 30.0303... Taiwan dollars; 989,918,000,000 / that."""
    per_usd = weekdays(*QUARTER, "30") | {QUARTER[1]: "32"}
    assert len(per_usd) == 66
    dollars = usd_of(989_918_000_000, "TWD", *QUARTER, Rates(rows("TWD", "units_per_usd", per_usd)))
    assert dollars.usd_rate == Decimal("0.0332996973")
    assert dollars.value_usd == round(Decimal(989_918_000_000) * Decimal("0.0332996973"))
    assert (dollars.first_day, dollars.last_day, dollars.reason) == (*QUARTER, "")
    euro = Rates(rows("EUR", "usd_per_unit", weekdays(*QUARTER, "1.10") | {QUARTER[1]: "1.76"}))
    assert usd_of(1_000_000, "EUR", *QUARTER, euro) == Dollars(1_110_000, Decimal("1.1100000000"), *QUARTER)


def test_a_rate_outside_the_period_has_no_say() -> None:
    rates = weekdays(*QUARTER, "30") | {date(2025, 6, 30): "60", date(2025, 10, 1): "60"}
    assert usd_of(300, "TWD", *QUARTER, Rates(rows("TWD", "units_per_usd", rates))).value_usd == 10


def test_a_balance_is_converted_at_the_rate_of_its_day_or_the_last_before() -> None:
    rates = Rates(rows("EUR", "usd_per_unit", {date(2025, 9, 25): "1.2", date(2025, 9, 26): "1.5"}))
    assert usd_of(10, "EUR", None, date(2025, 9, 28), rates) == Dollars(
        15, Decimal("1.5000000000"), date(2025, 9, 26), date(2025, 9, 26)
    )
    assert usd_of(10, "EUR", None, date(2025, 9, 25), rates).value_usd == 12
    for day in (date(2025, 9, 24), date(2025, 10, 2)):
        found = usd_of(10, "EUR", None, day, rates)
        assert found == Dollars(None, reason=f"no rate of EUR for {day}")


@pytest.mark.parametrize(
    ("lost", "reason"),
    [
        (
            lambda day: day < date(2025, 7, 8),
            "no rates of TWD for all of 2025-07-01 to 2025-09-30; held are 2025-07-08",
        ),
        (lambda day: day > date(2025, 9, 23), "no rates of TWD for all of"),
        (lambda day: date(2025, 8, 4) <= day < date(2025, 8, 15), "between 2025-08-01 and 2025-08-15"),
        (lambda _: True, "no rates of TWD for all of 2025-07-01 to 2025-09-30"),
    ],
)
def test_where_rates_are_missing_there_is_no_dollar_figure_but_a_reason(lost: object, reason: str) -> None:
    held = {day: rate for day, rate in weekdays(*QUARTER, "30").items() if not lost(day)}  # type: ignore[operator]
    dollars = usd_of(300, "TWD", *QUARTER, Rates(rows("TWD", "units_per_usd", held)))
    assert dollars.value_usd is dollars.usd_rate is None
    assert reason in dollars.reason


def test_dollars_stay_as_they_are_and_no_other_currency_passes_for_them() -> None:
    assert usd_of(18_120_000_000, "USD", *QUARTER, Rates()) == Dollars(18_120_000_000)
    assert usd_of(18_120_000_000, "JPY", *QUARTER, Rates()).value_usd is None
    with pytest.raises(ValueError, match="whole dollars"):
        usd_of(Decimal("0.57"), "USD", *QUARTER, Rates())
    with pytest.raises(ValueError, match="ends before it begins"):
        usd_of(1, "USD", QUARTER[1], QUARTER[0], Rates())


def test_the_samples_series(samples: Path) -> None:
    """The yuan of 2025 to November 28, a holiday or a rate for each weekday; the other two by the week."""
    held: list[Row] = []
    for series in reference_rates.SERIES:
        body = (samples / series.url.removeprefix("https://")).read_bytes()
        parsed = reference_rates.rates_of(body, series=series, sha256="a" * 64)
        assert not parsed.problems
        held += parsed.rows
    assert contract.load("reference_rates").table_of(held).num_rows == len(held)
    rates = Rates(held)
    third = rates.average("CNY", *QUARTER)
    quoted = [row["rate"] for row in held if row["currency"] == "CNY" and QUARTER[0] <= row["rate_date"] <= QUARTER[1]]
    assert len(quoted) == 64  # 66 weekdays less Independence Day and Labor Day
    assert third.usd_rate == round(len(quoted) / sum(quoted), 10)
    assert "no rates of CNY for all of" in rates.average("CNY", date(2025, 10, 1), date(2025, 12, 31)).reason
