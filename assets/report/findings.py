"""What the page says of the tables: selections and sums over rows, nothing about how they look."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from resources.documents import Row

# What a rule must be about, by its title, to be marked in the charts. The timeline itself keeps everything.
_MAIN_SUBJECT = re.compile(
    r"advanced computing|semiconductor manufacturing|supercomputer|artificial intelligence|affiliates of", re.IGNORECASE
)

ENTITY_KINDS = ("entity_added", "entity_removed", "entity_revised")
# What is no rule, by its kind. A document whose type is not known may be one: it counts by its title.
_NO_RULES = frozenset({"proposed_rule", "notice", "correction", "presidential_document", *ENTITY_KINDS})
_NO_RULE_BY_TITLE = re.compile(
    r"^notice\b|\bpublic briefing\b|\bforum\b|\brequest for (?:public )?comments?\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Restriction:
    """A rule, or a document of unknown type, on advanced computing or semiconductor manufacturing, with its number."""

    number: int
    row: Row

    @property
    def day(self) -> date:
        """Day on which it stands in the timeline."""
        day: date = self.row["event_date"]
        return day


@dataclass(frozen=True)
class EntityAction:
    """What one document did to the Entity List in one way, over all destinations."""

    day: date
    kind: str
    document_number: str
    entities: int


@dataclass(frozen=True)
class Destination:
    """Entity List actions by destination."""

    country: str
    added: int
    removed: int
    revised: int


@dataclass(frozen=True)
class BacktestSummary:
    """A series' back-test over all origins and horizons, as shares (0.1 is 10 %) except the scaled errors."""

    vendor: str
    measure: str
    origins: int
    mape: float
    naive_mape: float
    mase: float
    naive_mase: float
    inside_80: float
    inside_95: float

    @property
    def beats_naive(self) -> bool:
        """Whether the mean scaled error is smaller than seasonal naive's."""
        return self.mase < self.naive_mase


def main_restrictions(timeline: Iterable[Row]) -> list[Restriction]:
    """Rules about advanced computing and semiconductor manufacturing, one for each document, oldest first.

    A document whose type is not known is among them if its title is of these subjects and does not say that it is none.
    """
    first: dict[str, Row] = {}
    for row in sorted(timeline, key=_timeline_order):
        subject = row["subject"] or ""
        may_be_rule = row["kind"] == "rule" or not (row["kind"] in _NO_RULES or _NO_RULE_BY_TITLE.search(subject))
        if may_be_rule and _MAIN_SUBJECT.search(subject):
            first.setdefault(row["document_number"], row)
    return [Restriction(number, row) for number, row in enumerate(first.values(), 1)]


def ordered(timeline: Iterable[Row]) -> list[Row]:
    """The timeline by date, document, kind and destination."""
    return sorted(timeline, key=_timeline_order)


def entity_actions(timeline: Iterable[Row]) -> list[EntityAction]:
    """Entities added, removed and revised by day, kind and document, oldest first."""
    sums: Counter[tuple[date, str, str]] = Counter()
    for row in timeline:
        if row["kind"] in ENTITY_KINDS:
            sums[row["event_date"], row["kind"], row["document_number"]] += row["entities"] or 0
    return [EntityAction(*key, count) for key, count in sorted(sums.items())]


def destinations(timeline: Iterable[Row]) -> list[Destination]:
    """Entities by destination, most additions first."""
    sums: dict[str, Counter[str]] = defaultdict(Counter)
    for row in timeline:
        if row["kind"] in ENTITY_KINDS:
            sums[row["country"] or "not stated"][row["kind"]] += row["entities"] or 0
    found = [Destination(country, *(counts[kind] for kind in ENTITY_KINDS)) for country, counts in sums.items()]
    return sorted(found, key=lambda one: (-one.added, -one.removed, -one.revised, one.country))


def china_panels(china_revenue: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """China revenue by vendor and window (``quarter`` or ``year``), quarters first; oldest period first.

    Years of a vendor are left out where its quarters say all of it, and never stand among quarters, which they hold.
    Figures without a value in dollars have no place on the charts' axis; the page's table has them.
    """
    panels: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in sorted(china_revenue, key=lambda row: row["period_end"]):
        if row["china_revenue_usd"] is not None:
            panels[row["vendor"], row["time_window"]].append(row)
    for vendor, window in list(panels):
        if window == "year":
            quarters = Counter(row["fiscal_year"] for row in panels.get((vendor, "quarter"), ()))
            if all(quarters[row["fiscal_year"]] == 4 for row in panels[vendor, window]):
                del panels[vendor, window]
    return {key: panels[key] for key in sorted(panels, key=lambda key: (key[1], key[0]))}


def by_series(rows: Iterable[Row]) -> dict[tuple[str, str], list[Row]]:
    """Rows by vendor and measure, company revenue first; in each, oldest period first."""
    groups: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        groups[row["vendor"], row["measure"]].append(row)
    ordered_keys = sorted(groups, key=lambda key: (key[1] != "revenue", key[1], key[0]))
    return {
        key: sorted(groups[key], key=lambda row: (row["period_end"], row.get("horizon", 0))) for key in ordered_keys
    }


def summaries(backtest: Iterable[Row]) -> list[BacktestSummary]:
    """Errors and coverage of each series over all its origins and horizons."""
    return [
        BacktestSummary(
            vendor=vendor,
            measure=measure,
            origins=len({row["origin_quarter"] for row in rows}),
            mape=_mean([row["absolute_percentage_error"] for row in rows]),
            naive_mape=_mean([row["naive_absolute_percentage_error"] for row in rows]),
            mase=_mean([Decimal(abs(row["error_usd"])) / row["scale_usd"] for row in rows]),
            naive_mase=_mean([Decimal(abs(row["naive_error_usd"])) / row["scale_usd"] for row in rows]),
            inside_80=_mean([Decimal(row["inside_80"]) for row in rows]),
            inside_95=_mean([Decimal(row["inside_95"]) for row in rows]),
        )
        for (vendor, measure), rows in by_series(backtest).items()
    ]


def error_by_horizon(rows: Sequence[Row]) -> list[tuple[int, float, float]]:
    """Return horizon, the model's MAPE and seasonal naive's MAPE, of the rows of one series."""
    return [
        (
            horizon,
            _mean([row["absolute_percentage_error"] for row in rows if row["horizon"] == horizon]),
            _mean([row["naive_absolute_percentage_error"] for row in rows if row["horizon"] == horizon]),
        )
        for horizon in sorted({row["horizon"] for row in rows})
    ]


def newest_known(*tables: Iterable[Row]) -> date | None:
    """Return the last day on which any row of the tables became known; ``None`` if they hold none."""
    return max((row["known_from"] for rows in tables for row in rows if row["known_from"]), default=None)


def _mean(values: Sequence[Decimal]) -> float:
    return float(sum(values, Decimal(0)) / len(values))


def _timeline_order(row: Row) -> tuple[date, str, str, str, str]:
    return row["event_date"], row["document_number"], row["kind"], row["country"] or "", row["subject"] or ""
