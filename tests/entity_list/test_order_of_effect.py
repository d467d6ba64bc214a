"""In which order changes are made, and which wait for another document of their day."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from test_entity_history import change, official

from assets.entity_list.history import history
from assets.entity_list.order import RegisterOrder
from expectations import contract
from resources.documents import Parsed, Row

DAY = "2024-03-01"
A, B, C = "2024-9998", "2024-9999", "2024-10000"
"""Documents of one issue, in the register's order and not in that of words."""


def of(number: str, verb: str, name: str, index: int = 1, **fields: Any) -> Row:
    """A change that a document of one issue makes on the day."""
    own = {"document_number": number, "change_index": index, "license_requirement": f"{number}.{index}"}
    return change(verb, name, DAY, **(own | fields))


def listed(parsed: Parsed, day: str = "2024-03-02") -> dict[str, str]:
    """Names on the list after the day, each with the text it has, for whatever order the rows were given in."""
    contract.load("entity_list_history").table_of(parsed.rows)
    at = date.fromisoformat(day)
    return {
        row["name"]: row["license_requirement"]
        for row in parsed.rows
        if row["valid_from"] is not None
        and row["valid_from"] <= at
        and (row["valid_to"] is None or row["valid_to"] > at)
    }


def late(parsed: Parsed) -> list[str]:
    return sorted(problem.document for problem in parsed.problems if "it is made behind it" in problem.reason)


def left_out(parsed: Parsed) -> list[str]:
    return sorted(problem.document for problem in parsed.problems if "it is made behind it" not in problem.reason)


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2023-9999", "2023-10001"),
        ("2023-03929", "2023-10001"),
        ("E9-9999", "E9-10001"),
        ("99-31234", "00-12"),  # of 1999 and 2000
        ("C1-2024-9999", "C1-2024-10001"),
        ("C2-2024-9999", "C10-2024-9999"),
        ("2024-10001", "C1-2024-9999"),
    ],
)
def test_numbers_count(earlier: str, later: str) -> None:
    order, day = RegisterOrder({}), date(2024, 1, 2)
    assert order.document(day, earlier) < order.document(day, later)
    assert order.document(day, later) < order.document(date(2024, 1, 3), earlier)


@pytest.mark.parametrize(("earlier", "later"), [("88 FR 9999", "88 FR 10001"), ("88 FR 10001", "89 FR 5")])
def test_pages_count_and_come_before_numbers(earlier: str, later: str) -> None:
    order, day = RegisterOrder({"2024-2": earlier, "2024-1": later}), date(2024, 1, 2)
    assert order.document(day, "2024-2") < order.document(day, "2024-1") < order.document(day, "2024-0")


def test_documents_of_one_issue_are_made_by_page_and_number() -> None:
    rows = [of(A, "add", "Beta LLC"), of(B, "revise", "Beta LLC"), of(C, "revise", "Beta LLC")]
    assert [listed(history(given)) for given in permutations(rows)] == [{"Beta LLC": f"{C}.1"}] * 6
    by_page = history(rows, citation_of={A: "89 FR 9998", B: "89 FR 10002", C: "89 FR 10000"})
    assert (listed(by_page), by_page.problems) == ({"Beta LLC": f"{B}.1"}, [])


def test_instructions_count() -> None:
    rows = [of(A, "add", "Beta LLC"), *(of(A, "revise", "Beta LLC", index) for index in range(2, 12))]
    assert listed(history(reversed(rows))) == {"Beta LLC": f"{A}.11"}


def test_a_correction_stands_behind_its_rule_where_its_number_does_not() -> None:
    rule = of(B, "add", "Beta LLC")
    correction = of("2024-8", "correct", "Beta LLC", corrected_document=B, corrected_citation=None, text_before=None)
    parsed = history([correction, rule, of(C, "revise", "Gamma"), of(A, "add", "Gamma")])
    assert (listed(parsed), parsed.problems) == ({"Beta LLC": "2024-8.1", "Gamma": f"{C}.1"}, [])


