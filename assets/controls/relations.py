"""Which earlier documents a document corrects, suspends, delays, rescinds, brings back or amends, by which sentence.

Only what the document says of itself is a relation; what it tells of the past is not. How it names the others is read
by :mod:`assets.controls.named_documents`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from assets.controls.event_parts import named_parts
from assets.controls.named_documents import CITED, MAY_NAME, Named, named_in, title_key
from assets.controls.statements import Statement
from assets.federal_register.dates import DATE, in_one_form, read_date
from assets.federal_register.full_text import plain_dashes

RelationKind = Literal["corrects", "reimposes", "suspends", "delays", "rescinds", "amends", "tells"]
"""``tells``: it changes nothing of the other's text (it confirms a day, or reopens or extends the comment period)."""

BEARING: Final = frozenset({"corrects", "reimposes", "suspends", "delays", "rescinds"})
"""Kinds by which a document changes what another one did."""

_LIMITED: Final = frozenset({"suspends", "delays", "rescinds", "reimposes"})
_THIS: Final = (
    r"(?:(?:this|the\s+present|these)\s+(?:\w+\s+){0,4}?(?:rules?|IFRs?|documents?|actions?"
    r"|notices?|notifications?|corrections?|amendments?)"
    r"|\bBIS|\bthe\s+Bureau\b[^.;]{0,80}?|\bBureau\s+of\s+Industry\s+and\s+Security\s*(?:\(BIS\))?[^.;]{0,40}?)"
)
_RULES: Final = r"(?:rules?|IFRs?|documents?|notices?)"
_VERBS: Final[tuple[tuple[RelationKind, str], ...]] = (
    ("corrects", r"correct(?:s|ing|ions?)?"),
    ("suspends", r"(?:suspend(?:s|ing)?|suspension|stay(?:s|ing)?)"),
    ("delays", r"(?:delay(?:s|ing)?|postpon(?:es|ing)|postponement)"),
    ("rescinds", r"(?:rescind(?:s|ing)?|withdraw(?:s|ing|al)?|revok(?:es|ing)|rescission"
                 rf"|remov(?:es|ing)\s+(?:the|its|an?)\s+(?:\w+\s+){{0,4}}?{_RULES})"),
    ("amends", r"(?:amend(?:s|ing|ments?)?|revis(?:es|ing|ions?)|modif(?:ies|ying)|clarif(?:ies|ying)"
               r"|refin(?:es|ing)|extend(?:s|ing)?)"),
)  # fmt: skip
_WEIGHT: Final = ("corrects", "reimposes", "suspends", "delays", "rescinds", "tells", "amends")
_IS_DONE: Final = re.compile(
    r"\b(?P<noun>rules?|documents?|IFRs?|(?:effective|compliance)\s+dates?|dates?\s+for\s+compliance|notices?"
    r"|amendments?|provisions?|paragraphs?|instructions?|FR\s+(?:Doc|\d))\b(?:[^.;:]|\.(?=\d)){0,300}?\b(?:is|are|be|been)\s+"
    r"(?:(?:hereby|further|temporarily|partially|again|also)\s+)*"
    r"(?P<verb>corrected|suspended|stayed|delayed|postponed|rescinded|withdrawn|revoked)\b",
    re.IGNORECASE,
)
_DONE: Final[dict[str, RelationKind]] = {
    "corrected": "corrects",
    "suspended": "suspends",
    "stayed": "suspends",
    "delayed": "delays",
    "postponed": "delays",
    "rescinded": "rescinds",
    "withdrawn": "rescinds",
    "revoked": "rescinds",
}
# "which was suspended until", "that had been delayed": told of the other document, not done to it.
_RELATIVE: Final = re.compile(
    r"\b(?:which|that)\s+(?:(?:has|have|had|would|will|was|were)\s+)?(?:is|are|be|been)\s[\w\s]*$", re.IGNORECASE
)
# The end of a suspension, whose own verbs would be read as the rule's: "the suspension … is lifted".
_LIFTED: Final = re.compile(
    r"\b(?:suspension|stay|delay)\b(?:[^.;:]|\.(?=\d)){0,300}?\b(?:is|are)\s+(?:hereby\s+)?"
    r"(?:lifted|terminated|ended|removed|rescinded|withdrawn|revoked|vacated|dissolved|cancell?ed)\b"
    rf"|(?i:{_THIS})\b[^.;]{{0,120}}?\b(?:lift|terminat|end|remov|rescind|withdraw|revok|dissolv|cancel)(?:e?s|l?ing)\s+"
    r"(?:the|its|an?|that)\s+(?:[\w-]+\s+){0,4}?(?:suspension|stay)\b"
    rf"|(?i:{_THIS})\b[^.;]{{0,120}}?\b(?:reinstat|reimpos|re-impos)(?:es|ing)\s+(?:the|its)\s+(?:[\w-]+\s+){{0,4}}?{_RULES}\b"
    rf"|\b{_RULES}\b(?:[^.;:]|\.(?=\d)){{0,200}}?\b(?:is|are)\s+(?:hereby\s+)?(?:reinstated|reimposed|re-imposed)\b",
    re.IGNORECASE,
)
_EXTENDED: Final = re.compile(
    r"\b(?P<what>suspension|stay|delay)\b(?:[^.;:]|\.(?=\d)){0,300}?\b(?:is|are)\s+(?:hereby\s+|further\s+)?(?:extended|continued)\b",
    re.IGNORECASE,
)
_OF_ITS_NAME: Final = re.compile(
    rf"\b(?P<what>suspension|stay|withdrawal|rescission|delay)\s+of\b(?:[^.;:]|\.(?=\d)){{0,200}}?\b{_RULES}\b(?:[^.;:]|\.(?=\d)){{0,200}}?"
    r"\b(?:is|are|becomes?)\s+effective\b",
    re.IGNORECASE,
)
_NAMED_KIND: Final[dict[str, RelationKind]] = {
    "suspension": "suspends",
    "stay": "suspends",
    "withdrawal": "rescinds",
    "rescission": "rescinds",
    "delay": "delays",
}
# A day of effect given to an earlier document, later or sooner.
_NEW_DAY: Final = re.compile(
    rf"\beffective\s+dates?\s+(?:of|for)\s+(?!this\b)[^;]{{0,400}}?(?<!which\s)\b(?:is|are|will\s+be)\s+(?:now\s+)?(?P<day>{DATE})"
    rf"|\bchang(?:es?|ing)\s+the\s+effective\s+dates?\b[^;]{{0,200}}?\bto\s+(?P<other>{DATE})",
    re.IGNORECASE,
)
_OF_COMPLIANCE: Final = re.compile(
    r"\bcompliance\s+(?:dates?|deadlines?|periods?)\b|\bdates?\s+(?:for|of|by\s+which)\b[^.;]{0,40}?\bcompl(?:y|iance)\b",
    re.IGNORECASE,
)
_OF_EFFECT: Final = re.compile(r"\beffective\s+dates?\b", re.IGNORECASE)
_COMPLIANCE_LATER: Final = re.compile(
    r"\bextend(?:s|ed|ing)?\b[^.;]{0,60}?\bcompliance\b|\bcompliance\s+\w+\b[^.;]{0,300}?\b(?:is|are)\s+(?:further\s+)?extended\b",
    re.IGNORECASE,
)
_TELLS: Final = re.compile(
    r"\bcomment\s+period\b[^.;]{0,300}?\b(?:extended|reopened|re-opened)\b"
    r"|\b(?:extend|reopen|re-open)(?:s|ed|ing)?\s+(?:the\s+)?(?:public\s+)?comment\s+period"
    r"|\beffective\s+dates?\b[^;]{0,300}?\bconfirmed\b|\bconfirm(?:s|ing)\s+(?:the|its)\s+effective\s+date",
    re.IGNORECASE,
)
# A verb has small letters: the "Temporary Delay Rule" delays nothing here.
_ACTIVE: Final = {
    kind: re.compile(rf"(?i:{_THIS})\b[^.;]{{0,200}}?(?<!to\s)(?<!not\s)\b{forms}\b") for kind, forms in _VERBS
} | {"to correct": re.compile(rf"(?i:{_THIS})[^.;]{{0,200}}?\bto\s+correct\b")}
_OF_A_DOCUMENT: Final = re.compile(
    r"\bcorrect\w*\b[^.;]{0,120}?\b(?:errors?|mistakes?|incorrect|omission|rules?\b|IFRs?\b"
    r"|documents?\b|notices?\b|added\s+in|made\s+in)",
    re.IGNORECASE,
)
# What happened before: it names documents, and says nothing of this one.
_TOLD: Final = re.compile(
    rf"^\W*On\s+{DATE}|\b(?:BIS|Bureau)\b(?:\s*\(BIS\))?\s+(?:has\s+|had\s+)?(?:previously\s+)?(?:published|issued|released|adopted)\b",
    re.IGNORECASE,
)
_BACK: Final = re.compile(
    r"\b(?:those|these\s+two|the\s+two|both|that|the)\s+(?:\w+\s+){0,2}?(?:rules?|IFRs?|documents?|notices?)\b",
    re.IGNORECASE,
)
# "…, which were delayed on January 29, 2013 (78 FR 6025), is": a document that only tells of those before it.
_TOLD_OF_ANOTHER: Final = re.compile(r",\s*(?:which|that)\s+(?:was|were|had|has|have)\b[^;]*?\)(?=\s*,)", re.IGNORECASE)
_CORRECTIONS_MADE: Final = re.compile(
    r"\bcorrections?\s+(?:is|are)\s+made\b|\bmake\s+the\s+following\s+corrections?\b", re.IGNORECASE
)
_CORRECTED_PAGE: Final = re.compile(
    r"\bFR\s+Doc\b.*\bon\s+pages?\s+\d+.*\b(?:correct(?:ed)?|should\s+read|is\s+revised)\b", re.IGNORECASE
)
_CORRECTION_TITLE: Final = re.compile(r";\s*(?:Technical\s+)?Corrections?\b", re.IGNORECASE)
_CORRECTION_ACTION: Final = re.compile(r"\bcorrect(?:ion|ing|ed)", re.IGNORECASE)
_UNTIL: Final = re.compile(rf"\b(?:until|to|through)\s+(?:and\s+including\s+)?({DATE})", re.IGNORECASE)
_BEGINS: Final = re.compile(rf"\b(?:as\s+of|effective|beginning|starting)\s+(?:on\s+)?({DATE})", re.IGNORECASE)
# Words before the document's name that say it is a part of it.
_PART_OF: Final = re.compile(
    r"\b(?:amendments?|revisions?|changes?|additions?|removals?|provisions?|requirements?|paragraphs?|instructions?)\b"
    r"|\b(?:stay|suspension|delay)\s+(?:of|on)\s+(?=§|\d+\s+CFR\s+\d+\.|sections?\s+\d|ECCN|supplement)",
    re.IGNORECASE,
)
_OF_THE_OTHER: Final = re.compile(
    rf"\b(?:of|in|by|under|published|issued|added|made|revised)\s+(?:the|its|that|at|in|on|{DATE})\b", re.IGNORECASE
)
_BEARS: Final = re.compile(r"\b(?:suspend|stay|delay|postpon|rescind|withdraw|revok|remov|lift)\w*", re.IGNORECASE)
_VAGUE_PART: Final = re.compile(
    r"\b(?:certain|some|several|specific|specified|selected)\s+(?:\w+\s+){0,3}?"
    r"(?:provisions?|requirements?|amendments?|changes?|instructions?|portions?|parts?)\s+"
    r"(?:of|in|made\s+(?:by|in)|contained\s+in|set\s+forth\s+in)\s+(?:the|its|that)\b"
    rf"|\b(?:portions?|parts?)\s+of\s+(?:the|its|that)\s+(?:\w+\s+){{0,3}}?{_RULES}\b"
    r"|\b(?:suspen|stay|delay|postpon|withdr|resci)\w+,?\s+in\s+part\b"
    r"|\bpartial(?:ly)?\s+(?:suspen|stay|delay|postpon|withdr|resci)",
    re.IGNORECASE,
)
# "suspends for one year the end-use control that BIS published on": of a rule, and not the rule.
_ONE_OF_ITS: Final = re.compile(
    r"\b(?:suspen|stay|delay|postpon|resci|withdr)\w*\b(?:(?!\b(?:rules?|IFRs?)\b)[^.;]){0,80}?\b(?:the|its|an?)\s+"
    r"(?:[\w-]+\s+){0,4}?(?:controls?|requirements?|provisions?|polic(?:y|ies)|exceptions?|definitions?|notes?)\s+"
    r"(?:that|which|published|issued|added|imposed|adopted|established|of|in|under)\b",
    re.IGNORECASE,
)
_PARTIAL_ACTION: Final = re.compile(
    r"\bpartial(?:ly)?\s+(?:\w+\s+)?(?:suspen|stay|delay|postpon|withdr|resci)"
    r"|\b(?:suspen|stay|delay|postpon|withdr|resci)\w*(?:\s+\w+){0,3}?,?\s+in\s+part\b",
    re.IGNORECASE,
)
_OF_THIS_DOCUMENT: Final = re.compile(
    r"^\W*(?:\w+\s+){0,4}?(?:this|these|BIS\s+is|BIS\s+hereby)\b|\bfollowing\s+corrections?\b"
    r"|^\W*The\s+effective\s+date\s+of\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class _Said:
    """What a sentence says is done to a document."""

    kind: RelationKind
    until: date | None = None
    begins: date | None = None
    is_of_compliance: bool = False


@dataclass(frozen=True)
class Relation:
    """A document bears on an earlier one: how, on which, by which sentence.

    ``until`` is the end or the new day that the sentence gives, ``begins`` the day from which. ``is_of_compliance``: of
    a delay, that the day of compliance is moved, not that of effect. ``parts`` are the parts of the other document it
    is limited to; ``is_partial`` without parts says that it is limited to some it does not name.
    """

    kind: RelationKind
    named: Named
    statement: Statement
    until: date | None = None
    begins: date | None = None
    is_of_compliance: bool = False
    parts: tuple[str, ...] = ()
    is_partial: bool = False


def is_correction(statements: Sequence[Statement]) -> bool:
    """Whether title or ACTION say that the document corrects an earlier one."""
    return any(
        (one.section == "title" and _CORRECTION_TITLE.search(one.text))
        or (one.section == "action" and _CORRECTION_ACTION.search(one.text))
        for one in statements
    )


def is_only_correction(statements: Sequence[Statement]) -> bool:
    """Whether ACTION says that the document does nothing but correct ("Correcting amendment.", "Correction.")."""
    actions = " ".join(one.text for one in statements if one.section == "action")
    return _CORRECTION_ACTION.search(actions) is not None and "clarif" not in actions.lower()


def relations(statements: Sequence[Statement]) -> list[Relation]:
    """Return what a document says it does to earlier documents; per document named, what weighs most."""
    correction = is_correction(statements)
    in_part = any(_PARTIAL_ACTION.search(one.text) for one in statements if one.section in ("title", "action"))
    names = list(_names(statements))
    found: list[Relation] = []
    for number, statement in enumerate(statements):
        if statement.section in ("title", "action"):
            continue
        said = _said(statement, correction)
        if said is None:
            continue
        parts, is_partial = _limits(said.kind, statement.text)
        is_partial = is_partial or (in_part and said.kind in _LIMITED)
        found += [
            Relation(said.kind, named, statement, said.until, said.begins, said.is_of_compliance, parts, is_partial)
            for named in _objects(said.kind, number, statements, names)
        ]
    best: dict[tuple[object, ...], Relation] = {}
    for relation in sorted(found, key=lambda one: _WEIGHT.index(one.kind)):
        best.setdefault((relation.kind, relation.parts, _identity(relation.named)), relation)
    return list(best.values())


def _limits(kind: RelationKind, sentence: str) -> tuple[tuple[str, ...], bool]:
    """Return the parts of the other document that a sentence is limited to, and whether it is limited at all."""
    if kind not in _LIMITED:
        return (), False
    words = in_one_form(plain_dashes(sentence))
    cited = CITED.search(words)
    before = words[: cited.start()] if cited else words
    part = _PART_OF.search(before)
    if part is not None and (parts := named_parts(before[part.start() :])):
        between = before[part.end() :]
        if _OF_THE_OTHER.search(between) and not _BEARS.search(between):
            return tuple([one for one in parts if one.startswith("instruction ")] or parts), True
    return (), bool(_VAGUE_PART.search(words) or (_ONE_OF_ITS.search(before) and cited))


def _identity(named: Named) -> tuple[str | None, ...]:
    return (
        named.number,
        named.citation,
        title_key(named.title) if named.title else None,
        str(named.day) if not named.title else None,
    )


def _names(statements: Sequence[Statement]) -> Iterator[tuple[int, Named]]:
    """Yield the documents named in sentences, with the sentence's place."""
    for number, statement in enumerate(statements):
        if statement.section not in ("title", "action") and MAY_NAME.search(statement.text):
            for named in named_in(statement.text):
                yield number, named


def _said(statement: Statement, correction: bool) -> _Said | None:
    makes_corrections = correction and _CORRECTED_PAGE.search(statement.text)
    if statement.section == "background" and not (makes_corrections or _OF_THIS_DOCUMENT.search(statement.text)):
        return None
    words = in_one_form(plain_dashes(statement.text))
    if makes_corrections or _CORRECTIONS_MADE.search(words):
        return _Said("corrects")
    until = _UNTIL.search(words)
    begins = _BEGINS.search(words)
    days = (read_date(until[1]) if until else None, read_date(begins[1]) if begins else None)
    is_told = _TOLD.search(words) is not None
    if not is_told and (said := _said_of_others(words, *days)):
        return said
    if is_told and not re.search(
        r"\bthis\s+(?:\w+\s+){0,3}(?:rule|IFR|document|notice|notification|action)\b", words, re.IGNORECASE
    ):
        return None
    return _said_by_this(words, correction, *days)


def _said_of_others(words: str, until: date | None, begins: date | None) -> _Said | None:
    """Read sentences whose subject is the other document: "the rule … is suspended until"."""
    is_of_compliance = _OF_COMPLIANCE.search(words) is not None and not _OF_EFFECT.search(words)
    if _LIFTED.search(words) or _TELLS.search(words):
        return _Said("reimposes", begins=begins) if _LIFTED.search(words) else _Said("tells")
    if _COMPLIANCE_LATER.search(words):
        return _Said("delays", until, begins, is_of_compliance=True)
    if match := _EXTENDED.search(words) or _OF_ITS_NAME.search(words):
        return _Said(_NAMED_KIND[match["what"].lower()], until, begins)
    for match in _IS_DONE.finditer(words):
        if not _RELATIVE.search(words[: match.start("verb")]):
            kind = _DONE[match["verb"].lower()]
            return _Said(kind, until, begins, is_of_compliance and kind == "delays")
    match = _NEW_DAY.search(words)
    return _Said("delays", read_date(match["day"] or match["other"])) if match else None


def _said_by_this(words: str, correction: bool, until: date | None, begins: date | None) -> _Said | None:
    """Read sentences whose subject is the document or its agency: "this rule delays", "BIS suspends"."""
    for kind, _ in _VERBS:
        active = _ACTIVE[kind].search(words) or (kind == "corrects" and _ACTIVE["to correct"].search(words))
        if not active:
            continue
        if kind == "corrects" and not correction:
            is_of_errors = re.search(r"\berrors?\b|\bcorrects?\s+(?:a|the|an)\s+(?:\w+\s+){0,3}rule", words)
            return _Said("corrects" if _OF_A_DOCUMENT.search(words) and is_of_errors else "amends")
        if kind in ("suspends", "delays"):
            is_of_compliance = kind == "delays" and _OF_COMPLIANCE.search(words) and not _OF_EFFECT.search(words)
            return _Said(kind, until, begins, bool(is_of_compliance))
        return _Said(kind, begins=begins if kind == "rescinds" else None)
    return None


def _objects(
    kind: RelationKind, number: int, statements: Sequence[Statement], names: Sequence[tuple[int, Named]]
) -> list[Named]:
    """Return the documents a sentence is about: named in it, by a short name, or by "those rules" just before."""
    words = statements[number].text
    section = statements[number].section
    told = _TOLD_OF_ANOTHER.sub(" ", in_one_form(plain_dashes(words)))
    own = [named for at, named in names if at == number and (named.citation is None or named.citation in told)]
    if section == "background" and kind == "amends":  # a citation alone may be a reference
        own = [named for named in own if named.title is not None]
    short = [
        named
        for at, named in names
        if at != number and named.short_name and re.search(rf"\b{re.escape(named.short_name)}\b", words)
    ]
    if own or short:
        return [*own, *short]
    if _BACK.search(words):
        before = [at for at, _ in names if at < number and statements[at].section == section and number - at <= 3]
        if before:
            return [named for at, named in names if at == max(before)]
    return []
