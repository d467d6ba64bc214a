"""Days of effect as DATES sections and instructions give them."""

from __future__ import annotations

from datetime import date

import pytest

from assets.federal_register.dates import effect, own_effective_date, read_date

PUBLISHED = date(2024, 1, 2)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        # 2023-03929, DATES
        ("This rule is effective February 24, 2023.", date(2023, 2, 24)),
        ("Effective Date: November 15, 2011.", date(2011, 11, 15)),  # 2011-29462
        ("This final rule will become effective on August 10, 2015.", date(2015, 8, 10)),  # 2015-12719
        ("All provisions of the rule are effective on January 1, 2014.", date(2014, 1, 1)),  # 2013-01503
        ("The effective date of this rule is January 15, 2026.", date(2026, 1, 15)),
        ("This bulletin is effective October 23, 2014 and applicable beginning August 19, 2014.", date(2014, 10, 23)),
        # 2013-10604: the dates of the rules it delays are not its own.
        (
            "This rule is effective October 28, 2013. The effective date of the rules published February 7, 2012 "
            "(77 FR 6194), which were delayed on January 29, 2013 (78 FR 6025), is October 28, 2013.",
            date(2013, 10, 28),
        ),
        ("Effective November 10, 2025, the rule of September 30, 2025 is suspended.", date(2025, 11, 10)),
        ("This rule is effective [INSERT DATE OF PUBLICATION IN THE FEDERAL REGISTER].", PUBLISHED),
        ("This rule is effective upon publication.", PUBLISHED),
        ("Effective [INSERT DATE 30 DAYS AFTER DATE OF PUBLICATION IN THE FEDERAL REGISTER].", date(2024, 2, 1)),
        ("This rule is effective February 30, 2024.", None),
        ("Comments must be received by March 1, 2024.", None),
        ("Compliance is required from March 1, 2024.", None),
        ("", None),
    ],
)
def test_the_day_of_effect_of_a_document(words: str, expected: date | None) -> None:
    assert effect(words, PUBLISHED).first == expected


def test_instructions_with_days_of_their_own() -> None:
    words = (
        "This rule is effective August 17, 2020, except for amendatory instructions 2 through 4 and 7.a, which are "
        "effective August 20, 2020. Comments must be received by October 1, 2020."
    )
    read = effect(words, PUBLISHED)

    assert read.first == date(2020, 8, 17)
    assert {label: read.of(label) for label in ("1", "2", "3", "4", "4.b", "7", "7.a", "7.a.ii", "10", None)} == {
        "1": date(2020, 8, 17),
        "2": date(2020, 8, 20),
        "3": date(2020, 8, 20),
        "4": date(2020, 8, 20),
        "4.b": date(2020, 8, 20),
        "7": date(2020, 8, 17),
        "7.a": date(2020, 8, 20),
        "7.a.ii": date(2020, 8, 20),
        "10": date(2020, 8, 17),
        None: date(2020, 8, 17),
    }


def test_instructions_listed_by_day() -> None:
    """The layout of the rule of October 2022 on advanced computing (2022-21658)."""
    read = effect(
        "a. Effective on October 7, 2022, are the following instructions: 7 (§ 740.2), 17 (§ 744.23). "
        "b. Effective on October 12, 2022, is the following instruction: 15 (§ 744.6). "
        "c. Effective on October 21, 2022, are the following instructions: 3 (§ 734.9) and 19 (supplement no. 4).",
        PUBLISHED,
    )

    assert read.first == date(2022, 10, 7)
    assert read.of("15") == date(2022, 10, 12)
    assert read.of("19.a") == date(2022, 10, 21)
    assert read.of("3") == date(2022, 10, 21)
    assert read.of("4") == date(2022, 10, 7)  # the 4 of "supplement no. 4" is no instruction


def test_an_instruction_may_begin_with_its_own_day() -> None:
    # 2014-30108, instruction 7b
    assert own_effective_date("Effective July 18, 2015, § 226.43(b)(8) is revised to read as follows:") == date(
        2015, 7, 18
    )
    assert own_effective_date("Section 1026.35, effective June 1, 2013, is further amended") is None


def test_a_date_that_does_not_exist_is_none() -> None:
    assert read_date("February 29, 2023") is None
    assert read_date("Smarch 1, 2023") is None
    assert read_date("February 29, 2024") == date(2024, 2, 29)