LATE = {
    "a removal of what a later rule lists": ([of(A, "remove", "X"), of(B, "add", "X")], {}, [A]),
    "a revision of what a later rule lists": ([of(A, "revise", "X"), of(B, "add", "X")], {"X": f"{A}.1"}, [A]),
    "a revision of what a later rule renames": (
        [of(A, "revise", "X"), of(B, "revise", "X", previous_name="Old")],
        {"X": f"{A}.1"},
        [A],
    ),
    "an addition of what a later rule removes": ([of(A, "add", "Old"), of(B, "remove", "Old")], {"Old": f"{A}.1"}, [A]),
    "a renaming to what a later rule removes": (
        [of(A, "revise", "Old", previous_name="Former"), of(B, "remove", "Old")],
        {"Old": f"{A}.1"},
        [A],
    ),
    "a later rule's own later revision stays the last": (
        [of(A, "revise", "X"), of(B, "add", "X"), of(C, "revise", "X")],
        {"X": f"{C}.1"},
        [A],
    ),
    "one waits for one that waits": (
        [of(A, "revise", "Z"), of(B, "revise", "Z", previous_name="X"), of(C, "add", "X")],
        {"Z": f"{A}.1"},
        [A, B],
    ),
    "one waits for one that waits, and comes before what that waits for": (
        [of(A, "revise", "Z", previous_name="X"), of(B, "revise", "Z"), of(C, "add", "X")],
        {"Z": f"{B}.1"},
        [A, B],
    ),
    "a renaming of what a later rule lists, and a revision by the new name": (
        [of(A, "revise", "Z", previous_name="X"), of(A, "revise", "Z", 2), of(B, "add", "X")],
        {"Z": f"{A}.2"},
        [A, A],
    ),
    "two instructions on what a later rule lists keep their order": (
        [of(A, "revise", "X"), of(A, "revise", "Y", 2, previous_name="X"), of(B, "add", "X")],
        {"Y": f"{A}.2"},
        [A, A],
    ),
}


@pytest.mark.parametrize("what", LATE)
def test_a_change_is_made_behind_the_document_of_its_day_that_it_stands_on(what: str) -> None:
    rows, expected, waited = LATE[what]
    before = [change("add", "Old", "2024-01-02"), change("add", "Former", "2024-01-02", change_index=2)]
    results = [history([*before, *given]) for given in permutations(rows)]
    for parsed in results:
        assert {name: text for name, text in listed(parsed).items() if text[:4] == "2024"} == expected
        assert (late(parsed), left_out(parsed)) == (waited, [])
        noted = [row["note"].split()[0] for row in parsed.rows if row["note"]]
        assert sorted(noted) == waited
    assert all(parsed.rows == results[0].rows for parsed in results)


LEFT_OUT = {
    "what its own document does later": ([of(A, "remove", "X"), of(A, "add", "X", 2)], {"X": f"{A}.2"}, [A]),
    "what its own document has done in between": (
        [of(A, "remove", "X"), of(A, "add", "X", 2), of(B, "add", "X")],
        {"X": f"{A}.2"},
        [A, B],
    ),
    "a rule printed again": (
        [of(A, "remove", "Old"), of(B, "remove", "Old"), of(C, "add", "Old")],
        {"Old": f"{C}.1"},
        [B],
    ),
    "an addition printed again": ([of(A, "add", "X"), of(B, "add", "X"), of(C, "remove", "X")], {}, [B]),
    "a later rule without text": ([of(A, "revise", "X"), of(B, "add", "X", text_supplied=False)], {}, [A]),
    "a later rule that fails": (
        [of(A, "revise", "X"), of(B, "revise", "X", previous_name="None")],
        {},
        [A, B],
    ),
    "another list": ([of(A, "revise", "X"), of(B, "add", "X", list_name="Unverified List")], {"X": f"{B}.1"}, [A]),
}


@pytest.mark.parametrize("what", LEFT_OUT)
def test_a_change_waits_for_nothing_else(what: str) -> None:
    rows, expected, reported = LEFT_OUT[what]
    for given in permutations(rows):
        parsed = history([change("add", "Old", "2024-01-02"), *given])
        assert {name: text for name, text in listed(parsed).items() if text[:4] == "2024"} == expected
        assert (late(parsed), left_out(parsed)) == ([], reported)


def test_a_day_waits_for_no_other_day() -> None:
    parsed = history([of(A, "revise", "X"), change("add", "X", "2024-03-02")])
    assert (late(parsed), left_out(parsed)) == ([], [A])


