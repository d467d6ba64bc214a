"""The control status of chips: the rows of ``chip_control_status``, decided from rules, letters and specifications.

Shapes of what is read (columns beside these are not looked at):

- ``chip_specs``: as :func:`assets.controls.chips_specs.chip_specs` gives it.
- parameters, one condition each: ``paragraph`` (``3A090.a``, ``3A090.a.1``), ``parameter`` (one of
  :data:`assets.controls.chip_status_logic.PARAMETERS`), ``comparison``, ``value``, ``effect`` (``includes`` or
  ``excludes``: a note that takes items out), ``clause_path`` (how they are joined: ``3A090.a.* (any) > 3A090.a.2
  (all)``; without it the conditions of a paragraph hold together and its subparagraphs are alternatives),
  ``valid_from``, ``valid_to``, ``known_from``, ``known_to`` (if there is one), ``document_number``, ``citation``,
  ``needs_review``.
- license rules: ``paragraph`` (``3A090.a``), ``destinations`` (``China``, ``Macau``, ``D:1``, ``D:4``, ``D:5``,
  ``worldwide``) less ``except_destinations``, ``headquartered_in``, ``compliance_date``, ``not_enforced_from``,
  ``kind`` (``license_requirement``, ``review_policy``, ``license_exception``), ``value`` (``required``;
  ``presumption_of_denial``, ``case_by_case``, ...; ``NAC``, ``ACA``), ``conditions`` (list of ``parameter``,
  ``comparison``, ``value``, all of which must hold), ``condition_text`` (what is asked of others than the chip),
  ``needs_review``, ``review_reason``, and dates, document and citation as above.
- letters: rows of ``restriction_events`` of the kinds ``letter_requires_license`` and ``letter_lifted``.

Periods include their first day and exclude their last. What is decided for one day: ``chip_status_rules``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from assets.controls.chip_status_logic import Finding
from assets.controls.chip_status_rules import (
    COVERED,
    GROUPS,
    PARAGRAPH,
    Event,
    groups_of,
    paragraph_finding,
    status_under,
)
from assets.controls.chips import comparable
from resources.documents import Parsed, Row, SourceError

_FIRST_TEXT = date(2022, 10, 21)
"""Since this day there is an ECCN 3A090 (87 FR 62186, the last of its three days of effect)."""

_GROUP_CODE = re.compile(r"^[a-e]:\d$")
_CHIP_PARTS = {"15 CFR 740", "15 CFR 742", "15 CFR 774"}
_CHIP_WORDS = re.compile(
    r"[34]A090|advanced comput|supercomputer|integrated circuit|semiconductor|artificial intelligence", re.IGNORECASE
)

Period = tuple[date, date | None]


@dataclass(frozen=True)
class _Rules:
    """What is in force on a day, as known on another."""

    parameters: tuple[int, ...]
    rules: tuple[int, ...]
    letters: tuple[int, ...]
    unread: tuple[int, ...]
    is_codified: bool
    """Whether there is an ECCN 3A090 on that day, and was when it was known."""

    @property
    def lacks(self) -> list[str]:
        """What no document held says though the law does: nothing found must not read as nothing asked."""
        if not self.is_codified:
            return []
        lacks = ["text of ECCN 3A090"] if not self.parameters else []
        return [*lacks, "license requirements of 3A090"] if not self.rules else lacks


@dataclass
class _Inputs:
    """All that is given, each with its periods: in force, and known."""

    chips: Sequence[Row]
    parameters: list[tuple[Row, Period, Period]] = field(default_factory=list)
    rules: list[tuple[Row, Period, Period]] = field(default_factory=list)
    letters: list[tuple[Row, Period, Period]] = field(default_factory=list)
    unread: list[tuple[Row, Period, Period]] = field(default_factory=list)

    @property
    def _decisive(self) -> list[tuple[Row, Period, Period]]:
        return [*self.parameters, *self.rules, *self.letters]

    @property
    def _all(self) -> list[tuple[Row, Period, Period]]:
        return [*self._decisive, *self.unread]

    def known_days(self) -> list[date]:
        first = min(known[0] for _, _, known in self._decisive)
        known = [known for _, _, known in self._all if known[0] >= first]
        return _days(known if self.parameters else [*known, (_FIRST_TEXT, None)])

    def valid_days(self, day: date) -> list[date]:
        """Days on which something begins or ends, by what is known on a day; the first is the first of all."""
        first = min(valid[0] for _, valid, _ in self._decisive)
        periods = [valid for _, valid, known in self._all if _holds(known, day)]
        return [first, *_days([*periods, (_FIRST_TEXT, None)], after=first)]

    def in_force(self, day: date, known_day: date) -> _Rules:
        def numbers(held: list[tuple[Row, Period, Period]]) -> tuple[int, ...]:
            return tuple(
                n for n, (_, valid, known) in enumerate(held) if _holds(known, known_day) and _holds(valid, day)
            )

        is_codified = min(day, known_day) >= _FIRST_TEXT
        return _Rules(
            numbers(self.parameters), numbers(self.rules), numbers(self.letters), numbers(self.unread), is_codified
        )


def chip_control_status(
    chips: Sequence[Row],
    parameters: Iterable[Event],
    license_rules: Iterable[Event],
    letters: Iterable[Event],
    documents: Iterable[Event] = (),
) -> Parsed:
    """Decide the status of each chip for each destination group, on two clocks.

    Rows begin on the first day that any rule or letter given bears on. A status holds from ``valid_from`` until
    ``valid_to`` as it was known from ``known_from`` until ``known_to``.

    Args:
        chips: rows of ``chip_specs``.
        parameters: conditions of the text.
        license_rules: requirements, review policies and exceptions.
        letters: letters and their liftings.
        documents: rows of ``fr_documents``. One that may bear on chips and whose text is not held marks every status
            from its day of effect on.

    Returns:
        The rows, and a problem for each rule or letter that could not be applied.
    """
    problems: list[SourceError] = []
    inputs = _Inputs(chips)
    inputs.parameters = _dated([dict(row) for row in parameters if _is_applicable_parameter(row, problems)])
    inputs.rules = _dated([dict(row) for row in license_rules if _is_applicable_rule(row, problems)])
    inputs.letters = _letters(list(letters), problems)
    inputs.unread = [
        (dict(one), (one["effective_date"] or one["publication_date"], None), (one["publication_date"], None))
        for one in documents
        if _is_unread(one)
    ]
    if not (inputs.parameters or inputs.rules or inputs.letters):
        return Parsed([], problems)
    # What is in force on which day is the same for every chip.
    regimes = {day: _regimes(inputs, day) for day in inputs.known_days()}
    rows: list[Row] = []
    decide = _Decisions(inputs)
    for number, chip in enumerate(chips):
        for group in GROUPS:
            open_rows: dict[tuple[Any, ...], Row] = {}
            for known_day, regime in regimes.items():
                stands: dict[tuple[Any, ...], Row] = {}
                for valid_from, valid_to, status, content in _timeline(regime, decide, number, group):
                    key = (valid_from, valid_to, content)
                    stands[key] = open_rows.get(key) or {
                        "chip": chip["chip"],
                        "destination_group": group,
                        "valid_from": valid_from,
                        "valid_to": valid_to,
                        "known_from": known_day,
                        "known_to": None,
                        **status,
                    }
                for key, row in open_rows.items():
                    if key not in stands:
                        rows.append({**row, "known_to": known_day})
                open_rows = stands
            rows += open_rows.values()
    return Parsed(rows, problems)


class _Decisions:
    """Decisions, each made once for what it depends on."""

    def __init__(self, inputs: _Inputs) -> None:
        self._inputs = inputs
        self._paragraphs: dict[tuple[int, tuple[int, ...]], dict[str, Finding]] = {}
        self._statuses: dict[tuple[int, str, _Rules], tuple[Row, bytes]] = {}
        self._groups_of_rules = [groups_of(row) for row, _, _ in inputs.rules]
        self._groups_of_letters = [groups_of(row) for row, _, _ in inputs.letters]
        self._named = [
            [n for n, (row, _, _) in enumerate(inputs.letters) if _names(row, chip)] for chip in inputs.chips
        ]

    def status(self, number: int, group: str, rules: _Rules) -> tuple[Row, bytes]:
        """The status of a chip for a group under the rules of a day, and the same as bytes."""
        key = (number, group, rules)
        if key not in self._statuses:
            decided = self._decide(number, group, rules)
            self._statuses[key] = decided, orjson.dumps(list(decided.values()))
        return self._statuses[key]

    def _decide(self, number: int, group: str, rules: _Rules) -> Row:
        chip = self._inputs.chips[number]
        by_paragraph = (number, rules.parameters)
        if by_paragraph not in self._paragraphs:
            asked = [self._inputs.parameters[n][0] for n in rules.parameters]
            self._paragraphs[by_paragraph] = {letter: paragraph_finding(chip, letter, asked) for letter in "ab"}
        paragraphs = self._paragraphs[by_paragraph]
        applied = [self._inputs.rules[n][0] for n in rules.rules if group in self._groups_of_rules[n]]
        letters = [
            self._inputs.letters[n][0]
            for n in rules.letters
            if n in self._named[number] and group in self._groups_of_letters[n]
        ]
        unread = [self._inputs.unread[n][0] for n in rules.unread]
        return status_under(chip, group, paragraphs, applied, letters, lacks=rules.lacks, unread=unread)


def _regimes(inputs: _Inputs, known_day: date) -> list[tuple[date, date | None, _Rules]]:
    """What was in force from when until when, in order of time, as known on a day."""
    days = inputs.valid_days(known_day)
    return [
        (day, following, inputs.in_force(day, known_day))
        for day, following in zip(days, [*days[1:], None], strict=True)
    ]


def _timeline(
    regimes: Iterable[tuple[date, date | None, _Rules]], decide: _Decisions, number: int, group: str
) -> list[tuple[date, date | None, Row, bytes]]:
    """The statuses of a chip for a group in order of time, each also as the bytes that tell it from others."""
    periods: list[tuple[date, date | None, Row, bytes]] = []
    for day, following, rules in regimes:
        status, content = decide.status(number, group, rules)
        if periods and periods[-1][3] == content:
            periods[-1] = (periods[-1][0], following, status, content)
        else:
            periods.append((day, following, status, content))
    return periods


def _letters(events: Sequence[Event], problems: list[SourceError]) -> list[tuple[Row, Period, Period]]:
    """Letters that require a license, each until it is lifted, on both clocks.

    A lifting that becomes known later leaves the letter without end until then.
    """
    lifted = [dict(event) for event in events if event["kind"] == "letter_lifted"]
    held: list[tuple[Row, Period, Period]] = []
    for event in map(dict, events):
        if event["kind"] != "letter_requires_license":
            continue
        if event["effective_date"] is None or not groups_of(event):
            lack = "day of effect" if event["effective_date"] is None else "destination group"
            problems.append(_refused(event, f"a letter without {lack} is applied to no chip"))
            continue
        valid_from, known_from = event["effective_date"], event["known_from"]
        ends = [
            other
            for other in lifted
            if _subjects(other) & _subjects(event)
            and other["effective_date"] is not None
            and other["effective_date"] > valid_from
            and set(event.get("companies") or []) <= set(other.get("companies") or [])
        ]
        first = min(ends, key=lambda other: (other["known_from"], other["effective_date"]), default=None)
        if first is None:
            held.append((event, (valid_from, None), (known_from, None)))
            continue
        known_until = max(first["known_from"], known_from)
        if known_until > known_from:
            held.append((event, (valid_from, None), (known_from, known_until)))
        held.append((event, (valid_from, first["effective_date"]), (known_until, None)))
    return held


def _subjects(event: Event) -> set[str]:
    return {comparable(name) for name in (event["subject"], *(event.get("items") or []))}


def _names(letter: Row, chip: Row) -> bool:
    names = [chip["chip"], chip["product"] or "", *chip["aliases"]]
    return bool(_subjects(letter) & {comparable(name) for name in names if name})


def _is_applicable_parameter(row: Event, problems: list[SourceError]) -> bool:
    """Whether a condition bears on chips: it is of 3A090.a or .b, or a note of 3A090; other ECCNs are not looked at."""
    effect = row.get("effect", "includes")
    bears = effect == "excludes" and str(row["paragraph"]).startswith("3A090")
    if not bears and not (effect == "includes" and PARAGRAPH.match(row["paragraph"])):
        return False
    if row["valid_from"] is None:
        problems.append(_refused(row, f"{row['paragraph']}: a condition without day of effect is not applied"))
        return False
    return True


def _is_unread(document: Event) -> bool:
    """Whether a document's text is not held though it may change what is asked of chips, by its parts and its words."""
    words = f"{document['title']} {document.get('abstract') or ''}"
    return (
        document["xml_sha256"] is None
        and document["document_type"] in ("Rule", "Correction", None)
        and not _CHIP_PARTS.isdisjoint(document["cfr_references"] or [])
        and bool(_CHIP_WORDS.search(words))
    )