FEBRUARY = date(2023, 2, 24)
MARCH = date(2023, 3, 3)


@pytest.mark.parametrize(
    "words",
    [
        "This rule is effective at 8:45 a.m. ET on February 24, 2023.",
        "This rule is effective at 12:01 a.m. (EST), Feb. 24 2023.",
        "This rule is effective beginning at 11:59 p.m. eastern time on Feb. 24, 2023.",
        "This rule is effective February 24, 2023 at 5 p.m. Comments are due March 3, 2023.",
        "This rule is effective from 12 noon EDT, February 24, 2023.",
        "This rule is effective February 24 2023.",
        "Effective: 2/24/2023.",
        "This rule is effective upon display at the Office of the Federal Register on February 24, 2023.",
    ],
)
def test_a_date_may_be_written_in_other_ways(words: str) -> None:
    assert effect(words, PUBLISHED).first == FEBRUARY


@pytest.mark.parametrize("when", ["Feb. 24, 2023", "at 11:59 p.m. ET on February 24, 2023"])
def test_the_day_of_an_excepted_instruction_is_not_the_documents(when: str) -> None:
    read = effect(
        f"This rule is effective {when}, except for instruction 2.a, which is effective March 3, 2023.", MARCH
    )

    assert (read.first, read.of("2.a"), read.of("2.b")) == (FEBRUARY, MARCH, FEBRUARY)


@pytest.mark.parametrize(
    "excepted",
    [
        "for the amendments to supplement no. 7 to part 744 (amendatory instruction 3), which are",
        "for the removal of one entity (instruction 3), which is",
        "that the removal (see § 744.21), amendatory instruction 3, is",
    ],
)
def test_the_number_of_an_instruction_may_stand_in_brackets(excepted: str) -> None:
    read = effect(f"This rule is effective February 24, 2023, except {excepted} effective March 3, 2023.", PUBLISHED)

    assert (read.first, read.of("3.a"), read.of("2"), read.others) == (FEBRUARY, MARCH, FEBRUARY, ())


@pytest.mark.parametrize(
    ("words", "others"),
    [
        (", except for the revisions to supplement no. 7, which are effective March 3, 2023.", (MARCH,)),
        (", except that the removal of one entity takes effect on March 3, 2023.", (MARCH,)),
        (". The removal of one entity is effective March 3, 2023.", (MARCH,)),
        (", except for instruction 2, which is effective March 3, 2023.", ()),
        (". The rule of January 3, 2023, was effective March 3, 2023.", ()),
        (" until March 3, 2023. Comments are due March 3, 2023.", ()),
        (". This rule changes the effective date from March 3, 2023, to February 24, 2023, for § 744.11.", ()),
    ],
)
def test_a_further_day_is_told_apart_from_the_documents(words: str, others: tuple[date, ...]) -> None:
    read = effect(f"This rule is effective February 24, 2023{words}", PUBLISHED)

    assert (read.first, read.others) == (FEBRUARY, others)


@pytest.mark.parametrize("excepted", ["instruction 2.a", "§ 744.11"])
def test_a_day_that_cannot_be_read_is_none_and_not_the_next_best(excepted: str) -> None:
    words = f"This rule is effective Smarch 24, 2023, except for {excepted}, which is effective March 3, 2023."

    assert effect(words, PUBLISHED).first is None


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (
            "The rule published January 3, 2023 was effective January 1, 2023. This rule is effective 2/24/2023.",
            FEBRUARY,
        ),
        (
            "The rule published January 3, 2023 is effective January 1, 2023. This rule is effective 2/24/2023.",
            FEBRUARY,
        ),
        ("This rule amends the rule that was effective January 1, 2023 and is effective February 24, 2023.", FEBRUARY),
        ("This rule, published February 27, 2023, is effective February 24, 2023.", FEBRUARY),
        ("The rule published January 3, 2023 was effective January 1, 2023.", None),
        ("This rule is effective upon signing, and comments are due by March 3, 2023.", None),
        ("This rule is effective no earlier than February 24, 2023.", None),
    ],
)
def test_days_of_other_rules_and_other_days_are_no_days_of_effect(words: str, expected: date | None) -> None:
    assert effect(words, PUBLISHED).first == expected
