"""The report: one HTML page that needs no network, made of rows of the published tables."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import jinja2
from markupsafe import Markup

from assets.report import findings
from expectations import contract
from resources.documents import Row
from resources.settings import SourcesKind

if TYPE_CHECKING:
    from assets.report.svg import Chart

_KINDS: Mapping[str, str] = {
    "rule": "Rule",
    "proposed_rule": "Proposed rule",
    "notice": "Notice",
    "correction": "Correction",
    "presidential_document": "Presidential document",
    "other": "Other document",
    "entity_added": "Entities added",
    "entity_removed": "Entities removed",
    "entity_revised": "Entities revised",
}

_NAMES_SHOWN = 4


def build(
    *,
    timeline: Sequence[Row],
    controls: Sequence[Row],
    parameters: Sequence[Row],
    chips: Sequence[Row],
    chip_statuses: Sequence[Row],
    china_revenue: Sequence[Row],
    forecast: Sequence[Row],
    backtest: Sequence[Row],
    quarters: Sequence[Row],
    counts: Mapping[str, int],
    release: str = "",
    as_of: date | None = None,
    lists_as_of: date | None = None,
    sources: SourcesKind = "live",
    vendor_names: Mapping[str, str] | None = None,
) -> bytes:
    """Build the page; the same rows, in any order, give the same bytes.

    Args:
        timeline: rows of ``mart_timeline``.
        controls: rows of ``restriction_timeline``.
        parameters: rows of ``control_parameters``.
        chips: rows of ``chip_specs``.
        chip_statuses: rows of ``chip_control_status``.
        china_revenue: rows of ``mart_vendor_china_revenue`` as first reported.
        forecast: rows of ``vendor_revenue_forecast``.
        backtest: rows of ``forecast_backtest``.
        quarters: rows of ``vendor_quarters`` as first reported.
        counts: number of rows by table, for the table of tables.
        release: identifier of the release the page belongs to; empty if it is not released yet.
        as_of: day up to which the rows know the world; if not given, the newest ``known_from`` of the rows, or
            ``lists_as_of`` if later.
        lists_as_of: ``as_of_date`` of ``mart_entity_list_current``, if that has rows.
        sources: what the rows were made from; the page says so at its head where that is not the live sources.
        vendor_names: names by vendor slug; a slug without one is shown as it is.

    Returns:
        The page in UTF-8. A section without rows says that nothing is held.
    """
    # Importing matplotlib costs a second: only where a page is built.
    from assets.report import charts  # noqa: PLC0415
    from assets.report import controls as of_controls  # noqa: PLC0415

    names = dict(vendor_names or {})
    events = findings.ordered(timeline)
    restrictions = findings.main_restrictions(events)
    actions = findings.entity_actions(events)
    china = findings.china_panels(china_revenue)
    forecasts = findings.by_series(forecast)
    history = findings.by_series(quarters)
    tested = findings.by_series(backtest)
    newest = findings.newest_known(timeline, china_revenue, quarters)
    known_on = as_of or max(filter(None, (lists_as_of, newest)), default=None)
    rules = {one.row["document_number"]: one.row["subject"] for one in restrictions}
    states = of_controls.rule_states(controls, list(rules))
    texts = of_controls.regimes(parameters)
    drawable = any(chip["tpp"] and chip["performance_density"] for chip in chips)
    text = _template().render(
        release=release,
        as_of=known_on,
        sources=sources,
        first_event=events[0]["event_date"] if events else None,
        events=events,
        restrictions=restrictions,
        timeline_chart=charts.timeline(events, actions, restrictions) if events else None,
        rules_chart=of_controls.rules_chart(states, rules, known_on) if states and known_on else None,
        states=states,
        state=lambda status: of_controls.STATES[status][0],
        chips_chart=of_controls.chips_chart(chips, chip_statuses, texts) if texts and drawable else None,
        chips_now=of_controls.chips_now(chips, chip_statuses, known_on) if known_on else [],
        china=sorted(china_revenue, key=lambda row: (row["vendor"], row["time_window"], row["period_end"])),
        china_chart=charts.china(china, restrictions, names) if china else None,
        forecasts=forecasts,
        models=_by_reason(forecasts),
        not_forecast=[key for key in history if key not in forecasts],
        forecast_chart=charts.forecast(forecasts, history, names) if forecasts else None,
        summaries=findings.summaries(backtest),
        backtest_chart=charts.backtest(tested, names) if tested else None,
        destinations=findings.destinations(events),
        entity_chart=charts.entity_list(actions) if actions else None,
        tables=_tables(counts),
        vendor=lambda slug: names.get(slug, slug),
        kind=lambda kind: _KINDS.get(kind, kind.replace("_", " ")),
        measure=lambda measure: charts.MEASURES.get(measure, measure),
    )
    return text.encode("utf-8")


def _template() -> jinja2.Template:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        billions=_billions,
        percent=_percent,
        svg=_both_renditions,
        link=_link,
        subject=_subject,
        words=lambda text: text.replace("_", " "),
    )
    return environment.get_template("page.html.j2")


def _by_reason(forecasts: Mapping[tuple[str, str], Sequence[Row]]) -> dict[str, list[tuple[str, str]]]:
    grouped: dict[str, list[tuple[str, str]]] = {}
    for key, rows in forecasts.items():
        grouped.setdefault(rows[0]["model_reason"], []).append(key)
    return grouped


def _tables(counts: Mapping[str, int]) -> list[dict[str, Any]]:
    contracts = contract.load_all()
    return [
        {
            "name": name,
            "rows": rows,
            "subject": contracts[name].subject if name in contracts else "",
            "description": _first_sentence(contracts[name].description) if name in contracts else "",
        }
        for name, rows in sorted(counts.items())
    ]


def _subject(row: Row) -> str:
    """Return a document's title, or the first entries' names and how many follow: a rule may name hundreds."""
    names = row["subject"].split("; ") if row["kind"] in findings.ENTITY_KINDS else [row["subject"]]
    if len(names) <= _NAMES_SHOWN + 1:
        return "; ".join(names)
    return f"{'; '.join(names[:_NAMES_SHOWN])} and others"


def _first_sentence(text: str) -> str:
    return re.split(r"(?<=[.:]) (?=[A-Z])", " ".join(text.split()), maxsplit=1)[0].rstrip(":")


def _both_renditions(chart: Chart) -> Markup:
    # The SVG is ours: text from documents went through the XML serialiser on its way into it.
    return Markup(f'<div class="wide">{chart.wide}</div><div class="narrow">{chart.narrow}</div>')  # noqa: S704


def _billions(value: int | None) -> str:
    return "–" if value is None else f"{value / 1e9:,.2f}"


def _percent(share: Any) -> str:
    return "–" if share is None else f"{100 * float(share):.0f} %"


def _link(url: str | None) -> str:
    """Return the address if a reader may be sent there: addresses come from documents, and some run code."""
    return url if url and urlsplit(url).scheme in ("http", "https") else ""
