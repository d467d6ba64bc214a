"""``restriction_events`` from rules in the forms of the agency's real ones (numbers, dates and formulae are theirs)."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest
from rule_documents import events, held, short

from assets.controls.event_kinds import KINDS
from assets.controls.events import merged, restriction_events
from assets.controls.named_documents import KnownDocuments
from assets.federal_register.document import document_row
from expectations import contract
from resources.documents import Parsed, Row, SourceError

KIND = ("kind", "subject_type", "subject")


def kinds(parsed: Parsed) -> list[tuple[str, str]]:
    return [(row["kind"], row["subject"]) for row in parsed.rows if row["subject_type"] != "document"]


def of_document(parsed: Parsed) -> list[Row]:
    return [row for row in parsed.rows if row["subject_type"] == "document"]


# Days of effect.


def test_several_days_of_effect_by_instruction() -> None:
    # 2022-21658, DATES: the wording of the document, with its section numbers in brackets.
    parsed = events(
        (
            "744",
            [
                "15. Section 744.6 is amended by revising paragraph (c)(2) to read as follows:",
                "§ 744.6",
                ": (c)(2) Text.",
            ],
        ),
        (
            "744",
            [
                "17. Add § 744.23 to read as follows:",
                "§ 744.23",
                ": (a) A license is required for a “supercomputer” in China.",
            ],
        ),
        ("734", ["3. Effective October 21, 2022, § 734.9 is amended by adding paragraph (h) to read as follows:"]),
        dates="a. Effective on October 7, 2022, are the following instructions: 7 (Sec. 740.2), 9 (Sec. "
        "740.10), 11 (Sec. "
        "742.6), 17 (Sec. 744.23), and 25 (supplement no. 1 to part 774). b. Effective on October "
        "12, 2022, is the following "
        "instruction: 15 (Sec. 744.6). c. Effective on October 21, 2022, are the following "
        "instructions: 3 (Sec. 734.9). "
        "d. Comments must be received by BIS no later than December 12, 2022.",
        filed=" Filed 10-7-22; 11:15 am",
        published=date(2022, 10, 13),
    )

    assert [short(row, "subject", "effective_date", "effective_date_source") for row in parsed.rows[:3]] == [
        ("§ 744.6(c)(2)", date(2022, 10, 12), "dates_text"),
        ("§ 744.23", date(2022, 10, 7), "dates_text"),
        ("§ 734.9(h)", date(2022, 10, 21), "instruction"),
    ]
    whole = of_document(parsed)[0]
    assert short(whole, "effective_date", "filed_date", "known_from", "comments_close_date", "needs_review") == (
        date(2022, 10, 7),
        date(2022, 10, 7),
        date(2022, 10, 7),
        date(2022, 12, 12),
        False,
    )
    assert whole["effective_before_publication"]
    assert parsed.rows[1]["destinations"] == ["China"]
    assert parsed.rows[1]["end_uses"] == ["supercomputer"]


def test_an_instruction_effective_from_one_day_to_another() -> None:
    # 2023-23055, DATES
    parsed = events(
        (
            "736",
            [
                "11. Supplement no. 1 to part 736 is amended by revising General Order No. 4 to read as follows:",
                ": Temporary General License.",
            ],
        ),
        ("742", ["17. Section 742.6 is amended by revising paragraph (b)(10) to read as follows:"]),
        dates="This rule is effective November 17, 2023, except for amendatory instruction 11, which is effective from "
        "November 17, 2023, to January 1, 2026.",
        published=date(2023, 10, 25),
    )

    assert [short(row, "kind", "effective_date", "effective_until") for row in parsed.rows[:2]] == [
        ("general_license", date(2023, 11, 17), date(2026, 1, 1)),
        ("changes_license_policy", date(2023, 11, 17), None),
    ]


def test_a_date_with_a_point_for_a_comma() -> None:
    # 2025-00636, DATES, as printed
    parsed = events(dates="Effective date: This rule is effective January 13. 2025.", published=date(2025, 1, 15))

    row = parsed.rows[0]
    assert row["effective_date"] == date(2025, 1, 13)
    assert row["review_reason"] == "effective 2025-01-13, before it could be known on 2025-01-15"
    assert [str(one) for one in parsed.problems] == [
        "federal_register: 2026-00001 at DATES: effective 2025-01-13, before it could be known on 2025-01-15"
    ]


def test_compliance_of_a_rule_and_of_a_part_of_it() -> None:
    parsed = events(
        ("740", ["8. Section 740.27 is added to read as follows:", "§ 740.27", ": (a) Scope."]),
        ("748", ["16. Supplement no. 10 to part 748 is added to read as follows:", ": 1. Text."]),
        dates="Effective date: This rule is effective January 13, 2025. Compliance date: Exporters, reexporters, and "
        "transferors are not required to comply with the changes of this rule until May 15, 2025, "
        "except that paragraphs 14, "
        "15, and 18 of supplement no. 10 to part 748 have a compliance date of January 15, 2026.",
        published=date(2025, 1, 13),
    )

    assert [short(row, "subject", "compliance_date", "review_reason") for row in parsed.rows[:2]] == [
        ("§ 740.27", date(2025, 5, 15), None),
        ("Supplement No. 10 to part 748", date(2025, 5, 15), "another compliance date for a part of it: 2026-01-15"),
    ]


def test_compliance_in_the_words_of_january_2025() -> None:
    # 2025-00711, DATES
    parsed = events(
        ("743", ["13. Section 743.9 is added to read as follows:", "§ 743.9", ": (a) Reports are required."]),
        dates="• Effective date: The effective date of this rule is January 16, 2025. • Compliance date: "
        "Although this rule is "
        "effective January 16, 2025, exporters, reexporters, and transferors (in-country) are not "
        "required to comply with the "
        "new requirements of this rule until January 31, 2025. This compliance date only applies "
        "to EAR text that this rule "
        "revises, and does not otherwise impact any provision that was in effect prior to January 16, 2025 or after. • "
        "Comment date: Comments must be received by BIS no later than March 14, 2025.",
        published=date(2025, 1, 16),
        filed=" Filed 1-15-25; 8:45 am",
    )

    assert short(parsed.rows[0], "effective_date", "compliance_date", "comments_close_date", "known_from") == (
        date(2025, 1, 16),
        date(2025, 1, 31),
        date(2025, 3, 14),
        date(2025, 1, 15),
    )
    assert not any(row["needs_review"] for row in parsed.rows)


def test_compliance_of_parts_that_are_not_named_is_not_given_to_instructions() -> None:
    parsed = events(
        ("744", ["16. Section 744.23 is amended by revising paragraph (a)(4).", "§ 744.23"]),
        dates="This rule is effective December 2, 2024. Compliance with certain of its provisions is not "
        "required until "
        "December 31, 2024.",
        published=date(2024, 12, 2),
    )

    assert [(row["compliance_date"], row["needs_review"]) for row in parsed.rows] == [
        (None, False),
        (date(2024, 12, 31), True),
    ]


def test_compliance_of_parts_that_are_named() -> None:
    parsed = events(
        ("734", ["5. Section 734.9 is amended by adding paragraph (k)."]),
        ("744", ["6. Section 744.6 is amended by revising paragraph (c)(2)."]),
        ("774", ["9. Supplement no. 1 to part 774 is amended by revising ECCN 3B001."]),
        dates="This rule is effective December 2, 2024. Compliance with the amendments to §§ 734.4(a)(8) "
        "and 734.9(k) and ECCN 3B001 "
        "in this rule is not required until December 31, 2024.",
        published=date(2024, 12, 2),
    )

    assert [row["compliance_date"] for row in parsed.rows[:3]] == [date(2024, 12, 31), None, date(2024, 12, 31)]


def test_a_compliance_date_that_is_a_span_is_reported() -> None:
    # 2015-12719, DATES (other agencies)
    parsed = events(
        dates="This final rule will become effective on August 10, 2015. Compliance date: They must comply with the "
        "requirements no later than 12 months from the effective date of this final rule.",
        published=date(2015, 6, 9),
    )

    assert parsed.rows[0]["compliance_date"] is None
    assert "a compliance date that cannot be read" in parsed.problems[0].reason


def test_a_rule_without_dates_and_a_day_unlike_the_apis() -> None:
    without = events(dates=None, effective_on="2026-01-05", type="Rule")
    assert short(without.rows[0], "effective_date", "effective_date_source", "needs_review") == (
        date(2026, 1, 5),
        "api",
        True,
    )
    assert "without a DATES section" in without.problems[0].reason

    unlike = events(effective_on="2026-01-09", type="Rule")
    assert [one.reason for one in unlike.problems] == [
        "effective 2026-01-05 by the DATES section, 2026-01-09 by the API"
    ]
    assert unlike.rows[0]["needs_review"]


# Kinds.


@pytest.mark.parametrize(
    ("part", "lines", "expected"),
    [
        (
            "774",
            [
                "25. Supplement no. 1 to part 774 is amended by adding, in alphanumeric order, Export "
                "Control Classification Numbers (ECCNs) 3A090 and 4A090."
            ],
            [("adds_control", "3A090"), ("adds_control", "4A090")],
        ),
        (
            "774",
            ["24. Supplement no. 1 to part 774 is amended by revising ECCN 3A090 to add paragraph .c."],
            [("adds_control", "3A090.c")],
        ),
        (
            "774",
            ["31. Supplement No. 1 to part 774 is amended by adding a “.z” paragraph to ECCNs 3A001 and 5A992."],
            [("adds_control", "3A001.z"), ("adds_control", "5A992.z")],
        ),
        (
            "774",
            ["17. In supplement no. 1 to part 774, Category 3, ECCN 3B090 is removed and reserved."],
            [("rescinds", "3B090")],
        ),
        (
            "774",
            ["17. In supplement no. 1 to part 774, ECCN 3A090 is amended by adding a note to paragraph 3A090.a."],
            [("revises", "3A090"), ("revises", "3A090.a")],
        ),
        (
            "740",
            ["14. Section 740.8 is added to read as follows:", "§ 740.8", ": (a) Scope."],
            [("relaxes", "§ 740.8")],
        ),
        ("740", ["5. Section 740.5 is removed and reserved."], [("tightens", "§ 740.5")]),
        (
            "740",
            ["7. Section 740.2 is amended by adding paragraph (a)(9) to read as follows:"],
            [("tightens", "§ 740.2(a)(9)")],
        ),
        ("740", ["7. Section 740.8 is revised to read as follows:"], [("revises", "§ 740.8")]),
        (
            "740",
            ["8. Sections 740.27, 740.28, and 740.29 are added to read as follows:"],
            [("relaxes", "§ 740.27"), ("relaxes", "§ 740.28"), ("relaxes", "§ 740.29")],
        ),
        (
            "742",
            [
                "11. Section 742.6 is amended by adding paragraphs (a)(6) and (b)(10) to read as follows:",
                "§ 742.6",
                ": (a)(6) RS requirement. A license is required.",
                ": (b)(10) Presumption of denial.",
            ],
            [("adds_control", "§ 742.6(a)(6)"), ("changes_license_policy", "§ 742.6(b)(10)")],
        ),
        (
            "744",
            ["4. Section 744.23 is amended by revising paragraph (d) to read as follows:"],
            [("changes_license_policy", "§ 744.23(d)")],
        ),
        (
            "744",
            [
                "4. Section 744.22 is amended by revising paragraph (g) to read as follows:",
                "§ 744.22",
                ": (g) License review standards. Case by case.",
            ],
            [("changes_license_policy", "§ 744.22(g)")],
        ),
        (
            "744",
            [
                "13. Section 744.21 is amended by adding paragraph (a)(3) and revising paragraphs (b)(2) "
                "introductory text and (d).",
                "§ 744.21",
                ": (a)(3) A license is required.",
                ": (b)(2) Text.",
                ": (d) Text.",
            ],
            [("adds_control", "§ 744.21(a)(3)"), ("revises", "§ 744.21(b)(2)"), ("revises", "§ 744.21(d)")],
        ),
        (
            "734",
            [
                "5. Section 734.4 is amended by adding paragraphs (a)(8) and (9) to read as follows:",
                "§ 734.4",
                ": (a)(8) There is no de minimis level.",
                ": (9) There is no de minimis level.",
            ],
            [("adds_control", "§ 734.4(a)(8)"), ("adds_control", "§ 734.4(a)(9)")],
        ),
        (
            "772",
            ["17. Section 772.1 is amended by adding, in alphabetical order, a definition for “front-end fabricator.”"],
            [("revises", "§ 772.1")],
        ),
        (
            "744",
            ["1. The authority citation for 15 CFR part 744 continues to read as follows:"],
            [("conforming", "part 744 authority citation")],
        ),
        ("744", ["3. Section 744.23 is amended by revising the section heading."], [("conforming", "§ 744.23")]),
        (
            "744",
            ["2. Supplement no. 4 to part 744 is amended by revising the introductory text."],
            [("revises", "Supplement No. 4 to part 744")],
        ),
        (
            "736",
            [
                "6. Supplement no. 1 to part 736 is amended by adding paragraph (g) to read as follows:",
                ": (g) General Order No. 7: Temporary General License. From September 29, 2025 through "
                "November 28, 2025.",
            ],
            [("general_license", "General Order No. 7")],
        ),
        (
            "744",
            ["9. In § 744.23, paragraph (a)(2) is amended by removing “(b)” and adding “(c)” in its place."],
            [("revises", "§ 744.23(a)(2)")],
        ),
    ],
)
def test_what_an_instruction_does(part: str, lines: list[str], expected: list[tuple[str, str]]) -> None:
    assert kinds(events((part, lines))) == expected


def test_frames_are_explained_by_what_stands_under_them() -> None:
    parsed = events(
        (
            "744",
            [
                "2. Supplement No. 4 to part 744 is amended:",
                "a. Under CHINA, PEOPLE'S REPUBLIC OF:",
                "i. By adding, in alphabetical order, entries for “Alpha Chips (Hong Kong)” and “Beta”; and",
                "ii. By revising the entry for “Gamma”; and",
                "b. Under JAPAN, by removing the entry for “Delta”.",
            ],
        )
    )

    assert [short(row, "kind", "destinations", "entries", "amendment_label") for row in parsed.rows[:-1]] == [
        ("adds_entries", ["China"], 2, "2.a.i"),
        ("revises_entries", ["China"], 1, "2.a.ii"),
        ("removes_entries", ["Japan"], 1, "2.b"),
    ]
    assert parsed.metrics["instructions explained"] == 5


def test_instructions_that_are_not_understood_are_listed_and_lose_nothing_else() -> None:
    parsed = events(
        ("744", ["3. Section 744.23, Heading.", "4. Section 744.6 is amended by revising paragraph (c)(2)."]),
    )

    assert kinds(parsed) == [("revises", "§ 744.6(c)(2)")]
    assert parsed.metrics["instructions not understood"] == 1
    assert [one.reason for one in parsed.problems] == [
        "instructions not understood: 1 of 2: AMDPAR line 6 (3): 3. Section 744.23, Heading."
    ]


def test_an_instruction_under_one_that_names_the_eccn_is_about_it() -> None:
    parsed = events(
        (
            "774",
            [
                "25. In supplement no. 1 to part 774, Category 3:",
                "a. ECCN 3A001 is amended by:",
                "i. Revising the License Requirements section; and",
                "ii. Adding paragraph .z to the Items section; and",
                "b. ECCN 3A090 is added after ECCN 3A003.",
                "The additions and revisions read as follows:",
                ": 3A001 Electronic items.",
                ": 3A090 Integrated circuits, if destined to Macau.",
            ],
        )
    )

    assert kinds(parsed) == [("revises", "3A001"), ("adds_control", "3A001.z"), ("adds_control", "3A090")]
    assert [row["destinations"] for row in parsed.rows[:3]] == [[], [], ["Macau"]]
    assert parsed.metrics["instructions explained"] == 6


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (
            [
                "3. Section 734.9 is amended by redesignating paragraph (e)(1) as (e)(1)(i) and adding "
                "reserved paragraph (g)."
            ],
            [("conforming", "§ 734.9(e)(1)"), ("conforming", "§ 734.9(e)(1)(i)"), ("conforming", "§ 734.9(g)")],
        ),
        (
            ["4. Section 742.6 is amended by adding paragraphs (b)(10)(i) through (iii)."],
            [("changes_license_policy", f"§ 742.6(b)(10)({number})") for number in ("i", "ii", "iii")],
        ),
        # An exclusion is no control; nor is a sentence added to a paragraph a paragraph.
        (
            ["5. Add § 744.6(d) to read as follows:", "§ 744.6", ": (d) Exclusions. The prohibitions do not apply."],
            [("revises", "§ 744.6(d)")],
        ),
        (
            [
                "6. Section 744.11 is amended by adding a sentence at the end of paragraph (a)(1).",
                ": (a)(1) A license is required.",
            ],
            [("revises", "§ 744.11(a)(1)")],
        ),
        (
            [
                "7. Supplement no. 4 to part 744 is amended under CHINA, PEOPLE'S REPUBLIC OF, by revising "
                "the entry for “A Co.” to "
                "add one alias “B”, and by removing the entry for “C Co.”"
            ],
            [("revises_entries", "Entity List"), ("removes_entries", "Entity List")],
        ),
    ],
)
def test_wordings_that_could_be_misread(lines: list[str], expected: list[tuple[str, str]]) -> None:
    assert kinds(events(("744", lines))) == expected


def test_text_of_a_paragraph_is_found_under_its_section() -> None:
    parsed = events(
        (
            "742",
            [
                "11. Section 742.6 is amended by adding paragraph (a)(6) and revising paragraph (b)(6) to "
                "read as follows:",
                "§ 742.6",
                ": (a) * * *",
                ": (6) RS requirement. A license is required to Macau.",
                ": (b) Licensing policy. * * *",
                ": (6) Presumption of denial for Russia.",
            ],
        )
    )

    assert [short(row, "kind", "subject", "destinations") for row in parsed.rows[:2]] == [
        ("adds_control", "§ 742.6(a)(6)", ["Macau"]),
        ("changes_license_policy", "§ 742.6(b)(6)", ["Russia"]),
    ]


# Relations.


def test_an_extended_suspension_ends_on_the_new_day() -> None:
    parsed = events(
        summary="In this final rule, BIS extends through November 9, 2027, the suspension of the interim "
        "final rule, “Expansion of "
        "End-User Controls To Cover Affiliates of Certain Listed Entities” (90 FR 47201, September 30, 2025).",
        dates="This rule is effective November 9, 2026.",
        published=date(2026, 11, 2),
    )

    assert [short(row, "kind", "subject", "effective_until") for row in parsed.rows] == [
        ("suspends", "2025-19001", date(2027, 11, 9))
    ]


def test_a_correcting_amendment_changes_the_rule_it_corrects() -> None:
    # 2025-02655: title, ACTION, SUMMARY and DATES as printed
    parsed = events(
        (
            "774",
            [
                "2. In supplement no. 1 to part 774, ECCN 3A090 is amended by revising the License "
                "Requirements section to read as follows:"
            ],
        ),
        number="2025-02655",
        published=date(2025, 2, 14),
        title="Implementation of Additional Due Diligence Measures for Advanced Computing Integrated "
        "Circuits; Amendments and "
        "Clarifications; and Extension of Comment Period; Correction",
        action="Correcting amendment.",
        summary="On January 16, 2025, BIS published in the Federal Register an interim final rule (IFR), "
        "“Implementation of "
        "Additional Due Diligence Measures for Advanced Computing Integrated Circuits; Amendments "
        "and Clarifications; and "
        "Extension of Comment Period” (January 16 IFR). This rule revises Export Control "
        "Classification Number (ECCN) 3A090 to "
        "correct this ECCN's license requirement added in the January 16 IFR.",
        dates="• Effective date: The effective date of this rule is February 11, 2025. • Comment date: Comments on the "
        "correction in this rule must be received by BIS no later than March 14, 2025.",
        filed=" Filed 2-11-25; 4:15 pm",
    )

    assert [short(row, *KIND, "affects_documents", "affects_citations") for row in parsed.rows] == [
        ("corrects", "eccn", "3A090", ["2025-00711"], ["90 FR 5298"]),
        ("corrects", "document", "2025-00711", ["2025-00711"], ["90 FR 5298"]),
    ]
    assert parsed.problems == []
    assert parsed.rows[1]["known_from"] == date(2025, 2, 11)


def test_a_correction_of_two_rules() -> None:
    # 2024-07004, SUMMARY as the API gives it
    parsed = events(
        number="2024-07004",
        published=date(2024, 4, 4),
        title="Implementation of Additional Export Controls: Certain Advanced Computing Items; "
        "Supercomputer and Semiconductor "
        "End Use; Updates and Corrections; and Export Controls on Semiconductor Manufacturing Items; Corrections and "
        "Clarifications",
        action="Interim final rule; request for comments.",
        summary="On October 25, 2023, the Bureau of Industry and Security (BIS) published in the Federal "
        "Register the interim "
        'final rules (IFR), "Export Controls on Semiconductor Manufacturing Items" (SME IFR) and '
        '"Implementation of Additional '
        "Export Controls: Certain Advanced Computing Items; Supercomputer and Semiconductor End Use; Updates and "
        'Corrections" (AC/S IFR). This rule corrects inadvertent errors in those rules and makes '
        "additional clarifications for "
        "the two rules.",
        dates="This rule is effective April 4, 2024.",
    )

    assert [short(row, "kind", "subject") for row in parsed.rows] == [
        ("corrects", "2023-23049"),
        ("corrects", "2023-23055"),
    ]
    assert parsed.problems == []


def test_a_rule_that_answers_an_earlier_one_amends_it_and_corrects_nothing() -> None:
    # 2023-23055, SUMMARY
    parsed = events(
        number="2023-23055",
        published=date(2023, 10, 25),
        title="Implementation of Additional Export Controls: Certain Advanced Computing Items; "
        "Supercomputer and Semiconductor "
        "End Use; Updates and Corrections",
        action="Interim final rule; request for comments.",
        summary="On October 7, 2022, the Bureau of Industry and Security (BIS) released the interim final rule (IFR), "
        "“Implementation of Additional Export Controls: Certain Advanced Computing and "
        "Semiconductor Manufacturing Items; "
        "Supercomputer and Semiconductor End Use; Entity List Modification” (October 7 IFR), which amended the Export "
        "Administration Regulations (EAR). This rule also makes other changes to make the controls "
        "more effective and less "
        "burdensome, including by correcting and clarifying the controls to more effectively "
        "achieve the policy objectives "
        "identified in the October 7 IFR.",
        dates="This rule is effective November 17, 2023.",
    )

    assert [short(row, "kind", "subject", "affects_documents") for row in parsed.rows] == [
        ("revises", "2023-23055", ["2022-21658"])
    ]
    assert parsed.problems == []


def test_a_rule_that_amends_the_one_it_names() -> None:
    # 2025-00711, SUMMARY
    parsed = events(
        summary="This IFR also revises the EAR to make amendments and clarifications to the EAR for "
        "changes made to the EAR in an "
        "IFR released by BIS on December 2, 2024, “Foreign-Produced Direct Product Rule Additions, "
        "and Refinements to Controls "
        "for Advanced Computing and Semiconductor Manufacturing Items,” (FDP IFR), including "
        "extending the deadline for written "
        "comments for the FDP IFR to March 14, 2025.",
    )

    assert parsed.rows[0]["affects_documents"] == ["2024-28270"]
    assert parsed.problems == []


def test_a_suspension_and_its_scheduled_return() -> None:
    # 2025-19846: SUMMARY as the API gives it; provisions as in the eCFR's effective date notes
    parsed = events(
        ("744", ["8. In § 744.11, paragraph (a)(1) is stayed until November 9, 2026."]),
        (
            "744",
            [
                "10. Effective November 10, 2025, until November 9, 2026, in § 744.21, stay paragraph "
                "(a)(3), the introductory text of "
                "paragraph (b)(2), and the last sentence of paragraph (d)."
            ],
        ),
        ("744", ["13. Supplement no. 8 to part 744 is stayed until November 9, 2026."]),
        number="2025-19846",
        published=date(2025, 11, 12),
        title="One Year Suspension of Expansion of End-User Controls for Affiliates of Certain Listed Entities",
        summary="In this final rule, the Bureau of Industry and Security (BIS) imposes a one-year "
        "suspension of the interim final "
        "rule, “Expansion of End-User Controls to Cover Affiliates of Certain Listed Entities,”. "
        "The suspension is set to end "
        "November 9, 2026, absent a future extension.",
        dates="This rule is effective November 10, 2025.",
        background=["The license requirements of that rule will be reimposed on November 10, 2026."],
        filed=" Filed 11-10-25; 8:45 am",
    )

    assert [
        short(row, "kind", "subject", "effective_date", "effective_until", "affects_documents") for row in parsed.rows
    ] == [
        ("suspends", subject, date(2025, 11, 10), date(2026, 11, 9), ["2025-19001"])
        for subject in (
            "§ 744.11(a)(1)",
            "§ 744.21(a)(3)",
            "§ 744.21(b)(2)",
            "§ 744.21(d)",
            "Supplement No. 8 to part 744",
            "2025-19001",
        )
    ] + [("reimposes", "2025-19001", date(2026, 11, 10), None, ["2025-19001"])]
    assert not any(row["needs_review"] for row in parsed.rows)


def test_a_delay_moves_the_day_of_effect() -> None:
    # The form of 2015-18239, DATES
    parsed = events(
        title="Affiliates of Listed Entities; Delay of Effective Date",
        action="Final rule; delay of effective date.",
        dates="This rule is effective January 5, 2026. The effective date of the rule published at 90 FR "
        "47201 on September 30, "
        "2025, is delayed until March 7, 2026.",
    )

    assert [short(row, "kind", "subject", "effective_date", "affects_documents") for row in parsed.rows] == [
        ("delays", "2025-19001", date(2026, 3, 7), ["2025-19001"])
    ]


def test_a_citation_that_leads_nowhere_or_elsewhere_is_reported_with_both_values() -> None:
    nowhere = events(summary="This rule corrects an error in the final rule published on May 1, 2020 (85 FR 11111).")
    assert short(nowhere.rows[0], "kind", "subject", "affects_documents", "affects_citations", "needs_review") == (
        "corrects",
        "85 FR 11111",
        [],
        ["85 FR 11111"],
        True,
    )
    assert "85 FR 11111, 2020-05-01 is not among the documents held" in nowhere.problems[0].reason

    elsewhere = events(
        summary="This rule corrects an error in the rule published on October 1, 2025 (90 FR 47201, October 1, 2025)."
    )
    assert elsewhere.rows[0]["affects_documents"] == ["2025-19001"]
    assert elsewhere.rows[0]["needs_review"]
    assert (
        "90 FR 47201, 2025-10-01 is 2025-19001 by citation, which was published on 2025-09-30"
        in elsewhere.problems[0].reason
    )


def test_a_correction_by_the_office_of_the_federal_register() -> None:
    parsed = events(
        number="C1-2025-19001",
        published=date(2025, 10, 6),
        dates=None,
        action="",
        summary="",
        title="Expansion of End-User Controls To Cover Affiliates of Certain Listed Entities",
        background=[
            "In rule document 2025–19001, appearing on pages 47201–47214 in the issue of Tuesday, "
            "September 30, 2025, make "
            "the following correction:"
        ],
    )

    assert [short(row, "kind", "subject", "effective_date", "needs_review") for row in parsed.rows] == [
        ("corrects", "2025-19001", None, False)
    ]
    assert parsed.problems == []


def test_what_a_rule_tells_of_the_past_is_no_relation() -> None:
    # 2013-10604, preamble
    parsed = events(
        background=[
            "As noted above, BIS published the Temporary Delay Rule on September 30, 2025, which "
            "temporarily delayed the February 7, "
            "2013 effective date of the 2012 Final Rule.",
            "See, for example, the rule at 87 FR 62186, which revised § 744.23.",
        ]
    )

    assert [short(row, "kind", "affects_documents") for row in parsed.rows] == [("revises", [])]


# Documents as a whole.


@pytest.mark.parametrize(
    ("title", "summary", "kind"),
    [
        (
            "Relaxing Export Controls for Syria",
            "This final rule relaxes the EAR's restrictions.",
            "relaxes",
        ),  # 2025-16724
        (
            "Streamlining Export Controls for Drone Exports",
            "BIS is easing export controls on certain UAVs.",
            "relaxes",
        ),  # 2026-01059
        ("Expansion of End-User Controls To Cover Affiliates", "BIS amends the EAR.", "tightens"),  # 2025-19001
        ("Elimination of License Exception Civil End Users (CIV)", "BIS amends the EAR.", "tightens"),  # 2020-07240
        (
            "Temporary General License: Extension of Validity",
            "The license is extended.",
            "general_license",
        ),  # 2020-03144
        (
            "Revision to License Review Policy for Advanced Computing Commodities",
            "BIS revises.",
            "changes_license_policy",
        ),  # 2026-00789
        ("Additions and Revisions to the Entity List", "BIS amends the EAR.", "adds_entries"),
        (
            "Controls; Entity List Modification",
            "BIS amends the EAR to implement necessary controls on ICs.",
            "adds_control",
        ),  # 2022-21658
        (
            "MTCR Agreements",
            "This rule expands the eligibility for the use of license exceptions for MT-controlled items.",
            "relaxes",
        ),  # 2023-26682
        (
            "AC/S IFR",
            "BIS extends the license requirement to Country Group D:1 and adds License Exception NAC.",
            "revises",
        ),
        (
            "Conforming Change to the Export Administration Regulations for Cambodia",
            "BIS amends the EAR.",
            "conforming",
        ),  # 2026-02262
        ("Amendments", "BIS amends the EAR.", "revises"),
    ],
)
def test_the_main_kind_of_a_document(title: str, summary: str, kind: str) -> None:
    assert [row["kind"] for row in events(title=title, summary=summary).rows] == [kind]


def test_a_proposed_rule_proposes() -> None:
    parsed = events(
        ("702", ["2. Section 702.7 is added to read as follows:"]),
        action="Proposed rule; request for comment",
        dates="Comments on this proposed rule must be received by BIS by no later than October 11, 2024.",
        root="PRORULE",
        published=date(2024, 9, 11),
        type="Proposed Rule",
    )

    assert [short(row, *KIND, "effective_date", "comments_close_date") for row in parsed.rows] == [
        ("proposes", "cfr", "§ 702.7", None, date(2024, 10, 11)),
        ("proposes", "document", "2026-00001", None, date(2024, 10, 11)),
    ]


def test_a_document_without_its_full_text_is_read_from_the_api_and_marked() -> None:
    row = next(row for row in held() if row["document_number"] == "2025-19001")
    parsed = restriction_events(None, row, KnownDocuments(held()))

    assert [
        short(one, "kind", "subject", "effective_date", "effective_date_source", "location") for one in parsed.rows
    ] == [("tightens", "2025-19001", date(2025, 9, 29), "api", "$.title")]
    assert parsed.rows[0]["needs_review"]


def test_a_full_text_that_cannot_be_read_is_an_error_that_names_the_document() -> None:
    row = held()[0]
    with pytest.raises(SourceError, match="2022-21658"):
        restriction_events(b"<RULE><oops></RULE>", row, KnownDocuments(held()))


# All samples, against a table made by hand from samples/README.md (facts of the documents).

SAMPLES: dict[str, tuple[str, list[str], set[str], set[str], str | None]] = {
    # kind of the document, documents affected, kinds of instructions (not conforming), days of effect, compliance
    "2022-21658": (
        "adds_control",
        [],
        {"adds_control", "general_license", "tightens", "changes_license_policy", "revises", "revises_entries"},
        {"2022-10-07", "2022-10-12", "2022-10-21"},
        None,
    ),
    "2022-27151": ("adds_entries", [], {"adds_entries"}, {"2022-12-16"}, None),
    "2023-03929": ("adds_entries", [], {"adds_entries"}, {"2023-02-24"}, None),
    "2023-23048": ("adds_entries", [], {"adds_entries"}, {"2023-10-17"}, None),
    "2023-23049": ("revises", ["2022-21658"], {"revises", "rescinds"}, {"2023-11-17", "2026-01-01"}, None),
    "2023-23055": (
        "revises",
        [],
        {"revises", "general_license", "relaxes", "adds_control", "changes_license_policy"},
        {"2023-11-17"},
        None,
    ),
    "2024-07004": (
        "corrects",
        ["2023-23049", "2023-23055"],
        {"revises", "changes_license_policy"},
        {"2024-04-04"},
        None,
    ),
    "2024-07760": ("adds_entries", [], {"adds_entries", "revises_entries"}, {"2024-04-11"}, None),
    "2024-20529": ("proposes", [], {"proposes"}, set(), None),
    "2024-28267": ("adds_entries", [], {"adds_entries", "revises_entries"}, {"2024-12-02"}, None),
    "2024-28270": (
        "adds_control",
        [],
        {"adds_control", "relaxes", "revises", "changes_license_policy"},
        {"2024-12-02"},
        "2024-12-31",
    ),
    "2025-00636": (
        "revises",
        [],
        {"relaxes", "revises", "adds_control", "changes_license_policy"},
        {"2025-01-13"},
        "2025-05-15",
    ),
    "2025-00480": ("adds_entries", [], {"adds_entries"}, {"2025-01-16"}, None),
    "2025-00704": ("adds_entries", [], {"adds_entries"}, {"2025-01-16"}, None),
    "2025-00711": ("revises", ["2024-28270"], {"revises"}, {"2025-01-16"}, "2025-01-31"),
    "2025-02655": ("corrects", ["2025-00711"], {"corrects"}, {"2025-02-11"}, None),
    "2025-05427": ("adds_entries", [], {"adds_entries"}, {"2025-03-25"}, None),
    "2025-06591": ("notice", [], set(), set(), None),
    "2025-17893": ("adds_entries", [], {"adds_entries"}, {"2025-09-12"}, None),
    "2025-19001": ("tightens", [], {"revises"}, {"2025-09-29"}, None),
    "2025-19508": ("adds_entries", [], {"adds_entries"}, {"2025-10-08"}, None),
    "2025-19846": ("suspends", ["2025-19001"], {"suspends"}, {"2025-11-10"}, None),
    "2025-19858": ("revises_entries", [], {"revises_entries", "removes_entries"}, {"2025-11-12"}, None),
    "2026-00789": ("changes_license_policy", [], {"changes_license_policy", "revises"}, {"2026-01-15"}, None),
}


@pytest.fixture(scope="module")
def of_samples(samples: Path) -> dict[str, Parsed]:
    base = samples / "www.federalregister.gov"
    listed = json.loads((base / "documents.index.json").read_bytes())
    entries = listed["results"] if isinstance(listed, dict) else listed
    bodies = {}
    rows = []
    for entry in entries:
        path = base / entry["full_text_xml_url"].removeprefix("https://www.federalregister.gov/")
        bodies[entry["document_number"]] = body = path.read_bytes()
        rows += document_row(entry, body, hashlib.sha256(body).hexdigest()).rows
    known = KnownDocuments(rows)
    return {row["document_number"]: restriction_events(bodies[row["document_number"]], row, known) for row in rows}


@pytest.mark.parametrize("number", SAMPLES)
def test_a_sample_against_the_table_made_by_hand(number: str, of_samples: dict[str, Parsed]) -> None:
    kind, affected, of_instructions, days, complied = SAMPLES[number]
    parsed = of_samples[number]
    documents = of_document(parsed)
    others = [row for row in parsed.rows if row["amendment_index"] is not None or row["kind"] == "proposes"]

    assert {row["kind"] for row in documents} == {kind}
    assert [one for row in documents for one in row["affects_documents"]] == affected
    assert {row["kind"] for row in others if row["kind"] != "conforming"} == of_instructions
    assert {f"{row['effective_date']}" for row in parsed.rows if row["effective_date"]} == days
    assert {f"{row['compliance_date']}" for row in documents} == {f"{complied}"}
    assert parsed.metrics["instructions not understood"] == 0
    assert parsed.metrics["instructions explained"] == parsed.metrics["instructions"]


def test_the_rows_of_all_samples_fit_the_contract(of_samples: dict[str, Parsed]) -> None:
    whole = merged(of_samples.values())
    table = contract.load("restriction_events").table_of(whole.rows)

    assert table.num_rows == len(whole.rows)
    assert set(table["kind"].to_pylist()) <= set(KINDS)
    assert whole.metrics["instructions not understood"] == 0


def test_the_days_on_which_things_end(of_samples: dict[str, Parsed]) -> None:
    ends = {
        (number, row["subject"]): row["effective_until"]
        for number, parsed in of_samples.items()
        for row in parsed.rows
        if row["effective_until"] and row["kind"] == "general_license"
    }

    assert ends == {
        ("2022-21658", "General Order No. 4"): date(2023, 4, 7),
        ("2023-23055", "General Order No. 4"): date(2026, 1, 1),
        ("2025-19001", "Temporary General License"): date(2025, 11, 28),
    }


def test_the_real_rule_at_hand(real_documents: Path) -> None:
    path = "mirror/www.federalregister.gov/documents/full_text/xml/2023/02/27/2023-03929.xml"
    body = (real_documents / path).read_bytes()
    entry = {"document_number": "2023-03929", "publication_date": "2023-02-27", "citation": "88 FR 12170"}
    row = document_row(entry, body, hashlib.sha256(body).hexdigest()).rows[0]
    parsed = restriction_events(body, row, KnownDocuments([row]))

    assert [
        short(one, "kind", "destinations", "effective_date", "known_from")
        for one in parsed.rows
        if one["kind"] == "adds_entries"
    ][:2] == [
        ("adds_entries", ["Canada"], date(2023, 2, 24), date(2023, 2, 24)),
        ("adds_entries", ["China"], date(2023, 2, 24), date(2023, 2, 24)),
    ]
    assert parsed.metrics["instructions not understood"] == 0
