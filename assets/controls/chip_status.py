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
  ``worldwide``) less ``except_destinations``, ``not_enforced_from``, ``kind`` (``license_requirement``,
  ``review_policy``, ``license_exception``), ``value`` (``required``;
  ``presumption_of_denial``, ``case_by_case``, ...; ``NAC``, ``ACA``), ``conditions`` (list of ``parameter``,
  ``comparison``, ``value``, all of which must hold), ``condition_text`` (what is asked of others than the chip), and
  dates, document and citation as above.
- letters: rows of ``restriction_events`` of the kinds ``letter_requires_license`` and ``letter_lifted``.

Periods include their first day and exclude their last. Citations: 15 CFR 742.6(a)(6)(iii) and (b)(10) for requirement
and review, 740.7 and 740.8 for License Exceptions NAC and ACA, 744.23(b) and its like for letters ("is informed").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from assets.controls.chip_status_logic import Finding, all_of, any_of, condition, without
from assets.controls.chips import comparable
from resources.documents import Parsed, Row, SourceError

CHINA, MACAU, D5, D1_D4, OTHER = "China (incl. Hong Kong)", "Macau", "D:5 other", "D:1/D:4", "other"
GROUPS = (CHINA, MACAU, D5, D1_D4, OTHER)
"""Destinations that the rules have treated alike: ``D:5 other`` is Country Group D:5 without China, ``D:1/D:4`` those
of D:1 or D:4 that are in neither D:5, A:5 nor A:6, ``other`` the rest. Macau is not in D:5."""

_COVERED: Mapping[str, frozenset[str]] = {
    "china": frozenset({CHINA}),
    "hong kong": frozenset(),
    "macau": frozenset({MACAU}),
    "d:5": frozenset({CHINA, D5}),
    "d:1": frozenset({CHINA, MACAU, D1_D4}),
    "d:4": frozenset({CHINA, MACAU, D1_D4}),
    "worldwide": frozenset(GROUPS),
}
_FIRST_TEXT = date(2022, 10, 7)
"""Since this day there is an ECCN 3A090 (87 FR 62186)."""

_GROUP_CODE = re.compile(r"^[a-e]:\d$")
_PARAGRAPH = re.compile(r"^3A090\.?([ab])(?:\.(\d+))?$")

Event = Mapping[str, Any]
Period = tuple[date, date | None]


@dataclass(frozen=True)
class _Rules:
    """What is in force on a day, as known on another."""

    parameters: tuple[int, ...]
    rules: tuple[int, ...]
    letters: tuple[int, ...]
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

    @property
    def _all(self) -> list[tuple[Row, Period, Period]]:
        return [*self.parameters, *self.rules, *self.letters]

    def known_days(self) -> list[date]:
        known = [known for _, _, known in self._all]
        return _days(known if self.parameters else [*known, (_FIRST_TEXT, None)])

    def valid_days(self, day: date) -> list[date]:
        """Days on which something begins or ends, by what is known on a day; the first is the first of all."""
        first = min(valid[0] for _, valid, _ in self._all)
        periods = [valid for _, valid, known in self._all if _holds(known, day)]
        return [first, *_days([*periods, (_FIRST_TEXT, None)], after=first)]

    def in_force(self, day: date, known_day: date) -> _Rules:
        def numbers(held: list[tuple[Row, Period, Period]]) -> tuple[int, ...]:
            return tuple(
                n for n, (_, valid, known) in enumerate(held) if _holds(known, known_day) and _holds(valid, day)
            )

        is_codified = min(day, known_day) >= _FIRST_TEXT
        return _Rules(numbers(self.parameters), numbers(self.rules), numbers(self.letters), is_codified)


