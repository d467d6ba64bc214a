"""Intervals of controls on two clocks, by hand from the dates of the real rules."""

from datetime import date
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from assets.controls.timeline import timeline
from resources.documents import Row

NAMED = {
    "2022-21658": (date(2022, 10, 13), "87 FR 62186"),
    "2023-23055": (date(2023, 10, 25), "88 FR 73458"),
    "2025-00636": (date(2025, 1, 15), "90 FR 4544"),
    "2025-02655": (date(2025, 2, 14), "90 FR 9604"),
    "2025-19001": (date(2025, 9, 30), "90 FR 47201"),
    "2025-19846": (date(2025, 11, 12), "90 FR 50857"),
}
OPEN = None


def event(number: str, kind: str, subject: str, subject_type: str = "cfr", **more: object) -> Row:
    """One row of restriction_events; published and cited as the real document, known from publication."""
    published, citation = NAMED.get(number, (date(2025, 5, 13), None))
    row = {
        "document_number": number,
        "publication_date": published,
        "event_index": 1,
        "source": "federal_register",
        "kind": kind,
        "subject_type": subject_type,
        "subject": subject,
        "destinations": [],
        "items": [],
        "known_from": published,
        "effective_date": None,
        "effective_until": None,
        "compliance_date": None,
        "affects_documents": [],
        "sentence": f"{kind} {subject}",
        "location": "AMDPAR line 1",
        "citation": citation,
        "title": number,
        "url": f"https://www.federalregister.gov/d/{number}",
        "review_reason": None,
    }
    return row | more


AFFILIATES = event("2025-19001", "tightens", "§ 744.11(a)(1)", effective_date=date(2025, 9, 29))
SUSPENSION = event(
    "2025-19846",
    "suspends",
    "2025-19001",
    "document",
    effective_date=date(2025, 11, 10),
    effective_until=date(2026, 11, 9),
    affects_documents=["2025-19001"],
)


def asof(rows: list[Row], known: date, day: date, subject: str = "") -> list[tuple[str, str]]:
    """Document and status of what stood on a day, as known on another: the query that docs/queries.md gives."""
    return [
        (row["document_number"], row["status"])
        for row in rows
        if row["known_from"] <= known
        and (row["known_to"] is None or known < row["known_to"])
        and row["valid_from"] <= day
        and (row["valid_to"] is None or day < row["valid_to"])
        and row["subject"].startswith(subject)
    ]


def spans(rows: list[Row], number: str, known: date) -> list[tuple[str, date, date | None]]:
    """Status, first day and end of one document's intervals, as known on a day."""
    return [
        (row["status"], row["valid_from"], row["valid_to"])
        for row in rows
        if row["document_number"] == number
        and row["known_from"] <= known
        and (row["known_to"] is None or known < row["known_to"])
    ]


def test_a_scheduled_return_is_in_the_table_the_day_the_suspension_becomes_known() -> None:
    rows = timeline([AFFILIATES, SUSPENSION])
    assert spans(rows, "2025-19001", date(2025, 11, 11)) == [("in_force", date(2025, 9, 29), OPEN)]
    assert spans(rows, "2025-19001", date(2025, 11, 12)) == [
        ("in_force", date(2025, 9, 29), date(2025, 11, 10)),
        ("suspended", date(2025, 11, 10), date(2026, 11, 10)),
        ("returned", date(2026, 11, 10), OPEN),
    ]


def test_what_was_in_force_as_known_around_the_suspension() -> None:
    rows = timeline([AFFILIATES, SUSPENSION])
    assert asof(rows, date(2025, 11, 11), date(2025, 11, 11)) == [("2025-19001", "in_force")]
    assert asof(rows, date(2025, 11, 12), date(2025, 11, 11)) == [("2025-19001", "suspended")]
    assert asof(rows, date(2025, 11, 12), date(2025, 11, 9)) == [("2025-19001", "in_force")]
    assert asof(rows, date(2025, 11, 12), date(2026, 11, 9)) == [("2025-19001", "suspended")]
    assert asof(rows, date(2025, 11, 12), date(2026, 11, 10)) == [("2025-19001", "returned")]
    assert asof(rows, date(2025, 9, 29), date(2025, 9, 29)) == []  # published the day after it took effect


