"""Contracts as suites of Great Expectations: every one runs, and a verdict says exactly which rows fail and why."""

from __future__ import annotations

import logging
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from made_up import contract_of, rows_of

from expectations import contract, suite
from expectations.contract import Contract, ContractError
from expectations.suite import Verdict


def verdict_of(columns: dict[str, str], expect: str, rows: list[dict[str, Any]], **args: Any) -> Verdict:
    """The verdict of one expectation on rows, which get a key from 1 on."""
    severity = args.pop("severity", "critical")
    terms = contract_of({"key": "int64", **columns}, {"expect": expect, "severity": severity, "args": args})
    table = terms.table_of([{"key": number, **row} for number, row in enumerate(rows, start=1)])
    verdicts = suite.validate(terms, table)
    assert len(verdicts) == 3  # row count and grain come first
    return verdicts[-1]


@pytest.mark.parametrize("count", [0, 1, 5], ids=["empty", "one row", "five rows"])
@pytest.mark.parametrize("terms", contract.load_all().values(), ids=lambda terms: terms.table)
def test_every_suite_runs_on_any_table_of_its_contract(terms: Contract, count: int) -> None:
    """Great Expectations knows each expectation and its arguments, and can evaluate it on each column's type."""
    verdicts = suite.validate(terms, terms.table_of(rows_of(terms, count)))
    assert [verdict.expectation for verdict in verdicts] == terms.all_expectations
    if count:
        return
    failed = {verdict.expectation.expect for verdict in verdicts if not verdict.success}
    critical = {
        verdict.expectation.expect
        for verdict in verdicts
        if not verdict.success and verdict.expectation.severity == "critical"
    }
    assert ("expect_table_row_count_to_be_between" in failed) == (terms.rows.min > 0)
    assert critical <= {"expect_table_row_count_to_be_between"}, "an empty table may only be called empty"


def test_failing_rows_are_exactly_those_and_whole() -> None:
    verdict = verdict_of(
        {"verb": "string?", "amount": "int64"},
        "expect_column_values_to_be_in_set",
        [
            {"verb": "add", "amount": 10},
            {"verb": "ad", "amount": 20},
            {"verb": None, "amount": 30},
            {"verb": "remove", "amount": 40},
            {"verb": "", "amount": 50},
        ],
        column="verb",
        value_set=["add", "remove"],
    )
    assert not verdict.success
    assert verdict.failing.to_dict("records") == [
        {"key": 2, "verb": "ad", "amount": 20},
        {"key": 5, "verb": "", "amount": 50},
    ]
    assert verdict.observed == "2 of 5 rows fail"


DAY = date(2024, 2, 29)
CASES: list[tuple[str, str, dict[str, Any], list[Any], list[int]]] = [
    ("string?", "expect_column_values_to_match_regex", {"regex": r"^\d{4}-\d\d$"}, ["2024-01", "24-01", None], [2]),
    ("string", "expect_column_values_to_not_match_regex", {"regex": "�"}, ["a", "a�"], [2]),
    ("string", "expect_column_value_lengths_to_be_between", {"min_value": 2, "max_value": 3}, ["晶", "晶片"], [1]),
    ("string", "expect_column_value_lengths_to_equal", {"value": 2}, ["ab", "abc"], [2]),
    ("string?", "expect_column_values_to_not_be_null", {}, [None, "a", None], [1, 3]),
    ("int64", "expect_column_values_to_be_between", {"min_value": 1, "max_value": 4}, [0, 1, 4, 5], [1, 4]),
    # With an empty row pandas would make floats of the integers, for which these two are one.
    ("int64?", "expect_column_values_to_be_in_set", {"value_set": [2**53 + 1]}, [2**53 + 1, 2**53, None], [2]),
    ("int64?", "expect_column_values_to_be_between", {"min_value": 80}, [79, 80, None], [1]),
    ("date?", "expect_column_values_to_be_between", {"min_value": DAY}, [DAY, date(2024, 2, 28), None], [2]),
    ("bool", "expect_column_values_to_be_in_set", {"value_set": [False]}, [False, True], [2]),
    ("bool?", "expect_column_values_to_be_in_set", {"value_set": [True]}, [False, None, True], [1]),
    (
        "decimal(9, 6)?",
        "expect_column_values_to_be_between",
        {"min_value": 0, "max_value": 1},
        [Decimal("1.000001"), Decimal(1), None],
        [1],
    ),
    (
        "timestamp",
        "expect_column_values_to_be_between",
        {"min_value": datetime(1995, 1, 1, tzinfo=UTC)},
        [datetime(1994, 12, 31, 23, 59, tzinfo=UTC), datetime(1995, 1, 1, tzinfo=UTC)],
        [1],
    ),
]


@pytest.mark.parametrize(
    ("kind", "expect", "args", "values", "failing"),
    CASES,
    ids=[f"{kind} {expect.removeprefix('expect_column_')}" for kind, expect, *_ in CASES],
)
def test_each_kind_of_expectation_finds_its_rows(
    kind: str, expect: str, args: dict[str, Any], values: list[Any], failing: list[int]
) -> None:
    verdict = verdict_of({"value": kind}, expect, [{"value": value} for value in values], column="value", **args)
    assert list(verdict.failing["key"]) == failing
    assert verdict.success == (not failing)
    assert verdict.observed == f"{len(failing)} of {len(values)} rows fail"


