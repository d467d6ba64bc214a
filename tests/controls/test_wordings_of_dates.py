"""DATES sections in the agencies' usual forms, invented around the real rule on affiliates (90 FR 47201)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from rule_documents import events, short

from assets.controls.event_parts import named_parts, part_dates

AMENDED = (
    "744",
    [
        "8. In § 744.11, paragraph (a)(1) is revised.",
        "9. Section 744.16 is amended by revising paragraph (e).",
        "10. Section 744.21 is amended by adding paragraph (a)(3).",
    ],
)
DAY = date(2026, 1, 5)
RULE = "the interim final rule published September 30, 2025, at 90 FR 47201"
NO_DAY = "gives it no day"


@pytest.mark.parametrize(
    ("dates", "days", "ends"),
    [
        (
            "This rule is effective January 5, 2026, except for amendatory instruction 9, which is "
            "effective on March 1, "
            "2026.",
            [DAY, date(2026, 3, 1), DAY],
            [None, None, None],
        ),
        (
            "The amendments to § 744.11 are effective January 5, 2026; the amendments to §§ 744.16 and 744.21 are "
            "effective April 1, 2026.",
            [DAY, date(2026, 4, 1), date(2026, 4, 1)],
            [None, None, None],
        ),
        (
            "This rule is effective January 5, 2026, for §§ 744.11 and 744.16, and April 1, 2026, for § 744.21.",
            [DAY, DAY, date(2026, 4, 1)],
            [None, None, None],
        ),
        (
            "This rule is effective January 5, 2026, except for the addition of § 744.21(a)(3), which will be "
            "effective from February 1, 2026 through June 30, 2026.",
            [DAY, DAY, date(2026, 2, 1)],
            [None, None, date(2026, 6, 30)],
        ),
        (
            "This rule is effective: (1) January 5, 2026, for § 744.11; and (2) April 1, 2026, for §§ 744.16 and "
            "744.21.",
            [DAY, date(2026, 4, 1), date(2026, 4, 1)],
            [None, None, None],
        ),
        (
            "This temporary final rule is effective from January 5, 2026 until December 31, 2026.",
            [DAY] * 3,
            [date(2026, 12, 31)] * 3,
        ),
        ("Effective January 5, 2026, through December 31, 2026.", [DAY] * 3, [date(2026, 12, 31)] * 3),
        ("This rule is effective from 10:30 a.m. until 11:35 a.m. on January 5, 2026.", [DAY] * 3, [DAY] * 3),
        (
            "This rule is effective January 5, 2026. Section 744.16(e) expires December 31, 2026.",
            [DAY] * 3,
            [None, date(2026, 12, 31), None],
        ),
        (
            "This rule is effective January 5, 2026, except for the amendments to § 744.16 (amendatory instruction 9), "
            "which are delayed indefinitely.",
            [DAY, None, DAY],
            [None, None, None],
        ),
        (
            "This rule is effective upon publication, except for § 744.16, which becomes effective when OMB approves.",
            [DAY, None, DAY],
            [None, None, None],
        ),
        (
            "This rule is effective January 5, 2026, except for § 744.16, which is not effective until April 1, 2026.",
            [DAY, date(2026, 4, 1), DAY],
            [None] * 3,
        ),
        ("This rule does not become effective until April 1, 2026.", [date(2026, 4, 1)] * 3, [None] * 3),
        ("This rule is effective until December 31, 2026.", [None] * 3, [date(2026, 12, 31)] * 3),
        (
            "This rule is effective January 5, 2026, and applicable beginning December 1, 2025.",
            [DAY] * 3,
            [None, None, None],
        ),
        ("This final rule is effective as of 12:01 a.m. EST on January 5, 2026.", [DAY] * 3, [None] * 3),
        (
            "This rule is effective [INSERT DATE 60 DAYS AFTER DATE OF PUBLICATION IN THE FEDERAL REGISTER].",
            [date(2026, 3, 6)] * 3,
            [None] * 3,
        ),
    ],
)
def test_days_of_parts(dates: str, days: list[date | None], ends: list[date | None]) -> None:
    rows = [row for row in events(AMENDED, dates=dates).rows if row["amendment_index"] is not None]
    assert [row["effective_date"] for row in rows] == days
    assert [row["effective_until"] for row in rows] == ends
    assert [row["needs_review"] for row in rows] == [day is None for day in days]


def test_a_day_of_a_part_of_what_is_revised_is_for_review() -> None:
    parsed = events(
        ("744", ["9. Section 744.16 is revised."]),
        dates="This rule is effective January 5, 2026, except for § 744.16(e), which is effective April 1, 2026.",
    )
    assert parsed.rows[0]["effective_date"] == DAY
    assert parsed.rows[0]["review_reason"].startswith("DATES gives a part of it a day of its own")


def test_several_days_for_one_part_are_not_guessed() -> None:
    (dated,) = part_dates("Section 744.16 is effective January 5, 2026, or April 1, 2026, as the case may be.")
    assert dated.is_unclear
    assert dated.effective is None


def test_an_instruction_delayed_indefinitely_has_no_day() -> None:
    # As instruction 3 of 2024-01667.
    parsed = events(
        ("744", ["9. Delayed indefinitely, amend § 744.16 by revising paragraph (e)."]),
        dates="Effective January 5, 2026.",
    )
    assert short(parsed.rows[0], "kind", "effective_date") == ("revises", None)
    assert parsed.rows[0]["review_reason"] == "delayed indefinitely: the document gives it no day"


@pytest.mark.parametrize(
    ("words", "parts"),
    [
        ("amendments to §§ 744.11(a)(1) and (2), and 744.16", ["§ 744.11(a)(1)", "§ 744.11(a)(2)", "§ 744.16"]),
        ("paragraphs (a)(1) and (c) of § 744.21", ["§ 744.21(a)(1)", "§ 744.21(c)"]),
        ("§§ 744.2 through 744.4", ["§ 744.2", "§ 744.3", "§ 744.4"]),
        ("amendatory instructions 3, 5 through 7, and 9.a", [f"instruction {n}" for n in ("3", "5", "7", "9.a", "6")]),
        (
            "supplement nos. 4 and 7 to part 744 and ECCN 3A090.a",
            ["Supplement No. 4 to part 744", "Supplement No. 7 to part 744", "3A090.a"],
        ),
        ("47 CFR 64.2011 and 64.5111", ["§ 64.2011", "§ 64.5111"]),
        ("the rule at 90 FR 47201 on $600.00", []),
    ],
)
def test_parts_that_words_name(words: str, parts: list[str]) -> None:
    assert named_parts(words) == parts


# What DATES does to earlier documents.

WHOLE = ("document", "2025-19001")


@pytest.mark.parametrize(
    ("dates", "kind", "subject", "dated"),
    [
        (
            f"The effective date of {RULE}, is delayed until March 21, 2026.",
            "delays",
            WHOLE,
            {"effective_date": date(2026, 3, 21)},
        ),
        (f"The effective date of {RULE}, is delayed indefinitely.", "delays", WHOLE, {"effective_date": None}),
        (
            f"The effective date of {RULE}, is delayed from January 10, 2026, until March 21, 2026.",
            "delays",
            WHOLE,
            {"effective_date": date(2026, 3, 21)},
        ),
        (
            "The effective date of the rule published September 30, 2025 (90 FR 47201), which was "
            "delayed on December 1, "
            "2025 (90 FR 55555), is May 1, 2026.",
            "delays",
            WHOLE,
            {"effective_date": date(2026, 5, 1)},
        ),
        (
            f"Effective January 5, 2026. The compliance date for {RULE}, is delayed until June 1, 2026.",
            "delays",
            WHOLE,
            {"effective_date": None, "compliance_date": date(2026, 6, 1)},
        ),
        (
            "The effective date for amendatory instruction 11 of the rule published at 90 FR 47201 "
            "on September 30, 2025, is "
            "delayed until March 1, 2026.",
            "delays",
            ("document", "2025-19001, instruction 11"),
            {"effective_date": date(2026, 3, 1)},
        ),
        (
            "Effective January 5, 2026, the amendments to 15 CFR 744.11 published at 90 FR 47201 are "
            "stayed until further "
            "notice.",
            "suspends",
            ("cfr", "§ 744.11"),
            {"effective_date": DAY, "effective_until": None},
        ),
        (
            "As of January 5, 2026, the interim final rule published at 90 FR 47201 on September 30, "
            "2025, is stayed pending "
            "judicial review.",
            "suspends",
            WHOLE,
            {"effective_date": DAY, "effective_until": None},
        ),
        (
            f"Effective January 5, 2026, the suspension of {RULE}, is extended until November 9, 2027.",
            "suspends",
            WHOLE,
            {"effective_date": DAY, "effective_until": date(2027, 11, 9)},
        ),
        (
            f"Effective January 5, 2026, the suspension of {RULE}, is lifted.",
            "reimposes",
            WHOLE,
            {"effective_date": DAY, "effective_until": None},
        ),
        (
            "The interim final rule published September 30, 2025 (90 FR 47201), is withdrawn as of January 5, 2026.",
            "rescinds",
            WHOLE,
            {"effective_date": DAY},
        ),
        (
            f"The withdrawal of {RULE}, is effective January 5, 2026.",
            "rescinds",
            WHOLE,
            {"effective_date": DAY},
        ),
    ],
)
def test_what_dates_does_to_another_document(
    dates: str, kind: str, subject: tuple[str, str], dated: dict[str, Any]
) -> None:
    parsed = events(dates=dates, action="Final rule.")
    (row,) = [row for row in parsed.rows if row["kind"] == kind]
    assert short(row, "subject_type", "subject") == subject
    assert (row["affects_documents"], row["affects_citations"]) == (["2025-19001"], ["90 FR 47201"])
    assert {column: row[column] for column in dated} == dated
    assert {each["kind"] for each in parsed.rows} <= {kind, "revises"}


def test_a_lifted_stay_of_a_part_brings_that_part_back() -> None:
    parsed = events(dates="The stay of § 744.11(a)(1) published at 90 FR 47201 is lifted effective January 5, 2026.")
    assert short(parsed.rows[0], "kind", "subject_type", "subject") == ("reimposes", "cfr", "§ 744.11(a)(1)")


@pytest.mark.parametrize(
    ("instruction", "day"),
    [
        ("5. In § 744.8, paragraph (b) is delayed until June 1, 2026.", date(2026, 6, 1)),
        ("5. In § 744.8, paragraph (b) is delayed indefinitely.", None),
    ],
)
def test_the_day_of_a_delaying_instruction_is_the_new_one(instruction: str, day: date | None) -> None:
    row = events(("744", [instruction]), dates="Effective January 5, 2026.").rows[0]
    assert short(row, "kind", "subject", "effective_date", "needs_review") == ("delays", "§ 744.8(b)", day, day is None)


def test_a_document_of_which_parts_are_not_named_is_for_review() -> None:
    parsed = events(
        dates="Effective January 5, 2026.",
        summary="BIS suspends certain provisions of the interim final rule published at 90 FR 47201 until "
        "June 1, 2026.",
    )
    row = next(row for row in parsed.rows if row["kind"] == "suspends")
    assert short(row, "subject", "review_reason") == ("2025-19001, in part", "of parts of it that are not named")


@pytest.mark.parametrize(
    ("summary", "kinds"),
    [
        ("BIS lifts the suspension of its interim final rule of September 30, 2025 (90 FR 47201).", {"reimposes"}),
        ("BIS ends its suspension of the interim final rule published at 90 FR 47201.", {"reimposes"}),
        ("BIS extends the suspension of its interim final rule on affiliates (90 FR 47201).", {"suspends"}),
        (
            "BIS removes the interim final rule of September 30, 2025 (90 FR 47201), which is "
            "suspended until November 9, 2026.",
            {"rescinds"},
        ),
        ("BIS is not suspending the interim final rule published at 90 FR 47201.", {"revises"}),
        (
            "BIS delays the compliance date of the interim final rule published at 90 FR 47201 to June 1, 2026.",
            {"delays"},
        ),
    ],
)
def test_what_a_summary_does_to_another_document(summary: str, kinds: set[str]) -> None:
    parsed = events(summary=summary)
    assert {row["kind"] for row in parsed.rows} == kinds


@pytest.mark.parametrize(
    ("title", "action", "dates"),
    [
        (
            "Affiliates; Reopening of Comment Period",
            "Interim final rule; reopening of comment period.",
            f"The comment period for {RULE}, is reopened. Comments must be received by February 6, 2026.",
        ),
        (
            "Affiliates; Extension of Comment Period",
            "Interim final rule; extension of comment period.",
            f"The comment period for {RULE}, is extended. Comments must be received by February 6, 2026.",
        ),
        (
            "Affiliates; Confirmation of Effective Date",
            "Final rule; confirmation of effective date.",
            "The effective date of September 29, 2025, for the interim final rule published at 90 FR "
            "47201 on September "
            "30, 2025, is confirmed.",
        ),
    ],
)
def test_what_touches_no_control_is_a_notice_about_the_document(title: str, action: str, dates: str) -> None:
    parsed = events(title=title, action=action, dates=dates)
    (row,) = parsed.rows
    assert short(row, "kind", "affects_documents", "needs_review") == ("notice", ["2025-19001"], False)


def test_a_lifted_suspension_of_a_document_not_held_is_reported() -> None:
    parsed = events(dates="Effective January 5, 2026, the suspension of the rule published at 99 FR 11111 is lifted.")
    assert short(parsed.rows[0], "kind", "affects_documents", "affects_citations") == ("reimposes", [], ["99 FR 11111"])
    assert "99 FR 11111 is not among the documents held" in str(parsed.problems[0])


def test_what_dates_suspends_and_no_event_says_is_for_review() -> None:
    parsed = events(
        AMENDED, dates="The suspension of 15 CFR 744.11(a)(1) is effective January 5, 2026, through November 9, 2026."
    )
    assert [row["effective_until"] for row in parsed.rows] == [None] * 4
    assert parsed.rows[-1]["review_reason"].startswith("no event says what DATES does: The suspension of")


def test_the_instruction_of_another_rule_that_is_corrected_is_named() -> None:
    # The forms of 2013-19503 and of corrections of the agency.
    parsed = events(
        (
            "744",
            [
                "1. On page 47210, in the second column, in amendatory instruction 11, “(a)(1)” is "
                "corrected to read “(a)(2)”.",
                "2. On page 47211, in the first column, in § 744.16, paragraph (e) is corrected to read as follows:",
            ],
        ),
        title="Affiliates; Correction",
        action="Interim final rule; correction.",
        dates="This correction is effective January 5, 2026.",
        background=(
            "In FR Doc. 2025-19001 appearing on page 47201 in the Federal Register of Tuesday, September 30, 2025, the "
            "following corrections are made:",
        ),
    )
    assert [short(row, "kind", "subject") for row in parsed.rows] == [
        ("corrects", "2025-19001, instruction 11"),
        ("corrects", "§ 744.16(e)"),
        ("corrects", "2025-19001"),
    ]


@pytest.mark.parametrize(
    ("dates", "days"),
    [
        (
            "This rule is effective in the following phases: (1) effective January 2, 2026, amendatory instruction 8; "
            "(2) effective January 12, 2026, instruction 9; and (3) effective January 21, 2026, all remaining "
            "provisions.",
            [date(2026, 1, 2), date(2026, 1, 12), date(2026, 1, 21)],
        ),
        (
            "Effective January 5, 2026, for instruction 8.a, and February 2, 2026, for instruction 9. All other "
            "provisions are effective March 2, 2026.",
            [date(2026, 3, 2), date(2026, 2, 2), date(2026, 3, 2)],
        ),
    ],
)
def test_what_remains_has_the_day_of_the_rest_and_not_the_earliest(dates: str, days: list[date]) -> None:
    rows = events(AMENDED, dates=dates).rows[:3]
    assert [row["effective_date"] for row in rows] == days
    assert not any(row["needs_review"] for row in rows)


def test_an_instruction_of_which_dates_is_silent_is_for_review() -> None:
    rows = events(
        AMENDED, dates="Effective January 5, 2026, for instruction 8; and February 2, 2026, for instruction 9."
    )
    assert [row["effective_date"] for row in rows.rows[:3]] == [DAY, date(2026, 2, 2), DAY]
    assert [row["needs_review"] for row in rows.rows[:3]] == [False, False, True]


def test_two_parts_of_an_exception_have_each_its_own_days() -> None:
    order = ("736", ["1. Supplement No. 1 to part 736 is amended by adding General Order No. 7."])
    parsed = events(
        order,
        ("740", ["2. Section 740.2 is amended by revising paragraph (a)(9)(ii)."]),
        dates="This rule is effective January 5, 2026, except that General Order No. 7 is effective from January 6, "
        "2026, through July 4, 2026, and § 740.2(a)(9)(ii) is effective 30 days after publication.",
    )
    days = [short(row, "effective_date", "effective_until", "needs_review") for row in parsed.rows]
    assert days == [(date(2026, 1, 6), date(2026, 7, 4), False), (None, None, True), (DAY, None, False)]


def test_an_exception_that_is_in_no_instruction_is_for_review() -> None:
    except_that = "except for the new license requirements for Macau, which are effective February 2, 2026."
    parsed = events(AMENDED, dates=f"This rule is effective January 5, 2026, {except_that}")
    assert all("what DATES excepts is in no instruction" in (row["review_reason"] or "") for row in parsed.rows)
    assert except_that in str(parsed.problems[0])
    savings = events(AMENDED, dates="This rule is effective January 5, 2026, except as its savings clause provides.")
    assert not any(row["needs_review"] for row in savings.rows)
    named = events(
        AMENDED, dates="This rule is effective January 5, 2026, except for § 744.99, which is effective May 1, 2026."
    )
    assert [row["needs_review"] for row in named.rows] == [False, False, False, True]


@pytest.mark.parametrize(
    ("action", "summary"),
    [
        (
            "Final rule; partial suspension.",
            "This rule suspends until January 9, 2027 what BIS published on September 30, 2025 (90 FR 47201).",
        ),
        (
            "Final rule.",
            "This rule suspends for one year the end-use control that BIS published on September 30, 2025 "
            "(90 FR 47201).",
        ),
    ],
)
def test_a_suspension_of_a_control_is_not_one_of_its_rule(action: str, summary: str) -> None:
    parsed = events(
        ("744", ["2. In § 744.11, suspend paragraph (a)(1) until January 9, 2027."]), action=action, summary=summary
    )
    suspended = [row["subject"] for row in parsed.rows if row["affects_documents"]]
    assert suspended == ["§ 744.11(a)(1)", "2025-19001, in part"]