def test_an_announced_suspension_waits_for_the_document_that_suspends() -> None:
    said = SUSPENSION | {
        "document_number": "White-House-2025-11-01",
        "source": "announcement",
        "publication_date": date(2025, 11, 1),
        "known_from": date(2025, 11, 1),
    }
    assert timeline([AFFILIATES, said, SUSPENSION]) == timeline([AFFILIATES, SUSPENSION])


def test_a_suspension_that_ends_before_it_begins_is_not_applied_and_marked() -> None:
    misread = SUSPENSION | {"effective_until": date(2025, 11, 9)}
    rows = [row for row in timeline([AFFILIATES, misread]) if row["known_to"] is None]
    assert [(row["status"], row["valid_from"], row["valid_to"]) for row in rows] == [
        ("in_force", date(2025, 9, 29), OPEN)
    ]
    assert rows[0]["review_reason"] == (
        "suspended by 2025-19846 until 2025-11-09, before it begins on 2025-11-10: not applied"
    )


def test_a_later_document_changes_a_scheduled_return() -> None:
    longer = event(
        "2026-99999",
        "suspends",
        "2025-19001",
        "document",
        publication_date=date(2026, 10, 1),
        known_from=date(2026, 10, 1),
        effective_date=date(2026, 10, 1),
        effective_until=date(2027, 11, 9),
        affects_documents=["2025-19001"],
    )
    rows = timeline([AFFILIATES, SUSPENSION, longer])
    assert ("returned", date(2026, 11, 10), OPEN) in spans(rows, "2025-19001", date(2026, 9, 30))
    assert spans(rows, "2025-19001", date(2026, 10, 1)) == [
        ("in_force", date(2025, 9, 29), date(2025, 11, 10)),
        ("suspended", date(2025, 11, 10), date(2026, 11, 10)),  # by the first suspension
        ("suspended", date(2026, 11, 10), date(2027, 11, 10)),  # by the second
        ("returned", date(2027, 11, 10), OPEN),
    ]


def test_the_earlier_text_returns_while_its_successor_is_suspended() -> None:
    before = event("2022-21658", "revises", "§ 744.11(a)(1)", effective_date=date(2022, 10, 7))
    rows = timeline([before, AFFILIATES, SUSPENSION])
    assert spans(rows, "2022-21658", date(2025, 12, 1)) == [
        ("in_force", date(2022, 10, 7), date(2025, 9, 29)),
        ("superseded", date(2025, 9, 29), date(2025, 11, 10)),
        ("returned", date(2025, 11, 10), date(2026, 11, 10)),
        ("superseded", date(2026, 11, 10), OPEN),
    ]


def test_a_rule_withdrawn_by_announcement_keeps_the_laws_text() -> None:
    rule = event(
        "2025-00636",
        "adds_control",
        "§ 740.27",
        effective_date=date(2025, 1, 13),
        compliance_date=date(2025, 5, 15),
    )
    said = event(
        "bis-2025-05-13",
        "announces_withdrawal",
        "2025-00636",
        "document",
        effective_date=date(2025, 5, 13),
        affects_documents=["2025-00636"],
    )
    rows = timeline([rule, said])
    assert spans(rows, "2025-00636", date(2025, 5, 12)) == [
        ("compliance_pending", date(2025, 1, 13), date(2025, 5, 15)),
        ("in_force", date(2025, 5, 15), OPEN),
    ]
    assert [
        (row["status"], row["text_status"], row["valid_from"], row["valid_to"], row["by_document_number"])
        for row in rows
        if row["known_to"] is None
    ] == [
        ("compliance_pending", "compliance_pending", date(2025, 1, 13), date(2025, 5, 13), "2025-00636"),
        ("announced_withdrawn", "compliance_pending", date(2025, 5, 13), date(2025, 5, 15), "bis-2025-05-13"),
        ("announced_withdrawn", "in_force", date(2025, 5, 15), OPEN, "bis-2025-05-13"),
    ]