def test_mostly_tolerates_and_still_names_the_rows() -> None:
    rows = [{"value": None}, *({"value": "a"} for _ in range(4))]
    passed = verdict_of({"value": "string?"}, "expect_column_values_to_not_be_null", rows, column="value", mostly=0.8)
    assert (passed.success, list(passed.failing["key"])) == (True, [1])
    failed = verdict_of({"value": "string?"}, "expect_column_values_to_not_be_null", rows, column="value", mostly=0.81)
    assert not failed.success


def test_pairs_are_compared_row_by_row_and_open_ends_left_out() -> None:
    days = [date(2024, 1, 1), date(2024, 1, 2)]
    pairs = [(days[1], days[0]), (days[0], days[0]), (days[0], days[1]), (None, days[0])]
    rows = [{"ends": end, "begins": begin} for end, begin in pairs]
    columns = {"ends": "date?", "begins": "date"}
    expect = "expect_column_pair_values_a_to_be_greater_than_b"
    args: dict[str, Any] = {"column_A": "ends", "column_B": "begins", "ignore_row_if": "either_value_is_missing"}
    assert list(verdict_of(columns, expect, rows, **args).failing["key"]) == [2, 3]
    assert list(verdict_of(columns, expect, rows, **args, or_equal=True).failing["key"]) == [3]


def test_all_rows_that_share_a_compound_key_are_shown() -> None:
    rows = [{"vendor": vendor, "quarter": quarter} for vendor, quarter in [("amd", 1), ("amd", 2), ("amd", 1)]]
    verdict = verdict_of(
        {"vendor": "string", "quarter": "int64"},
        "expect_compound_columns_to_be_unique",
        rows,
        column_list=["vendor", "quarter"],
    )
    assert list(verdict.failing["key"]) == [1, 3]


def test_an_expectation_on_the_table_says_what_it_observed_and_shows_no_rows() -> None:
    terms = contract_of({"key": "int64"}, rows={"min": 3, "max": 4})
    few, _ = suite.validate(terms, terms.table_of([{"key": 1}, {"key": 2}]))
    assert (few.success, few.observed, len(few.failing)) == (False, "2", 0)
    enough, _ = suite.validate(terms, terms.table_of([{"key": key} for key in range(4)]))
    assert (enough.success, enough.observed) == (True, "4")
    many, _ = suite.validate(terms, terms.table_of([{"key": key} for key in range(5)]))
    assert (many.success, many.observed) == (False, "5")


def test_a_mean_is_observed_exactly() -> None:
    rows = [{"value": 1}, {"value": 2}, {"value": 4}, {"value": 3}]
    args = {"column": "value", "min_value": 2.5, "max_value": 2.5}
    verdict = verdict_of({"value": "int64"}, "expect_column_mean_to_be_between", rows, **args)
    assert (verdict.success, verdict.observed) == (True, "2.5")


@pytest.mark.parametrize("severity", ["critical", "warning"])
def test_severity_is_kept_and_given_to_great_expectations(severity: str, monkeypatch: pytest.MonkeyPatch) -> None:
    given = []
    as_gx = suite._as_gx
    monkeypatch.setattr(suite, "_as_gx", lambda *args: given.append(as_gx(*args)) or given[-1])
    verdict = verdict_of(
        {"value": "string"},
        "expect_column_values_to_be_in_set",
        [{"value": "b"}],
        column="value",
        value_set=["a"],
        severity=severity,
    )
    assert (verdict.success, verdict.expectation.severity) == (False, severity)
    assert [str(expectation.severity.value) for expectation in given] == ["critical", "critical", severity]


def test_row_bounds_have_the_severity_of_the_contract() -> None:
    terms = contract_of({"key": "int64"}, rows={"min": 1, "severity": "warning"})
    count, grain = suite.validate(terms, terms.table_of([]))
    assert (count.success, count.expectation.severity) == (False, "warning")
    assert (grain.success, grain.expectation.severity) == (True, "critical")


@pytest.mark.parametrize(
    ("expect", "args", "reason"),
    [
        ("expect_column_values_to_be_fine", {}, "Great Expectations has no expect_column_values_to_be_fine"),
        ("expect_column_values_to_match_regex", {"regexp": "a"}, "regexp"),
        ("expect_column_values_to_match_regex", {"regex": "("}, "Invalid regular expression"),
        ("expect_column_values_to_be_between", {"min_value": 1}, "same type"),
    ],
    ids=["unknown expectation", "unknown argument", "bad regex", "other type"],
)
def test_an_expectation_that_cannot_be_evaluated_is_an_error_and_no_verdict(
    expect: str, args: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ContractError, match=f"^made_up: [\\s\\S]*{reason}"):
        verdict_of({"value": "string"}, expect, [{"value": "a"}], column="value", **args)


def test_the_log_level_of_great_expectations_is_left_as_it_was() -> None:
    logger = logging.getLogger("great_expectations")
    before = logger.level
    logger.setLevel(logging.INFO)
    try:
        terms = contract_of({"key": "int64"})
        suite.validate(terms, terms.table_of([{"key": 1}]))
        assert logger.level == logging.INFO
    finally:
        logger.setLevel(before)
