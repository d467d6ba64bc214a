"""``vendor_revenue_forecast``: the next four quarters of each vendor's revenue, with intervals."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from assets.forecast import models
from assets.forecast.series import Series, fiscal_label, usable
from resources.documents import Parsed, Row, SourceError

_THIRTEEN_WEEKS = timedelta(weeks=13)


def forecast(quarters: Iterable[Row]) -> Parsed:
    """Forecast revenue, data-center revenue and revenue from China of each vendor, where the series allow it.

    Args:
        quarters: rows of ``vendor_quarters``, one view of time; an empty table gives no rows and no problem.

    Returns:
        Rows of ``vendor_revenue_forecast``, four for each series, and a problem for each series refused.
    """
    series, problems = usable(quarters)
    rows: list[Row] = []
    for one in series:
        try:
            prediction = models.predict(one.values)
        except models.UnforecastableError as error:
            place = fiscal_label(one.quarters[-1])
            problems.append(
                SourceError("vendor_quarters", f"{one.vendor} {one.measure}", place, f"not forecast: {error}")
            )
            continue
        rows += _rows(one, prediction)
    return Parsed(rows, problems)


def _rows(series: Series, prediction: models.Prediction) -> list[Row]:
    origin = series.quarters[-1]
    ends = period_ends([row["period_end"] for row in series.quarters[-4:]], origin["fiscal_quarter"])
    reason = f"{prediction.reason}; {series.cut}" if series.cut else prediction.reason
    rows: list[Row] = []
    for horizon, (quantiles, end) in enumerate(zip(prediction.quarters, ends, strict=True), 1):
        year, quarter = divmod(origin["fiscal_year"] * 4 + origin["fiscal_quarter"] - 1 + horizon, 4)
        rows.append(
            {
                "vendor": series.vendor,
                "measure": series.measure,
                "horizon": horizon,
                "model": prediction.model,
                "model_reason": reason,
                "origin_quarter": fiscal_label(origin),
                "origin_known_from": series.known_from(-prediction.observations, len(series.quarters)),
                "fiscal_year": year,
                "fiscal_quarter": quarter + 1,
                "calendar_quarter": _calendar_quarter(origin["calendar_quarter"], horizon),
                "period_end": end,
                "value_usd": quantiles.median,
                "lower_80_usd": quantiles.lower_80,
                "upper_80_usd": quantiles.upper_80,
                "lower_95_usd": quantiles.lower_95,
                "upper_95_usd": quantiles.upper_95,
                "observations": prediction.observations,
            }
        )
    return rows


def period_ends(last_year: Sequence[date], fiscal_quarter: int) -> list[date]:
    """Return the expected last days of the next four fiscal quarters.

    A company whose four last quarters ended with a month keeps to months. Otherwise quarters have thirteen weeks,
    and a fiscal year that ended on the last Sunday (or other weekday) of a month will do so again: that is how
    NVIDIA, AMD and Intel state their 52/53-week years, and it gives the 53rd week its place.

    Args:
        last_year: last days of the four quarters up to the origin, oldest first.
        fiscal_quarter: number of the origin's fiscal quarter, 1 to 4.
    """
    ends: list[date] = []
    if all(_month_end(day.year, day.month) == day for day in last_year):
        for months in (3, 6, 9, 12):
            year, month = divmod(last_year[-1].year * 12 + last_year[-1].month - 1 + months, 12)
            ends.append(_month_end(year, month + 1))
        return ends
    last_year_end = last_year[-1 - fiscal_quarter % 4]
    keeps_weekday = (last_year_end + timedelta(weeks=1)).month != last_year_end.month
    for horizon in range(1, 5):
        end = (ends or last_year)[-1] + _THIRTEEN_WEEKS
        if (fiscal_quarter + horizon) % 4 == 0 and keeps_weekday:
            following = _month_end(last_year_end.year + 1, last_year_end.month)
            end = following - timedelta(days=(following.weekday() - last_year_end.weekday()) % 7)
        ends.append(end)
    return ends


def _month_end(year: int, month: int) -> date:
    return date(year, month, calendar.monthrange(year, month)[1])


def _calendar_quarter(origin: str, horizon: int) -> str:
    year, quarter = divmod(int(origin[:4]) * 4 + int(origin[-1]) - 1 + horizon, 4)
    return f"{year}Q{quarter + 1}"
