"""The charts of the page. Each function takes findings and returns a :class:`~assets.report.svg.Chart`.

Money is in billions of USD; the numbers in circles are those of the main restrictions.
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from assets.report.findings import EntityAction, Restriction, error_by_horizon
from assets.report.layout import (
    BILLION,
    CIRCLE,
    GROUND,
    Screen,
    apart,
    at,
    billions,
    grid,
    levels_of,
    number,
    numbered,
    panel_title,
    render,
    time_axis,
    value_axis,
    width_points,
)
from assets.report.svg import Chart, Ink
from resources.documents import Row

LANES: Mapping[str, str] = {
    "rule": "Rules",
    "proposed_rule": "Proposed rules",
    "notice": "Notices",
    "correction": "Corrections",
    "presidential_document": "Presidential",
    "other": "Other documents",
    "entity_added": "Entities added",
    "entity_removed": "Entities removed",
    "entity_revised": "Entities revised",
}
"""Kinds of ``mart_timeline`` in the order of their lanes; another kind gets a lane under these."""

MEASURES: Mapping[str, str] = {
    "revenue": "revenue",
    "revenue_data_center": "data-center revenue",
    "revenue_china": "China revenue",
}

# History beside a forecast: the five years the models see.
_HISTORY = 20


def timeline(rows: Sequence[Row], actions: Sequence[EntityAction], restrictions: Sequence[Restriction]) -> Chart:
    """Draw a lane for each kind of event over time; Entity List actions as circles, their area the count."""
    present = {row["kind"] for row in rows}
    kinds = [kind for kind in LANES if kind in present] + sorted(present - set(LANES))
    days = [row["event_date"] for row in rows]
    numbers = {one.row["document_number"]: one.number for one in restrictions}

    def draw(screen: Screen) -> Figure:
        left, lane_points = 1.35 / screen.width, 36
        across = (0.985 - left) * screen.width * 72
        levels = levels_of(restrictions, min(days), max(days), across)
        above = CIRCLE * (max(levels) + 1) + 8 if levels else 0
        height = (lane_points * len(kinds) + above) / 72 + 0.42
        figure = Figure(figsize=(screen.width, height))
        axes = figure.add_axes((left, 0.36 / height, 0.985 - left, 1 - 0.42 / height))
        time_axis(axes, min(days), max(days), screen)
        axes.set_ylim(len(kinds) - 0.5, -0.5 - above / lane_points)
        axes.set_yticks(range(len(kinds)), [LANES.get(kind, kind.replace("_", " ")) for kind in kinds])
        axes.tick_params(axis="y", labelcolor=Ink.TEXT)
        largest = max((one.entities for one in actions), default=1)
        for lane, kind in enumerate(kinds):
            colour = Ink.ALARM if kind in ("rule", "entity_added") else Ink.MUTED
            if kind.startswith("entity_"):
                _bubbles(axes, lane, [one for one in actions if one.kind == kind], largest=largest, colour=colour)
                continue
            plain = [at(row["event_date"]) for row in rows if row["kind"] == kind]
            axes.plot(
                plain, [lane] * len(plain), linestyle="none", marker="o", markersize=5, alpha=0.75,
                markerfacecolor=colour if kind == "rule" else "none", markeredgecolor=colour,
            )  # fmt: skip
        numbered(axes, restrictions, levels, min((kinds.index(one.row["kind"]) for one in restrictions), default=0), 19)
        return figure

    counts = Counter(row["kind"] for row in rows)
    entities: Counter[str] = Counter()
    for one in actions:
        entities[one.kind] += one.entities
    said = [
        f"{LANES.get(kind, kind)}: {entities[kind]:,}"
        if kind in entities
        else f"{LANES.get(kind, kind)}: {counts[kind]}"
        for kind in kinds
    ]
    return render(
        "timeline",
        "Export-control events by kind over time",
        f"{min(days)} to {max(days)}. {'; '.join(said)}. "
        f"The {len(numbers)} main restrictions are numbered as in the list below the chart.",
        draw,
    )


def china(
    panels: Mapping[tuple[str, str], Sequence[Row]], restrictions: Sequence[Restriction], names: Mapping[str, str]
) -> Chart:
    """Draw China revenue by vendor and window in panels over a common time axis, main restrictions as lines."""
    first = min(row["period_start"] for rows in panels.values() for row in rows)
    last = max(row["period_end"] for rows in panels.values() for row in rows)
    marked = [one for one in restrictions if first <= one.day <= last]

    def draw(screen: Screen) -> Figure:
        left = 0.45 / screen.width
        levels = levels_of(marked, first, last, (0.985 - left) * screen.width * 72)
        over_title = 34
        strip = (over_title + CIRCLE * (max(levels) + 0.5)) / 72 if levels else 0.42
        tall, gap = 1.75, 0.5
        height = strip + len(panels) * (tall + gap)
        figure = Figure(figsize=(screen.width, height))
        for place, ((vendor, _window), rows) in enumerate(panels.items()):
            bottom = height - strip - place * (tall + gap) - tall
            axes = figure.add_axes((left, bottom / height, 0.985 - left, tall / height))
            # Room at the right for the value of the last bar.
            time_axis(axes, first, last + (last - first) * (0.24 if screen.is_narrow else 0.08), screen, ticks_to=last)
            axes.tick_params(axis="x", labelbottom=place == len(panels) - 1)
            for one in marked:
                axes.axvline(at(one.day), color=Ink.ALARM, linewidth=0.8, alpha=0.55, zorder=0)
            _china_panel(axes, rows, names.get(vendor, vendor))
            if place == 0:
                numbered(axes, marked, levels, axes.get_ylim()[1], over_title)
        return figure

    said = [
        f"{names.get(vendor, vendor)}: {billions(rows[-1]['china_revenue_usd'])} billion USD in {_period(rows[-1])}"
        for (vendor, _window), rows in panels.items()
    ]
    return render("china", "Revenue from China by vendor", ". ".join(said) + ".", draw)


def forecast(
    forecasts: Mapping[tuple[str, str], Sequence[Row]],
    quarters: Mapping[tuple[str, str], Sequence[Row]],
    names: Mapping[str, str],
) -> Chart:
    """Draw each series' last five years and the fan of its next four quarters."""

    def panel(axes: Axes, key: tuple[str, str], screen: Screen) -> None:
        ahead = forecasts[key]
        history = [row for row in quarters.get(key, ()) if row["value_usd"] is not None][-_HISTORY:]
        days = [at(row["period_end"]) for row in history]
        values = [row["value_usd"] / BILLION for row in history]
        end = ahead[-1]["period_end"]
        start = history[0]["period_end"] if history else ahead[0]["period_end"]
        origin = values[-1:]
        later = days[-1:] + [at(row["period_end"]) for row in ahead]
        for level, alpha in (("95", 0.45), ("80", 0.9)):
            low = origin + [row[f"lower_{level}_usd"] / BILLION for row in ahead]
            high = origin + [row[f"upper_{level}_usd"] / BILLION for row in ahead]
            axes.fill_between(later, low, high, color=Ink.SOFT, alpha=alpha, linewidth=0)
        median = origin + [row["value_usd"] / BILLION for row in ahead]
        axes.plot(later, median, color=Ink.MAIN, linewidth=1.6, linestyle=(0, (3, 2)))
        for stretch in _unbroken(days):
            axes.plot(days[stretch], values[stretch], color=Ink.MAIN, linewidth=2)
        time_axis(
            axes,
            start,
            end + (end - start) * (0.34 if screen.is_narrow else 0.27),
            screen,
            panels=screen.columns,
            ticks_to=end,
        )
        value_axis(axes, max([row["upper_95_usd"] / BILLION for row in ahead] + values))
        if days:
            axes.plot(days[-1:], values[-1:], marker="o", markersize=5, color=Ink.MAIN)
            axes.annotate(
                number(values[-1]), (days[-1], values[-1]), (-5, 6), textcoords="offset points",
                ha="right", color=Ink.MAIN, weight="bold",
            )  # fmt: skip
        _fan_labels(axes, ahead[-1])
        panel_title(axes, f"{names.get(key[0], key[0])} {MEASURES.get(key[1], key[1])}", "USD bn per quarter")

    said = [
        f"{names.get(vendor, vendor)} {MEASURES.get(measure, measure)} in {rows[-1]['calendar_quarter']}: "
        f"{billions(rows[-1]['value_usd'])} billion USD, 80 % interval {billions(rows[-1]['lower_80_usd'])} to "
        f"{billions(rows[-1]['upper_80_usd'])}"
        for (vendor, measure), rows in forecasts.items()
    ]
    return render(
        "forecast",
        "Quarterly revenue and forecast of the next four quarters",
        ". ".join(said) + ".",
        lambda screen: grid(list(forecasts), screen, panel),
    )


