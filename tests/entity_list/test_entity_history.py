"""The list through time: changes replayed into periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from assets.entity_list.changes import changes
from assets.entity_list.citations import citation_day, citations
from assets.entity_list.history import history
from assets.entity_list.replay import entry_id
from expectations import contract
from resources.documents import Parsed, Row

HEAD = "2. Supplement No. 4 to part 744 is amended:"
Read = Callable[..., Parsed]


def change(verb: str, name: str | None, effective: str | None, **fields: Any) -> Row:
    day = date.fromisoformat(effective) if effective else None
    row: Row = {
        "document_number": f"rule of {effective}",
        "publication_date": day or date(2024, 1, 1),
        "month": "2024-01",
        "change_index": 1,
        "amendment_index": 1,
        "amendment_label": "2.a",
        "list_name": "Entity List",
        "verb": verb,
        "country": "China",
        "country_code": "CN",
        "country_as_printed": "CHINA",
        "entry_name": name,
        "previous_name": None,
        "previous_country": None,
        "aliases": [],
        "addresses": [],
        "sub_entities": [],
        "license_requirement": f"{verb} {effective}",
        "license_review_policy": "Presumption of denial",
        "footnotes": [],
        "federal_register_citation": None if verb == "remove" else "89 FR 1, 1/2/24.",
        "citation_is_placeholder": False,
        "entry_text": name,
        "text_supplied": verb not in ("remove", "delay"),
        "delayed_document": None,
        "delayed_instructions": [],
        "effective_date": day,
        "known_from": day or date(2024, 1, 1),
        "location": "ROW line 1",
        "source_sha256": "0" * 64,
    }
    return row | fields


def periods(parsed: Parsed) -> list[tuple[Any, ...]]:
    table = contract.load("entity_list_history").table_of(parsed.rows)
    return [
        (row["name"], row["version"], str(row["valid_from"]), str(row["valid_to"]), row["closed_by_verb"])
        for row in table.to_pylist()
    ]


def test_an_entry_added_revised_and_removed() -> None:
    parsed = history(
        [
            change("remove", "Beta LLC", "2024-05-01"),
            change(
                "revise", "Beta, L.L.C.", "2024-03-01", federal_register_citation="89 FR 1, 1/2/24. 89 FR 9, 3/1/24."
            ),
            change("add", "Beta LLC", "2024-01-02"),
        ]
    )

    assert parsed.problems == []
    assert periods(parsed) == [
        ("Beta LLC", 1, "2024-01-02", "2024-03-01", "revise"),
        ("Beta, L.L.C.", 2, "2024-03-01", "2024-05-01", "remove"),
    ]
    first, second = parsed.rows
    assert (
        first["entry_id"] == second["entry_id"] == entry_id("Entity List", "China", "CN", "Beta LLC", date(2024, 1, 2))
    )
    assert first["entry_id"].startswith("CN-beta-llc-")
    assert first["end_known_from"] == second["known_from"] == date(2024, 3, 1)
    assert second["citations"] == ["89 FR 1, 1/2/24", "89 FR 9, 3/1/24"]
    assert second["closed_by_document"] == "rule of 2024-05-01"


def test_a_renamed_entry_keeps_its_identity() -> None:
    parsed = history(
        [
            change("add", "Alef LLC", "2024-01-02"),
            change("revise", "Beta LLC", "2024-03-01", previous_name="Alef LLC"),
            change("remove", "Beta LLC", "2024-04-01"),
            change("add", "Beta LLC", "2024-05-01"),
        ]
    )

    assert parsed.problems == []
    assert len({row["entry_id"] for row in parsed.rows}) == 2  # listed again after a removal: a new listing
    assert sorted((row["name"], str(row["valid_to"])) for row in parsed.rows) == [
        ("Alef LLC", "2024-03-01"),
        ("Beta LLC", "2024-04-01"),
        ("Beta LLC", "None"),
    ]


def test_one_name_under_two_destinations_is_two_entries() -> None:
    parsed = history(
        [
            change("add", "Beta LLC", "2024-01-02"),
            change(
                "add", "Beta LLC", "2024-01-02", country="Crimea Region of Ukraine", country_code=None, change_index=2
            ),
            change("remove", "Beta LLC", "2024-03-01"),
        ]
    )

    assert parsed.problems == []
    assert sorted((row["country"], str(row["valid_to"])) for row in parsed.rows) == [
        ("China", "2024-03-01"),
        ("Crimea Region of Ukraine", "None"),
    ]
    assert any(row["entry_id"].startswith("crimea-region-of-ukraine-beta-llc-") for row in parsed.rows)


def test_effect_and_not_publication_decides_the_order() -> None:
    early, late = date(2024, 1, 1), date(2024, 2, 1)
    parsed = history(
        [
            change("remove", "Beta LLC", "2024-09-01", publication_date=early, known_from=early),
            change("add", "Beta LLC", "2024-03-01", publication_date=late, known_from=late),
        ]
    )

    assert parsed.problems == []
    assert [(str(row["valid_from"]), str(row["valid_to"]), row["end_known_from"]) for row in parsed.rows] == [
        ("2024-03-01", "2024-09-01", early)
    ]


def test_two_rules_on_one_day_apply_in_order_of_publication() -> None:
    parsed = history(
        [
            change("revise", "Beta LLC", "2024-03-01", document_number="b", publication_date=date(2024, 2, 2)),
            change("add", "Beta LLC", "2024-03-01", document_number="a", publication_date=date(2024, 2, 1)),
        ]
    )

    assert periods(parsed) == [
        ("Beta LLC", 1, "2024-03-01", "2024-03-01", "revise"),  # in force on no day, and kept as what happened
        ("Beta LLC", 2, "2024-03-01", "None", None),
    ]


@pytest.mark.parametrize(
    ("rows", "reason", "names"),
    [
        ([change("remove", "Beta LLC", "2024-01-02")], "it is not on the list", []),
        ([change("revise", "Beta LLC", "2024-01-02")], "it is not on the list", []),
        (
            [change("add", "Beta LLC", "2024-01-02"), change("add", "BETA LLC", "2024-02-02")],
            "it is listed since 2024-01-02 by rule of 2024-01-02",
            ["Beta LLC"],
        ),
        (
            [change("add", "Beta LLC", "2024-02-02"), change("remove", "Beta LLC", "2024-01-02")],
            "it is not on the list",
            ["Beta LLC"],
        ),
        ([change("add", "Beta LLC", None)], "without a day of effect", []),
        ([change("add", "Beta LLC", "2024-01-02")] * 2, "given twice", ["Beta LLC"]),
        (
            [
                change("add", "Alef LLC", "2024-01-02"),
                change("add", "Beta LLC", "2024-01-02", change_index=2),
                change("revise", "Beta LLC", "2024-02-02", previous_name="Alef LLC"),
            ],
            "an entry of its new name is listed",
            ["Alef LLC", "Beta LLC"],
        ),
    ],
)
def test_a_change_that_does_not_fit_changes_nothing_and_is_reported(
    rows: list[Row], reason: str, names: list[str]
) -> None:
    parsed = history(rows)

    assert sorted(row["name"] for row in parsed.rows) == names
    assert all(row["valid_to"] is None for row in parsed.rows)
    assert len(parsed.problems) == 1
    assert reason in parsed.problems[0].reason
    assert parsed.problems[0].document.startswith("rule of")


def official(name: str, day: str = "2025-01-01", **fields: Any) -> Row:
    row = {
        "source": "ecfr",
        "snapshot_date": date.fromisoformat(day),
        "list_name": "Entity List",
        "kind": "entry",
        "position": 1,
        "country": "China",
        "country_code": "CN",
        "entry_name": name,
        "aliases": [],
        "addresses": [],
        "sub_entities": [],
        "license_requirement": "For all items subject to the EAR. (See § 744.11 of the EAR)",
        "license_review_policy": "Presumption of denial",
        "footnotes": [],
        "federal_register_citation": "89 FR 1, 1/2/24.",
        "citations": ["89 FR 1, 1/2/24"],
        "entry_text": name,
        "location": "TR line 1",
        "source_sha256": "1" * 64,
    }
    return row | fields


def on(parsed: Parsed, day: str) -> set[str]:
    at = date.fromisoformat(day)
    return {
        row["name"]
        for row in parsed.rows
        if (row["valid_from"] is None or row["valid_from"] <= at) and (row["valid_to"] is None or row["valid_to"] > at)
    }


def test_an_entry_of_the_base_stands_since_its_last_citation_and_is_listed_since_its_first() -> None:
    cited = ["82 FR 2883, 1/10/17", "85 FR 36720, 6/18/20"]
    parsed = history([change("remove", "Beta LLC", "2025-02-01")], [official("Beta LLC", citations=cited)])

    assert parsed.problems == []
    assert periods(parsed) == [("Beta LLC", 1, "2020-06-18", "2025-02-01", "remove")]
    (row,) = parsed.rows
    assert (row["listed_from"], row["basis"], row["opened_by_document"]) == (
        date(2017, 1, 10),
        "citation",
        "85 FR 36720, 6/18/20",
    )


def test_a_rule_before_the_base_gives_the_text_until_a_later_one_that_is_only_cited() -> None:
    revised = official("Beta LLC", addresses=["New Road"], citations=["89 FR 1, 1/2/24", "89 FR 500, 6/3/24"])
    parsed = history([change("add", "Beta LLC", "2024-01-02")], [revised])

    assert parsed.problems == []
    assert periods(parsed) == [
        ("Beta LLC", 1, "2024-01-02", "2024-06-03", "official_text"),
        ("Beta LLC", 2, "2024-06-03", "None", None),
    ]
    assert parsed.rows[0]["closed_by_document"] == parsed.rows[1]["opened_by_document"] == "89 FR 500, 6/3/24"
    assert parsed.rows[0]["entry_id"] == parsed.rows[1]["entry_id"]


def test_an_entry_that_the_base_calls_by_another_name_stays_itself() -> None:
    """As AOOK Technology Ltd. (2023-03929), which the official list calls Limited and revised."""
    renamed = official("AOOK Technology Limited", citations=["89 FR 1, 1/2/24", "89 FR 500, 6/3/24"])
    parsed = history([change("add", "AOOK Technology Ltd.", "2024-01-02")], [renamed])

    assert periods(parsed) == [
        ("AOOK Technology Ltd.", 1, "2024-01-02", "2024-06-03", "official_text"),
        ("AOOK Technology Limited", 2, "2024-06-03", "None", None),
    ]
    assert len({row["entry_id"] for row in parsed.rows}) == 1


def test_two_entries_of_one_name_in_the_base_are_two() -> None:
    """As Zurmat General Trading, twice under the United Arab Emirates."""
    twice = [official("Beta LLC", addresses=["One"]), official("Beta LLC", addresses=["Two"], position=2)]
    parsed = history([change("remove", "Beta LLC", "2025-03-01")], twice)

    assert sorted((row["addresses"], str(row["valid_to"])) for row in parsed.rows) == [
        (["One"], "2025-03-01"),
        (["Two"], "None"),
    ]
    assert len({row["entry_id"] for row in parsed.rows}) == 2
    assert "two entries bear this name" in parsed.problems[0].reason


def test_a_rule_before_the_base_is_undone_where_nothing_else_tells_of_the_entry() -> None:
    parsed = history([change("remove", "Beta LLC", "2024-03-01")], [official("Gamma")])

    assert on(parsed, "2024-02-29") == {"Beta LLC", "Gamma"}
    assert on(parsed, "2024-03-01") == {"Gamma"}
    (undone,) = (row for row in parsed.rows if row["name"] == "Beta LLC")
    assert (undone["basis"], undone["valid_from"], undone["entry_text"]) == ("undone", None, None)
    assert "was listed before 2024-03-01" in parsed.problems[0].reason


def test_what_the_base_no_longer_has_ends_by_its_day() -> None:
    parsed = history([change("add", "Beta LLC", "2024-01-02")], [official("Gamma")])

    assert on(parsed, "2024-12-31") == {"Beta LLC", "Gamma"}
    assert on(parsed, "2025-01-01") == {"Gamma"}
    assert {row["closed_by_document"] for row in parsed.rows if row["name"] == "Beta LLC"} == {"eCFR 2025-01-01"}


def test_a_change_after_the_base_that_does_not_fit_it_is_reported() -> None:
    parsed = history([change("remove", "Beta LLC", "2025-03-01")], [official("Gamma")])

    assert on(parsed, "2025-03-01") == {"Gamma"}
    assert "it is not on the list" in parsed.problems[0].reason


def test_a_moved_entry_keeps_identity_and_text() -> None:
    parsed = history(
        [
            change("add", "Beta LLC", "2024-01-02", addresses=["No. 1 Road"]),
            change(
                "move",
                "Beta LLC",
                "2024-03-01",
                country="Hong Kong",
                country_code="HK",
                previous_country="China",
                text_supplied=False,
                federal_register_citation=None,
            ),
        ]
    )

    assert parsed.problems == []
    assert [(row["country"], row["addresses"], str(row["valid_to"])) for row in parsed.rows] == [
        ("China", ["No. 1 Road"], "2024-03-01"),
        ("Hong Kong", ["No. 1 Road"], "None"),
    ]
    assert len({row["entry_id"] for row in parsed.rows}) == 1


def test_a_delay_moves_what_is_not_in_effect_and_says_so() -> None:
    added = change("add", "Beta LLC", "2024-02-01", document_number="2024-1", publication_date=date(2024, 1, 2))
    delay = change(
        "delay",
        None,
        "2024-03-01",
        country=None,
        delayed_document="89 FR 1",
        document_number="2024-2",
        known_from=date(2024, 1, 20),
    )
    parsed = history([added, delay], document_of={"89 FR 1": "2024-1"})

    assert parsed.problems == []
    assert [(row["valid_from"], row["delayed_by_document"]) for row in parsed.rows] == [(date(2024, 3, 1), "2024-2")]


def test_a_rule_taken_out_of_effect_changes_nothing_and_is_reported() -> None:
    added = change("add", "Beta LLC", "2024-02-01", document_number="2024-1")
    out = change(
        "delay",
        None,
        None,
        country=None,
        delayed_document="2024-1",
        document_number="2024-2",
        known_from=date(2024, 1, 20),
    )
    parsed = history([added, out])

    assert parsed.rows == []
    assert "without a day of effect" in parsed.problems[0].reason


@pytest.mark.parametrize(
    ("known", "target", "reason"),
    [("2024-02-20", "2024-1", "took effect on 2024-02-01"), ("2024-01-20", "2024-9", "of which no change to a list")],
)
def test_a_delay_that_comes_late_or_hits_nothing_changes_nothing(known: str, target: str, reason: str) -> None:
    added = change("add", "Beta LLC", "2024-02-01", document_number="2024-1")
    delay = change(
        "delay", None, "2024-03-01", country=None, delayed_document=target, known_from=date.fromisoformat(known)
    )
    parsed = history([added, delay])

    assert [row["valid_from"] for row in parsed.rows] == [date(2024, 2, 1)]
    assert reason in parsed.problems[0].reason


@pytest.mark.parametrize(
    ("part", "delayed"),
    [
        ({"delayed_instructions": ["2"]}, ["Alpha", "Beta"]),
        ({"delayed_instructions": ["2.a"]}, ["Alpha"]),
        ({"delayed_instructions": ["2.a", "21"]}, ["Alpha", "Gamma"]),
        ({"country": "Iran"}, ["Beta"]),
        ({"country": None, "entry_name": "GAMMA"}, ["Gamma"]),
        ({"delayed_instructions": ["2"], "country": "China"}, ["Alpha"]),
    ],
)
def test_a_delay_of_a_part_of_a_rule_moves_that_part_only(part: dict[str, Any], delayed: list[str]) -> None:
    rule = {"document_number": "2024-1", "publication_date": date(2024, 1, 2)}
    added = [
        change("add", "Alpha", "2024-02-01", amendment_label="2.a", change_index=1, **rule),
        change("add", "Beta", "2024-02-01", amendment_label="2.b", change_index=2, country="Iran", **rule),
        change("add", "Gamma", "2024-02-01", amendment_label="21", change_index=3, **rule),
    ]
    of_delay = {"country": None, "delayed_document": "2024-1", "known_from": date(2024, 1, 20)} | part
    parsed = history([*added, change("delay", None, "2024-03-01", document_number="2024-2", **of_delay)])

    assert parsed.problems == []
    assert [row["name"] for row in parsed.rows if row["valid_from"] == date(2024, 3, 1)] == delayed
    assert {row["valid_from"] for row in parsed.rows if row["name"] not in delayed} <= {date(2024, 2, 1)}


def test_a_delay_of_an_instruction_that_changes_no_list_is_reported() -> None:
    added = change("add", "Alpha", "2024-02-01", document_number="2024-1", amendment_label="2.a")
    of_delay = {"delayed_document": "2024-1", "delayed_instructions": ["3"], "known_from": date(2024, 1, 20)}
    parsed = history([added, change("delay", None, "2024-03-01", country=None, **of_delay)])

    assert [row["valid_from"] for row in parsed.rows] == [date(2024, 2, 1)]
    assert "it delays instruction 3 of 2024-1, of which no change to a list is held" in parsed.problems[0].reason


def test_an_amendment_without_text_changes_nothing() -> None:
    parsed = history(
        [
            change("add", "Beta LLC", "2024-01-02"),
            change("revise", "Beta LLC", "2024-03-01", text_supplied=False),
            change("add", "S2C Limited", "2024-03-01", text_supplied=False, change_index=2),
        ]
    )

    assert periods(parsed) == [("Beta LLC", 1, "2024-01-02", "None", None)]


def test_footnote_designations_are_dated() -> None:
    parsed = history(
        [
            change("add", "Beta LLC", "2024-01-02"),
            change("revise", "Beta LLC", "2024-02-01", footnotes=["4"]),
            change("revise", "Beta LLC", "2024-03-01", footnotes=["4", "5"]),
            change("revise", "Beta LLC", "2024-04-01", footnotes=["5"]),
        ]
    )

    assert [(row["footnote_4_from"], row["footnote_5_from"]) for row in parsed.rows] == [
        (None, None),
        (date(2024, 2, 1), None),
        (date(2024, 2, 1), date(2024, 3, 1)),
        (None, date(2024, 3, 1)),
    ]
    assert parsed.rows[2]["foreign_direct_product_rules"] == ["734.9(e)(2)", "734.9(e)(3)"]


def test_a_footnote_that_no_rule_held_brought_has_no_day() -> None:
    """A footnote of the official text is borne at the latest then; one that a later rule brings has that rule's day."""
    official = change("", "Beta LLC", None, footnotes=["1"], snapshot_date=date(2024, 1, 1)) | {
        "citations": ["84 FR 22963, 5/21/19", "87 FR 55250, 9/9/22"]
    }
    revised = change("revise", "Beta LLC", "2024-02-01", footnotes=["1", "4"])
    parsed = history([revised], [official])

    assert parsed.problems == []
    assert [(row["basis"], row["footnote_1_from"], row["footnote_4_from"]) for row in parsed.rows] == [
        ("citation", None, None),
        ("rule", None, date(2024, 2, 1)),
    ]


