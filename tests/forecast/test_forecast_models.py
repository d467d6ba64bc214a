"""The forecasting procedure: known answers, order of quantiles, and what it refuses to say."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from forecast_rows import NVIDIA, wavy
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.forecast import models
from assets.forecast.backtest import scale


def test_seasonal_naive_repeats_the_last_year() -> None:
    assert models.seasonal_naive([1, 2, 3, 4, 5, 6, 7, 8]) == [5, 6, 7, 8]
    with pytest.raises(models.UnforecastableError, match="needs 4 quarters, there are 3"):
        models.seasonal_naive([1, 2, 3])


def test_scale_is_the_mean_change_on_the_year_before() -> None:
    # |110-100|, |220-200|, |330-300|, |440-400|: mean of 10, 20, 30, 40.
    assert scale([100, 200, 300, 400, 110, 220, 330, 440]) == 25


def test_the_walk_with_drift_goes_on_at_the_mean_rate() -> None:
    # Seven steps from 1 to 2 billion, so each further quarter multiplies by 2^(1/7), whatever lies between.
    values = [round(1e9 * factor) for factor in (1, 1.3, 1.2, 1.5, 1.4, 1.8, 1.7, 2)]
    prediction = models.predict(values)
    assert prediction.model == "random_walk_with_drift"
    assert prediction.reason == "random walk with drift alone: 8 quarters are too few for models with a season"
    for horizon, quantiles in enumerate(prediction.quarters, 1):
        assert quantiles.median == pytest.approx(2e9 * 2 ** (horizon / 7), rel=1e-9)
        # Symmetric in logarithms, so the upper half is the wider one in dollars.
        assert quantiles.upper_80 / quantiles.median == pytest.approx(quantiles.median / quantiles.lower_80, rel=1e-6)
        assert quantiles.upper_80 - quantiles.median > quantiles.median - quantiles.lower_80


def test_the_interval_of_a_walk_is_students_and_not_the_normal() -> None:
    values = [round(1e9 * factor) for factor in (1, 1.3, 1.2, 1.5, 1.4, 1.8, 1.7, 2)]
    first = models.predict(values).quarters[0]
    ratio = math.log(first.upper_95 / first.median) / math.log(first.upper_80 / first.median)
    # Quantiles of Student's t with 6 degrees of freedom from printed tables: 2.447 and 1.440.
    assert ratio == pytest.approx(2.447 / 1.440, abs=0.01)


@pytest.mark.parametrize(
    ("freedom", "level", "printed"),
    [(6, 0.80, 1.440), (6, 0.95, 2.447), (10, 0.95, 2.228), (18, 0.80, 1.330), (18, 0.95, 2.101)],
)
def test_students_quantiles_equal_the_printed_ones(freedom: int, level: float, printed: float) -> None:
    assert models._student(level, freedom) == pytest.approx(printed, abs=0.01)


def test_twelve_quarters_and_more_get_the_median_of_three() -> None:
    prediction = models.predict(wavy(12))
    assert prediction.model == "median_of_models"
    assert prediction.reason == "median of AutoETS, AutoTheta, random walk with drift"


def test_only_five_years_are_looked_at() -> None:
    values = wavy(20)
    assert models.predict([7, 9_000_000, *values]) == models.predict(values)


def test_the_same_history_gives_the_same_forecast() -> None:
    values = [millions * 1_000_000 for _, millions in NVIDIA]
    assert models.predict(values) == models.predict(values)


@settings(max_examples=25, deadline=None)
@given(
    changes=st.lists(st.floats(-0.6, 0.9), min_size=7, max_size=24).filter(lambda changes: np.std(changes) > 0.01),
    start=st.integers(10_000_000, 50_000_000_000),
)
def test_quantiles_are_positive_ordered_and_widen(changes: list[float], start: int) -> None:
    values = [round(start * math.exp(total)) for total in np.cumsum([0.0, *changes])]
    if min(values) < 1_000_000:
        return
    widths = []
    for one in models.predict(values).quarters:
        assert 0 < one.lower_95 <= one.lower_80 < one.median < one.upper_80 <= one.upper_95
        widths.append(math.log(one.upper_80 / one.lower_80))
    assert all(later >= earlier - 1e-3 for earlier, later in itertools.pairwise(widths))


@pytest.mark.parametrize("values", [[5_000_000_000] * 12, [1_000_000 * 2**place for place in range(12)]])
def test_a_history_without_spread_is_refused(values: list[int]) -> None:
    with pytest.raises(models.UnforecastableError, match="no spread to make an interval of"):
        models.predict(values)


def _stub(mean: float, half_width: float) -> type:
    class Stub:
        def __init__(self, **_options: Any) -> None: ...

        def forecast(self, **_options: Any) -> dict[str, Any]:
            whole = np.full(4, mean)
            return {
                "mean": whole,
                "lo-80": whole - half_width,
                "hi-80": whole + half_width,
                "lo-95": whole - 1.5 * half_width,
                "hi-95": whole + 1.5 * half_width,
            }

    return Stub


@pytest.mark.parametrize(
    ("half_width", "said"),
    [(math.nan, "an interval without a number"), (0.0, "falsely narrow interval"), (0.01, "falsely narrow interval")],
)
def test_a_model_with_an_unsound_interval_is_left_out_and_named(
    monkeypatch: pytest.MonkeyPatch, half_width: float, said: str
) -> None:
    import statsforecast.models

    monkeypatch.setattr(statsforecast.models, "AutoETS", _stub(21.0, half_width))
    prediction = models.predict(wavy(16))
    assert prediction.model == "median_of_models"
    assert prediction.reason == f"median of AutoTheta, random walk with drift; left out: AutoETS ({said})"


def test_no_number_comes_from_unsound_models_only(monkeypatch: pytest.MonkeyPatch) -> None:
    import statsforecast.models

    for name in ("AutoETS", "AutoTheta", "RandomWalkWithDrift"):
        monkeypatch.setattr(statsforecast.models, name, _stub(21.0, 0.0))
    with pytest.raises(models.UnforecastableError, match="no model gives a sound interval"):
        models.predict(wavy(16))