def backtest(series: Mapping[tuple[str, str], Sequence[Row]], names: Mapping[str, str]) -> Chart:
    """Draw the mean absolute percentage error by horizon, of the forecast and of seasonal naive."""
    errors = {key: error_by_horizon(rows) for key, rows in series.items()}

    def panel(axes: Axes, key: tuple[str, str], _screen: Screen) -> None:
        horizons = [horizon for horizon, _, _ in errors[key]]
        ours = [100 * error for _, error, _ in errors[key]]
        naive = [100 * error for _, _, error in errors[key]]
        axes.plot(horizons, naive, color=Ink.MUTED, linewidth=1.4, marker="o", markersize=5, markerfacecolor=Ink.PAPER)
        axes.plot(horizons, ours, color=Ink.MAIN, linewidth=2, marker="o", markersize=5)
        axes.set_xlim(0.7, 5.1)
        axes.set_xticks(horizons, [f"{horizon} q ahead" if horizon == 1 else str(horizon) for horizon in horizons])
        value_axis(axes, max(ours + naive), "%")
        heights = apart([ours[-1], naive[-1]], 0.11 * axes.get_ylim()[1])
        labels = (
            (heights[0], f"forecast {ours[-1]:.0f} %", Ink.MAIN),
            (heights[1], f"naive {naive[-1]:.0f} %", Ink.MUTED),
        )
        for height, text, colour in labels:
            axes.text(horizons[-1] + 0.12, height, text, color=colour, va="center")
        panel_title(axes, f"{names.get(key[0], key[0])} {MEASURES.get(key[1], key[1])}", "mean absolute error, %")

    said = [
        f"{names.get(vendor, vendor)} {MEASURES.get(measure, measure)}: "
        + ", ".join(f"{h} ahead {100 * ours:.0f} % against {100 * naive:.0f} %" for h, ours, naive in found)
        for (vendor, measure), found in errors.items()
    ]
    return render(
        "backtest",
        "Error of past forecasts against seasonal naive, by quarters ahead",
        ". ".join(said) + ".",
        lambda screen: grid(list(errors), screen, panel),
    )


