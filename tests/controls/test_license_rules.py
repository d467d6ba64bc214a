"""The table ``license_rules`` on the samples: requirement, exception and review policy by day and destination."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from assets.controls.license_rules import in_country_group, license_rules, load, rule_conditions
from assets.controls.parameters import HeldDocument
from expectations import contract
from resources.documents import Parsed, Row


@pytest.fixture(scope="module")
def parsed(held: list[HeldDocument]) -> Parsed:
    return license_rules(held)


def said(parsed: Parsed, day: date, paragraph: str, kind: str) -> set[tuple[str, str]]:
    """Value and destinations of the rules in force on a day, as known today."""
    return {
        (row["value"], " ".join(row["destinations"]) or f"headquarters {' '.join(row['headquartered_in'])}")
        for row in parsed.rows
        if row["known_to"] is None and row["paragraph"] == paragraph and row["kind"] == kind and in_force(row, day)
    }


def in_force(row: Row, day: date) -> bool:
    return row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])


@pytest.mark.parametrize(
    ("day", "requirement", "review"),
    [
        (date(2022, 10, 20), set(), set()),
        (date(2022, 10, 21), {("required", "China")}, {("presumption_of_denial", "China")}),  # 87 FR 62186
        (  # 88 FR 2821 adds Macau from January 17, 2023
            date(2023, 1, 17),
            {("required", "China"), ("required", "Macau")},
            {("presumption_of_denial", "China"), ("presumption_of_denial", "Macau")},
        ),
        (  # 88 FR 73458
            date(2023, 11, 17),
            {("required", "D:1 D:4 D:5"), ("required", "headquarters Macau D:5")},
            {
                ("presumption_of_denial", "Macau D:5"),
                ("presumption_of_denial", "headquarters Macau D:5"),
                ("presumption_of_approval", "D:1 D:4"),
            },
        ),
        (  # 90 FR 4544 for .a, 91 FR 1684
            date(2026, 1, 15),
            {("required", "D:1 D:4 D:5"), ("required", "worldwide"), ("required", "headquarters Macau D:5")},
            {
                ("presumption_of_denial", "Macau D:5"),
                ("presumption_of_denial", "headquarters Macau D:5"),
                ("presumption_of_approval", "worldwide"),
                ("presumption_of_approval", "supplement no. 5 to part 740, paragraph (a)"),
                ("case_by_case", "China Macau"),
            },
        ),
    ],
)
def test_3a090_a_through_time(
    parsed: Parsed, day: date, requirement: set[tuple[str, str]], review: set[tuple[str, str]]
) -> None:
    assert said(parsed, day, "3A090.a", "license_requirement") == requirement
    assert said(parsed, day, "3A090.a", "review_policy") == review


def test_license_exceptions_nac_then_nac_and_aca(parsed: Parsed) -> None:
    """§ 740.8: NAC from November 17, 2023 (88 FR 73458), split into NAC and ACA on April 4, 2024 (89 FR 23876)."""
    before, after = date(2024, 4, 3), date(2024, 4, 4)
    assert said(parsed, before, "3A090.b", "license_exception") == {("NAC", "D:1 D:4 D:5")}
    assert said(parsed, after, "3A090.b", "license_exception") == {("NAC", "Macau D:5"), ("ACA", "D:1 D:4")}
    conditions = {
        row["paragraph"]: [(c["parameter"], c["comparison"], c["value"]) for c in rule_conditions(row)]
        for row in parsed.rows
        if row["value"] == "NAC"
    }
    assert conditions == {
        "3A090.a": [
            ("designed or marketed for use in datacenters", "=", Decimal(0)),
            ("total processing performance", ">=", Decimal(4800)),
        ],
        "3A090.b": [("designed or marketed for use in datacenters", "=", Decimal(1))],
    }


def test_ai_diffusion_is_in_the_text_and_announced_as_not_enforced(parsed: Parsed) -> None:
    """90 FR 4544: compliance from May 15, 2025; on May 13 the Bureau said that it does not enforce what is new."""
    (row,) = [r for r in parsed.rows if r["rule_id"] == "2025-requirement-a-worldwide" and r["paragraph"] == "3A090.a"]
    assert (row["valid_from"], row["valid_to"]) == (date(2025, 1, 13), None)
    assert (row["compliance_date"], row["not_enforced_from"]) == (date(2025, 5, 15), date(2025, 5, 13))


def test_doubts_are_the_document_the_samples_do_not_hold_and_those_of_the_reviewer(parsed: Parsed) -> None:
    assert {row["rule_id"] for row in parsed.rows if row["needs_review"]} == {
        "2023-requirement-macau", "2023-review-macau",  # its document is not held
        # in doubt for the reviewer
        "2022-review-china", "2023-review-denial", "2025-review-b-denial", "2025-review-b-denial-headquarters",
    }  # fmt: skip
    denial = [row for row in parsed.rows if row["rule_id"] == "2023-review-denial"]
    assert {row["paragraph"] for row in denial if row["needs_review"]} == {"3A090.b", "4A090.b"}
    assert [(problem.document, problem.reason.split(": ")[1]) for problem in parsed.problems] == [
        ("2023-00888", "its document is not held")
    ] * 2
    assert contract.load("license_rules").table_of(parsed.rows).num_rows == len(parsed.rows)


def changed(held: list[HeldDocument], number: str, old: str, new: str) -> Parsed:
    assert sum(old.encode() in one.body for one in held if one.document_number == number) == 1
    return license_rules(
        replace(one, body=one.body.replace(old.encode(), new.encode())) if one.document_number == number else one
        for one in held
    )


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("from the United States, items", "out of the United States, items", "(its words say the same)"),
        ("less than 21,000", "less than 22,000", "(its words do not say the same)"),
        (
            "is January 15, 2026",
            "is January 20, 2026",
            "in effect from 2026-01-20 by its instruction, 2026-01-15 as reviewed",
        ),
    ],
)
def test_another_text_or_day_asks_for_review(held: list[HeldDocument], old: str, new: str, reason: str) -> None:
    parsed = changed(held, "2026-00789", old, new)
    (row,) = [r for r in parsed.rows if r["rule_id"] == "2026-review-case-by-case" and r["paragraph"] == "3A090.a"]
    assert row["needs_review"]
    assert reason in row["review_reason"]
    assert any(reason in problem.reason for problem in parsed.problems)
    assert row["valid_from"] == (date(2026, 1, 20) if "20 by" in reason else date(2026, 1, 15))


def test_a_change_of_the_policy_that_nobody_reviewed_is_said(held: list[HeldDocument]) -> None:
    without = [rule for rule in load() if rule.document_number != "2026-00789"]
    problems = [problem for problem in license_rules(held, without).problems if problem.document == "2026-00789"]
    assert [problem.reason.split(" is changed, and no license rule was reviewed")[0] for problem in problems] == [
        "§ 742.6(b)(10)(iii)(A)(1)",
        "§ 744.23(d)",
    ]


def test_no_rule_is_known_from_documents_of_before_it(held: list[HeldDocument]) -> None:
    until = [one for one in held if one.publication_date < date(2023, 1, 1)]
    assert {row["document_number"] for row in license_rules(until).rows} == {"2022-21658"}
    assert all(row["valid_to"] is None for row in license_rules(until).rows)


def test_country_groups() -> None:
    """Macau is in D:1 and D:4, not in D:5; China in all three; Israel in D:4 and A:6."""
    assert [in_country_group("Macau", group) for group in ("D:1", "D:4", "D:5")] == [True, True, False]
    assert [in_country_group("China (PRC)", group) for group in ("D:1", "D:4", "D:5")] == [True, True, True]
    assert [in_country_group("Israel", group) for group in ("D:1", "D:4", "A:6")] == [False, True, True]
