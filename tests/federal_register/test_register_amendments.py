"""Amendatory instructions: numbering, verb, target, day of effect."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from assets.federal_register.amendments import amendments
from assets.federal_register.instructions import find_target, find_verbs, main_verb
from expectations import contract
from resources.documents import Parsed, SourceError

ENTITY_RULE = "mirror/www.federalregister.gov/documents/full_text/xml/2023/02/27/2023-03929.xml"
OTHERS = "extra/federal_register/other_agencies"


def read(body: bytes, number: str = "2024-00001") -> Parsed:
    sha256 = hashlib.sha256(body).hexdigest()
    return amendments(body, document_number=number, publication_date=date(2024, 1, 2), source_sha256=sha256)


def rule(*instructions: str, dates: str = "This rule is effective January 3, 2024.", regtext: bool = True) -> bytes:
    amended = "".join(f"<AMDPAR>{words}</AMDPAR>" for words in instructions)
    block = f'<REGTEXT TITLE="15" PART="744">{amended}</REGTEXT>' if regtext else amended
    return (
        f"<RULE><PREAMB><CFR>15 CFR Part 744</CFR><EFFDATE><HD>DATES:</HD><P>{dates}</P></EFFDATE></PREAMB>"
        f"<SUPLINF><PART><HD>PART 744—CONTROL POLICY</HD></PART>{block}</SUPLINF></RULE>"
    ).encode()


def column(parsed: Parsed, name: str) -> list[Any]:
    return [row[name] for row in parsed.rows]


def other_documents(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted((folder / OTHERS).rglob("*.xml")):
        body = path.read_bytes()
        filed = "".join(next(etree.fromstring(body).iter("FRDOC")).itertext())
        yield filed.replace("\u2013", "-").split()[2], body


def test_the_instructions_of_a_rule_on_the_entity_list(real_documents: Path) -> None:
    """2023-03929 has eight AMDPAR, lines 108 to 147; its DATES name February 24, 2023."""
    parsed = read((real_documents / ENTITY_RULE).read_bytes(), "2023-03929")

    assert parsed.problems == []
    assert column(parsed, "label") == ["1", "2", "2.a", "2.b", "2.c", "2.d", "2.e", "2.f"]
    assert column(parsed, "parent_label") == [None, None, *["2"] * 6]
    assert column(parsed, "verb") == ["continue", "amend", *["add"] * 6]
    assert column(parsed, "target") == ["part 744 authority citation", *["Supplement No. 4 to part 744"] * 7]
    assert {(row["cfr_title"], row["cfr_part"]) for row in parsed.rows} == {(15, "744")}
    assert set(column(parsed, "effective_date")) == {date(2023, 2, 24)}
    assert parsed.rows[5]["text"] == (
        "d. Under LUXEMBOURG, by adding in alphabetical order, an entry for “Spacety Co., Ltd.”;"  # with a PRTPAGE
    )
    assert parsed.rows[7]["text"].endswith("“Innovation and Technologies LLC”; and “Promtekhkomplekt JSC”.")
    assert contract.load("fr_amendments").table_of(parsed.rows).num_rows == 8


def test_instructions_of_other_agencies_are_understood(real_documents: Path) -> None:
    rows, problems, documents = [], [], 0
    for number, body in other_documents(real_documents):
        parsed = read(body, number)
        rows += parsed.rows
        problems += parsed.problems
        documents += 1
        if parsed.rows:
            contract.load("fr_amendments").table_of(parsed.rows)

    assert (documents, len(rows)) == (
        58,
        920,
    )  # 919 marked as such, and a correction in a plain paragraph of 2013-22752
    not_understood = [row for row in rows if not row["understood"]]
    # Five of the six carry marks of the project that edited them by hand, or are no instruction at all.
    assert len(not_understood) <= 6
    assert len(problems) == len(not_understood) + 2  # and two documents whose REGTEXT has no AMDPAR


def test_lists_within_lists(real_documents: Path) -> None:
    """2013-10604, instruction 7: letters, Roman numerals and letters again; item F is missing in the document."""
    parsed = next(read(body, number) for number, body in other_documents(real_documents) if number == "2013-10604")
    labels = column(parsed, "label")

    assert labels[labels.index("7") : -2] == [
        *("7", "7.A", "7.A.i", "7.A.ii", "7.B", "7.B.i", "7.B.ii", "7.B.iii", "7.B.iv", "7.B.v", "7.B.vi", "7.B.vii"),
        *("7.B.viii", "7.B.ix", "7.C", "7.C.i", "7.C.ii", "7.C.iii", "7.C.iv", "7.C.v", "7.D", "7.D.i", "7.D.i.a"),
        *("7.D.i.b", "7.D.i.c", "7.D.ii", "7.D.iii", "7.E", "7.E.i", "7.G"),
    ]
    row = parsed.rows[labels.index("7.D.i.a")]
    assert (row["verb"], row["target"]) == ("redesignate", "Supplement I to part 1005")


def test_numbering_begins_again_with_a_part(real_documents: Path) -> None:
    """2012-27993 amends parts 226 and 1026, each from instruction 1."""
    parsed = next(read(body, number) for number, body in other_documents(real_documents) if number == "2012-27993")

    assert [(row["cfr_part"], row["label"]) for row in parsed.rows] == [
        ("226", "1"),
        ("226", "2"),
        ("1026", "1"),
        ("1026", "2"),
    ]


def test_an_instruction_with_a_day_of_its_own(real_documents: Path) -> None:
    """2013-30108, second part: instruction 3b is effective July 18, 2015; so is the rule."""
    parsed = read(rule("1. Section 744.1 is revised.", "2b. Effective July 18, 2015, § 744.2(b) is revised to read:"))

    assert column(parsed, "effective_date") == [date(2024, 1, 3), date(2015, 7, 18)]


@pytest.mark.parametrize(
    ("words", "verbs", "verb"),
    [
        ("Section 1024.13 is removed and reserved.", ["remove", "reserve"], "remove"),
        ("Adding and reserving paragraph (g);", ["add", "reserve"], "add"),
        ("Remove the words “add A” and add in their place the words “B”;", ["remove", "add"], "revise"),
        ("Revise all references to “A” to read “B”.", ["revise"], "revise"),
        ("The revisions and additions read as follows:", ["set_out"], "set_out"),
        ("The authority citation for part 744 continues to read as follows:", ["continue"], "continue"),
        ("Under newly designated 31(c)(1), paragraph 1 is revised.", ["revise"], "revise"),
        ("Section 1024.30, as added February 14, 2013, is amended by revising (a)", ["amend", "revise"], "revise"),
        ("Paragraphs 7 and 8 are redesignated as paragraphs 9 and 10.", ["redesignate"], "redesignate"),
        ("On page 30705, § 1005.33 is corrected by revising paragraph (c)", ["correct", "revise"], "correct"),
        ("in the third column, “A” should read “B.”", ["correct"], "correct"),
        ("Under Section 1005.30—Remittance Transfer Definitions:", [], None),
        ("Section 744.11 is amended:", ["amend"], "amend"),
    ],
)
def test_verbs(words: str, verbs: list[str], verb: str | None) -> None:
    found = tuple(find_verbs(words))

    assert list(found) == verbs
    assert main_verb(found, words) == verb


@pytest.mark.parametrize(
    ("words", "target"),
    [
        ("Supplement No. 4 to part 744 is amended:", "Supplement No. 4 to part 744"),
        ("Amend supplement no. 4 to part 744 by:", "Supplement No. 4 to part 744"),
        ("Supplement No. 4 is amended", "Supplement No. 4 to part 744"),
        ("In Supplement I to Part 1026—Official Interpretations:", "Supplement I to part 1026"),
        ("The authority citation for 15 CFR part 744 continues", "part 744 authority citation"),
        ("Section 744.11 is amended by revising § 744.21", "§ 744.11"),
        ("Section 479.90(b) is revised.", "§ 479.90(b)"),
        ("Sections 1024.1 through 1024.5 are designated", "§§ 1024.1 through 1024.5"),
        ("Amend §§ 323.1, 323.3, and 323.5 by", "§§ 323.1, 323.3, and 323.5"),
        ("Appendix MS1 to Part 1024 is removed.", "Appendix MS1 to part 1024"),
        ("Subpart C is added", "subpart C to part 744"),
        ("Add part 1004 to read as follows:", "part 1004"),
        ("revise the heading “Section 744.11”", None),
    ],
)
def test_targets(words: str, target: str | None) -> None:
    assert find_target(words, "744") == target


@pytest.mark.parametrize("own", ["", "Effective March 3, 2024, "])
def test_a_day_of_effect_of_nothing_that_is_read_is_reported(own: str) -> None:
    dates = "This rule is effective January 3, 2024, except for the removals, which are effective March 3, 2024."
    parsed = read(rule(f"2. {own}Supplement No. 4 to part 744 is amended by removing the entry for “A”.", dates=dates))

    assert column(parsed, "effective_date") == [date(2024, 3, 3) if own else date(2024, 1, 3)]
    assert ["what takes effect on 2024-03-03 is not read" in one.reason for one in parsed.problems] == [True] * (
        not own
    )


def test_without_regtext_the_part_comes_from_wording_or_heading() -> None:
    parsed = read(rule("1. Supplement No. 4 to part 744 is amended:", "a. By removing one entry.", regtext=False))

    assert column(parsed, "cfr_part") == ["744", "744"]
    assert column(parsed, "cfr_title") == [15, 15]
    assert column(parsed, "target") == ["Supplement No. 4 to part 744"] * 2


def test_lists_that_older_rules_print_as_paragraphs() -> None:
    body = rule("2. Supplement No. 4 to part 744 is amended:").replace(
        b"</AMDPAR>",
        b"</AMDPAR><P>(a) By adding, under Iran, one entity;</P><PRTPAGE P='9'/><P>(b) By removing one entity.</P>"
        b"<P>(c) Words of the regulation.</P>",
    )

    assert column(read(body), "label") == ["2", "2.a", "2.b"]


def test_what_is_not_understood_keeps_its_row_and_is_reported() -> None:
    parsed = read(rule("3. Lorem ipsum dolor sit amet."))

    assert parsed.rows[0]["understood"] is False
    assert "no verb and no target" in parsed.problems[0].reason
    contract.load("fr_amendments").table_of(parsed.rows)


def test_amended_text_without_an_instruction_is_reported() -> None:
    assert "without an amendatory instruction" in read(rule()).problems[0].reason
    assert "no instruction is found" in read(b"<CORRECT><P>Read B for A.</P></CORRECT>").problems[0].reason
    assert "not understood" in read(b"<CORRECT><P>On page 3, read B for A.</P></CORRECT>").problems[0].reason


@pytest.mark.parametrize("root", ["NOTICE", "PRORULE"])
def test_a_proposal_changes_nothing(root: str) -> None:
    body = rule("1. Section 744.11 is revised.").replace(b"RULE>", f"{root}>".encode())

    assert read(body) == Parsed()


def test_a_damaged_document_is_refused() -> None:
    with pytest.raises(SourceError):
        read(rule("1. Section 744.11 is revised.")[:-20])