def test_before_the_base_a_change_waits_first_and_is_undone_only_then() -> None:
    base = [official("Gamma")]
    given = history([of(A, "revise", "X"), of(B, "add", "X")], base)
    assert (late(given), left_out(given)) == ([A], [])
    assert {row["basis"] for row in given.rows if row["name"] == "X"} == {"rule"}
    undone = history([of(A, "remove", "X"), of(A, "add", "X", 2)], base)
    periods = {(row["basis"], str(row["valid_to"])) for row in undone.rows if row["name"] == "X"}
    assert periods == {("undone", DAY), ("rule", "2025-01-01")}


# --- delays and corrections of the day -------------------------------------------------------------------------------

RULE = "2024-1"


def rule(verb: str = "add", effective: str | None = "2024-03-01", **fields: Any) -> Row:
    published = {"publication_date": date(2024, 1, 2), "known_from": date(2024, 1, 2)}
    return change(verb, "Beta LLC", effective, **({"document_number": RULE} | published | fields))


def delay(number: str, published: str, until: str | None, of_document: str = RULE, **fields: Any) -> Row:
    day = date.fromisoformat(published)
    own = {"document_number": number, "publication_date": day, "known_from": day, "country": None}
    return change("delay", None, until, delayed_document=of_document, **(own | fields))


def periods(parsed: Parsed) -> list[tuple[str, str, str]]:
    contract.load("entity_list_history").table_of(parsed.rows)
    return [(str(row["valid_from"]), str(row["known_from"]), row["delayed_by_document"]) for row in parsed.rows]


DELAYS = {
    "a second delay": (
        [delay("2024-9", "2024-02-01", "2024-04-01"), delay("2024-10", "2024-03-20", "2024-05-01")],
        [("2024-05-01", "2024-03-20", "2024-10")],
        [],
    ),
    "two delays of one issue": (
        [delay("2024-9", "2024-02-01", "2024-04-01"), delay("2024-10", "2024-02-01", "2024-05-01")],
        [("2024-05-01", "2024-02-01", "2024-10")],
        [],
    ),
    "a second delay too late for the first": (
        [delay("2024-9", "2024-02-01", "2024-04-01"), delay("2024-10", "2024-04-02", "2024-05-01")],
        [("2024-04-01", "2024-02-01", "2024-9")],
        ["took effect on 2024-04-01"],
    ),
    "a delay without an end, then a day": (
        [delay("2024-9", "2024-02-01", None), delay("2024-10", "2024-06-03", "2024-07-01")],
        [("2024-07-01", "2024-06-03", "2024-10")],
        [],
    ),
    "a delay, and a withdrawal": (
        [delay("2024-9", "2024-02-01", "2024-04-01"), delay("2024-10", "2024-03-20", None)],
        [],
        ["2024-10 delays it without an end or withdraws it"],
    ),
    "a withdrawal after the day of effect": (
        [delay("2024-9", "2024-03-02", None)],
        [("2024-03-01", "2024-01-02", None)],
        ["took effect on 2024-03-01"],
    ),
    "a delay until an earlier day": (
        [delay("2024-9", "2024-02-01", "2024-02-15")],
        [("2024-03-01", "2024-01-02", None)],
        ["which takes effect later than 2024-02-15, on 2024-03-01"],
    ),
    "a delay of the delay": (
        [delay("2024-9", "2024-02-01", "2024-04-01"), delay("2024-10", "2024-03-20", "2024-05-01", "2024-9")],
        [("2024-05-01", "2024-03-20", "2024-10")],
        [],
    ),
}


@pytest.mark.parametrize("what", DELAYS)
def test_delays_follow_one_another(what: str) -> None:
    delays, expected, reported = DELAYS[what]
    for given in permutations([rule(), *delays]):
        parsed = history(given)
        assert periods(parsed) == expected
        assert len(parsed.problems) == len(reported)
        assert all(reason in problem.reason for reason, problem in zip(reported, parsed.problems, strict=True))


def test_a_delay_of_a_rule_without_a_day_says_so() -> None:
    parsed = history([rule(effective=None), delay("2024-9", "2024-02-01", "2024-04-01")])
    assert parsed.rows == []
    assert "of which no day of effect is known" in parsed.problems[0].reason