def chip_control_status(
    chips: Sequence[Row], parameters: Iterable[Event], license_rules: Iterable[Event], letters: Iterable[Event]
) -> Parsed:
    """Decide the status of each chip for each destination group, on two clocks.

    Rows begin on the first day that any rule or letter given bears on. A status holds from ``valid_from`` until
    ``valid_to`` as it was known from ``known_from`` until ``known_to``.

    Returns:
        The rows, and a problem for each rule or letter that could not be applied.
    """
    problems: list[SourceError] = []
    inputs = _Inputs(chips)
    inputs.parameters = _dated([dict(row) for row in parameters if _is_applicable_parameter(row, problems)])
    inputs.rules = _dated([dict(row) for row in license_rules if _is_applicable_rule(row, problems)])
    inputs.letters = _letters(list(letters), problems)
    if not (inputs.parameters or inputs.rules or inputs.letters):
        return Parsed([], problems)
    known_days = inputs.known_days()
    rows: list[Row] = []
    decide = _Decisions(inputs)
    for number, chip in enumerate(chips):
        for group in GROUPS:
            open_rows: dict[tuple[Any, ...], Row] = {}
            for known_day in known_days:
                stands: dict[tuple[Any, ...], Row] = {}
                for valid_from, valid_to, status in _timeline(inputs, decide, number, group, known_day):
                    key = (valid_from, valid_to, *(orjson.dumps(value) for value in status.values()))
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
        self._statuses: dict[tuple[int, str, _Rules], Row] = {}
        self._named = [
            [n for n, (row, _, _) in enumerate(inputs.letters) if _names(row, chip)] for chip in inputs.chips
        ]

    def status(self, number: int, group: str, rules: _Rules) -> Row:
        """The status of a chip for a group under the rules of a day."""
        key = (number, group, rules)
        if key not in self._statuses:
            self._statuses[key] = self._decide(number, group, rules)
        return self._statuses[key]

    def _decide(self, number: int, group: str, rules: _Rules) -> Row:
        chip = self._inputs.chips[number]
        by_paragraph = (number, rules.parameters)
        if by_paragraph not in self._paragraphs:
            asked = [self._inputs.parameters[n][0] for n in rules.parameters]
            self._paragraphs[by_paragraph] = {letter: _paragraph(chip, letter, asked) for letter in "ab"}
        paragraphs = self._paragraphs[by_paragraph]
        applied = [self._inputs.rules[n][0] for n in rules.rules if group in _groups(self._inputs.rules[n][0])]
        letters = [
            self._inputs.letters[n][0]
            for n in rules.letters
            if n in self._named[number] and group in _groups(self._inputs.letters[n][0])
        ]
        return _status(chip, paragraphs, applied, letters, rules.lacks)


def _timeline(
    inputs: _Inputs, decide: _Decisions, number: int, group: str, known_day: date
) -> list[tuple[date, date | None, Row]]:
    """The statuses of a chip for a group in order of time, as known on a day."""
    days = inputs.valid_days(known_day)
    periods: list[tuple[date, date | None, Row]] = []
    for day, following in zip(days, [*days[1:], None], strict=True):
        status = decide.status(number, group, inputs.in_force(day, known_day))
        if periods and periods[-1][2] == status:
            periods[-1] = (periods[-1][0], following, status)
        else:
            periods.append((day, following, status))
    return periods


def _paragraph(chip: Row, letter: str, asked: Sequence[Row]) -> Finding:
    """Whether a chip is specified by 3A090.a or .b: its conditions, its subparagraphs, none of the notes."""
    own: list[Row] = []
    below: dict[str, list[Row]] = {}
    excluded: dict[tuple[str, str], list[Row]] = {}
    for row in asked:
        if row.get("effect", "includes") == "excludes":
            excluded.setdefault((row["document_number"], row["paragraph"]), []).append(row)
        elif (named := _PARAGRAPH.match(row["paragraph"])) and named[1] == letter:
            (below.setdefault(named[2], []) if named[2] else own).append(row)
    if not own and not below:
        return Finding(False)
    parts = [_clause(chip, own)] if own else []
    if below:
        found = [_clause(chip, rows) for _, rows in sorted(below.items())]
        together = any(
            f"3A090.{letter}.* (all)" in (row.get("clause_path") or "") for rows in below.values() for row in rows
        )
        parts.append(all_of(found) if together else any_of(found))
    return without(all_of(parts), [_clause(chip, rows) for rows in excluded.values()])


def _clause(chip: Row, rows: Sequence[Row]) -> Finding:
    """The conditions of one paragraph, joined as its ``clause_path`` ends: all of them, where it does not say.

    What the reader of the text left to review is not decided by: it is not known, whatever the chip's figures are.
    """
    join = {(row.get("clause_path") or "(all)").rsplit("(", 1)[1] for row in rows}
    found = [condition(chip, row, row) for row in rows]
    if join not in ({"all)"}, {"any)"}) or any(row.get("needs_review") for row in rows):
        need = f"review of {rows[0]['paragraph']} in {rows[0]['document_number']}"
        return Finding(None, all_of(found).reasons, frozenset({need}))
    return any_of(found) if join == {"any)"} else all_of(found)