def entity_list(actions: Sequence[EntityAction]) -> Chart:
    """Draw additions and removals by calendar quarter, and additions less removals since the first event held."""
    first, last = actions[0].day, actions[-1].day
    added: Counter[date] = Counter()
    removed: Counter[date] = Counter()
    for one in actions:
        side = {"entity_added": added, "entity_removed": removed}.get(one.kind)
        if side is not None:
            side[_quarter_start(one.day)] += one.entities
    starts = _quarter_starts(first, last)
    net, total = [], 0
    for start in starts:
        total += added[start] - removed[start]
        net.append(total)

    def draw(screen: Screen) -> Figure:
        height = 4.6
        figure = Figure(figsize=(screen.width, height))
        left = 0.5 / screen.width
        upper = figure.add_axes((left, 0.6, 0.985 - left, 0.31))
        lower = figure.add_axes((left, 0.07, 0.985 - left, 0.38))
        span_end = starts[-1] + timedelta(days=91)
        for axes in (upper, lower):
            time_axis(axes, starts[0], span_end + (span_end - starts[0]) * 0.06, screen)
        ends = [*starts[1:], span_end]
        upper.step([at(day) for day in (starts[0], *ends)], [0, *net], where="pre", color=Ink.MAIN, linewidth=2)
        upper.text(at(ends[-1]) + 12, net[-1], f"{net[-1]:+,}", color=Ink.MAIN, weight="bold", va="center")
        upper.set_ylim(min(0, *net) * 1.15, max(1, *net) * 1.15)
        upper.yaxis.set_major_locator(MaxNLocator(4, integer=True))
        panel_title(upper, "Added less removed, cumulative", "entities")
        middles = [at(start) + 45 for start in starts]
        lower.bar(middles, [added[start] for start in starts], width=74, color=Ink.ALARM)
        lower.bar(middles, [-removed[start] for start in starts], width=74, color=Ink.MUTED)
        lower.axhline(0, color=Ink.MUTED, linewidth=0.8)
        most = max(1, *added.values())
        lower.set_ylim(-max([*removed.values(), 0]) * 1.1 - most * 0.16, most * 1.2)
        lower.yaxis.set_major_locator(MaxNLocator(5, integer=True))
        lower.yaxis.set_major_formatter(FuncFormatter(lambda value, _position: f"{abs(value):,.0f}"))
        for start, middle in zip(starts, middles, strict=True):
            if added[start] and (added[start] == most or (not screen.is_narrow and added[start] >= most * 0.25)):
                lower.annotate(
                    f"{added[start]:,}", (middle, added[start]), (0, 3),
                    textcoords="offset points", ha="center", color=Ink.ALARM,
                )  # fmt: skip
            if removed[start] and removed[start] >= most * 0.05:
                lower.annotate(
                    f"{removed[start]:,}", (middle, -removed[start]), (0, -3),
                    textcoords="offset points", ha="center", va="top", color=Ink.MUTED,
                )  # fmt: skip
        panel_title(lower, "Added (up) and removed (down) by quarter", "entities")
        return figure

    return render(
        "entities",
        "Growth of the Entity List in the documents held",
        f"{first} to {last}: {sum(added.values()):,} entities added, {sum(removed.values()):,} removed, "
        f"net {net[-1]:+,}.",
        draw,
    )