def test_a_number_given_again_is_not_guessed_at() -> None:
    again = rule("add", "2024-03-05", publication_date=date(2014, 1, 2), entry_name="Gamma", country="Iran")
    parsed = history([rule(), again, delay("2024-9", "2024-02-01", "2024-04-01")])
    assert sorted(str(row["valid_from"]) for row in parsed.rows) == ["2024-03-01", "2024-03-05"]
    assert ["the number of several documents" in problem.reason for problem in parsed.problems] == [True]


def test_what_a_delayed_revision_ends_is_known_from_the_delay_as_well() -> None:
    added = change("add", "Beta LLC", "2023-01-02")
    parsed = history([added, rule("revise"), delay("2024-9", "2024-02-01", "2024-04-01")])
    old, new = parsed.rows
    assert (old["valid_to"], old["end_known_from"]) == (new["valid_from"], new["known_from"])
    assert new["known_from"] == date(2024, 2, 1)


def corrected_day(published: str, wrong: str, right: str, effective: str) -> Row:
    told = {"corrected_document": RULE, "corrected_citation": None, "text_before": wrong, "text_after": right}
    return delay(f"C1-{RULE}", published, effective, **told)


@pytest.mark.parametrize(
    ("right", "effective", "published"),
    [
        ("April 1, 2024", "2024-04-01", "2024-01-20"),
        ("February 1, 2024", "2024-02-01", "2024-01-20"),
        ("April 1, 2024", "2024-04-01", "2024-03-10"),
    ],
)
def test_a_day_of_effect_is_corrected_either_way(right: str, effective: str, published: str) -> None:
    parsed = history([rule(), corrected_day(published, "March 1, 2024", right, effective)])
    assert parsed.problems == []
    assert periods(parsed) == [(effective, published, f"C1-{RULE}")]


def test_a_corrected_day_that_the_rule_has_not_is_reported_if_the_rule_is_held() -> None:
    correction = corrected_day("2024-01-20", "March 2, 2024", "April 1, 2024", "2024-04-01")
    assert history([correction]).problems == []
    parsed = history([rule(), correction])
    assert periods(parsed) == [("2024-03-01", "2024-01-02", None)]
    assert "what takes effect on March 2, 2024 of 2024-1, of which no change" in parsed.problems[0].reason


def test_a_correction_of_a_delayed_rule_is_known_from_the_delay() -> None:
    of_rule = {"corrected_document": RULE, "corrected_citation": None, "text_before": None}
    correction = change("correct", "Beta LLC", "2024-01-10", document_number=f"C1-{RULE}", **of_rule)
    parsed = history([rule(), correction, delay("2024-9", "2024-02-01", "2024-04-01")])
    assert parsed.problems == []
    assert periods(parsed) == [("2024-04-01", "2024-02-01", "2024-9")] * 2


# --- the base -------------------------------------------------------------------------------------------------------


def on(parsed: Parsed, day: str) -> list[str]:
    """Names on the list on a day, as the macro ``entity_list_asof`` of docs/queries.md gives them."""
    at, names = date.fromisoformat(day), []
    for row in contract.load("entity_list_history").table_of(parsed.rows).to_pylist():
        first = row["listed_from"] if row["version"] == 1 else row["valid_from"]
        begins = first or row["valid_from"] or row["known_from"]
        if begins <= at and (row["valid_to"] is None or row["valid_to"] > at):
            names.append(row["name"])
    return sorted(names)


def test_the_base_has_what_takes_effect_on_its_day() -> None:
    base = [official("Gamma", "2024-03-01", citations=["89 FR 1, 1/2/24"])]
    parsed = history([of(A, "remove", "Beta LLC"), of(B, "remove", "Gamma", publication_date=date(2024, 2, 1))], base)
    # Gamma is on the text of the day on which it is removed: the text is official, and the contradiction is told.
    assert on(parsed, "2024-03-01") == ["Gamma"]
    assert {row["basis"] for row in parsed.rows} == {"undone", "snapshot"}
    assert any(
        "the official text of 2024-03-01 has it and cites nothing since" in one.reason for one in parsed.problems
    )