def test_a_later_text_of_the_whole_ends_its_paragraphs_and_not_the_reverse() -> None:
    part = event("2022-21658", "adds_control", "3A090.a", "eccn", effective_date=date(2022, 10, 7))
    whole = event("2023-23055", "revises", "3A090", "eccn", effective_date=date(2023, 11, 17))
    other_part = event("2025-00636", "revises", "3A090.c", "eccn", effective_date=date(2025, 1, 13))
    rows = timeline([part, whole, other_part])
    assert spans(rows, "2022-21658", date(2026, 1, 1)) == [
        ("in_force", date(2022, 10, 7), date(2023, 11, 17)),
        ("superseded", date(2023, 11, 17), OPEN),
    ]
    assert spans(rows, "2023-23055", date(2026, 1, 1)) == [
        ("announced", date(2023, 10, 25), date(2023, 11, 17)),
        ("in_force", date(2023, 11, 17), OPEN),
    ]


def test_three_days_of_effect_stand_each_on_its_own() -> None:
    days = {"§ 744.23": date(2022, 10, 21), "§ 744.6": date(2022, 10, 12), "3A090": date(2022, 10, 7)}
    rows = timeline(
        event("2022-21658", "adds_control", subject, effective_date=day, event_index=number)
        for number, (subject, day) in enumerate(days.items(), start=1)
    )
    assert {row["subject"]: row["valid_from"] for row in rows if row["status"] == "in_force"} == days


def test_a_correction_changes_the_rule_it_corrects_and_is_no_rule() -> None:
    rule = event("2025-00636", "revises", "3A090", "eccn", effective_date=date(2025, 1, 13))
    correction = event(
        "2025-02655",
        "corrects",
        "3A090",
        "eccn",
        effective_date=date(2025, 2, 11),
        affects_documents=["2025-00636"],
    )
    rows = timeline([rule, correction])
    (row,) = rows
    assert (row["document_number"], row["valid_from"]) == ("2025-00636", date(2025, 1, 13))
    assert (row["known_from"], row["known_to"], row["corrected_by"]) == (date(2025, 1, 15), None, ["2025-02655"])


def test_a_delay_moves_the_beginning_and_tells_what_was_expected_before() -> None:
    rule = event("2023-23055", "revises", "§ 742.6(a)", effective_date=date(2023, 11, 17))
    delay = event(
        "2023-99999",
        "delays",
        "2023-23055",
        "document",
        publication_date=date(2023, 11, 10),
        known_from=date(2023, 11, 10),
        effective_date=date(2024, 1, 1),
        affects_documents=["2023-23055"],
    )
    rows = timeline([rule, delay])
    assert spans(rows, "2023-23055", date(2023, 11, 9))[-1] == ("in_force", date(2023, 11, 17), OPEN)
    assert spans(rows, "2023-23055", date(2023, 11, 10)) == [
        ("announced", date(2023, 10, 25), date(2024, 1, 1)),
        ("in_force", date(2024, 1, 1), OPEN),
    ]


def test_a_temporary_text_runs_out_and_the_one_before_it_returns_for_review() -> None:
    before = event(
        "2022-21658", "general_license", "General Order No. 4", "general_order", effective_date=date(2022, 10, 7)
    )
    temporary = event(
        "2023-23055",
        "general_license",
        "General Order No. 4",
        "general_order",
        effective_date=date(2023, 11, 17),
        effective_until=date(2025, 12, 31),
    )
    rows = timeline([before, temporary])
    assert spans(rows, "2023-23055", date(2026, 1, 1))[-1] == ("expired", date(2026, 1, 1), OPEN)
    returned = [row for row in rows if row["status"] == "returned"]
    assert [(row["document_number"], row["valid_from"], row["needs_review"]) for row in returned] == [
        ("2022-21658", date(2026, 1, 1), True)
    ]


def test_an_event_without_a_day_of_effect_is_kept_and_marked() -> None:
    (row,) = timeline([event("2023-23055", "revises", "§ 742.6(a)")])
    assert (row["status"], row["valid_from"], row["valid_to"], row["needs_review"]) == (
        "announced",
        date(2023, 10, 25),
        OPEN,
        True,
    )