def _china_panel(axes: Axes, rows: Sequence[Row], name: str) -> None:
    annual = rows[0]["time_window"] == "year"
    values = [row["china_revenue_usd"] / BILLION for row in rows]
    middles = [_middle(row) for row in rows]
    reaches = [0.42 * (row["period_end"] - row["period_start"]).days for row in rows]
    axes.bar(middles, values, width=[2 * reach for reach in reaches], color=Ink.SOFT if annual else Ink.MAIN)
    breaks = [
        (before, after)
        for before, after in itertools.pairwise(rows)
        if before["reporting_basis"] != after["reporting_basis"]
    ]
    value_axis(axes, max(values) * (1.28 if breaks else 1))

    def label(x: float, y: float, text: str, shift: tuple[float, float], side: str, **more: Any) -> None:
        axes.annotate(text, (x, y), shift, textcoords="offset points", ha=side, bbox=GROUND, **more)

    start, end = axes.get_xlim()
    for before, after in breaks:
        day = at(after["period_start"])
        axes.axvline(day, color=Ink.TEXT, linewidth=1, linestyle=(0, (1, 2)))
        bases = [(row["reporting_basis"] or "unstated").replace("_", " ") for row in (before, after)]
        side = "right" if day > start + 0.7 * (end - start) else "center"
        text = f"by {bases[0]} → {bases[1]}"
        label(day, axes.get_ylim()[1], text, (-2, -3), side, va="top", color=Ink.MUTED, fontsize=9.5)
    peak, newest = max(range(len(values)), key=values.__getitem__), len(values) - 1
    for place in sorted({peak, newest}):
        text = number(values[place])
        if (share := rows[place]["china_share"]) is not None:
            text += f" ({100 * float(share):.0f} %)"
        if place == newest and not annual:
            label(middles[place] + reaches[place], values[place], text, (4, 0), "left", va="top", weight="bold")
        elif place == 0:
            label(middles[place] - reaches[place], values[place], text, (0, 4), "left", va="bottom", weight="bold")
        else:
            label(middles[place], values[place], text, (0, 4), "center", va="bottom", weight="bold")
    panel_title(axes, name, "USD bn per year" if annual else "USD bn per quarter")


