"""Selections and sums that the page is made of."""

from __future__ import annotations

from datetime import date

import pytest
from report_rows import backtest, china_revenue, event, timeline

from assets.report import findings
from assets.report.layout import apart, levels_of, number


@pytest.mark.parametrize(
    ("title", "is_main"),
    [
        ("Framework for Artificial Intelligence Diffusion", True),
        ("Expansion of End-User Controls To Cover Affiliates of Certain Listed Entities", True),
        ("Revision to License Review Policy for Advanced Computing Commodities", True),
        ("Information Security Controls: Cybersecurity Items; Delay of Effective Date", False),
        ("Additions to the Entity List", False),
    ],
)
def test_main_restrictions_are_chosen_by_title(title: str, is_main: bool) -> None:
    rows = [event(date(2025, 1, 15), "rule", title, "2025-00636")]
    assert bool(findings.main_restrictions(rows)) == is_main


def test_a_proposed_rule_is_not_a_restriction() -> None:
    title = "Framework for Artificial Intelligence Diffusion"
    assert findings.main_restrictions([event(date(2025, 1, 15), "proposed_rule", title, "2025-1")]) == []


@pytest.mark.parametrize(
    ("kind", "title", "is_main"),
    [
        ("other", "Framework for Artificial Intelligence Diffusion", True),
        ("other", "Public Briefing on Framework for Artificial Intelligence Diffusion", False),
        (
            "other",
            "Virtual Forum for Risks in the Semiconductor Manufacturing and Advanced Packaging Supply Chain",
            False,
        ),
        ("notice", "Framework for Artificial Intelligence Diffusion", False),
        ("correction", "Framework for Artificial Intelligence Diffusion", False),
    ],
)
def test_a_document_of_unknown_type_is_chosen_by_its_title(kind: str, title: str, is_main: bool) -> None:
    assert bool(findings.main_restrictions([event(date(2025, 1, 15), kind, title, "2025-1")])) == is_main


def test_entity_actions_add_up_over_destinations() -> None:
    added = findings.entity_actions(timeline())[0]
    assert (added.day, added.kind, added.entities) == (date(2023, 2, 24), "entity_added", 13)
    assert findings.destinations(timeline()) == [
        findings.Destination("China", 11, 1, 1),
        findings.Destination("Russia", 2, 0, 0),
    ]


def test_years_that_quarters_already_tell_are_left_out() -> None:
    rows = china_revenue()
    year = dict(rows[-1], vendor="nvidia", fiscal_year=2024)
    assert list(findings.china_panels([*rows, year])) == [("nvidia", "quarter"), ("amd", "year")]
    earlier = dict(year, fiscal_year=2023, period_end=date(2023, 1, 29))
    panels = findings.china_panels([*rows, year, earlier])
    assert list(panels) == [("nvidia", "quarter"), ("amd", "year"), ("nvidia", "year")]
    assert [row["fiscal_year"] for row in panels["nvidia", "year"]] == [2023, 2024]


def test_errors_by_horizon() -> None:
    assert findings.error_by_horizon(backtest()) == [(1, 0.075, 0.225), (2, 0.15, 0.3)]


def test_worse_than_naive_is_said() -> None:
    rows = [dict(row, naive_error_usd=0) for row in backtest()]
    (summary,) = findings.summaries(rows)
    assert not summary.beats_naive


def test_numbers_that_would_cover_each_other_are_stacked() -> None:
    days = [date(2025, 1, 15), date(2025, 1, 16), date(2025, 1, 17), date(2025, 9, 30)]
    restrictions = [findings.Restriction(place, {"event_date": day}) for place, day in enumerate(days, 1)]
    assert levels_of(restrictions, date(2022, 1, 1), date(2026, 1, 1), 600) == [0, 1, 2, 0]
    assert levels_of([], date(2022, 1, 1), date(2026, 1, 1), 600) == []


def test_labels_are_moved_apart_in_order() -> None:
    assert apart([5.0, 1.0, 1.5], 1.0) == [5.0, 1.0, 2.0]


@pytest.mark.parametrize(("value", "text"), [(5.526, "5.53"), (57.006, "57.0"), (138.9, "139"), (1234.5, "1,234")])
def test_figures_bear_three_digits(value: float, text: str) -> None:
    assert number(value) == text
