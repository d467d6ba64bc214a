"""One procedure from a history of quarterly revenue to a median with 80 % and 95 % prediction intervals.

Everything is fitted on logarithms: revenue stays positive, growth is a rate, and the intervals are wider upwards.
Only the last :data:`WINDOW` quarters are used: on NVIDIA's 68 quarters the whole history puts 58 % of outcomes inside
an interval that claims 80 %, because its calm first decade hides how much revenue moves now.

The median of several simple models is used instead of the one that did best before: with a dozen overlapping
windows the winner is mostly luck, while medians of models of this kind did well in the M4 competition, quarterly
series above all (Petropoulos & Svetunkov 2020, International Journal of Forecasting 36(1), 110-115).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any

import numpy as np
import numpy.typing as npt

HORIZONS = 4
SEASON = 4
WINDOW = 20
"""Quarters a model is fitted on, at most: five years."""

COMBINATION = "median_of_models"
FALLBACK = "random_walk_with_drift"

# Below three years AutoETS has as many parameters as degrees of freedom: its variance divides by about zero.
_MIN_FOR_COMBINATION = 12
# A model whose interval is under half as wide as the changes from quarter to quarter, net of their season, claims to
# know what it cannot.
_NARROWEST = 0.5
# e^40 is 2e17 USD; the next step would leave int64.
_LARGEST_LOG = 40.0

_Floats = npt.NDArray[np.float64]


class UnforecastableError(Exception):
    """No model gives an honest answer for this history; the message says why."""


@dataclass(frozen=True)
class Quantiles:
    """Forecast of one quarter, in whole USD; ``lower_95 <= lower_80 < median < upper_80 <= upper_95``."""

    lower_95: int
    lower_80: int
    median: int
    upper_80: int
    upper_95: int


@dataclass(frozen=True)
class Prediction:
    """Quantiles for the horizons 1 to 4, the model that gave them, and why it was that model."""

    model: str
    reason: str
    observations: int
    quarters: Sequence[Quantiles]


def seasonal_naive(values: Sequence[int]) -> list[int]:
    """Return the last four values: each coming quarter as the same quarter of the year before."""
    if len(values) < SEASON:
        raise UnforecastableError(f"seasonal naive needs {SEASON} quarters, there are {len(values)}")
    return list(values[-SEASON:])


def predict(values: Sequence[int]) -> Prediction:
    """Forecast the four quarters after the last of ``values``.

    Args:
        values: positive amounts in USD, consecutive quarters, oldest first; at least eight.

    Raises:
        UnforecastableError: the history does not vary, or no interval is finite.
    """
    history = np.log(np.asarray(values[-WINDOW:], dtype=np.float64))
    count = len(history)
    z_80, z_95 = _normal(0.80), _normal(0.95)
    spread = _spread(history)
    if spread < 1e-6:
        raise UnforecastableError(f"the changes of {count} quarters repeat exactly: no spread to make an interval of")
    members, left_out = _members(history, narrowest=_NARROWEST * z_80 * spread)
    if len(members) > 1:
        model = COMBINATION
        reason = f"median of {', '.join(sorted(members))}"
    else:
        model = FALLBACK
        reason = "random walk with drift alone"
        if count < _MIN_FOR_COMBINATION:
            reason += f": {count} quarters are too few for models with a season"
    if left_out:
        reason += f"; left out: {'; '.join(left_out)}"

    quantiles = np.median(np.stack([members[name] for name in sorted(members)]), axis=0)
    median = quantiles[2]
    # The models' normal quantiles take the estimated spread for the true one; Student's t does not.
    freedom = count - 2
    half_80 = _student(0.80, freedom) / z_80
    half_95 = _student(0.95, freedom) / z_95
    factors = np.array([half_95, half_80, 1.0, half_80, half_95])[:, None]
    # What lies further ahead is not known better.
    distance = np.maximum.accumulate(np.abs(quantiles - median) * factors, axis=1)
    signs = np.array([-1.0, -1.0, 0.0, 1.0, 1.0])[:, None]
    logs = median + signs * distance
    logs[0] = np.minimum(logs[0], logs[1])
    logs[4] = np.maximum(logs[4], logs[3])
    return Prediction(model, reason, count, [_whole_dollars(column) for column in logs.T])


def _spread(history: _Floats) -> float:
    """Return the standard deviation of log changes: of those net of the season's means if they are the steadier."""
    changes = np.diff(history)
    spread = float(np.std(changes, ddof=1))
    if len(history) < _MIN_FOR_COMBINATION:
        return spread
    rest = np.concatenate([changes[start::SEASON] - changes[start::SEASON].mean() for start in range(SEASON)])
    return min(spread, math.sqrt(float(np.sum(rest**2)) / (len(rest) - SEASON)))


def _members(history: _Floats, narrowest: float) -> tuple[dict[str, _Floats], list[str]]:
    """Fit the models that suit the length; return their log quantiles (5 x horizons), and who was left out and why.

    ``narrowest`` is the smallest half-width of an 80 % interval that is believed.
    """
    # Importing statsforecast costs seconds: only where it runs.
    from statsforecast.models import AutoETS, AutoTheta, RandomWalkWithDrift  # noqa: PLC0415

    candidates: dict[str, Callable[[], Any]] = {"random walk with drift": RandomWalkWithDrift}
    if len(history) >= _MIN_FOR_COMBINATION:
        candidates["AutoETS"] = lambda: AutoETS(season_length=SEASON)
        candidates["AutoTheta"] = lambda: AutoTheta(season_length=SEASON)
    members: dict[str, _Floats] = {}
    left_out: list[str] = []
    for name, make in candidates.items():
        try:
            # Divisions by zero inside a fit show as NaN or a zero width, which are looked for below.
            with np.errstate(all="ignore"):
                answer = make().forecast(y=history, h=HORIZONS, level=[80, 95])
        except Exception as error:  # noqa: BLE001 - statsforecast raises a bare Exception if no model fits
            left_out.append(f"{name} ({error})")
            continue
        quantiles = np.array([answer[key] for key in ("lo-95", "lo-80", "mean", "hi-80", "hi-95")], dtype=np.float64)
        if not np.isfinite(quantiles).all():
            left_out.append(f"{name} (an interval without a number)")
        elif ((quantiles[3] - quantiles[1]) / 2 < narrowest).any():
            left_out.append(f"{name} (falsely narrow interval)")
        else:
            members[name] = quantiles
    if not members:
        raise UnforecastableError(f"no model gives a sound interval: {'; '.join(left_out)}")
    return members, left_out


def _whole_dollars(logs: _Floats) -> Quantiles:
    if logs[-1] > _LARGEST_LOG:
        raise UnforecastableError("the 95 % interval has no bound that means anything")
    quantiles = Quantiles(*(round(float(value)) for value in np.exp(logs)))
    if not 0 < quantiles.lower_95 <= quantiles.lower_80 < quantiles.median < quantiles.upper_80 <= quantiles.upper_95:
        raise UnforecastableError(f"the interval collapses in whole dollars: {quantiles}")
    return quantiles


def _normal(level: float) -> float:
    """Half-width, in standard deviations, of the central interval of a normal distribution."""
    return NormalDist().inv_cdf((1 + level) / 2)


def _student(level: float, freedom: int) -> float:
    """Return the same for Student's t: Cornish-Fisher expansion, Abramowitz & Stegun 26.7.5, good to 0.01 from 5 on."""
    z = _normal(level)
    terms: tuple[float, ...] = (
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return z + math.fsum(term / freedom**power for power, term in enumerate(terms, 1))
