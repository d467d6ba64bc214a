"""Instructions whose names, verbs and destinations stand in another order than usual: never misread without a word."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import pytest
from entity_rules import rule_xml, table_xml

from assets.entity_list.announced import announced
from assets.entity_list.changes import changes
from assets.entity_list.entity_cell import number
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


def gist(parsed: Parsed) -> list[str]:
    """What was read, in a few words: verb, destination, name, and the name before."""
    return [
        f"{row['verb']} {row['country_code'] or row['country']} {row['entry_name']}"
        + (f" for {row['previous_name']}" if row["previous_name"] else "")
        for row in parsed.rows
    ]


@pytest.mark.parametrize(
    ("words", "read"),
    [
        # Destinations that an aside names.
        ("Under CHINA (see also HONG KONG), by removing the entry for “Alpha Co.”", ["remove CN Alpha Co."]),
        ("Under HONG KONG (see also CHINA), by removing the entry for “Alpha Co.”", ["remove HK Alpha Co."]),
        ("(See also HONG KONG) Under CHINA, by removing “Alpha Co.”", ["remove CN Alpha Co."]),
        ("Under IRAN, by removing “Alpha Co.”, which is located in CHINA", ["remove IR Alpha Co."]),
        ("By removing “Alpha Co.” in China", ["remove CN Alpha Co."]),
        ("By removing, in the entries for CHINA, “Alpha Co.”", ["remove CN Alpha Co."]),
        ("By removing one entity in China, “A”, and correcting the spelling of one alias", ["remove CN A"]),
        # What is quoted and no entry's name.
        ("Under CHINA, by removing “Alpha Co.”, a.k.a., “Alpha Limited”", ["remove CN Alpha Co."]),
        ("Under CHINA, by removing “Alpha Co.” (also known as “Alef” and “Alif”)", ["remove CN Alpha Co."]),
        ("Under CHINA, by removing “Alpha Technology Co.” (“Alpha”)", ["remove CN Alpha Technology Co."]),
        ("Under CHINA, by removing the entry for “AKA Group”", ["remove CN AKA Group"]),
        ("Under CHINA, by removing “Alpha Co.” after the entry for “Beta LLC”", ["remove CN Alpha Co."]),
        # Verbs after the names, and other words for what is done.
        ("Under CHINA, “Alpha Co.” is removed and “Beta” is removed", ["remove CN Alpha Co.", "remove CN Beta"]),
        ("The entries for “Alpha Co.” and “Beta” under CHINA are removed", ["remove CN Alpha Co.", "remove CN Beta"]),
        ("Under CHINA, by striking the entry for “Alpha Co.”", ["remove CN Alpha Co."]),
        ("Under CHINA, by eliminating the entry for “Alpha Co.”", ["remove CN Alpha Co."]),
        ("Under CHINA, by removing and reserving the entry for “Alpha Co.”", ["remove CN Alpha Co."]),
    ],
)  # fmt: skip
def test_a_removal_is_of_the_entry_and_destination_meant(read_rule: Read, words: str, read: list[str]) -> None:
    parsed = read_rule([HEAD, f"a. {words}."])

    assert parsed.problems == []
    assert gist(parsed) == read


@pytest.mark.parametrize(
    ("words", "read"),
    [
        # A part of an entry is added, removed or revised: the entry is revised.
        ("by adding two aliases to “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by adding an address for “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by adding one alias and two addresses to “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by adding an affiliate to the entry for “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by adding a subordinate entity to “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by adding “Alpha Limited” as an alias of “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by adding the alias “Alpha Limited” to “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by adding a second address in HONG KONG to “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by adding footnote 4 to the entry for “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by adding a footnote 4 designation to “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by revising the license requirement column for “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by revising the address for “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by removing the license review policy of “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by removing the alias “a.k.a., Alpha Limited” from “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by removing a.k.a., “Alpha Limited” from “Alpha Co.”", ["revise CN Alpha Co."]),
        ("by removing “Room 5” from “Alpha Co.”", ["revise CN Alpha Co."]),
        # An entry is named to say where another one goes.
        ("by adding an entry for “Alpha Co.” after the entry for “Delta”", ["add CN Alpha Co."]),
        ("by adding “Alpha Co.” between “Delta” and “Epsilon”", ["add CN Alpha Co."]),
        ("by adding an entry for “Alpha Co.”, a.k.a., “Alpha Limited”", ["add CN Alpha Co."]),
        ("by restoring the entry for “Alpha Co.”", ["re-add CN Alpha Co."]),
        ("the entry “Alpha Co.” is added and “Delta” is removed", ["remove CN Delta", "add CN Alpha Co."]),
        ("“Delta” is removed and “Alpha Co.” is added", ["remove CN Delta", "add CN Alpha Co."]),
        # An entry gets another name.
        ("by revising the entry for “Delta” to read “Alpha Co.”", ["revise CN Alpha Co. for Delta"]),
        ("by revising the name of the entry for “Delta” to “Alpha Co.”", ["revise CN Alpha Co. for Delta"]),
        ("by replacing the entry for “Delta” with an entry for “Alpha Co.”", ["revise CN Alpha Co. for Delta"]),
        ("by renaming “Delta” as “Alpha Co.”", ["revise CN Alpha Co. for Delta"]),
    ],
)
def test_what_is_done_to_the_entry_that_the_table_gives(read_rule: Read, words: str, read: list[str]) -> None:
    parsed = read_rule([HEAD, f"a. Under CHINA, {words}."], [("CHINA", [ALPHA])])

    assert parsed.problems == []
    assert gist(parsed) == read


def test_an_entry_of_a_new_name_that_has_the_old_one_among_its_others_is_renamed(read_rule: Read) -> None:
    instruction = "a. Under CHINA, by revising the entry for “Delta” to read as follows:"
    parsed = read_rule([HEAD, instruction], [("CHINA", [ALPHA.replace("Co.,", "Co., f.k.a., Delta,", 1)])])

    assert parsed.problems == []
    assert gist(parsed) == ["revise CN Alpha Co. for Delta"]
    # Without it nothing says that it is the same entry.
    parsed = read_rule([HEAD, instruction], [("CHINA", [ALPHA])])
    assert [row["text_supplied"] for row in parsed.rows] == [False]
    assert ["no instruction names it" in parsed.problems[0].reason, len(parsed.problems)] == [True, 2]


@pytest.mark.parametrize(
    ("words", "read", "reason"),
    [
        # Nothing is done to what a sentence excepts: it is not read.
        ("Under CHINA, by not removing the entry for “Alpha Co.”", [], "“not”"),
        ("Under CHINA, the entry for “Alpha Co.” is not removed but that for “Beta LLC” is", [], "“not”"),
        ("Under CHINA, by removing “Alpha Co.” without removing “Beta LLC”", [], "“without”"),
        ("Under CHINA, by removing all entries except “Alpha Co.”", [], "“all entries”"),
        ("Under CHINA, other than entries in HONG KONG, by removing “Alpha Co.”", [], "“other than”"),
        ("Under CHINA, by removing neither “Alpha Co.” nor “Beta LLC”", [], "“neither”"),
        ("Under CHINA, by removing “Alpha Co.” or “Beta LLC”", [], "“or"),
        ("Under CHINA, by proposing to remove “Alpha Co.”", [], "“proposing”"),
        ("Under CHINA, by removing the duplicate entry for “Alpha Co.”", [], "“duplicate”"),
        # Verbs that are not known, or not said of one name only.
        ("Under CHINA, by expunging “Alpha Co.”", [], "expunging to “Alpha Co.”"),
        ("Under CHINA, by keeping “Alpha Co.” and removing “Beta”", ["remove CN Beta"], "keeping to “Alpha Co.”"),
        ("Under CHINA, by dropping two entities", [], "does none of add, revise, remove"),
        ("Under CHINA, by removing “Alpha Co.” and the entry “Beta LLC” is revised", [], "“Alpha Co.” is not read"),
        ("Under CHINA, by removing “Alpha Co.” and “Room 5” from “Beta LLC”", ["revise CN Beta LLC"], "is a part of"),
        # What is done to an entry that is not named again, or to one that is named by another.
        ("By removing “A” from under CHINA and adding it under HONG KONG", ["remove CN A"], "“adding it”"),
        ("The entry for “A” is removed from CHINA and added to HONG KONG", ["remove CN A"], "“and added to”"),
        ("Under CHINA, by removing the entry for the parent of “Alpha Co.”", [], "whose entry is meant by “Alpha Co.”"),
        # Parts of no entry that is named.
        ("Under CHINA, by removing “a.k.a., Alpha Limited”", [], "quotes is no entry's name"),
        ("Under CHINA, by removing “A”, with its aliases, and “B”", ["remove CN A", "remove CN B"], "whether “B”"),
        # Destinations.
        ("By removing the entry for “Alpha Co.”, which is located in CHINA", [], "a removal under no destination"),
        ("Under FREEDONIA, by removing “Alpha Co.”", ["remove Freedonia Alpha Co."], "not in our table: FREEDONIA"),
        ("Under CHINA, including HONG KONG, by removing “A”", ["remove CN A"], "what HONG KONG is in it"),
        ("Under CHINA, by removing “A” (Hong Kong) and “B”", ["remove CN A", "remove CN B"], "what Hong Kong is in it"),
        ("By removing the heading for RUSSIA", [], "to the heading RUSSIA"),
        ("By removing the heading “RUSSIA”", [], "to the heading RUSSIA"),
        ("By revising the heading for TURKEY to read “CYPRUS”", [], "to the heading TURKEY"),
        # Days.
        ("Under CHINA, by removing “Alpha Co.”, effective May 1, 2024", ["remove CN Alpha Co."], "the day it names"),
        ("Under CHINA, by removing “Alpha Co.” until July 3, 2024", ["remove CN Alpha Co."], "an end is set"),
        ("Effective May 3, 2024, to June 3, 2024, under CHINA, by removing “A”", ["remove CN A"], "an end is set"),
        ("Under CHINA, by temporarily removing “Alpha Co.”", ["remove CN Alpha Co."], "an end is set"),
    ],
)  # fmt: skip
def test_what_is_not_plain_is_reported(read_rule: Read, words: str, read: list[str], reason: str) -> None:
    parsed = read_rule([HEAD, f"a. {words}."])

    assert gist(parsed) == read
    assert reason in parsed.problems[0].reason
    assert parsed.problems[0].place.startswith("AMDPAR line")


@pytest.mark.parametrize(
    ("head", "reason"),
    [
        ("2. From January 3, 2024 until July 3, 2024, supplement no. 4 to part 744 is amended:", "an end is set"),
        ("2. Unless listed in supplement no. 7, supplement no. 4 to part 744 is amended:", "several lists"),
        ("2. Unless the table says otherwise, supplement no. 4 to part 744 is amended:", "“unless”"),
        ("2. Supplement Nos. 4 and 7 to part 744 are amended:", "several lists are named"),
        ("2. Supplement no. 4 to part 774 is amended:", "no list is named"),
    ],
)
def test_what_a_sentence_above_leaves_open_is_reported(read_rule: Read, head: str, reason: str) -> None:
    parsed = read_rule([head, "a. Under CHINA, by removing the entry for “Alpha Co.”."])
    assert [reason in problem.reason for problem in parsed.problems] == [True]


@pytest.mark.parametrize(
    "instruction",
    [
        "2. Supplement Nos. 4 and 7 to part 744 are amended by removing, under CHINA, “Alpha Co.”.",
        "2. Supplement no. 4 to part 744 and supplement no. 6 to part 744 are amended by removing “A” under China.",
        "2. Supplement no. 6 to part 744 is amended by removing under CHINA “A”, and supplement no. 4 to part 744 is "
        "amended by removing under CHINA “B”.",
    ],
)
def test_one_sentence_on_two_lists_is_reported(read_rule: Read, instruction: str) -> None:
    parsed = read_rule([instruction])

    assert parsed.rows == []
    assert [problem.place for problem in parsed.problems] == ["AMDPAR line 1"]
    assert "list" in parsed.problems[0].reason


@pytest.mark.parametrize(
    ("heading", "reported"), [(b"Supplement No. 4 to Part 744", 0), (b"Table", 2), (b"Supplement No. 5", 2)]
)
def test_a_table_headed_as_one_list_tells_which_of_two_is_meant(heading: bytes, reported: int) -> None:
    instructions = [
        "2. Supplement Nos. 4 and 7 to part 744 are amended:",
        "a. Under CHINA, by adding an entry for “Alpha Co.”.",
    ]
    body = rule_xml(instructions, [("CHINA", [ALPHA])]).replace(b"<HD>Supplement No. 4 to Part 744", b"<HD>" + heading)
    parsed = changes(body, document_number="2024-00001", publication_date=date(2024, 1, 2), source_sha256="0" * 64)

    assert gist(parsed) == ([] if reported else ["add CN Alpha Co."])
    assert len(parsed.problems) == reported


def test_two_lists_told_apart_below_are_read(read_rule: Read) -> None:
    parsed = read_rule(
        [
            "2. Supplement Nos. 4 and 7 to part 744 are amended:",
            "a. In supplement no. 4, under CHINA, by removing “Alpha Co.”; and",
            "b. In supplement no. 7, under CHINA, by removing “Beta LLC”.",
        ]
    )
    assert parsed.problems == []
    assert [(row["list_name"], row["entry_name"]) for row in parsed.rows] == [
        ("Entity List", "Alpha Co."),
        ("Military End-User List", "Beta LLC"),
    ]


@pytest.mark.parametrize("part", ['PART="774"', 'PART=""', ""])
@pytest.mark.parametrize("names_part", [True, False])
def test_a_mistyped_part_loses_no_change(part: str, names_part: bool) -> None:
    head = HEAD if names_part else "2. Supplement No. 4 is amended:"
    body = rule_xml([head, "a. Under CHINA, by adding an entry for “Alpha Co.”."], [("CHINA", [ALPHA])])
    read = {"document_number": "2024-00001", "publication_date": date(2024, 1, 2), "source_sha256": "0" * 64}
    parsed = changes(body.replace(b'PART="744"', part.encode()), **read)

    if names_part:
        assert (gist(parsed), parsed.problems) == (["add CN Alpha Co."], [])
    else:
        assert parsed.rows == []
        assert "add Alpha Co. under a destination, but no list is named" in parsed.problems[-1].reason


@pytest.mark.parametrize(
    "dates",
    [
        "This rule is effective January 3, 2024, through July 3, 2024.",
        "Effective from January 3, 2024 until July 3, 2024.",
        "This temporary final rule is effective January 3, 2024, and expires on July 3, 2024.",
        "Effective January 3, 2024. Amendatory instruction 2.a is effective until July 3, 2024.",
    ],
)
def test_an_end_in_the_dates_section_is_reported(read_rule: Read, dates: str) -> None:
    parsed = read_rule([HEAD, "a. Under CHINA, by removing the entry for “Alpha Co.”."], dates=dates)

    assert [row["effective_date"] for row in parsed.rows] == [date(2024, 1, 3)]
    assert [problem.place for problem in parsed.problems] == ["DATES"]
    assert "an end is set" in parsed.problems[0].reason


def test_an_end_of_another_instruction_is_none_of_the_list(read_rule: Read) -> None:
    dates = "Effective January 3, 2024, except for instruction 3, which is effective from May 1, 2024, to May 9, 2024."
    parsed = read_rule([HEAD, "a. Under CHINA, by removing the entry for “Alpha Co.”."], dates=dates)
    assert (gist(parsed), parsed.problems) == (["remove CN Alpha Co."], [])
