"""What the tables of controls say, for the page: the states of the main rules, and chips against the thresholds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from math import log

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import FixedLocator, FuncFormatter

from assets.report.layout import GROUND, Screen, at, panel_title, render, time_axis
from assets.report.svg import Chart, Ink
from resources.documents import Row

CHINA = "China (incl. Hong Kong)"
_TPP, _DENSITY = "total processing performance", "performance density"
_LEAF = re.compile(r"3A090\.[ab](?:\.\d+)?")

_TICKS = [digit * 10**power for power in range(6) for digit in (1, 2, 5)]

STATES: Mapping[str, tuple[str, str, float]] = {
    "announced": ("announced", Ink.SOFT, 0.6),
    "compliance_pending": ("in force, compliance later", Ink.SOFT, 1.0),
    "in_force": ("in force", Ink.MAIN, 1.0),
    "returned": ("in force again", Ink.MAIN, 1.0),
    "suspended": ("suspended", Ink.ALARM, 0.35),
    "announced_withdrawn": ("announced as withdrawn", Ink.ALARM, 0.75),
    "superseded": ("superseded", Ink.MUTED, 0.3),
    "expired": ("expired", Ink.MUTED, 0.3),
    "withdrawn": ("withdrawn", Ink.MUTED, 0.3),
    "proposed": ("proposed", Ink.GRID, 1.0),
}
"""States of ``restriction_timeline``: what the page calls them, and how they are drawn."""

Bounds = tuple[Decimal, Decimal | None]
"""From (included) to (excluded); an open end is ``None``."""


@dataclass(frozen=True)
class Region:
    """What a paragraph of 3A090 reaches: bounds of TPP and performance density, and what it asks beside them."""

    paragraph: str
    tpp: Bounds
    density: Bounds
    also: tuple[str, ...]


@dataclass(frozen=True)
class Regime:
    """The regions of one text, from the day it is in force, and the document that made it."""

    day: date
    document_number: str
    citation: str | None
    regions: tuple[Region, ...]


def rule_states(timeline: Iterable[Row], numbers: Sequence[str]) -> list[Row]:
    """Rows of ``restriction_timeline`` about whole documents, of those numbers, as known now, in order of effect."""
    rows = [
        row
        for row in timeline
        if row["known_to"] is None and row["subject_type"] == "document" and row["document_number"] in numbers
    ]
    first = {
        row["document_number"]: row["valid_from"]
        for row in sorted(rows, key=lambda row: row["valid_from"], reverse=True)
    }
    return sorted(rows, key=lambda row: (first[row["document_number"]], row["document_number"], row["valid_from"]))


def regimes(parameters: Iterable[Row]) -> list[Regime]:
    """The texts of 3A090.a and .b through time, as known now; a text that repeats the one before it is left out."""
    rows = [
        row
        for row in parameters
        if row["known_to"] is None and row["effect"] == "includes" and _LEAF.fullmatch(row["paragraph"])
    ]
    found: list[Regime] = []
    for day in sorted({row["valid_from"] for row in rows}):
        of_day = [row for row in rows if _holds(row, day)]
        regions = tuple(_regions(of_day))
        newest = max(of_day, key=lambda row: (row["valid_from"], row["document_number"]))
        if not found or found[-1].regions != regions:
            found.append(Regime(day, newest["document_number"], newest["citation"], regions))
    return found


def statuses_on(statuses: Iterable[Row], day: date) -> dict[str, Row]:
    """Status of each chip for China on a day, as known now."""
    return {
        row["chip"]: row
        for row in statuses
        if row["destination_group"] == CHINA and row["known_to"] is None and _holds(row, day)
    }


def chips_now(chips: Iterable[Row], statuses: Sequence[Row], day: date) -> list[tuple[Row, Row]]:
    """Reviewed chips that a text or a letter reaches for China on a day, with their status, by TPP."""
    known = statuses_on(statuses, day)
    reached = [
        (chip, known[chip["chip"]])
        for chip in chips
        if chip["product"] and chip["chip"] in known and known[chip["chip"]]["status"] != "not_controlled"
    ]
    return sorted(reached, key=lambda pair: (-(pair[0]["tpp"] or 0), pair[0]["chip"]))


def _holds(row: Row, day: date) -> bool:
    return bool(row["valid_from"] <= day and (row["valid_to"] is None or row["valid_to"] > day))


def rules_chart(states: Sequence[Row], names: Mapping[str, str], until: date) -> Chart:
    """Draw a bar for each state of each rule, the newest rule at the foot; open ends run to the end of the axis."""
    numbers = list(dict.fromkeys(row["document_number"] for row in states))
    start = min(row["valid_from"] for row in states)
    end = max([until, *(row["valid_from"] for row in states), *(row["valid_to"] for row in states if row["valid_to"])])
    end = date(end.year + 1, 1, 1)

    def draw(screen: Screen) -> Figure:
        left = (0.95 if screen.is_narrow else 1.1) / screen.width
        height = 0.34 * len(numbers) + 1.05
        figure = Figure(figsize=(screen.width, height))
        axes = figure.add_axes((left, 0.36 / height, 0.985 - left, 1 - 1.05 / height))
        time_axis(axes, start, end, screen)
        axes.set_ylim(len(numbers) - 0.4, -0.6)
        axes.set_yticks(range(len(numbers)), numbers)
        axes.tick_params(axis="y", labelcolor=Ink.TEXT)
        axes.axvline(at(until), color=Ink.TEXT, linewidth=0.8, linestyle=(0, (2, 2)))
        shown: dict[str, Patch] = {}
        for row in states:
            label, colour, alpha = STATES[row["status"]]
            ends = row["valid_to"] or end
            bar = Rectangle(
                (at(row["valid_from"]), numbers.index(row["document_number"]) - 0.3),
                at(ends) - at(row["valid_from"]), 0.6, facecolor=colour, alpha=alpha, edgecolor="none",
            )  # fmt: skip
            axes.add_patch(bar)
            shown.setdefault(label, Patch(facecolor=colour, alpha=alpha, label=label))
        axes.legend(
            handles=list(shown.values()), loc="lower left", bbox_to_anchor=(0, 1.0), frameon=False,
            ncols=2 if screen.is_narrow else len(shown), fontsize=9, handlelength=1.2, borderpad=0,
        )  # fmt: skip
        return figure

    said = [
        f"{names[row['document_number']]} ({row['document_number']}): "
        f"{STATES[row['status']][0]} from {row['valid_from']}" + (f" to {row['valid_to']}" if row["valid_to"] else "")
        for row in states
    ]
    return render("rules", "States of the main rules through time", ". ".join(said) + ".", draw)


def chips_chart(chips: Sequence[Row], statuses: Sequence[Row], texts: Sequence[Regime]) -> Chart:
    """Draw chips by TPP and performance density, a panel for each text of 3A090 with the regions it reaches."""
    drawn = sorted(
        (chip for chip in chips if chip["tpp"] and chip["performance_density"]),
        key=lambda chip: (-chip["tpp"], chip["chip"]),
    )
    of_text = [statuses_on(statuses, text.day) for text in texts]
    across = _limits(
        [chip["tpp"] for chip in drawn], [bound for text in texts for one in text.regions for bound in one.tpp]
    )
    upward = _limits(
        [chip["performance_density"] for chip in drawn],
        [bound for text in texts for one in text.regions for bound in one.density],
    )
    moved = {chip["chip"] for chip in drawn if len({_is_reached(status.get(chip["chip"])) for status in of_text}) > 1}

    def draw(screen: Screen) -> Figure:
        columns = min(screen.columns, len(texts))
        rows = -(-len(texts) // columns)
        tall, head, foot, side = 3.6, 0.5, 0.5, 0.5
        width = screen.width
        height = rows * (tall + head + foot)
        figure = Figure(figsize=(width, height))
        cell = width / columns
        for place, (text, known) in enumerate(zip(texts, of_text, strict=True)):
            row, column = divmod(place, columns)
            bottom = height - (row + 1) * (tall + head + foot) + foot
            axes = figure.add_axes(
                ((column * cell + side) / width, bottom / height, (cell - side - 0.15) / width, tall / height)
            )
            _chips_panel(axes, drawn, known, text, limits=(across, upward), moved=moved)
        return figure

    said = []
    for text, known in zip(texts, of_text, strict=True):
        reached = sum(_is_reached(known.get(chip["chip"])) is True for chip in drawn)
        said.append(f"Text of {text.document_number} from {text.day}: reaches {reached} of {len(drawn)} chips drawn")
    return render("chips", "Chips and the thresholds of ECCN 3A090", ". ".join(said) + ".", draw)


def _chips_panel(
    axes: Axes,
    drawn: Sequence[Row],
    known: Mapping[str, Row],
    text: Regime,
    *,
    limits: tuple[tuple[float, float], tuple[float, float]],
    moved: set[str],
) -> None:
    across, upward = limits
    axes.set_xscale("log")
    axes.set_yscale("log")
    axes.set_xlim(across)
    axes.set_ylim(upward)
    axes.grid(visible=False)
    for setting, limit in ((axes.xaxis, across), (axes.yaxis, upward)):
        setting.set_major_locator(FixedLocator([tick for tick in _TICKS if limit[0] <= tick <= limit[1]]))
        setting.set_major_formatter(FuncFormatter(lambda value, _position: f"{value:,.10g}"))
        setting.set_minor_formatter(FuncFormatter(lambda _value, _position: ""))
    for region in text.regions:
        left, right = float(max(region.tpp[0], Decimal(1))), float(region.tpp[1] or across[1])
        low, high = max(float(region.density[0]), upward[0]), float(region.density[1] or upward[1])
        alpha = 0.55 if region.paragraph.startswith("3A090.a") else 0.28
        axes.add_patch(
            Rectangle((left, low), right - left, high - low, facecolor=Ink.SOFT, alpha=alpha, edgecolor="none")
        )
    occupied: list[tuple[float, float, float]] = []
    width, tall = axes.bbox.width * 72 / axes.figure.dpi, axes.bbox.height * 72 / axes.figure.dpi
    named: set[str] = set()
    for chip in sorted(drawn, key=lambda chip: (chip["chip"] not in moved, -chip["tpp"], chip["chip"])):
        x, y = float(chip["tpp"]), float(chip["performance_density"])
        reached = _is_reached(known.get(chip["chip"]))
        colour = Ink.MUTED if reached is False else Ink.ALARM
        axes.plot(
            [x], [y], marker="o", markersize=4.5, linestyle="none", markeredgecolor=colour,
            markerfacecolor=colour if reached else "none",
        )  # fmt: skip
        name = chip["product"]
        if not name or name in named:
            continue
        across_points = width * _share(x, across)
        up_points = tall * _share(y, upward)
        room = 6.0 * len(name) + 8
        is_free = across_points + room < width and all(
            abs(up_points - other_up) > 10 or across_points + room < other_left or across_points > other_right
            for other_up, other_left, other_right in occupied
        )
        if is_free:
            named.add(name)
            occupied.append((up_points, across_points, across_points + room))
            axes.annotate(
                name, (x, y), (5, -3), textcoords="offset points", fontsize=8.5, color=Ink.TEXT,
                weight="bold" if chip["chip"] in moved else "normal", bbox=GROUND | {"alpha": 0.6},
            )  # fmt: skip
    also = sorted({one for region in text.regions for one in region.also})
    panel_title(axes, f"From {text.day} ({text.citation or text.document_number})", "")
    axes.set_xlabel("TPP" + (f"; also {', '.join(also)}" if also else ""), color=Ink.MUTED, fontsize=9)
    axes.set_ylabel("Performance density, TPP per mm²", color=Ink.MUTED, fontsize=9)


def _regions(rows: Sequence[Row]) -> Iterable[Region]:
    """The regions of leaf paragraphs with a bound of TPP, what stands above them held together with them."""
    for paragraph in sorted({row["paragraph"] for row in rows}):
        conditions = [
            row for row in rows if row["paragraph"] == paragraph or paragraph.startswith(f"{row['paragraph']}.")
        ]
        if not any(row["paragraph"] == paragraph and row["parameter"] == _TPP for row in conditions):
            continue
        also = tuple(
            sorted(
                f"{row['parameter']} {row['comparison']} {row['value'].normalize():f} {row['unit']}"
                for row in conditions
                if row["parameter"] not in (_TPP, _DENSITY)
            )
        )
        yield Region(paragraph, _bounds(conditions, _TPP), _bounds(conditions, _DENSITY), also)


def _bounds(conditions: Sequence[Row], parameter: str) -> Bounds:
    low = [row["value"] for row in conditions if row["parameter"] == parameter and row["comparison"] in (">", ">=")]
    high = [row["value"] for row in conditions if row["parameter"] == parameter and row["comparison"] in ("<", "<=")]
    return max(low, default=Decimal(0)), min(high, default=None)


def _limits(values: Sequence[Decimal], bounds: Iterable[Decimal | None]) -> tuple[float, float]:
    every = [float(value) for value in (*values, *(bound for bound in bounds if bound))]
    return min(every) / 1.5, max(every) * 2.2


def _share(value: float, limits: tuple[float, float]) -> float:
    """Where a value stands between two limits on a logarithmic axis."""
    return log(value / limits[0]) / log(limits[1] / limits[0])


def _is_reached(status: Row | None) -> bool | None:
    """Whether the text reaches a chip for China; ``None`` where that is not decided."""
    if status is None or (status["status"] == "undetermined"):
        return None
    return status["eccn_paragraph"] is not None