def test_a_footnote_of_a_text_whose_predecessor_is_not_held_has_no_day() -> None:
    """The rule of before the official text says the footnote; whether it brought it, nothing held says."""
    official = change("", "Beta LLC", None, footnotes=["1"], snapshot_date=date(2024, 6, 1)) | {
        "citations": ["84 FR 22963, 5/21/19"],
        "license_requirement": "revise 2024-02-01",
    }
    parsed = history([change("revise", "Beta LLC", "2024-02-01", footnotes=["1"])], [official])

    assert [(row["basis"], row["footnote_1_from"]) for row in parsed.rows] == [("undone", None), ("rule", None)]


def test_an_entry_listed_again_says_so() -> None:
    rows = [
        change("add", "Beta LLC", "2024-01-02"),
        change("remove", "Beta LLC", "2024-02-02"),
        change("add", "Beta LLC", "2024-03-02"),
    ]

    assert sorted(str(row["opened_by_verb"]) for row in history(rows).rows) == ["add", "re-add"]


def test_the_order_of_the_rows_given_does_not_matter() -> None:
    rows = [
        change("add", "Beta LLC", "2024-01-02"),
        change("revise", "Beta LLC", "2024-02-02"),
        change("remove", "Beta LLC", "2024-03-02"),
        change("add", "Gamma", "2024-01-02", change_index=2),
    ]

    assert history(rows) == history(reversed(rows))