def test_lists_entries_do_not_end_one_another() -> None:
    one = event("2022-21658", "adds_entries", "Entity List", "list", effective_date=date(2022, 10, 7))
    other = event("2023-23055", "removes_entries", "Entity List", "list", effective_date=date(2023, 11, 17))
    rows = timeline([one, other])
    assert [status for status, *_ in spans(rows, "2022-21658", date(2026, 1, 1))] == ["in_force"]


def test_a_letter_holds_until_it_is_lifted() -> None:
    letter = event("0001-25-1", "letter_requires_license", "EDA software", "software", effective_date=date(2025, 5, 1))
    lifted = event(
        "0001-25-2",
        "letter_lifted",
        "EDA software",
        "software",
        known_from=date(2025, 7, 3),
        publication_date=date(2025, 7, 3),
        effective_date=date(2025, 7, 2),
    )
    rows = timeline([letter, lifted])
    assert spans(rows, "0001-25-1", date(2025, 7, 2)) == [("in_force", date(2025, 5, 1), OPEN)]
    assert spans(rows, "0001-25-1", date(2025, 7, 3)) == [
        ("in_force", date(2025, 5, 1), date(2025, 7, 2)),
        ("withdrawn", date(2025, 7, 2), OPEN),
    ]


DAYS = st.dates(date(2022, 1, 1), date(2026, 12, 31))


@st.composite
def histories(draw: st.DrawFn) -> list[Row]:
    """Any events at all, in the shapes the table can hold."""
    numbers = [f"2022-0000{number}" for number in range(draw(st.integers(1, 5)))]
    published = {number: draw(DAYS) for number in numbers}
    rows = []
    for index in range(draw(st.integers(1, 10))):
        number = draw(st.sampled_from(numbers))
        kind = draw(
            st.sampled_from(["revises", "adds_control", "suspends", "delays", "rescinds", "corrects", "reimposes"])
        )
        about = draw(st.sampled_from(["3A090", "3A090.a", "3A090.b", "document"]))
        target = draw(st.sampled_from(numbers))
        rows.append(
            event(
                number,
                kind,
                target if about == "document" else about,
                "document" if about == "document" else "eccn",
                publication_date=published[number],
                known_from=published[number],
                event_index=index + 1,
                effective_date=draw(st.none() | DAYS),
                effective_until=draw(st.none() | DAYS) if kind in ("suspends", "revises") else None,
                affects_documents=draw(st.sampled_from([[], [target]])),
            )
        )
    return rows


@given(histories())
def test_every_day_has_one_state_as_known_on_every_other(rows: list[Row]) -> None:
    """Of one provision, no two states on one day and no gap after its beginning, whatever was known when."""
    table = timeline(rows)
    assert timeline(list(reversed(rows))) == table
    assert all(row["valid_to"] is None or row["valid_from"] < row["valid_to"] for row in table)
    assert all(row["known_to"] is None or row["known_from"] < row["known_to"] for row in table)
    known_days = {row["known_from"] for row in table}
    for known in known_days:
        states: dict[tuple[object, ...], list[Row]] = {}
        for row in table:
            if row["known_from"] <= known and (row["known_to"] is None or known < row["known_to"]):
                states.setdefault((row["document_number"], row["event_index"]), []).append(row)
        for of_one in states.values():
            of_one.sort(key=lambda row: row["valid_from"])
            assert of_one[-1]["valid_to"] is None
            assert all(one["valid_to"] == next_["valid_from"] for one, next_ in pairwise(of_one))


def about(number: str, kind: str, known: date, **more: object) -> Row:
    """A later document about the rule on affiliates as a whole, known from a day."""
    row = event(number, kind, "2025-19001", "document", publication_date=known, known_from=known)
    return row | {"affects_documents": ["2025-19001"], **more}


