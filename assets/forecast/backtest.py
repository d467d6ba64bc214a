"""``forecast_backtest``: what the forecasting procedure would have said before, against what came."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from assets.forecast import models
from assets.forecast.series import MIN_QUARTERS, Series, fiscal_label, usable
from resources.documents import Parsed, Row, SourceError

WINDOWS = 12
"""Origins tried, at most: the three years before the newest quarter."""

_MILLIONTH = Decimal("0.000001")


def backtest(quarters: Iterable[Row]) -> Parsed:
    """Repeat the forecast at up to :data:`WINDOWS` past quarters of each series, one to four quarters ahead.

    The same procedure as in ``vendor_revenue_forecast`` is run at every origin on what lies before it; nothing is
    tuned on the outcomes. Series refused there are skipped here without a second report.

    Args:
        quarters: rows of ``vendor_quarters``, one view of time.

    Returns:
        Rows of ``forecast_backtest``; a problem for a series too short to have an outcome, and for an origin at
        which no honest forecast could be made.
    """
    series, _reported_by_forecast = usable(quarters)
    rows: list[Row] = []
    problems: list[SourceError] = []
    for one in series:
        origins = range(max(MIN_QUARTERS, len(one.quarters) - WINDOWS), len(one.quarters))
        if not origins:
            reason = f"not back-tested: {len(one.quarters)} quarters leave no outcome to compare with"
            problems.append(SourceError("vendor_quarters", f"{one.vendor} {one.measure}", "", reason))
        for seen in origins:
            try:
                rows += _window(one, seen)
            except models.UnforecastableError as error:
                place = fiscal_label(one.quarters[seen - 1])
                problems.append(
                    SourceError("vendor_quarters", f"{one.vendor} {one.measure}", place, f"not back-tested: {error}")
                )
    return Parsed(rows, problems)


def scale(values: Sequence[int]) -> int:
    """Return the mean absolute change on the year before, in whole USD and at least 1: what a MASE divides by."""
    changes = [abs(later - earlier) for earlier, later in zip(values, values[models.SEASON :], strict=False)]
    return max(1, round(sum(changes) / len(changes)))


def _window(series: Series, seen: int) -> list[Row]:
    """Forecast from the first ``seen`` quarters and compare with those after them."""
    values = series.values
    prediction = models.predict(values[:seen])
    naive = models.seasonal_naive(values[:seen])
    used = values[seen - prediction.observations : seen]
    known_from = series.known_from(seen - prediction.observations, seen)
    rows: list[Row] = []
    for horizon, target in enumerate(series.quarters[seen : seen + models.HORIZONS], 1):
        actual = target["value_usd"]
        quantiles = prediction.quarters[horizon - 1]
        error, naive_error = quantiles.median - actual, naive[horizon - 1] - actual
        rows.append(
            {
                "vendor": series.vendor,
                "measure": series.measure,
                "model": prediction.model,
                "origin_quarter": fiscal_label(series.quarters[seen - 1]),
                "horizon": horizon,
                "origin_known_from": known_from,
                "point_in_time": target["known_from"] > known_from,
                "calendar_quarter": target["calendar_quarter"],
                "period_end": target["period_end"],
                "actual_usd": actual,
                "forecast_usd": quantiles.median,
                "naive_usd": naive[horizon - 1],
                "lower_80_usd": quantiles.lower_80,
                "upper_80_usd": quantiles.upper_80,
                "lower_95_usd": quantiles.lower_95,
                "upper_95_usd": quantiles.upper_95,
                "inside_80": quantiles.lower_80 <= actual <= quantiles.upper_80,
                "inside_95": quantiles.lower_95 <= actual <= quantiles.upper_95,
                "error_usd": error,
                "naive_error_usd": naive_error,
                "absolute_percentage_error": _share(error, actual),
                "naive_absolute_percentage_error": _share(naive_error, actual),
                "scale_usd": scale(used),
                "observations": prediction.observations,
            }
        )
    return rows


def _share(error: int, actual: int) -> Decimal:
    return (Decimal(abs(error)) / Decimal(actual)).quantize(_MILLIONTH)