def test_an_entry_taken_off_that_the_base_still_has_is_never_twice_on_a_list() -> None:
    cited = ["82 FR 1, 1/10/17", "83 FR 2, 6/18/18"]
    removal = change("remove", "Beta LLC", "2024-03-01", publication_date=date(2024, 2, 1))
    parsed = history([removal], [official("Beta LLC", citations=cited)])
    assert [on(parsed, day) for day in ("2019-01-01", "2024-03-01", "2024-12-31", "2025-01-01")] == [
        [],  # since when the one that was removed was listed is not known
        [],
        [],
        ["Beta LLC"],
    ]
    again = next(row for row in parsed.rows if row["basis"] == "snapshot")
    assert again["note"] == "rule of 2024-03-01 took it off the list on 2024-03-01"
    assert again["listed_from"] == date(2025, 1, 1)


def test_an_entry_listed_again_by_a_rule_not_held_is_so_since_what_it_cites() -> None:
    added = change("add", "Beta LLC", "2023-01-10")
    removal = change("remove", "Beta LLC", "2024-03-01")
    cited = ["88 FR 1, 1/10/23", "89 FR 7, 6/3/24"]
    parsed = history([added, removal], [official("Beta LLC", citations=cited, addresses=["New"])])
    assert parsed.problems == []
    days = ("2023-06-01", "2024-03-01", "2024-06-02", "2024-06-03")
    assert [on(parsed, day) for day in days] == [["Beta LLC"], [], [], ["Beta LLC"]]


@pytest.mark.parametrize("cites_it", [True, False])
def test_a_rule_published_after_the_base_that_took_effect_before_it(cites_it: bool) -> None:
    """As 2023-03929, in effect on Friday and published on Monday."""
    published = {"publication_date": date(2025, 1, 3), "known_from": date(2025, 1, 3)}
    added = change("add", "Beta LLC", "2024-12-31", **published)
    revised = change("revise", "Gamma", "2024-12-31", change_index=2, **published)
    removed = change("remove", "Delta", "2024-12-31", change_index=3, **published)
    cited = ["90 FR 5, 1/3/25"] if cites_it else ["89 FR 1, 1/2/24"]
    same = {"license_requirement": "revise 2024-12-31", "citations": cited} if cites_it else {"citations": cited}
    base = [official("Gamma", **same)]
    base += [official("Beta LLC", citations=cited)] if cites_it else [official("Delta", citations=cited)]
    parsed = history([added, revised, removed], base)
    assert on(parsed, "2025-01-03") == ["Beta LLC", "Gamma"]
    gamma = [row for row in parsed.rows if row["name"] == "Gamma"]
    assert gamma[-1]["license_requirement"] == "revise 2024-12-31"
    assert {row["valid_to"] for row in parsed.rows if row["name"] == "Delta"} == {date(2024, 12, 31)}


def test_a_rule_published_after_the_base_makes_no_period_that_ends_before_it_begins() -> None:
    base = [official("Gamma", citations=[])]  # stands since the base's day, as far as it tells
    revised = change("revise", "Gamma", "2024-12-31", publication_date=date(2025, 1, 3), known_from=date(2025, 1, 3))
    parsed = history([revised], base)
    assert [(str(row["valid_from"]), str(row["valid_to"])) for row in parsed.rows] == [
        ("2025-01-01", "2025-01-01"),
        ("2025-01-01", "None"),
    ]
    assert "it takes effect on 2024-12-31, and is made to a text of 2025-01-01" in parsed.problems[0].reason


def test_a_citation_between_publication_and_effect_ends_no_period_before_it_begins() -> None:
    added = change("add", "Beta LLC", "2024-06-01", publication_date=date(2024, 1, 2), known_from=date(2024, 1, 2))
    cited = ["89 FR 1, 1/2/24", "89 FR 7, 3/4/24"]
    parsed = history([added], [official("Beta LLC", citations=cited, addresses=["New"])])
    assert [(str(row["valid_from"]), str(row["valid_to"])) for row in parsed.rows] == [
        ("2024-06-01", "2025-01-01"),
        ("2025-01-01", "None"),
    ]