SCHEDULED = event(
    "2025-19846",
    "reimposes",
    "2025-19001",
    "document",
    event_index=2,
    effective_date=date(2026, 11, 10),
    affects_documents=["2025-19001"],
)
BEFORE = ("in_force", date(2025, 9, 29), date(2025, 11, 10))
LIFTED = about("2026-00001", "reimposes", date(2026, 2, 1), effective_date=date(2026, 2, 15))
EXTENDED = about(
    "2026-00002", "suspends", date(2026, 10, 1), effective_date=date(2026, 10, 1), effective_until=date(2027, 11, 9)
)
EXTENDED_AGAIN = about(
    "2027-00001", "suspends", date(2027, 10, 1), effective_date=date(2027, 10, 1), effective_until=date(2028, 11, 9)
)
WITHDRAWN = about("2026-00003", "rescinds", date(2026, 5, 1), effective_date=date(2026, 5, 10))


def test_a_later_document_shortens_a_suspension() -> None:
    shorter = about(
        "2026-00004", "suspends", date(2026, 2, 1), effective_date=date(2026, 2, 1), effective_until=date(2026, 3, 31)
    )
    rows = timeline([AFFILIATES, SUSPENSION, SCHEDULED, shorter])
    assert asof(rows, date(2026, 1, 31), date(2026, 4, 1)) == [("2025-19001", "suspended")]
    assert asof(rows, date(2026, 2, 1), date(2026, 3, 31)) == [("2025-19001", "suspended")]
    assert spans(rows, "2025-19001", date(2026, 2, 1)) == [
        BEFORE,
        ("suspended", date(2025, 11, 10), date(2026, 4, 1)),
        ("returned", date(2026, 4, 1), OPEN),
    ]


def test_a_suspension_lifted_early_ends_on_the_day_of_the_lifting() -> None:
    rows = timeline([AFFILIATES, SUSPENSION, SCHEDULED, LIFTED])
    assert asof(rows, date(2026, 1, 31), date(2026, 2, 15)) == [("2025-19001", "suspended")]
    assert spans(rows, "2025-19001", date(2026, 2, 1)) == [
        BEFORE,
        ("suspended", date(2025, 11, 10), date(2026, 2, 15)),
        ("returned", date(2026, 2, 15), OPEN),
    ]


def test_a_suspension_extended_twice() -> None:
    rows = timeline([AFFILIATES, SUSPENSION, SCHEDULED, EXTENDED, EXTENDED_AGAIN])
    returns = {
        known: [span[1] for span in spans(rows, "2025-19001", known) if span[0] == "returned"]
        for known in (date(2026, 9, 30), date(2026, 10, 1), date(2027, 9, 30), date(2027, 10, 1))
    }
    assert returns == {
        date(2026, 9, 30): [date(2026, 11, 10)],
        date(2026, 10, 1): [date(2027, 11, 10)],
        date(2027, 9, 30): [date(2027, 11, 10)],
        date(2027, 10, 1): [date(2028, 11, 10)],
    }
    assert asof(rows, date(2027, 10, 1), date(2028, 11, 9)) == [("2025-19001", "suspended")]


def test_a_rule_withdrawn_during_its_suspension_does_not_return() -> None:
    before = event("2022-21658", "revises", "§ 744.11(a)(1)", effective_date=date(2022, 10, 7))
    rows = timeline([before, AFFILIATES, SUSPENSION, SCHEDULED, WITHDRAWN])
    assert ("returned", date(2026, 11, 10), OPEN) in spans(rows, "2025-19001", date(2026, 4, 30))
    assert spans(rows, "2025-19001", date(2026, 5, 1)) == [
        BEFORE,
        ("suspended", date(2025, 11, 10), date(2026, 5, 10)),
        ("withdrawn", date(2026, 5, 10), OPEN),
    ]
    assert asof(rows, date(2026, 5, 1), date(2026, 11, 10)) == [("2022-21658", "returned"), ("2025-19001", "withdrawn")]


def test_a_lifting_does_not_undo_a_withdrawal() -> None:
    rows = timeline([AFFILIATES, SUSPENSION, WITHDRAWN, LIFTED | {"known_from": date(2026, 5, 5)}])
    assert asof(rows, date(2026, 5, 5), date(2026, 5, 10)) == [("2025-19001", "withdrawn")]


