"""What the charts have in common: two screens, time and value axes, panels, numbered marks.

Every chart is drawn twice, for wide and for narrow screens, because text scaled down with a picture cannot be read on
a phone. Lengths are in points of 1/72 inch, which become the units of the SVG.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator
from matplotlib.transforms import offset_copy

from assets.report.findings import Restriction
from assets.report.svg import Chart, Ink, inline, style

BILLION = 1_000_000_000
CIRCLE = 16
"""Points from one numbered circle to the next above it."""

GROUND = {"boxstyle": "square,pad=0.1", "facecolor": Ink.PAPER, "edgecolor": "none"}
"""What text stands on where lines pass behind it, so that they do not cross it out."""


@dataclass(frozen=True)
class Screen:
    """Width of the drawing in inches of 72 units, and how many panels stand side by side."""

    width: float
    columns: int

    @property
    def is_narrow(self) -> bool:
        """Whether there is room for one panel in a row only."""
        return self.columns == 1


WIDE = Screen(width=11.0, columns=2)
NARROW = Screen(width=4.5, columns=1)


def render(name: str, title: str, description: str, draw: Callable[[Screen], Figure]) -> Chart:
    """Draw and render both renditions; ``draw`` makes a new figure for the screen it is given."""
    rendered = []
    for suffix, screen in (("wide", WIDE), ("narrow", NARROW)):
        with style(f"{name}-{suffix}"):
            rendered.append(inline(draw(screen), f"{name}-{suffix}", title, description))
    return Chart(name, title, description, *rendered)


def grid(keys: Sequence[Any], screen: Screen, panel: Callable[[Axes, Any, Screen], None]) -> Figure:
    """Lay panels out in rows, each with room for its title above and its axis below."""
    columns = min(screen.columns, len(keys))
    rows = -(-len(keys) // columns)
    cell = screen.width / screen.columns
    width, tall, head, foot, side = cell * columns, 2.1, 0.42, 0.36, 0.45
    height = rows * (tall + head + foot)
    figure = Figure(figsize=(width, height))
    for place, key in enumerate(keys):
        row, column = divmod(place, columns)
        bottom = height - (row + 1) * (tall + head + foot) + foot
        axes = figure.add_axes(
            ((column * cell + side) / width, bottom / height, (cell - side - 0.12) / width, tall / height)
        )
        panel(axes, key, screen)
    return figure


def levels_of(restrictions: Sequence[Restriction], start: date, end: date, across: float) -> list[int]:
    """Stack numbers that would cover each other: a level for each restriction, 0 nearest to the axis.

    ``across`` is the width of the time axis in points.
    """
    room = max((end - start).days, 1) * 1.05 / across * (CIRCLE + 1)
    levels: list[int] = []
    for before, one in itertools.pairwise([None, *restrictions]):
        close = before is not None and one is not None and (one.day - before.day).days < room
        levels.append(levels[-1] + 1 if close else 0)
    return levels


def numbered(axes: Axes, restrictions: Sequence[Restriction], levels: Sequence[int], foot: float, lift: float) -> None:
    """Set each restriction's number in a circle ``lift`` points and its level above ``foot``, and lead a line down."""
    figure = axes.get_figure(root=True)
    for one, level in zip(restrictions, levels, strict=True):
        place = (at(one.day), foot)
        up = lift + level * CIRCLE
        line = {"arrowstyle": "-", "color": Ink.ALARM, "linewidth": 0.8, "alpha": 0.55, "shrinkA": 0, "shrinkB": 0}
        axes.annotate("", place, (0, up), textcoords="offset points", arrowprops=line, annotation_clip=False, zorder=1)
        raised = offset_copy(axes.transData, fig=figure, y=up, units="points")
        axes.plot(*place, transform=raised, marker="o", markersize=14, color=Ink.ALARM, clip_on=False, zorder=5)
        axes.annotate(
            str(one.number), place, (0, up), textcoords="offset points", annotation_clip=False, color=Ink.PAPER,
            ha="center", va="center_baseline", fontsize=9, weight="bold", zorder=6,
        )  # fmt: skip


def apart(values: Sequence[float], gap: float) -> list[float]:
    """Move heights up just enough that no two are nearer than ``gap``; order and lowest value stay."""
    order = sorted(range(len(values)), key=values.__getitem__)
    moved = list(values)
    for lower, upper in itertools.pairwise(order):
        moved[upper] = max(moved[upper], moved[lower] + gap)
    return moved


def time_axis(
    axes: Axes, start: date, end: date, screen: Screen, *, panels: int = 1, ticks_to: date | None = None
) -> None:
    """Set limits with a margin and label years (months if there is hardly one), as many as the screen has room for."""
    margin = timedelta(days=max(20, (end - start).days // 60))
    axes.set_xlim(at(start - margin), at(end + margin))
    last = ticks_to or end
    years = last.year - start.year
    if years > 0:
        room = screen.width / panels * 1.6
        step = next((step for step in (1, 2, 5, 10) if years / step <= room), 20)
        ticks = [date(year, 1, 1) for year in range(start.year, last.year + 1) if year % step == 0]
        labels = [str(tick.year) for tick in ticks]
    else:
        ticks = [date(start.year, month, 1) for month in range(1, 13, 3)]
        labels = [f"{tick:%Y-%m}" for tick in ticks]
    shown = [
        (tick, label) for tick, label in zip(ticks, labels, strict=True) if start - margin <= tick <= last + margin
    ]
    axes.set_xticks([at(tick) for tick, _ in shown], [label for _, label in shown])


def value_axis(axes: Axes, highest: float, unit: str = "") -> None:
    """Start at zero, end above the highest value, with few round ticks."""
    axes.set_ylim(0, highest * 1.16)
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _position: f"{value:g}{unit}"))


def panel_title(axes: Axes, name: str, unit: str) -> None:
    """Write the name at the upper left and the unit at the upper right."""
    axes.annotate(
        name, (0, 1), (-26, 9), xycoords="axes fraction", textcoords="offset points", weight="bold", fontsize=11.5
    )
    axes.annotate(
        unit,
        (1, 1),
        (0, 9),
        xycoords="axes fraction",
        textcoords="offset points",
        ha="right",
        color=Ink.MUTED,
        bbox=GROUND,
    )


def billions(value: int) -> str:
    """Return an amount in billions, with three significant digits or so."""
    return number(value / BILLION)


def number(value: float) -> str:
    """Three significant digits are what these figures bear."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def at(day: date) -> float:
    """Return the place of a day on a time axis."""
    return float(day.toordinal())


def width_points(axes: Axes) -> float:
    """Width of a time axis in points."""
    return float(axes.bbox.width * 72 / axes.figure.dpi)
