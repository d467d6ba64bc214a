"""Corrections of documents: read, tied to the rule they correct, and shown in the list through time.

The markup is that of C1-2013-16962, 2013-22752 and 2013-19503 (corrections as the Register printed them, of another
agency's rules); entries and sentences are made up.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from entity_rules import rule_xml, table_xml

from assets.entity_list.changes import changes
from assets.entity_list.history import history
from expectations import contract
from resources.documents import Parsed, Row

RULE, PUBLISHED, EFFECTIVE, CORRECTED = "2024-00001", date(2024, 1, 2), date(2024, 1, 3), date(2024, 1, 19)
ALFA = "Alfa Technology, a.k.a., the following two aliases:\n—Alfa Tech; and\n—AT Labs.\n1 First Road, Beijing, China."
BETA = "Beta LLC, 2 Second Road, Shanghai, China."
GAMMA = "Gamma FZE, 2 Second Road, Dubai, U.A.E."
TABLE = [("CHINA, PEOPLE'S REPUBLIC OF", [ALFA, BETA]), ("UNITED ARAB EMIRATES", [GAMMA])]
OF_THE_REGISTER = (
    "In rule document 2024–00001, appearing on pages 100–120 in the issue of Tuesday, January 2, 2024, make the "
    "following corrections:"
)
OF_THE_AGENCY = (
    "In FR Doc. 2024–00001 appearing on page 100 in the <E T='04'>Federal Register</E> of Tuesday, January 2, 2024, "
    "the following corrections are made:"
)
HEADING = "<HD SOURCE='HD1'>Supplement No. 4 to Part 744 [Corrected]</HD>"


def read(body: bytes, number: str, published: date) -> Parsed:
    parsed = changes(body, document_number=number, publication_date=published, source_sha256="0" * 64)
    contract.load("entity_list_changes").table_of(parsed.rows)
    return parsed


def rule(*instructions: str, pages: bool = True) -> Parsed:
    """A rule that adds Alfa and Beta on page 110 and Gamma on page 111, and removes Old Co. by its instruction."""
    added = (
        "a. Under CHINA, by adding entries for “Alfa Technology” and “Beta LLC”;",
        "b. Under UNITED ARAB EMIRATES, by adding an entry for “Gamma FZE”.",
    )
    body = rule_xml(["2. Supplement No. 4 to part 744 is amended:", *(instructions or added)], TABLE).decode()
    if instructions:
        body = body.replace(table_xml(TABLE), "")
    if pages:
        body = body.replace("<GPOTABLE", "<PRTPAGE P='110'/><GPOTABLE")
        body = body.replace('<ROW><ENT I="01">UNITED', '<ROW><PRTPAGE P="111"/><ENT I="01">UNITED')
    return read(body.encode(), RULE, PUBLISHED)


def register(*paragraphs: str, opening: str = OF_THE_REGISTER, heading: str = HEADING, table: Any = ()) -> Parsed:
    """A correction by the Office of the Federal Register: a RULE without DATES, all of it in the preamble."""
    words = "".join(paragraph if paragraph.startswith("<") else f"<P>{paragraph}</P>" for paragraph in paragraphs)
    body = (
        "<RULE><PREAMB><CFR>15 CFR Part 744</CFR><SUBJECT>Additions to the Entity List</SUBJECT>"
        f"<HD SOURCE='HD2'>Correction</HD><P>{opening}</P>{heading}{words}{table_xml(table) if table else ''}</PREAMB>"
        "<FRDOC>[FR Doc. C1-2024-00001 Filed 1-18-24; 8:45 am]</FRDOC><BILCOD>BILLING CODE 0099-10-D</BILCOD></RULE>"
    )
    return read(body.encode(), "C1-2024-00001", CORRECTED)


def agency(*items: str, dates: str = "", table: Any = (), after: str = "") -> Parsed:
    effect = f"<EFFDATE><HD>DATES:</HD><P>{dates}</P></EFFDATE>" if dates else ""
    body = (
        f"<RULE><PREAMB><CFR>15 CFR Part 744</CFR><SUBJECT>Additions to the Entity List; Correction</SUBJECT>{effect}"
        f"</PREAMB><SUPLINF><P>The rule had errors.</P><P>{OF_THE_AGENCY}</P>{HEADING}"
        f"{''.join(items)}{table_xml(table) if table else ''}{after}<SIG><P>On page 1, X.</P></SIG></SUPLINF></RULE>"
    )
    return read(body.encode(), "2024-00900", date(2024, 1, 25))


def corrects(row: Row) -> tuple[Any, ...]:
    return row["verb"], row["corrected_document"], row["corrected_citation"], row["text_before"], row["text_after"]


def versions(parsed: Parsed) -> list[tuple[Any, ...]]:
    contract.load("entity_list_history").table_of(parsed.rows)
    return [
        (row["name"], row["valid_from"], row["valid_to"], row["known_from"], row["opened_by_document"])
        for row in parsed.rows
    ]


def replay(*parsed: Parsed, base: list[Row] | None = None) -> Parsed:
    return history([row for one in parsed for row in one.rows], base or [], {"89 FR 100": RULE})


def test_words_corrected_by_the_register() -> None:
    parsed = register("1. On page 110, in the table, in the first entry under CHINA, “AT Labs” should read “AT Lab”.")

    assert parsed.problems == []
    (row,) = parsed.rows
    assert corrects(row) == ("correct", RULE, "89 FR 100", "AT Labs", "AT Lab")
    assert (row["country"], row["first_page"], row["amendment_label"]) == ("China", 110, "1")
    assert row["entry_text"].startswith("On page 110, in the table, in the first entry under CHINA")


def test_a_correction_acts_from_the_day_of_its_rule_and_is_known_from_its_own() -> None:
    correction = register("On page 110, in the table, “AT Labs” should read “AT Lab”.")
    replayed = replay(rule(), correction)

    assert replayed.problems == []
    alfa = [row for row in replayed.rows if row["name"] == "Alfa Technology"]
    assert len({row["entry_id"] for row in alfa}) == 1
    assert [(row["aliases"], row["opened_by_verb"]) for row in alfa] == [
        (["Alfa Tech", "AT Labs"], "add"),
        (["Alfa Tech", "AT Lab"], "correct"),
    ]
    assert versions(Parsed(alfa)) == [
        ("Alfa Technology", EFFECTIVE, EFFECTIVE, PUBLISHED, RULE),
        ("Alfa Technology", EFFECTIVE, None, CORRECTED, "C1-2024-00001"),
    ]
    assert alfa[0]["end_known_from"] == CORRECTED
    assert alfa[1]["addresses"] == ["1 First Road, Beijing, China"]


def test_a_corrected_name_keeps_the_identity() -> None:
    replayed = replay(rule(), register("On page 110, in the entry for “Beta LLC”, “Beta” should read “Bèta B”."))

    assert replayed.problems == []
    names = [
        (row["name"], row["version"]) for row in replayed.rows if row["addresses"] == ["2 Second Road, Shanghai, China"]
    ]
    assert names == [("Beta LLC", 1), ("Bèta B LLC", 2)]
    assert len({row["entry_id"] for row in replayed.rows}) == 3


@pytest.mark.parametrize(
    ("words", "address"),
    [
        (
            "On page 111, in the first column, “2 Second Road” should read “3 Third Road”.",
            "3 Third Road, Dubai, U.A.E.",
        ),
        (
            "In the table, under UNITED ARAB EMIRATES, “2 Second” should have read “3 Third.”",
            "3 Third Road, Dubai, U.A.E.",
        ),
        (
            "On page 111, in the table, the address “2 Second Road,” is corrected to read “3 Third St.”",
            "3 Third St., Dubai, U.A.E.",
        ),
        ("On page 111, in the table, correct “2 Second Road” to read “3 Third Road”.", "3 Third Road, Dubai, U.A.E."),
        ("On page 111, in the entry, remove “2 Second” and add “3 Third” in its place.", "3 Third Road, Dubai, U.A.E."),
    ],
)
def test_wordings_of_a_corrected_address(words: str, address: str) -> None:
    correction = register(f"1. {words}")
    replayed = replay(rule(), correction)

    assert [*correction.problems, *replayed.problems] == []
    assert [row["addresses"][0] for row in replayed.rows if row["opened_by_verb"] == "correct"] == [address]


def test_the_requirement_is_corrected_everywhere_only_if_it_says_so() -> None:
    one = "On page 111, in the table, “EAR” should read “EAR and more”."
    assert "the words stand at 2 places" in replay(rule(), register(one)).problems[0].reason
    both = "On page 111, in the table, “EAR” should read “EAR and more” in both places."
    replayed = replay(rule(), register(both))

    assert replayed.problems == []
    (corrected,) = (row for row in replayed.rows if row["opened_by_verb"] == "correct")
    assert corrected["license_requirement"] == (
        "For all items subject to the EAR and more. (See § 744.11 of the EAR and more)"
    )


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (
            "On page 110, in the table, “Second Rode” should read “Third Road”.",
            "do not stand in the entries it speaks of",
        ),
        ("In the table, “2 Second Road” should read “3 Third Road”.", "stand at 2 places"),
        ("On page 105, in the first column, “AT Labs” should read “AT Lab”.", "do not stand in the entries"),
        ("On page 110, under IRAN, “AT Labs” should read “AT Lab”.", "do not stand in the entries"),
        (
            "On page 110, in the table, “AT Lab” should read “AT”.",
            "do not stand in the entries",
        ),  # not a part of a word
        ("On page 110, in amendatory instruction 2.a, “AT Labs” should read “AT Lab”.", "do not stand in the entries"),
    ],
)
def test_words_that_stand_at_no_one_place_change_nothing_and_are_reported(words: str, reason: str) -> None:
    replayed = replay(rule(), register(words))

    (problem,) = replayed.problems
    assert reason in problem.reason
    before, after = (part.split("”")[0] for part in words.split("“")[1:])
    assert f"in {RULE}, “{before}” should read “{after}”" in problem.reason
    assert problem.document == "C1-2024-00001"
    assert {row["opened_by_verb"] for row in replayed.rows} == {"add"}
    assert len(replayed.rows) == 3


def test_a_rule_that_is_not_held_cannot_be_corrected() -> None:
    assert (
        "no change that it makes to a list is held"
        in replay(register("On page 110, in the table, “AT Labs” should read “AT Lab”.")).problems[0].reason
    )


def test_an_entry_set_out_anew() -> None:
    alpha = "Alpha Technology, 1 First Road, Beijing, China."
    words = "1. On page 110, in the table, the entry for “Alfa Technology” under CHINA should read as set forth below:"
    correction = register(words, table=[("CHINA", [alpha])])
    replayed = replay(rule(), correction)

    assert [(row["verb"], row["text_supplied"], row["corrected_document"]) for row in correction.rows] == [
        ("correct", True, RULE)
    ]
    assert replayed.problems == []
    assert versions(Parsed([row for row in replayed.rows if "1 First" in str(row["addresses"])])) == [
        ("Alfa Technology", EFFECTIVE, EFFECTIVE, PUBLISHED, RULE),
        ("Alpha Technology", EFFECTIVE, None, CORRECTED, "C1-2024-00001"),
    ]


def test_corrections_by_the_agency_marked_up_or_not() -> None:
    items = (
        "<AMDPAR>1. On page 110, in the table, “AT Labs” is corrected to read “AT Lab”.</AMDPAR>"
        "<P>2. On page 111:</P><P>a. In the first column, “2 Second Road” is corrected to read “3 Third Road”; and</P>"
        "<P>b. Correct the entry for “Beta LLC” under CHINA to read as follows:</P>"
    )
    amendment = (
        '<REGTEXT TITLE="15" PART="744"><AMDPAR>1. The authority citation for part 744 continues to read:</AMDPAR>'
        "<AMDPAR>2. Supplement No. 4 to part 744 is amended by removing, under IRAN, the entry for "
        "“Old Co.”.</AMDPAR></REGTEXT>"
    )
    parsed = agency(items, table=[("CHINA", ["Beta LLC, 9 Ninth Road, Shanghai, China."])], after=amendment)

    assert parsed.problems == []
    assert [(row["amendment_label"], row["first_page"], *corrects(row)) for row in parsed.rows] == [
        ("1", 110, "correct", RULE, "89 FR 100", "AT Labs", "AT Lab"),
        ("2.a", 111, "correct", RULE, "89 FR 100", "2 Second Road", "3 Third Road"),
        ("2.b", None, "correct", RULE, "89 FR 100", None, None),
        ("2", None, "remove", None, None, None, None),  # the CFR is amended besides
    ]
    replayed = replay(rule(), Parsed(parsed.rows[:3]))
    assert replayed.problems == []
    assert {row["valid_from"] for row in replayed.rows} == {EFFECTIVE}


def test_a_correction_waits_for_a_day_of_its_own() -> None:
    item = "<P>1. On page 110, in the table, “AT Labs” is corrected to read “AT Lab”.</P>"
    parsed = agency(item, dates="This correction is effective February 1, 2024.")
    replayed = replay(rule(), parsed)

    assert [(row["aliases"][1], row["valid_from"]) for row in replayed.rows if row["aliases"]] == [
        ("AT Labs", EFFECTIVE),
        ("AT Lab", date(2024, 2, 1)),
    ]


def test_the_name_in_an_instruction_that_removes() -> None:
    """The wrong entry was never removed, and the right one is from the day of the rule."""
    removal = rule("a. Under IRAN, by removing the entry for “Alfa Co.”.", pages=False)
    listing = read(
        rule_xml(
            [
                "2. Supplement No. 4 to part 744 is amended by adding, under IRAN, entries for “Alfa Co.” and "
                "“Alpha Co.”."
            ],
            [("IRAN", ["Alfa Co., Tehran, Iran.", "Alpha Co., Tehran, Iran."])],
            dates="This rule is effective July 3, 2023.",
        ),
        "2023-00001",
        date(2023, 7, 3),
    )
    item = "<AMDPAR>On page 109, in amendatory instruction 2.a, “Alfa Co.” is corrected to read “Alpha Co.”.</AMDPAR>"
    replayed = replay(listing, removal, agency(item))

    assert replayed.problems == []
    assert [
        (row["name"], row["valid_to"], row["closed_by_document"]) for row in replayed.rows if row["country"] == "Iran"
    ] == [
        ("Alfa Co.", None, None),
        ("Alpha Co.", EFFECTIVE, "2024-00900"),
    ]


def test_a_later_rule_stands_on_the_corrected_one() -> None:
    revision = read(
        rule_xml(
            ["2. Supplement No. 4 to part 744 is amended by revising, under CHINA, the entry for “Beta LLC”."],
            [("CHINA", ["Beta LLC, 5 Fifth Road, Shanghai, China."])],
            dates="This rule is effective January 10, 2024.",
        ),
        "2024-00005",
        date(2024, 1, 10),
    )
    correction = register("On page 110, in the table, under CHINA, “2 Second Road” should read “3 Third Road”.")
    replayed = replay(rule(), revision, correction)

    assert replayed.problems == []
    assert [
        (row["addresses"][0][:1], row["valid_from"], row["valid_to"])
        for row in replayed.rows
        if row["name"] == "Beta LLC"
    ] == [
        ("2", EFFECTIVE, EFFECTIVE),
        ("3", EFFECTIVE, date(2024, 1, 10)),
        ("5", date(2024, 1, 10), None),
    ]


def test_two_corrections_of_one_entry() -> None:
    first = register("On page 110, in the table, “AT Labs” should read “AT Lab”.")
    second = agency("<P>1. On page 110, in the table, “AT Lab” is corrected to read “AT Laboratory”.</P>")
    replayed = replay(rule(), first, second)

    assert replayed.problems == []
    assert [row["aliases"][1] for row in replayed.rows if row["aliases"]] == ["AT Labs", "AT Lab", "AT Laboratory"]


def test_what_the_official_text_cannot_have_yet_is_corrected_after_it() -> None:
    added = rule().rows
    base = [
        row | {"snapshot_date": date(2024, 1, 10), "citations": ["89 FR 100, 1/2/24"], "kind": "entry"} for row in added
    ]
    correction = register("On page 110, in the table, “AT Labs” should read “AT Lab”.")
    replayed = replay(rule(), correction, base=base)

    assert replayed.problems == []
    assert [(row["aliases"][1], row["valid_from"], row["valid_to"]) for row in replayed.rows if row["aliases"]] == [
        ("AT Labs", EFFECTIVE, CORRECTED),
        ("AT Lab", CORRECTED, None),
    ]


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (
            "1. On page 110, in the table, under CHINA, the entry for “Beta LLC” should be removed.",
            "should remove Beta LLC is not made",
        ),
        ("1. On page 110, in the table, the second entry should appear after the third.", "bears it out"),
        (
            "1. On page 110, in the table, “AT Labs” should read “AT Lab” and “Beta LLC” is removed.",
            "not all of it is read",
        ),
    ],
)
def test_what_is_not_a_correction_of_words_is_reported(words: str, reason: str) -> None:
    parsed = register(words)

    assert any(reason in problem.reason for problem in parsed.problems), parsed.problems
    assert {row["verb"] for row in parsed.rows} <= {"correct"}


def test_words_of_a_section_and_of_the_preamble_are_not_the_lists() -> None:
    section = register(
        "On page 110, in the third line, “licence” should read “license”.", heading="<HD>§ 744.11 [Corrected]</HD>"
    )
    preamble = register("On page 101, in the third line, “licence” should read “license”.", heading="")

    assert section.rows == preamble.rows == []


def test_the_part_alone_in_the_heading() -> None:
    heading = "<HD SOURCE='HD1'>PART 744—CONTROL POLICY: END-USER AND END-USE BASED</HD>"
    parsed = register("On page 110, in the table, “AT Labs” should read “AT Lab”.", heading=heading)

    assert ["Alfa Tech", "AT Lab"] in [row["aliases"] for row in replay(rule(), parsed).rows]


SUPPLEMENT = ("", HEADING)
"""A correction of the DATES section stands under no heading, or by mistake under the list's."""


