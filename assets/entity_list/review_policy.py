"""The license review policy cell of a list entry: how applications are decided, and for which items.

A cell names one policy, or several with the items of each, and may refer to sections of the EAR; where it only refers,
the policy is that of the section. A cell with words that are none of these is not understood, and nothing of it is
kept.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Final, Literal

from assets.entity_list.license_requirement import NEXT_SENTENCE, citation_starts, cited_sections

Policy = Literal[
    "presumption_of_denial", "policy_of_denial", "case_by_case", "presumption_of_approval", "per_section", "mixed"
]


@dataclass(frozen=True)
class PolicyPart:
    """One policy of a cell.

    Attributes:
        policy: the policy; never ``mixed``.
        items: the items it is for, in the words of the cell; ``None`` if the cell names none: then it is for all
            items that no other part of the cell names.
    """

    policy: Policy
    items: str | None = None


@dataclass(frozen=True)
class ReviewPolicy:
    """What a license review policy cell says.

    Attributes:
        kind: the policy, or ``mixed`` if there are different ones for different items.
        parts: the policies in order of print, at least one if the cell was understood.
        sections: sections of the EAR the cell refers to with ``See``, each once, in order; those that describe items
            (``identified in § 740.19``) stay in the words of the items.
        understood: whether the whole cell was read. If not, all other fields are empty.
    """

    kind: Policy | None = None
    parts: tuple[PolicyPart, ...] = ()
    sections: tuple[str, ...] = ()
    understood: bool = False


_POLICY: Final = re.compile(
    r"(?P<relative>\b(?:which|that),? )?(?P<predicate>(?:\b(?:(?:will|shall|to) be|are|is) )?"
    r"(?:\b(?:reviewed|considered|subject) )?)(?:\b(?:on|under|with|to) )?(?:\b(?:a|an|the) )?"
    r"(?:\b(?:general )?(?P<rule>presumption|policy) (?:of|for) (?P<outcome>denial|approval)\b"
    # "casa-by-case", "case-by case" are misprints of the sources.
    r"|\bcas[ea][ ‐‑-]by[ ‐‑-]case(?: basis| review)?\b)",
    re.IGNORECASE,
)
_POLICIES: Final[dict[tuple[str, str], Policy]] = {
    ("presumption", "denial"): "presumption_of_denial",
    ("presumption", "approval"): "presumption_of_approval",
    ("policy", "denial"): "policy_of_denial",
}
_INTRODUCTION: Final = re.compile(
    r"(?:(?:all )?(?:license )?applications?(?: for (?:a )?licenses?)?(?: will be| are)?"
    r"|(?:license )?review policy:?)?",
    re.IGNORECASE,
)
_ITEMS: Final = re.compile(
    r"(?:for|of|on) (?P<items>.+)|(?P<limit>(?:except|apart from|other than|excluding) .+)", re.IGNORECASE
)
_APART_FROM: Final = re.compile(r"\b(?:apart from|except(?: for)?|other than|excluding) ", re.IGNORECASE)
_SUBJECT_BEGINS: Final = re.compile(r"(?:[;.]|, and\b|,(?= (?:all|any) )) ?", re.IGNORECASE)
_JOINTS: Final = frozenset({"", "and", "but", "with", "except", "while"})
_STOPS: Final = " .,;:"
_PUNCTUATION: Final = _STOPS + "()[]"
_POLICY_IN_SECTION: Final = re.compile(
    r"the license (?:application procedure and license )?review policy\b[^§]{0,200}"
    r"\b(?:is|are) (?:specified|described|set forth|identified) in (?=§)",
    re.IGNORECASE,
)
# A citation of the Federal Register may have run into this column from the next one.
_FEDERAL_REGISTER: Final = re.compile(r"(?<![\d.])\d{2,3} FR \d{3,6}(?!\d)(?:, ?\d{1,2}/\d{1,2}/\d{2,4})?\.?")
_OF_ANOTHER_COLUMN: Final = re.compile(r"\bFR \d|\blicense requirements?\b|\d/\d{1,2}/\d\d", re.IGNORECASE)


@cache
def read_policy(words: str | None) -> ReviewPolicy:
    """Read a license review policy cell.

    Never raises. A cell that is empty or that is not wholly read has ``understood`` false and no other values.
    """
    plain = _FEDERAL_REGISTER.sub("", " ".join((words or "").split()))
    rest, sections = _without_citations(plain)
    only_refers = bool(sections) and not rest.strip(_PUNCTUATION)
    parts = [PolicyPart("per_section")] if only_refers else _parts(rest)
    if not parts:
        return ReviewPolicy()
    kinds = {part.policy for part in parts}
    return ReviewPolicy(
        kind=parts[0].policy if len(kinds) == 1 else "mixed",
        parts=tuple(parts),
        sections=tuple(dict.fromkeys(sections)),
        understood=True,
    )


def _without_citations(words: str) -> tuple[str, list[str]]:
    """Take the citations of sections out of a cell."""
    starts = citation_starts(words)
    if words.startswith("§"):
        starts.insert(0, 0)
    elif introduction := _POLICY_IN_SECTION.match(words):
        words, starts = words[introduction.end() :], [0]
    kept: list[str] = []
    sections: list[str] = []
    at = 0
    for start in starts:
        if start >= at:
            end, cited = cited_sections(words, start)
            kept.append(words[at:start])
            sections += cited
            at = end
    return " ".join([*kept, words[at:]]).strip(), sections


def _parts(words: str) -> list[PolicyPart] | None:
    """Read policies with their items; ``None`` if there are words that do not belong to any."""
    found = list(_POLICY.finditer(words))
    if not found or any(match["rule"] and _policy(match) is None for match in found):
        return None
    lead = words[: found[0].start()].strip(_STOPS)
    # Items may stand before their policy ("EAR99 items will be reviewed on a case-by-case basis") or after it.
    before: list[str | None] = [None] * len(found)
    after = [words[match.end() : following.start()] for match, following in pairwise(found)]
    after.append(words[found[-1].end() :])
    if found[0]["predicate"] and not _INTRODUCTION.fullmatch(lead):
        before[0] = lead
    elif found[0]["relative"] or not _INTRODUCTION.fullmatch(lead):
        return None
    for position, match in enumerate(found[1:], start=1):
        previous = after[position - 1]
        if match["relative"]:
            # "for all items … apart from food and medicine, which will be reviewed …"
            excepted = list(_APART_FROM.finditer(previous))
            if not excepted:
                return None
            before[position] = previous[excepted[-1].end() :].strip(_STOPS)
        elif match["predicate"]:
            joints = list(_SUBJECT_BEGINS.finditer(previous))
            if not joints:
                return None
            before[position] = previous[joints[-1].end() :].strip(_STOPS)
            after[position - 1] = previous[: joints[-1].start()]
    parts = []
    for match, subject, following in zip(found, before, after, strict=True):
        policy = _policy(match)
        items = _items(following)
        if policy is None or items is None or (subject is not None and (items or not subject)):
            return None
        parts.append(PolicyPart(policy, subject or items or None))
    return parts


def _policy(match: re.Match[str]) -> Policy | None:
    if match["rule"] is None:
        return "case_by_case"
    return _POLICIES.get((match["rule"].lower(), match["outcome"].lower()))


def _items(words: str) -> str | None:
    """Return the items named behind a policy, ``""`` if there are none, ``None`` if the words are something else."""
    pieces = words.strip(_STOPS).split(" ")
    while pieces and pieces[-1].strip(_PUNCTUATION).lower() in _JOINTS:
        pieces.pop()
    plain = " ".join(pieces).rstrip(_STOPS)
    if not plain:
        return ""
    match = _ITEMS.fullmatch(plain)
    if match is None or _OF_ANOTHER_COLUMN.search(plain) or NEXT_SENTENCE.search(plain):
        return None
    return match["items"] or match["limit"]
