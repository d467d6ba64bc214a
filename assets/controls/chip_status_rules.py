"""What the text of 3A090, the license rules and letters in force on one day ask of a chip, for a group of destinations.

A status is decided from four things: whether the text specifies the chip, whether the destination needs a license for
that paragraph, how an application would be reviewed, and which license exception is open. Citations: 15 CFR
742.6(a)(6)(iii) and (b)(10) for requirement and review, 744.23(a)(3) and (d) for entities headquartered in Macau or
Country Group D:5 elsewhere, 740.8 for License Exceptions NAC and ACA, 744.23(b) and its like for letters ("informs").
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import orjson

from assets.controls.chip_status_logic import Finding, all_of, any_of, condition, without
from resources.documents import Row

CHINA, MACAU, D5, D1_D4, OTHER = "China (incl. Hong Kong)", "Macau", "D:5 other", "D:1/D:4", "other"
GROUPS = (CHINA, MACAU, D5, D1_D4, OTHER)
"""Destinations that the rules have treated alike: ``D:5 other`` is Country Group D:5 without China, ``D:1/D:4`` those
of D:1 or D:4 that are in neither D:5, A:5 nor A:6, ``other`` the rest. Macau is not in D:5."""

AWAY = (D1_D4, OTHER)
"""Groups where an entity headquartered in Macau or Country Group D:5 may be without being a destination there."""

COVERED: Mapping[str, frozenset[str]] = {
    "china": frozenset({CHINA}),
    "hong kong": frozenset(),
    "macau": frozenset({MACAU}),
    "d:5": frozenset({CHINA, D5}),
    "d:1": frozenset({CHINA, MACAU, D1_D4}),
    "d:4": frozenset({CHINA, MACAU, D1_D4}),
    "worldwide": frozenset(GROUPS),
}
"""Groups that a destination or a Country Group takes in."""

PARAGRAPH = re.compile(r"^3A090\.?([ab])(?:\.(\d+))?$")

Event = Mapping[str, Any]


@dataclass
class _Asked:
    """What is asked for a chip at a destination: status, paragraph, and the rules behind them."""

    status: str = "not_controlled"
    paragraph: str | None = None
    needs: frozenset[str] = frozenset()
    requirement: list[Row] = field(default_factory=list)
    policy: Row | None = None
    reasons: list[Mapping[str, Any]] = field(default_factory=list)

    @property
    def rules(self) -> list[Row]:
        return [*self.requirement, *([self.policy] if self.policy else [])]


def paragraph_finding(chip: Row, letter: str, asked: Sequence[Row]) -> Finding:
    """Whether a chip is specified by 3A090.a or .b: its conditions, its subparagraphs, none of the notes."""
    own: list[Row] = []
    below: dict[str, list[Row]] = {}
    excluded: dict[tuple[str, str], list[Row]] = {}
    for row in asked:
        if row.get("effect", "includes") == "excludes":
            excluded.setdefault((row["document_number"], row["paragraph"]), []).append(row)
        elif (named := PARAGRAPH.match(row["paragraph"])) and named[1] == letter:
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


def status_under(
    chip: Row,
    group: str,
    paragraphs: Mapping[str, Finding],
    rules: Sequence[Row],
    letters: Sequence[Row],
    *,
    lacks: Sequence[str],
    unread: Sequence[Row],
) -> Row:
    """One status from what the text says of the chip, what the rules ask for the destination, and the letters.

    Args:
        chip: a row of ``chip_specs``.
        group: one of :data:`GROUPS`.
        paragraphs: what the text says of the chip, by letter (:func:`paragraph_finding`).
        rules: license rules in force that cover the group, by destination or by headquarters.
        letters: letters in force that name the chip and cover the group.
        lacks: what no document held says though the law does.
        unread: documents in force that may bear on it and whose text is not held.
    """
    there = [rule for rule in rules if not rule.get("headquartered_in")]
    asked = _asked(chip, paragraphs, there, there)
    exception, is_exception_known, wanted = None, True, frozenset[str]()
    if asked.requirement:
        letter = (asked.paragraph or "").removeprefix("3A090.")
        exception, is_exception_known, wanted = _exception(chip, _of(there, letter, "license_exception"))
    found, needs = asked.status, asked.needs | wanted
    if lacks:
        found, needs = "undetermined", needs | frozenset(lacks)
    if letters and found in ("not_controlled", "undetermined"):
        found = "license_required_by_letter"
    headquarters = _headquarters(chip, group, paragraphs, rules)
    applied = [*asked.rules, *([exception] if exception else []), *(headquarters.rules if headquarters else [])]
    doubts = {f"{rule['document_number']}: {rule['review_reason']}" for rule in applied if rule.get("needs_review")}
    doubts |= {f"{row['document_number']}: its text is not held" for row in unread}
    return {
        "status": found,
        "eccn_paragraph": asked.paragraph,
        "license_exception": "undetermined" if not is_exception_known else exception["value"] if exception else None,
        "license_exception_condition": exception.get("condition_text") if exception else None,
        "review_condition": _review_condition(asked.policy),
        "headquarters_status": headquarters and ("undetermined" if lacks else headquarters.status),
        "letters": sorted({f"{row['document_number']} of {row['effective_date']}" for row in letters}),
        "reasons": orjson.dumps(asked.reasons, option=orjson.OPT_SORT_KEYS).decode(),
        "license_rules": sorted({_cited(rule) for rule in applied}),
        "compliance_date": _earliest(asked.requirement, "compliance_date"),
        "not_enforced_from": _earliest(asked.requirement, "not_enforced_from"),
        "needs": sorted(needs),
        "needs_review": bool(doubts),
        "review_reasons": sorted(doubts),
    }


def groups_of(row: Event) -> frozenset[str]:
    """Groups that a rule or a letter covers; a single country but China and Macau makes none.

    A rule on headquarters without destinations is about entities anywhere.
    """
    covered = _covered(row["destinations"]) - _covered(row.get("except_destinations") or [])
    if row.get("headquartered_in"):
        return (covered if row["destinations"] else frozenset(GROUPS)) & frozenset(AWAY)
    return covered


def _covered(names: Iterable[str]) -> frozenset[str]:
    plain = (re.sub(r"\s*\(.*\)", "", name).lower() for name in names)
    return frozenset().union(*(COVERED.get(name, frozenset()) for name in plain))


def _asked(
    chip: Row, paragraphs: Mapping[str, Finding], requirements: Sequence[Row], policies: Sequence[Row]
) -> _Asked:
    """What is asked for the first paragraph that specifies the chip and needs a license."""
    asked = _Asked()
    for letter in "ab":
        found = paragraphs[letter]
        requirement = _of(requirements, letter, "license_requirement")
        asked.reasons += found.reasons
        if not requirement or found.truth is False:
            continue
        if found.truth is None:
            asked.status, asked.needs = "undetermined", found.needs
            break
        asked.paragraph, asked.requirement = f"3A090.{letter}", requirement
        asked.policy, asked.needs, reasons = _policy(chip, _of(policies, letter, "review_policy"))
        asked.reasons += reasons
        asked.status = asked.policy["value"] if asked.policy else "license_required"
        break
    return asked


def _headquarters(chip: Row, group: str, paragraphs: Mapping[str, Finding], rules: Sequence[Row]) -> _Asked | None:
    """What is asked for entities headquartered in Macau or D:5; ``None`` where no rule of theirs reaches the chip."""
    about = [rule for rule in rules if rule.get("headquartered_in")]
    if group not in AWAY or not about:
        return None
    asked = _asked(chip, paragraphs, rules, about)
    return None if asked.status == "not_controlled" else asked


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


def _review_condition(policy: Row | None) -> str | None:
    if policy is None or not policy.get("condition_text"):
        return None
    off = policy.get("not_enforced_from")
    return f"{policy['condition_text']} (not enforced from {off})" if off else str(policy["condition_text"])


def _cited(rule: Row) -> str:
    number, citation = rule["document_number"], rule.get("citation")
    return f"{number} ({citation})" if citation else str(number)


def _earliest(rules: Sequence[Row], column: str) -> date | None:
    """The first day of a column, where every rule has one: a rule without it asks on."""
    days = [rule.get(column) for rule in rules]
    return min((day for day in days if day is not None), default=None) if None not in days else None