def test_an_undone_move_has_no_text_and_dates_no_footnote() -> None:
    move = change(
        "move", "Beta LLC", "2024-02-01", country="Hong Kong", country_code="HK", previous_country="China",
        text_supplied=False, federal_register_citation=None,
    )  # fmt: skip
    revised = change("revise", "Beta LLC", "2024-03-01", country="Hong Kong", country_code="HK", footnotes=["1"])
    parsed = history([move, revised], [official("Gamma")])
    beta = [row for row in parsed.rows if row["name"] == "Beta LLC"]
    assert [(row["country"], row["basis"], row["entry_text"]) for row in beta] == [
        ("China", "undone", None),
        ("Hong Kong", "rule", None),
        ("Hong Kong", "rule", "Beta LLC"),
    ]
    assert [row["footnote_1_from"] for row in beta] == [None, None, None]


# --- footnotes ------------------------------------------------------------------------------------------------------


def footnote_days(*changes: Row, base: list[Row] | None = None) -> list[str]:
    parsed = history(changes, base or [])
    rows = sorted(parsed.rows, key=lambda row: (row["valid_from"] or date.min, row["version"]))
    return [str(row["footnote_4_from"]) for row in rows]


MARKED = {"footnotes": ["4"]}


def test_a_removal_and_a_return_date_a_footnote_anew() -> None:
    assert footnote_days(
        change("add", "Beta LLC", "2024-01-02", **MARKED),
        change("remove", "Beta LLC", "2024-02-02"),
        change("add", "Beta LLC", "2024-03-02", **MARKED),
    ) == ["2024-01-02", "2024-03-02"]


def test_a_move_and_a_renaming_keep_the_day_of_a_footnote() -> None:
    hong_kong = {"country": "Hong Kong", "country_code": "HK"}
    assert (
        footnote_days(
            change("add", "Beta LLC", "2024-01-02", **MARKED),
            change("move", "Beta LLC", "2024-02-02", previous_country="China", text_supplied=False, **hong_kong),
            change("revise", "Gamma", "2024-03-02", previous_name="Beta LLC", **hong_kong, **MARKED),
        )
        == ["2024-01-02"] * 3
    )


def correction(effective: str, corrected: str, **fields: Any) -> Row:
    told = {"corrected_document": corrected, "corrected_citation": None, "text_before": None}
    return change("correct", "Beta LLC", effective, document_number=f"C1-{corrected}", **told, **fields)


def test_a_corrected_footnote_is_borne_since_the_day_of_the_rule() -> None:
    added = change("add", "Beta LLC", "2024-01-02", document_number="2024-1")
    assert footnote_days(added, correction("2024-01-20", "2024-1", **MARKED)) == ["None", "2024-01-02"]


def test_a_footnote_that_a_rule_lost_by_a_misprint_was_never_lost() -> None:
    added = change("add", "Beta LLC", "2024-01-02", **MARKED)
    revised = change("revise", "Beta LLC", "2024-02-02", document_number="2024-2")
    assert footnote_days(added, revised, correction("2024-02-20", "2024-2", **MARKED)) == [
        "2024-01-02",
        "None",
        "2024-01-02",
    ]


def test_a_footnote_that_a_rule_brought_by_a_misprint_was_never_brought() -> None:
    added = change("add", "Beta LLC", "2024-01-02")
    revised = change("revise", "Beta LLC", "2024-02-02", document_number="2024-2", **MARKED)
    again = change("revise", "Beta LLC", "2024-03-02", **MARKED)
    assert footnote_days(added, revised, correction("2024-02-20", "2024-2"), again) == [
        "None",
        "2024-02-02",
        "None",
        "2024-03-02",
    ]


def test_a_footnote_of_the_base_is_dated_by_the_rule_that_brought_it_and_by_no_other() -> None:
    base = [official("Beta LLC", citations=["89 FR 1, 1/2/24", "89 FR 9, 6/3/24"], **MARKED)]
    held = change("add", "Beta LLC", "2024-01-02", publication_date=date(2024, 1, 2))
    later = change("revise", "Beta LLC", "2025-02-02", **MARKED)
    assert footnote_days(held, later, base=base) == ["None"] * 3
    assert footnote_days(held | MARKED, later, base=base) == ["2024-01-02"] * 3