@pytest.mark.parametrize("heading", SUPPLEMENT)
@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("On page 100, in the DATES section, “January 3, 2024” should read “February 3, 2024”.", date(2024, 2, 3)),
        (
            "On page 100, in the second column, the effective date “This rule is effective January 3, 2024.” should "
            "read “This rule is effective January 2, 2024.”",
            date(2024, 1, 2),
        ),
    ],
)
def test_a_corrected_day_of_effect_moves_the_rule(heading: str, words: str, day: date) -> None:
    correction = register(words, heading=heading)
    replayed = replay(rule(), correction)

    assert [*correction.problems, *replayed.problems] == []
    assert [(row["verb"], row["effective_date"], row["delayed_document"]) for row in correction.rows] == [
        ("delay", day, RULE)
    ]
    assert {(row["valid_from"], row["known_from"], row["delayed_by_document"]) for row in replayed.rows} == {
        (day, CORRECTED, "C1-2024-00001")
    }


@pytest.mark.parametrize("heading", SUPPLEMENT)
@pytest.mark.parametrize(
    "words",
    [
        "On page 100, the DATES section should read: “This rule is effective February 3, 2024.”",
        "On page 100, in the DATES section, “January 3” should read “February 3”.",
        "On page 100, the effective date is corrected to February 3, 2024.",
    ],
)
def test_a_corrected_day_that_is_not_read_is_reported(heading: str, words: str) -> None:
    parsed = register(words, heading=heading)

    assert parsed.rows == []
    assert any("a correction of a day is not read" in problem.reason for problem in parsed.problems)
