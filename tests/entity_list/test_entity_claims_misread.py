"""Instructions whose names, verbs and destinations stand in another order than usual: never misread without a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from entity_rules import table_xml

from assets.entity_list.announced import announced
from assets.entity_list.changes import changes
from assets.entity_list.entity_names import number
from assets.entity_list.lists import ENTITY_LIST, MILITARY_END_USER_LIST, UNVERIFIED_LIST
from assets.federal_register.amendments import amendments
from resources.documents import Parsed

Read = Callable[..., Parsed]
HEAD = "2. Supplement No. 4 to part 744 is amended:"
ALPHA = "Alpha Co., 1 First Road, Beijing, China."


def removed(parsed: Parsed) -> list[tuple[str | None, str]]:
    return [(row["country_code"], row["entry_name"]) for row in parsed.rows if row["verb"] == "remove"]


@pytest.mark.parametrize(
    "instruction",
    [
        "a. In the entry for “Alpha Co.” under CHINA, remove the last two addresses.",
        "a. Under CHINA, in the entry for “Alpha Co.”, by removing the alias “Alpha Limited”.",
        "a. Under CHINA, in the entry for “Alpha Co.” by removing “Room 5” and adding “Room 6” in its place.",
        "a. By removing, in the entry for “Alpha Co.” under CHINA, “Room 5”.",
        "a. Under CHINA, in the entries for “Beta Co.” and “Alpha Co.”, by removing the second address.",
        "a. For the entry “Alpha Co.” under CHINA, the second address is removed.",
    ],
)
def test_what_is_removed_within_an_entry_does_not_remove_it(read_rule: Read, instruction: str) -> None:
    """The entry is revised; as no text of it is given, that is reported."""
    parsed = read_rule([HEAD, instruction])

    assert removed(parsed) == []
    assert "Alpha Co." in {row["entry_name"] for row in parsed.rows if row["verb"] == "revise"}
    assert any("Alpha Co." in problem.reason and "not in the table" in problem.reason for problem in parsed.problems)


def test_an_addition_to_several_entries_revises_each(read_rule: Read) -> None:
    parsed = read_rule(
        [HEAD, "a. Under CHINA, by adding a footnote 4 designation to the entries for “Alpha Co.” and “Beta Co.”."],
        [("CHINA", [ALPHA, "Beta Co., 2 Second Road, Beijing, China."])],
    )
    assert [row["verb"] for row in parsed.rows] == ["revise", "revise"]


def test_an_entry_removed_after_a_change_within_another(read_rule: Read) -> None:
    words = "by removing an alias in the entry for “Alpha Co.” and by removing the entry for “Beta Co.”."
    parsed = read_rule([HEAD, f"a. Under CHINA, {words}"], [("CHINA", [ALPHA])])
    assert [(row["verb"], row["entry_name"]) for row in parsed.rows] == [
        ("remove", "Beta Co."),
        ("revise", "Alpha Co."),
    ]


@pytest.mark.parametrize(
    ("words", "entries"),
    [
        ("“Alpha Co.” under China and “Gamma FZE” under the United Arab Emirates", ["CN Alpha Co.", "AE Gamma FZE"]),
        ("the entries “Alpha Co.” (China) and “Gamma FZE” (U.A.E.)", ["CN Alpha Co.", "AE Gamma FZE"]),
        (
            "“Beta Co.” and “Alpha Co.” under China and “Gamma FZE” under Oman",
            ["CN Beta Co.", "CN Alpha Co.", "OM Gamma FZE"],
        ),
        ("“Alpha Co.” under China, Oman, and the U.A.E.", ["CN Alpha Co.", "OM Alpha Co.", "AE Alpha Co."]),
        ("under China “Alpha Co.” and under Oman “Gamma FZE”", ["CN Alpha Co.", "OM Gamma FZE"]),
    ],
)
def test_a_destination_after_the_names_holds_for_them(read_rule: Read, words: str, entries: list[str]) -> None:
    parsed = read_rule([HEAD, f"a. By removing {words}."])

    assert parsed.problems == []
    assert [f"{code} {name}" for code, name in removed(parsed)] == entries


def test_names_given_respectively_are_reported(read_rule: Read) -> None:
    parsed = read_rule([HEAD, "a. By removing under China and Oman, respectively, “Alpha Co.” and “Gamma FZE”."])
    assert ["respectively" in problem.reason for problem in parsed.problems] == [True]


def test_a_list_set_anew_is_reported(read_rule: Read) -> None:
    """What the new table no longer has leaves the list, and no instruction names it."""
    parsed = read_rule(["4. Supplement No. 4 to part 744 is revised to read as follows:"], [("CHINA", [ALPHA])])
    assert ["sets the whole list anew" in problem.reason for problem in parsed.problems] == [True]
    assert [row["entry_name"] for row in parsed.rows] == ["Alpha Co."]


def test_a_correction_in_plain_paragraphs_is_reported() -> None:
    words = (
        "In FR Doc. 2023-12726 appearing on page 38739 of the issue of June 14, 2023, the following correction is made:"
    )
    table = table_xml([("CHINA", [ALPHA])])
    body = f"<RULE><SUPLINF><P>{words}</P><P>1. On page 38742, add the entry:</P>{table}</SUPLINF></RULE>"
    read = {"document_number": "2023-13196", "publication_date": date(2023, 6, 21), "source_sha256": "0" * 64}

    assert "no instruction on a list" in changes(body.encode(), **read).problems[0].reason
    assert "no target" in amendments(body.encode(), **read).problems[0].reason


@pytest.mark.parametrize(
    ("summary", "of_lists"),
    [
        ("adding thirty-three (33) persons to the Unverified List (UVL)", [[], [33], []]),
        ("removing four persons, all under the destination of China, from the UVL because", [[], [4], []]),
        ("removes two entities from the MEU List to remove a duplicate listing", [[], [], [2]]),
        ("removes one entity from the Military-End User List under China", [[], [], [1]]),
        ("adding seventy-six entities to the Entity List", [[76], [], []]),
        ("revises an entry by removing two addresses from one entity under the destination of Russia", [[], [], []]),
        ("adding eight addresses to the Entity List", [[8], [], []]),
    ],
)
def test_numbers_announced_as_summaries_word_them(summary: str, of_lists: Sequence[list[int]]) -> None:
    """Wordings of the abstracts of 2022-02536, 2023-27932, 2021-00995, 2023-21080, 2023-04099 and 2025-17893."""
    lists = (ENTITY_LIST, UNVERIFIED_LIST, MILITARY_END_USER_LIST)
    assert [[one.entities for one in announced(summary, of)] for of in lists] == of_lists


def test_numbers_in_words_up_to_ninety_nine() -> None:
    assert [number(word) for word in ("seventy-one", "eighty", "ninety-nine", "hundred")] == [71, 80, 99, None]