def _bubbles(axes: Axes, lane: int, actions: Sequence[EntityAction], *, largest: int, colour: str) -> None:
    """Draw circles whose area is the count of entities; the larger ones bear it, where it does not cover another."""
    counted = [one for one in actions if one.entities > 0]
    areas = [max(9.0, 30.0**2 * one.entities / largest) for one in counted]
    days = [at(one.day) for one in counted]
    axes.scatter(days, [lane] * len(counted), s=areas, color=colour, alpha=0.5, linewidth=0)
    start, end = axes.get_xlim()
    room = (end - start) / width_points(axes) * 24
    labelled: list[float] = []
    for place in sorted(range(len(counted)), key=lambda place: (-areas[place], days[place])):
        if areas[place] >= 15.0**2 and all(abs(days[place] - other) >= room for other in labelled):
            labelled.append(days[place])
            axes.text(
                days[place], lane, str(counted[place].entities), ha="center", va="center_baseline", fontsize=9,
                color=Ink.TEXT, weight="bold",
            )  # fmt: skip


def _fan_labels(axes: Axes, row: Row) -> None:
    """Name the ends of the fan at its right edge: median and both ends of the 80 % interval, clear of each other."""
    day = at(row["period_end"])
    values = [row[key] / BILLION for key in ("lower_80_usd", "value_usd", "upper_80_usd", "upper_95_usd")]
    heights = apart(values, 0.085 * axes.get_ylim()[1])
    texts = (
        f"{number(values[0])} (80 %)",
        f"{number(values[1])} median",
        f"{number(values[2])} (80 %)",
        f"{number(values[3])} (95 %)",
    )
    for place, (height, text) in enumerate(zip(heights, texts, strict=True)):
        axes.annotate(
            text, (day, height), (5, 0), textcoords="offset points", va="center", annotation_clip=False,
            color=Ink.MAIN if place == 1 else Ink.MUTED, weight="bold" if place == 1 else "normal",
        )  # fmt: skip


def _unbroken(days: Sequence[float]) -> list[slice]:
    """Slices without a missing quarter, so that no line is drawn over one."""
    gaps = [place for place in range(1, len(days)) if days[place] - days[place - 1] > 105]
    return [slice(start, stop) for start, stop in itertools.pairwise([0, *gaps, len(days)])]


def _middle(row: Row) -> float:
    return (at(row["period_start"]) + at(row["period_end"])) / 2


def _period(row: Row) -> str:
    return f"FY{row['fiscal_year']}" + (f"Q{row['fiscal_quarter']}" if row["fiscal_quarter"] is not None else "")


def _quarter_start(day: date) -> date:
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


def _quarter_starts(first: date, last: date) -> list[date]:
    starts = [_quarter_start(first)]
    while starts[-1] < _quarter_start(last):
        starts.append(_quarter_start(starts[-1] + timedelta(days=100)))
    return starts