def test_a_lifting_of_what_was_not_suspended_is_not_applied_and_marked() -> None:
    (row,) = [row for row in timeline([AFFILIATES, LIFTED]) if row["known_to"] is None]
    assert (row["status"], row["review_reason"]) == (
        "in_force",
        "brought back by 2026-00001, though not suspended on 2026-02-15: not applied",
    )


def test_a_delayed_compliance_date_leaves_the_day_of_effect() -> None:
    rule = AFFILIATES | {"compliance_date": date(2026, 1, 31)}
    delay = about("2026-00005", "delays", date(2026, 1, 10), compliance_date=date(2026, 6, 1))
    rows = timeline([rule, delay])
    assert spans(rows, "2025-19001", date(2026, 1, 9)) == [
        ("compliance_pending", date(2025, 9, 29), date(2026, 1, 31)),
        ("in_force", date(2026, 1, 31), OPEN),
    ]
    assert spans(rows, "2025-19001", date(2026, 1, 10)) == [
        ("compliance_pending", date(2025, 9, 29), date(2026, 6, 1)),
        ("in_force", date(2026, 6, 1), OPEN),
    ]


def test_a_delay_known_after_the_day_of_effect_does_not_rewrite_what_was_in_force() -> None:
    delay = about("2025-00009", "delays", date(2025, 10, 10), effective_date=date(2026, 1, 1))
    rows = timeline([AFFILIATES, delay])
    assert spans(rows, "2025-19001", date(2025, 10, 10)) == [
        ("in_force", date(2025, 9, 29), date(2025, 10, 10)),
        ("suspended", date(2025, 10, 10), date(2026, 1, 1)),
        ("returned", date(2026, 1, 1), OPEN),
    ]
    assert {row["review_reason"] for row in rows if row["status"] == "suspended"} == {
        "put off by 2025-00009 after it had taken effect"
    }


def test_a_delay_of_one_instruction_moves_its_provisions_alone() -> None:
    rule = {"effective_date": date(2023, 11, 17)}
    one = event("2023-23055", "revises", "§ 742.6(a)", amendment_label="17.a", **rule)
    other = event("2023-23055", "revises", "3A090", "eccn", event_index=2, amendment_label="31", **rule)
    delay = event(
        "2023-99999",
        "delays",
        "2023-23055, instruction 17",
        "document",
        publication_date=date(2023, 11, 10),
        known_from=date(2023, 11, 10),
        effective_date=date(2024, 1, 1),
        affects_documents=["2023-23055"],
    )
    rows = [row for row in timeline([one, other, delay]) if row["known_to"] is None and row["status"] == "in_force"]
    assert {row["subject"]: row["valid_from"] for row in rows} == {
        "§ 742.6(a)": date(2024, 1, 1),
        "3A090": date(2023, 11, 17),
    }


def test_a_suspension_of_a_part_or_of_parts_not_named_marks_the_whole() -> None:
    whole = event("2025-19001", "revises", "§ 744.11", effective_date=date(2025, 9, 29))
    part = SUSPENSION | {"subject_type": "cfr", "subject": "§ 744.11(a)(1)"}
    vague = SUSPENSION | {"subject": "2025-19001, in part", "review_reason": "of parts of it that are not named"}
    for suspension, reason in (
        (part, "2025-19846 suspends a part of it, § 744.11(a)(1)"),
        (vague, "suspends parts of 2025-19001 that are not named: 2025-19846"),
    ):
        (row,) = [row for row in timeline([whole, suspension]) if row["known_to"] is None]
        assert (row["status"], row["review_reason"]) == ("in_force", reason)


def test_the_end_of_a_part_is_its_own_and_not_the_documents() -> None:
    part = SUSPENSION | {"subject_type": "cfr", "subject": "§ 744.11(a)(1)", "effective_until": date(2026, 5, 9)}
    rows = timeline([AFFILIATES, part, SUSPENSION | {"event_index": 2}])
    assert spans(rows, "2025-19001", date(2025, 11, 12))[1:] == [
        ("suspended", date(2025, 11, 10), date(2026, 5, 10)),
        ("returned", date(2026, 5, 10), OPEN),
    ]


