"""The table ``control_parameters`` from the samples and from small documents: periods, two clocks, parts of entries."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from assets.controls.parameters import HeldDocument, control_parameters
from assets.controls.parameters_reviewed import Reviewed, ReviewedCondition, ReviewedText, load
from assets.controls.parameters_text import text_sha256
from expectations import contract
from resources.documents import Parsed, Row

TPP = "total processing performance"
DENSITY = "performance density"
RATE = "aggregate bidirectional transfer rate"
DATACENTER = "designed or marketed for use in datacenters"


@pytest.fixture(scope="module")
def parsed(held: list[HeldDocument]) -> Parsed:
    return control_parameters(held, load())


def in_force(rows: list[Row], day: date, *, known: date, subject: str = "3A090") -> set[tuple[str, str, str]]:
    return {
        (row["paragraph"], row["parameter"], f"{row['comparison']} {row['value']} {row['unit']}".strip())
        for row in rows
        if row["subject"] == subject
        and row["valid_from"] <= day
        and (row["valid_to"] is None or day < row["valid_to"])
        and row["known_from"] <= known
        and (row["known_to"] is None or known < row["known_to"])
    }


OF_2022 = {("3A090.a", RATE, ">= 600 GB/s")} | {(f"3A090.a.{n}", TPP, ">= 4800 TOPS × bits") for n in (1, 2, 3, 4)}
OF_2023 = {
    ("3A090.a.1", TPP, ">= 4800 TOPS × bits"),
    ("3A090.a.2", TPP, ">= 1600 TOPS × bits"),
    ("3A090.a.2", DENSITY, ">= 5.92 TOPS × bits/mm²"),
    ("3A090.b.1", TPP, ">= 2400 TOPS × bits"),
    ("3A090.b.1", TPP, "< 4800 TOPS × bits"),
    ("3A090.b.1", DENSITY, ">= 1.6 TOPS × bits/mm²"),
    ("3A090.b.1", DENSITY, "< 5.92 TOPS × bits/mm²"),
    ("3A090.b.2", TPP, ">= 1600 TOPS × bits"),
    ("3A090.b.2", DENSITY, ">= 3.2 TOPS × bits/mm²"),
    ("3A090.b.2", DENSITY, "< 5.92 TOPS × bits/mm²"),
}


def note(name: str) -> set[tuple[str, str, str]]:
    return {(f"3A090 {name}", DATACENTER, "= 0"), (f"3A090 {name}", TPP, "< 4800 TOPS × bits")}


HBM = {("3A090.c", "memory bandwidth density", "> 2 GB/s/mm²")}
TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2022, 10, 20), set()),
        (date(2022, 10, 21), OF_2022),  # 87 FR 62186, instruction 26
        (date(2023, 11, 16), OF_2022),
        (date(2023, 11, 17), OF_2023 | note("Note 2 to 3A090")),  # 88 FR 73458
        (date(2024, 12, 1), OF_2023 | note("Note 2 to 3A090")),
        (
            date(2024, 12, 2),
            OF_2023 | HBM | note("Note 2 to 3A090.a and 3A090.b"),
        ),  # 89 FR 96790 adds .c, leaves the rest
        (date(2026, 1, 15), OF_2023 | HBM | note("Note 2 to 3A090.a and 3A090.b")),
    ],
)
def test_3a090_through_time(parsed: Parsed, day: date, expected: set[tuple[str, str, str]]) -> None:
    assert in_force(parsed.rows, day, known=TODAY) == expected


def test_what_was_known_before_the_rule_of_2023(parsed: Parsed) -> None:
    """On October 24, 2023 nobody knew that the thresholds of 2022 would end on November 17; from the 25th "
    "it is known."""
    day = date(2023, 12, 1)
    assert in_force(parsed.rows, day, known=date(2023, 10, 24)) == OF_2022
    assert in_force(parsed.rows, day, known=date(2023, 10, 25)) == OF_2023 | note("Note 2 to 3A090")