def _status(
    chip: Row, paragraphs: Mapping[str, Finding], rules: Sequence[Row], letters: Sequence[Row], lacks: Sequence[str]
) -> Row:
    """One status from what the text says of the chip, what it asks for the destination, and the letters."""
    reasons: list[Mapping[str, Any]] = []
    paragraph, status, needs = None, "not_controlled", frozenset[str]()
    exception: Row | None = None
    is_exception_known = True
    applied: list[Row] = []
    review_condition = None
    for letter in "ab":
        found = paragraphs[letter]
        requirement = _of(rules, letter, "license_requirement")
        reasons += found.reasons
        if not requirement or found.truth is False:
            continue
        if found.truth is None:
            status, needs, paragraph = "undetermined", found.needs, None
            break
        paragraph = f"3A090.{letter}"
        applied += requirement
        policy, needs, asked = _policy(chip, _of(rules, letter, "review_policy"))
        reasons += asked
        status = policy["value"] if policy else "license_required"
        applied += [policy] if policy else []
        review_condition = policy.get("condition_text") if policy else None
        exception, is_exception_known, wanted = _exception(chip, _of(rules, letter, "license_exception"))
        needs |= wanted
        applied += [exception] if exception else []
        break
    if lacks:
        status, needs = "undetermined", needs | frozenset(lacks)
    if letters and status in ("not_controlled", "undetermined"):
        status = "license_required_by_letter"
    documents = {(row["document_number"], row.get("citation")) for row in applied}
    not_enforced = [row["not_enforced_from"] for row in applied if row.get("not_enforced_from")]
    return {
        "status": status,
        "eccn_paragraph": paragraph,
        "license_exception": "undetermined" if not is_exception_known else exception["value"] if exception else None,
        "license_exception_condition": exception.get("condition_text") if exception else None,
        "review_condition": review_condition,
        "letters": sorted({f"{row['document_number']} of {row['effective_date']}" for row in letters}),
        "reasons": orjson.dumps(reasons, option=orjson.OPT_SORT_KEYS).decode(),
        "license_rules": sorted(f"{number} ({citation})" if citation else number for number, citation in documents),
        "not_enforced_from": min(not_enforced, default=None),
        "needs": sorted(needs),
    }


def _policy(chip: Row, rules: Sequence[Row]) -> tuple[Row | None, frozenset[str], list[Mapping[str, Any]]]:
    """The review policy for a chip, conditional ones first; ``None`` where the text leaves it open or is not held."""
    reasons: list[Mapping[str, Any]] = []
    general = [rule for rule in rules if not rule.get("conditions")]
    for rule in rules:
        if not rule.get("conditions"):
            continue
        found = all_of([condition(chip, asked, rule) for asked in rule["conditions"]])
        reasons += found.reasons
        if found.truth is None:
            return None, found.needs, reasons
        if found.truth:
            return rule, frozenset(), reasons
    return (general[-1] if general else None), frozenset(), reasons


def _exception(chip: Row, rules: Sequence[Row]) -> tuple[Row | None, bool, frozenset[str]]:
    """The license exception that a chip's paragraph may use, whether that is known, and what would tell."""
    needs: frozenset[str] = frozenset()
    for rule in rules:
        found = all_of([condition(chip, asked, rule) for asked in rule.get("conditions") or []])
        if found.truth:
            return rule, True, frozenset()
        needs |= found.needs
    return None, not needs, needs


def _of(rules: Sequence[Row], letter: str, kind: str) -> list[Row]:
    named = (f"3A090.{letter}", "3A090")
    held = [rule for rule in rules if rule["kind"] == kind and rule["paragraph"] in named]
    return sorted(held, key=lambda rule: (rule["valid_from"], rule["document_number"]))


def _letters(events: Sequence[Event], problems: list[SourceError]) -> list[tuple[Row, Period, Period]]:
    """Letters that require a license, each until it is lifted, on both clocks.

    A lifting that becomes known later leaves the letter without end until then.
    """
    lifted = [dict(event) for event in events if event["kind"] == "letter_lifted"]
    held: list[tuple[Row, Period, Period]] = []
    for event in map(dict, events):
        if event["kind"] != "letter_requires_license":
            continue
        if event["effective_date"] is None or not _groups(event):
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
    if not bears and not (effect == "includes" and _PARAGRAPH.match(row["paragraph"])):
        return False
    if row["valid_from"] is None:
        problems.append(_refused(row, f"{row['paragraph']}: a condition without day of effect is not applied"))
        return False
    return True


def _is_applicable_rule(row: Event, problems: list[SourceError]) -> bool:
    if row["paragraph"] not in ("3A090", "3A090.a", "3A090.b"):
        return False
    unknown = [name for name in row["destinations"] if _GROUP_CODE.match(name.lower()) and name.lower() not in _COVERED]
    if unknown or row["valid_from"] is None:
        lack = f"with destinations not known, {unknown}," if unknown else "without day of effect"
        problems.append(_refused(row, f"{row['paragraph']}, {row['kind']}: a rule {lack} is not applied"))
        return False
    return True


def _groups(row: Event) -> frozenset[str]:
    """Destination groups that a rule or a letter covers; a single country but China and Macau makes none."""
    return _covered(row["destinations"]) - _covered(row.get("except_destinations") or [])


def _covered(names: Iterable[str]) -> frozenset[str]:
    plain = (re.sub(r"\s*\(.*\)", "", name).lower() for name in names)
    return frozenset().union(*(_COVERED.get(name, frozenset()) for name in plain))


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