def test_a_provision_withdrawn_for_a_time_returns() -> None:
    absent = about(
        "2026-00006", "rescinds", date(2026, 1, 1), effective_date=date(2026, 1, 1), effective_until=date(2026, 6, 30)
    )
    assert spans(timeline([AFFILIATES, absent]), "2025-19001", date(2026, 1, 1))[1:] == [
        ("withdrawn", date(2026, 1, 1), date(2026, 7, 1)),
        ("returned", date(2026, 7, 1), OPEN),
    ]


def test_a_letter_to_one_company_neither_ends_nor_lifts_anothers() -> None:
    day = date(2025, 5, 29)
    letters = [
        event(
            number,
            "letter_requires_license",
            "EDA software",
            "software",
            companies=[company],
            effective_date=day,
            publication_date=known,
            known_from=known,
        )
        for number, company, known in (("0001-25-1", "Synopsys", day), ("0002-25-2", "Cadence", date(2025, 6, 2)))
    ]
    lifted = event(
        "0001-25-3",
        "letter_lifted",
        "EDA software",
        "software",
        companies=["Synopsys"],
        effective_date=date(2025, 7, 2),
        publication_date=date(2025, 7, 3),
        known_from=date(2025, 7, 3),
    )
    rows = timeline([*letters, lifted])
    assert asof(rows, date(2025, 7, 3), date(2025, 7, 1)) == [("0001-25-1", "in_force"), ("0002-25-2", "in_force")]
    assert asof(rows, date(2025, 7, 3), date(2025, 7, 2)) == [("0001-25-1", "withdrawn"), ("0002-25-2", "in_force")]


def test_a_document_that_names_only_the_suspension_acts_on_what_that_suspends() -> None:
    through = {"subject": "2025-19846", "affects_documents": ["2025-19846"]}
    lifted = timeline([AFFILIATES, SUSPENSION, LIFTED | through])
    assert spans(lifted, "2025-19001", date(2026, 2, 1))[1:] == [
        ("suspended", date(2025, 11, 10), date(2026, 2, 15)),
        ("returned", date(2026, 2, 15), OPEN),
    ]
    extended = timeline([AFFILIATES, SUSPENSION, EXTENDED | through])
    assert spans(extended, "2025-19001", date(2026, 10, 1))[-1] == ("returned", date(2027, 11, 10), OPEN)
    # To withdraw the document that suspends brings the rule back.
    withdrawn = timeline([AFFILIATES, SUSPENSION, WITHDRAWN | through])
    assert spans(withdrawn, "2025-19001", date(2026, 5, 1))[1:] == [
        ("suspended", date(2025, 11, 10), date(2026, 5, 10)),
        ("returned", date(2026, 5, 10), OPEN),
    ]


def test_a_correction_of_the_suspending_document_marks_what_it_suspends() -> None:
    correction = event(
        "C1-2025-19846",
        "corrects",
        "2025-19846",
        "document",
        known_from=date(2025, 12, 1),
        affects_documents=["2025-19846"],
    )
    rows = timeline([AFFILIATES, SUSPENSION, correction])
    marked = {row["status"]: row for row in rows if row["needs_review"]}
    assert set(marked) == {"suspended", "returned"}
    assert {row["known_from"] for row in marked.values()} == {date(2025, 12, 1)}
    assert "C1-2025-19846 corrects 2025-19846" in marked["returned"]["review_reason"]


def test_a_text_that_replaces_a_suspended_one_is_for_review() -> None:
    later = event(
        "2026-20000",
        "revises",
        "§ 744.11(a)(1)",
        publication_date=date(2026, 6, 1),
        known_from=date(2026, 6, 1),
        effective_date=date(2026, 6, 1),
    )
    rows = timeline([AFFILIATES, SUSPENSION, later])
    (superseded,) = [row for row in rows if row["status"] == "superseded"]
    assert "while it was suspended" in superseded["review_reason"]