def test_case_by_case_of_january_2026(parsed: Parsed) -> None:
    """91 FR 1684: § 742.6(b)(10)(iii)(A)(1), TPP below 21,000 and total DRAM bandwidth below 6,500 GB/s."""
    rows = [row for row in parsed.rows if row["document_number"] == "2026-00789"]
    assert [
        (
            row["paragraph"],
            row["parameter"],
            row["comparison"],
            row["value"],
            row["unit"],
            row["effect"],
            row["citation"],
        )
        for row in rows
    ] == [
        ("§ 742.6(b)(10)(iii)(A)(1)", TPP, "<", 21000, "TOPS × bits", "review_policy", "91 FR 1684"),
        ("§ 742.6(b)(10)(iii)(A)(1)", "total DRAM bandwidth", "<", 6500, "GB/s", "review_policy", "91 FR 1684"),
    ]
    assert {(row["valid_from"], row["known_from"], row["basis"]) for row in rows} == {
        (date(2026, 1, 15), date(2026, 1, 15), "read")
    }


def test_the_samples_keep_to_the_contract_and_need_no_review(parsed: Parsed) -> None:
    table = contract.load("control_parameters").table_of(parsed.rows)
    assert table.num_rows == len(parsed.rows)
    assert [str(problem) for problem in parsed.problems] == []
    assert not any(row["needs_review"] for row in parsed.rows)


ENTRY = '<P><E T="04">3A090 Integrated circuits as follows.</E></P>'


def document(number: str, day: date, instructions: str, *, dates: str, filed: str = "") -> HeldDocument:
    body = f"""<RULE><PREAMB><EFFDATE><HD SOURCE="HED">DATES:</HD><P>{dates}</P></EFFDATE></PREAMB><SUPLINF>
    <REGTEXT TITLE="15" PART="774">{instructions}</REGTEXT></SUPLINF><FRDOC>[FR Doc. {number} {filed}]</FRDOC></RULE>"""
    return HeldDocument(number, day, None, body.encode(), "0" * 64)


FIRST = document(
    "2030-00001",
    date(2030, 1, 10),
    f"<AMDPAR>1. In supplement no. 1 to part 774, ECCN 3A090 is added to read as follows:</AMDPAR>{ENTRY}"
    "<P>a. Circuits having any of the following:</P><P>a.1. A ‘TPP’ of 4800 or more; or</P><P>a.2. A ‘TPP’ "
    "of 1600 or more.</P>"
    "<P>b. A ‘TPP’ of 2400 or more.</P>",
    dates="This rule is effective January 10, 2030.",
    filed="Filed 1-8-30; 8:45 am",
)


def then(instruction: str, text: str) -> HeldDocument:
    return document(
        "2030-00002",
        date(2030, 3, 1),
        f"<AMDPAR>1. {instruction}</AMDPAR>{text}",
        dates="This rule is effective March 15, 2030.",
    )


def of(parsed: Parsed, day: date) -> set[tuple[str, Decimal]]:
    return {
        (row["paragraph"], row["value"])
        for row in parsed.rows
        if row["known_to"] is None and row["valid_from"] <= day and (row["valid_to"] is None or day < row["valid_to"])
    }


@pytest.mark.parametrize(
    ("instruction", "text", "after"),
    [
        (
            "Supplement no. 1 to part 774 is amended by revising ECCN 3A090 to read as follows:",
            f"{ENTRY}<P>a. A ‘TPP’ of 5000 or more.</P>",
            {("3A090.a", 5000)},
        ),
        (
            "Supplement no. 1 to part 774 is amended by revising ECCN 3A090 to read as follows:",
            f"{ENTRY}<P>a. Circuits having any of the following:</P><STARS/><P>a.2. A ‘TPP’ of 1700 or "
            f"more.</P><STARS/>",
            {("3A090.a.1", 4800), ("3A090.a.2", 1700), ("3A090.b", 2400)},
        ),
        (
            "In supplement no. 1 to part 774, ECCN 3A090 is amended by revising paragraph .a to read as follows:",
            f"{ENTRY}<STARS/><P>a. A ‘TPP’ of 5000 or more.</P><STARS/>",
            {("3A090.a", 5000), ("3A090.b", 2400)},
        ),
        (
            "In supplement no. 1 to part 774, ECCN 3A090 is amended by adding paragraph c. to read as follows:",
            f"{ENTRY}<STARS/><P>c. A ‘TPP’ of 7 or more.</P>",
            {("3A090.a.1", 4800), ("3A090.a.2", 1600), ("3A090.b", 2400), ("3A090.c", 7)},
        ),
        (
            "In supplement no. 1 to part 774, ECCN 3A090 is amended by revising the License Requirements section.",
            f"{ENTRY}<P>RS applies to 3A090.a</P>",
            {("3A090.a.1", 4800), ("3A090.a.2", 1600), ("3A090.b", 2400)},
        ),
        ("In supplement no. 1 to part 774, ECCN 3A090 is removed and reserved.", "", set()),
        (
            "In supplement no. 1 to part 774, ECCN 3A090 is amended by removing paragraph b.",
            "",
            {("3A090.a.1", 4800), ("3A090.a.2", 1600)},
        ),
    ],
)
def test_what_a_later_rule_ends(instruction: str, text: str, after: set[tuple[str, int]]) -> None:
    parsed = control_parameters([FIRST, then(instruction, text)])
    assert of(parsed, date(2030, 3, 14)) == {("3A090.a.1", 4800), ("3A090.a.2", 1600), ("3A090.b", 2400)}
    assert of(parsed, date(2030, 3, 15)) == after
    assert parsed.problems == []