def _is_applicable_rule(row: Event, problems: list[SourceError]) -> bool:
    if row["paragraph"] not in ("3A090", "3A090.a", "3A090.b"):
        return False
    unknown = [name for name in row["destinations"] if _GROUP_CODE.match(name.lower()) and name.lower() not in COVERED]
    if unknown or row["valid_from"] is None:
        lack = f"with destinations not known, {unknown}," if unknown else "without day of effect"
        problems.append(_refused(row, f"{row['paragraph']}, {row['kind']}: a rule {lack} is not applied"))
        return False
    return True


def _refused(row: Event, reason: str) -> SourceError:
    return SourceError("controls", str(row["document_number"]), str(row.get("location") or ""), reason)


def _dated(rows: Sequence[Row]) -> list[tuple[Row, Period, Period]]:
    """Rows with their periods; the end of a row becomes known with the row that takes its place on that day.

    A row that says itself until when it was known (``known_to``) is taken as it stands.
    """
    dated: list[tuple[Row, Period, Period]] = []
    for row in rows:
        valid, known_from = (row["valid_from"], row["valid_to"]), row["known_from"]
        successors = [
            other["known_from"]
            for other in rows
            if row["valid_to"] is not None and other["valid_from"] == row["valid_to"] and _family(other) == _family(row)
        ]
        if row.get("known_to") is None and successors and min(successors) > known_from:
            dated.append((row, (valid[0], None), (known_from, min(successors))))
            dated.append((row, valid, (min(successors), None)))
        else:
            dated.append((row, valid, (known_from, row.get("known_to"))))
    return dated


def _family(row: Row) -> tuple[str, str]:
    """What replaces one another: conditions of one ECCN, rules of one kind."""
    return row["paragraph"][:5], row.get("kind", "")


def _holds(period: Period, day: date) -> bool:
    return period[0] <= day and (period[1] is None or day < period[1])


def _days(periods: Iterable[Period], *, after: date = date.min) -> list[date]:
    return sorted({day for period in periods for day in period if day is not None and day > after})