def test_from_rules_to_history(read_rule: Read) -> None:
    cell = "Beta LLC, 2 Second Road, Shanghai, China."
    added = read_rule([HEAD, "a. Under CHINA, by adding an entry for “Beta LLC”."], [("CHINA", [cell])])
    removed = read_rule(
        [HEAD, "a. Under CHINA, by removing the entry for “Beta LLC”."],
        number="2024-00002",
        published=date(2024, 6, 3),
        dates="This rule is effective June 3, 2024.",
    )

    parsed = history([*removed.rows, *added.rows])

    assert periods(parsed) == [("Beta LLC", 1, "2024-01-03", "2024-06-03", "remove")]


def test_the_real_rule_opens_thirteen_periods(real_documents: Path) -> None:
    path = "mirror/www.federalregister.gov/documents/full_text/xml/2023/02/27/2023-03929.xml"
    body = (real_documents / path).read_bytes()
    rows = changes(body, document_number="2023-03929", publication_date=date(2023, 2, 27), source_sha256="0" * 64).rows

    parsed = history(rows)

    assert parsed.problems == []
    assert len(periods(parsed)) == len({row["entry_id"] for row in parsed.rows}) == 13
    assert {(row["valid_from"], row["valid_to"], row["known_from"]) for row in parsed.rows} == {
        (date(2023, 2, 24), None, date(2023, 2, 27))
    }