def test_filed_two_days_before_publication_is_known_then() -> None:
    assert {row["known_from"] for row in control_parameters([FIRST]).rows} == {date(2030, 1, 8)}


def test_a_revised_entry_without_its_items_ends_nothing_and_is_said() -> None:
    parsed = control_parameters(
        [FIRST, then("ECCN 3A090 in supplement no. 1 to part 774 is revised to read as follows:", ENTRY)]
    )
    assert of(parsed, date(2030, 4, 1)) == {("3A090.a.1", 4800), ("3A090.a.2", 1600), ("3A090.b", 2400)}
    assert ["its paragraphs are not printed" in problem.reason for problem in parsed.problems] == [True]


def test_a_document_that_cannot_be_read_loses_nothing_else() -> None:
    broken = HeldDocument("2030-00003", date(2030, 4, 1), None, b"<RULE>", "0" * 64)
    parsed = control_parameters([FIRST, broken])
    assert len(parsed.rows) == 3
    assert [problem.document for problem in parsed.problems] == ["2030-00003"]


ALLOCATION = "Up to 790,000,000 TPP for each country."


def reviewed(words: str) -> Reviewed:
    value = ReviewedCondition(
        parameter="TPP for a country",
        comparison="<=",
        value=Decimal(790000000),
        unit="TOPS × bits",
        effect="review_policy",
    )
    return Reviewed(
        document_number="2030-00004", citation="95 FR 1", subject="3A090", paragraph="3A090.a", conditions=[value],
        texts=[ReviewedText(sha256=text_sha256(words), of="this test")], reviewer="a person",
        reviewed_on=date(2030, 5, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("words", "needs_review"), [(ALLOCATION, False), ("Up to 800,000,000 TPP for each country.", True)]
)
def test_a_reviewed_threshold_holds_for_its_text_only(words: str, needs_review: bool) -> None:
    printed = document(
        "2030-00004", date(2030, 4, 1), f"<AMDPAR>1. ECCN 3A090 is added to supplement no. 1 to part "
                                        f"774:</AMDPAR>{ENTRY}<P>a. {words}</P>",
        dates="This rule is effective April 1, 2030.",
    )  # fmt: skip
    parsed = control_parameters([printed], [reviewed(ALLOCATION)])
    assert [(row["value"], row["basis"], row["needs_review"]) for row in parsed.rows] == [
        (790000000, "reviewed", needs_review)
    ]
    assert any("review it anew" in problem.reason for problem in parsed.problems) == needs_review


def test_a_reviewed_threshold_that_the_document_does_not_print_is_said() -> None:
    printed = document(
        "2030-00004", date(2030, 4, 1), "<AMDPAR>1. Add § 774.9.</AMDPAR>", dates="Effective April 1, 2030."
    )
    assert ["does not print" in p.reason for p in control_parameters([printed], [reviewed(ALLOCATION)]).problems] == [
        True
    ]


def test_the_layout_of_the_rule_of_december_2024() -> None:
    """Several entries after a list of instructions, with tables and notes in them."""
    entries = """<AMDPAR>41. Supplement no. 1 to part 774 is amended by:</AMDPAR>
    <AMDPAR>a. Revising ECCNs 3A001, 3A090, and 3B001; and</AMDPAR><AMDPAR>b. Adding ECCN 3B993.</AMDPAR>
    <P>The revisions and addition read as follows:</P><HD SOURCE="HD1">Supplement No. 1 to Part 774</HD><STARS/>
    <FP-2><E T="04">3A001 Electronic items as follows (see List of Items Controlled).</E></FP-2>
    <P>a.1. Circuits rated at 500 krad (Si) or more.</P><STARS/>
    <P>z.1. Amplifiers meeting or exceeding the performance parameters of ECCN 3A090.a or 4A090.a, as
    follows:</P><STARS/>
    <P><E T="04">3A090 Integrated circuits as follows (see List of Items Controlled).</E></P>
    <HD SOURCE="HD1">License Requirements</HD>
    <GPOTABLE><ROW><ENT I="01">RS applies to 3A090.c</ENT><ENT>To or within Macau, see §
    742.6(a)(6)(i)(B).</ENT></ROW></GPOTABLE>
    <P><E T="03">NAC/ACA:</E> Yes, for 3A090.a, if the item has a ‘total processing performance’ of 4800 or more.</P>
    <P>a. A ‘total processing performance’ of 4800 or more.</P>
    <NOTE><HD SOURCE="HED">Note 1 to 3A090.a:</HD><P>a. Below 30 billion transistors.</P><P>b. More.</P></NOTE>
    <P>b. A ‘total processing performance’ of 2400 or more and less than 4800.</P>
    <HD SOURCE="HD3">Note 2 to 3A090.a and 3A090.b:</HD><P>3A090.a and 3A090.b do not apply to items that are
    not designed or
    marketed for use in datacenters and do not have a ‘total processing performance’ of 4800 or more. For items
    that have a
    ‘total processing performance’ of 4800 or more, see license exceptions NAC and ACA.</P>
    <P>c. HBM having a ‘memory bandwidth density’ greater than 2 gigabytes per second per square millimeter.</P>
    <P><E T="04">Technical Note 1 to 3A090.c:</E> A ‘memory bandwidth density’ greater than 9 GB/s/mm<SU>2</SU>
    is an example.</P>
    <P><E T="04">3B001 Equipment as follows.</E></P><P>a. Overlay of 1.50 nm or less.</P>"""
    rule = document(
        "2030-00005",
        date(2030, 12, 5),
        entries,
        dates="This rule is effective December 2, 2030.",
        filed="Filed 12-2-30; 8:45 am",
    )
    parsed = control_parameters([rule])
    assert {(row["paragraph"], row["parameter"], row["comparison"], row["value"]) for row in parsed.rows} == {
        ("3A001.z.1", "limits of 3A090.a", "=", 1),
        ("3A001.z.1", "limits of 4A090.a", "=", 1),
        ("3A090.a", TPP, ">=", 4800),
        ("3A090.b", TPP, ">=", 2400),
        ("3A090.b", TPP, "<", 4800),
        ("3A090.c", "memory bandwidth density", ">", 2),
        ("3A090 Note 2 to 3A090.a and 3A090.b", DATACENTER, "=", 0),
        ("3A090 Note 2 to 3A090.a and 3A090.b", TPP, "<", 4800),
    }
    assert {(row["valid_from"], row["known_from"]) for row in parsed.rows} == {(date(2030, 12, 2), date(2030, 12, 2))}
    assert {row["amendment_label"] for row in parsed.rows} == {"41.a"}
    assert parsed.problems == []


def test_a_correction_in_plain_words_that_names_a_threshold_is_said() -> None:
    body = (
        b"<CORRECT><HD>Correction</HD><P>In rule document 2030-00001, a TPP of 4900 or more should "
        b"read 4800.</P></CORRECT>"
    )
    parsed = control_parameters([HeldDocument("C1-2030-00001", date(2030, 2, 1), None, body, "0" * 64)])
    assert ["read it by hand" in problem.reason for problem in parsed.problems] == [True]
