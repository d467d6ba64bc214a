"""Delays of another rule: of all of it or of a part, and which part."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from resources.documents import Parsed

Read = Callable[..., Parsed]
TO = "is delayed until May 1, 2024"
REVISED = ["2. Supplement No. 4 to part 744 is amended:", "a. By revising the introductory text."]
OF = "the rule published December 1, 2023, at 88 FR 12345"


@pytest.mark.parametrize(
    ("sentence", "delayed"),
    [
        (f"The effective date of {OF}, {TO}.", ["88 FR 12345"]),
        (
            f"The effective date of {OF}, and delayed at 88 FR 23456, is further delayed until May 1, 2024.",
            ["88 FR 12345"],
        ),
        (f"The effective date of amendatory instruction 2 of {OF}, {TO}.", ["88 FR 12345, 2"]),
        (f"Amendatory instruction 2.b of {OF}, is stayed until May 1, 2024.", ["88 FR 12345, 2.b"]),
        (f"Instructions 2.a and 3 through 5 of {OF}, are postponed until May 1, 2024.", ["88 FR 12345, 2.a, 3, 5, 4"]),
        (f"The effective date of the entry for “Alpha Co.” under CHINA in {OF}, {TO}.", ["88 FR 12345, Alpha Co., CN"]),
        (f"The effective date of the entries under CHINA in {OF}, {TO}.", ["88 FR 12345, CN"]),
        (f"The effective date of the rules at 88 FR 1 and 88 FR 2 {TO}.", ["88 FR 1", "88 FR 2"]),
        (f"Instruction 2 of 88 FR 1 {TO}, and instruction 3 {TO}.", ["88 FR 1, 2", "88 FR 1, 3"]),
        (f"The compliance date of {OF}, {TO}.", []),
    ],
)
def test_a_delay_of_a_part_delays_that_part(read_rule: Read, sentence: str, delayed: list[str]) -> None:
    parsed = read_rule(REVISED, dates=f"This rule is effective January 3, 2024. {sentence}")

    assert parsed.problems == []
    assert [
        ", ".join(
            filter(
                None, (row["delayed_document"], *row["delayed_instructions"], row["entry_name"], row["country_code"])
            )
        )
        for row in parsed.rows
    ] == delayed
    assert {row["effective_date"] for row in parsed.rows} <= {date(2024, 5, 1)}


@pytest.mark.parametrize(
    "sentence",
    [
        f"The effective date of {OF}, {TO}, except for amendatory instruction 2.",
        f"The addition of Alpha Co. in {OF}, {TO}.",
        f"The effective date of the amendment to supplement no. 4 in {OF}, {TO}.",
        f"The effective date of amendatory instruction 2(a) of {OF}, {TO}.",
        f"The effective date of certain instructions of {OF}, {TO}.",
        f"The effective date of {OF}, is delayed by 60 days.",
        f"The effective date of the rule published December 1, 2023, {TO}.",
        f"The effective date of the rule at 88 FR 1 or at 88 FR 2 {TO}.",
    ],
)
def test_a_delay_that_does_not_say_of_what_is_reported(read_rule: Read, sentence: str) -> None:
    parsed = read_rule(REVISED, dates=f"This rule is effective January 3, 2024. {sentence}")

    assert parsed.rows == []
    assert [problem.place for problem in parsed.problems] == ["DATES"]
    assert sentence in parsed.problems[0].reason


def test_an_instruction_may_delay_one_of_another_document(read_rule: Read) -> None:
    words = f"2. In FR Doc. 2023-99999, published at 88 FR 12345, amendatory instruction 2.a {TO}."
    parsed = read_rule([words])

    assert parsed.problems == []
    assert [(row["delayed_document"], row["delayed_instructions"], row["amendment_label"]) for row in parsed.rows] == [
        ("2023-99999", ["2.a"], "2")
    ]
