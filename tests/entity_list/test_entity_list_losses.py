"""Rules on the Entity List worded or marked up unusually: nothing of them is lost without a word."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from entity_rules import CITATION, POLICY, REQUIREMENT, entry_row

from expectations import contract
from resources.documents import Parsed, Row

Read = Callable[..., Parsed]
CHINA = "CHINA, PEOPLE'S REPUBLIC OF"
HEAD = "2. Supplement No. 4 to part 744 is amended:"
ADD = f"a. Under {CHINA}, by adding entries for “Alpha Ltd.” and “Beta LLC”;"
ALPHA = "Alpha Ltd., 1 First Road, Beijing, China."
BETA = "Beta LLC, 2 Second Road, Shanghai, China."
TABLE = [(CHINA, [ALPHA, BETA])]
EMPTY_FIRST = '<ENT I="22"> </ENT>'


def names(parsed: Parsed) -> list[str]:
    contract.load("entity_list_changes").table_of(parsed.rows)
    return [row["entry_name"] for row in with_text(parsed)]


def with_text(parsed: Parsed) -> list[Row]:
    """Rows that can be applied: a claim that no table bears out keeps a row without text."""
    return [row for row in parsed.rows if row["text_supplied"] or row["verb"] == "remove"]


@pytest.mark.parametrize(
    "head",
    [
        "2. Part 744 is amended by revising the Entity List:",
        "2. In part 744, the Entity List is amended:",
        "2. Supplement Number 4 to part 744 is amended:",
        "2. Supplement Nos. 4 and 6 to part 744 are amended:",
        "2. Supplements No. 4 and No. 6 to part 744 are amended:",
        "2. Supplement No. 6 and Supplement No. 4 to part 744 are amended:",
        "2. In § 744.16 and Supplement No. 4 to part 744, amend:",
    ],
)
def test_the_list_is_found_however_it_is_called(read_rule: Read, head: str) -> None:
    parsed = read_rule([head, ADD], TABLE)

    assert parsed.problems == []
    assert names(parsed) == ["Alpha Ltd.", "Beta LLC"]


def test_the_list_under_an_instruction_on_the_whole_part(read_rule: Read) -> None:
    head = "2. Part 744 is amended as follows:"
    parsed = read_rule([head, "a. Section 744.11 is amended by revising paragraph (a).", f"b. {HEAD[3:]}"], TABLE)
    assert [problem.reason for problem in parsed.problems if "leads to" in problem.reason] == []
    assert len(parsed.problems) == 2  # the entries that no instruction names

    inherited = read_rule(
        [head, "a. Supplement No. 4 to part 744 is amended by adding “Alpha Ltd.” under China."], TABLE
    )
    assert names(inherited) == ["Alpha Ltd."]


def test_a_section_that_refers_to_the_list_is_not_the_list(read_rule: Read) -> None:
    parsed = read_rule(["2. Section 744.16 is amended by adding a reference to supplement no. 4 to part 744."])

    assert (parsed.rows, parsed.problems) == ([], [])


@pytest.mark.parametrize("head", ["2. Supplement No. 9 to part 744 is amended:", "2. The list is amended:"])
def test_a_list_table_that_no_instruction_leads_to_is_a_problem(read_rule: Read, head: str) -> None:
    parsed = read_rule([head, "a. By adding entries."], TABLE)

    assert parsed.rows == []
    assert [problem.place.split()[0] for problem in parsed.problems] == ["GPOTABLE"]
    assert "no instruction on a list of part 744 leads to" in parsed.problems[0].reason


def test_a_removal_that_names_no_list_is_a_problem(read_rule: Read) -> None:
    parsed = read_rule(["2. Part 744 is amended:", "a. Under CHINA, by removing the entry for “Alpha Ltd.”;"])

    assert parsed.rows == []
    assert [problem.reason.split(":")[0] for problem in parsed.problems] == [
        "remove Alpha Ltd. under a destination, but no list is named"
    ]


def test_a_row_without_its_first_cell_loses_only_itself(read_rule: Read) -> None:
    parsed = read_rule([HEAD, ADD], [(CHINA, [entry_row(ALPHA).replace(EMPTY_FIRST, ""), BETA])])

    assert names(parsed) == ["Beta LLC"]
    assert {row["country_code"] for row in parsed.rows} == {"CN"}
    row, claim = parsed.problems
    assert row.place.startswith("ROW line")
    assert "neither a destination nor an empty cell comes first: Alpha Ltd." in row.reason
    assert "add Alpha Ltd." in claim.reason


def test_the_continuation_of_a_malformed_row_is_not_the_entrys_before(read_rule: Read) -> None:
    more = f"<ROW>{EMPTY_FIRST}<ENT>—9 Ninth Road, Beijing, China.</ENT></ROW>"
    parsed = read_rule([HEAD, ADD], [(CHINA, [ALPHA, entry_row(BETA).replace(EMPTY_FIRST, "") + more])])

    assert [row["addresses"] for row in with_text(parsed)] == [["1 First Road, Beijing, China"]]
    assert any("nor the continuation" in problem.reason for problem in parsed.problems)


@pytest.mark.parametrize(
    ("left_out", "column"),
    [
        (REQUIREMENT, "license_requirement"),
        (POLICY, "license_review_policy"),
        (CITATION, "federal_register_citation"),
    ],
)
def test_a_missing_cell_shifts_no_other(read_rule: Read, left_out: str, column: str) -> None:
    row = entry_row(ALPHA).replace(f"<ENT>{left_out}</ENT>", "")
    parsed = read_rule([HEAD, ADD], [(CHINA, [row, BETA])])

    found = {name: parsed.rows[0][name] for name in ("license_requirement", "license_review_policy")}
    found["federal_register_citation"] = parsed.rows[0]["federal_register_citation"]
    whole = {
        "license_requirement": REQUIREMENT,
        "license_review_policy": POLICY,
        "federal_register_citation": CITATION,
    }
    assert found == whole | {column: None}
    assert {problem.place for problem in parsed.problems} == {parsed.rows[0]["location"]}
    assert "cells are missing" in parsed.problems[0].reason


def test_swapped_cells_are_put_right_and_reported(read_rule: Read) -> None:
    row = entry_row(ALPHA, requirement=POLICY, policy=REQUIREMENT)
    parsed = read_rule([HEAD, ADD], [(CHINA, [row, BETA])])

    assert (parsed.rows[0]["license_requirement"], parsed.rows[0]["license_review_policy"]) == (REQUIREMENT, POLICY)
    assert ["other columns" in problem.reason for problem in parsed.problems] == [True]