@pytest.mark.parametrize(
    ("cell", "cited"),
    [
        ("88 FR [INSERT FR PAGE NUMBER AND 10/19/2023].", ["88 FR 71991, 10/19/23"]),
        ("86 FR 1, 1/4/21. 88 FR [INSERT FR PAGE NUMBER], 10/19/2023.", ["86 FR 1, 1/4/21", "88 FR 71991, 10/19/23"]),
        ("88 FR [INSERT FIRST PAGE].", ["88 FR 71991, 10/19/23"]),
        ("88 FR [INSERT FR PAGE NUMBER AND 2/27/2023].", ["88 FR [INSERT FR PAGE NUMBER AND 2/27/2023]"]),  # another's
        ("88 FR 71992, 10/19/23.", ["88 FR 71992, 10/19/23"]),
    ],
)
def test_a_page_that_a_rule_left_open_in_its_own_citation_is_its_documents(cell: str, cited: list[str]) -> None:
    """2023-23048, published on 2023-10-19, is 88 FR 71991."""
    day = date(2023, 10, 19)
    added = change(
        "add", "Beta LLC", "2023-10-17", publication_date=day, document_number="2023-23048",
        federal_register_citation=cell,
    )  # fmt: skip
    assert history([added], citation_of={"2023-23048": "88 FR 71991"}).rows[0]["citations"] == cited
    raw = [one.strip() for one in cell.rstrip(".").split(". ")]
    assert history([added]).rows[0]["citations"] == raw


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        (None, []),
        ("89 FR 96836, 12/5/24.", ["89 FR 96836, 12/5/24"]),
        (
            "81 FR 61601, 9/7/16. 89 FR [INSERT FR PAGE NUMBER AND 6/18/2024].",
            ["81 FR 61601, 9/7/16", "89 FR [INSERT FR PAGE NUMBER AND 6/18/2024]"],
        ),
        ("78 FR 75463 12/12/13.\n87 FR 51877, 8/24/22.", ["78 FR 75463 12/12/13", "87 FR 51877, 8/24/22"]),
    ],
)
def test_citation_cells_are_split(cell: str | None, expected: list[str]) -> None:
    assert citations(cell) == expected


@pytest.mark.parametrize(
    ("citation", "day"),
    [
        ("76 FR 71869, 11/21/11", date(2011, 11, 21)),
        ("63 FR 64325, 11/19/98", date(1998, 11, 19)),
        ("85 FR 83799, 12/23/2020", date(2020, 12, 23)),
        ("82 FR 16732, April 6, 2017", date(2017, 4, 6)),
        ("88 FR [INSERT FR PAGE NUMBER AND 2/27/2023]", date(2023, 2, 27)),
        ("85 FR 36720, 13/18/20", None),
        ("85 FR 36720", None),
    ],
)
def test_a_citation_has_its_day(citation: str, day: date | None) -> None:
    assert citation_day(citation) == day
