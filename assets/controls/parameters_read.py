"""Numeric thresholds read from the sentences of regulatory text.

The vocabulary is closed: a parameter that is not in it, a number no form explains, or a joining of conditions that has
two readings is reported, not guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from typing import Final

from assets.controls.parameters_text import Paragraph, Provision, plain

TPP: Final = "total processing performance"
DENSITY: Final = "performance density"
TRANSFER_RATE: Final = "aggregate bidirectional transfer rate"
MEMORY_BANDWIDTH_DENSITY: Final = "memory bandwidth density"
DRAM_BANDWIDTH: Final = "total DRAM bandwidth"
DATACENTER: Final = "designed or marketed for use in datacenters"
MEETS: Final = "limits of"

_BITS: Final = "TOPS × bits"
_GB: Final = "GB/s"
UNITS: Final = {
    TPP: _BITS,
    DENSITY: "TOPS × bits/mm²",
    TRANSFER_RATE: _GB,
    MEMORY_BANDWIDTH_DENSITY: "GB/s/mm²",
    DRAM_BANDWIDTH: _GB,
    "double-precision performance": "PFLOPS",
    "single-precision performance": "PFLOPS",
    "volume": "ft³",
    "technology node": "nm",
    "DRAM half-pitch": "nm",
    "NAND memory layers": "layers",
    "memory cell area": "µm²",
    "memory density": "Gbit/mm²",
    "through-silicon vias per die": "vias",
    "training operations": "operations",
    DATACENTER: "",
    "non-planar transistor architecture": "",
}
"""Every parameter with its one unit; the text's own spellings of units are brought to it."""

# What a parameter is called. The 2022 text measured the same product as TPP without a name for it.
_NAMES: Final = (
    (TPP, r"['\"]?total processing performance['\"]?(?:\s*\(['\"]?TPP['\"]?\))?|['\"]TPP['\"]|\bTPP\b"),
    (TPP, r"bit length(?: per operation)? multiplied by processing performance measured in TOPS"
          r"|processing performance measured in TOPS multiplied by 8"),
    (TPP, r"calculations according to 3A090\.a\.1, 3A090\.a\.2, and 3A090\.a\.3"),
    (DENSITY, r"['\"]?performance density['\"]?"),
    (TRANSFER_RATE, r"aggregate bidirectional transfer rate|bidirectional transfer rate"),
    (MEMORY_BANDWIDTH_DENSITY, r"['\"]?memory bandwidth density['\"]?"),
    (DRAM_BANDWIDTH, r"['\"]?total DRAM bandwidth['\"]?"),
    ("memory cell area", r"memory cell area"),
    ("memory density", r"memory density"),
    ("technology node", r"\"production\" '?technology node'?|'?technology node'?"),
)  # fmt: skip
_NAME: Final = re.compile("|".join(f"(?P<n{i}>{form})" for i, (_, form) in enumerate(_NAMES)), re.IGNORECASE)

_NUMBER: Final = r"(?<![\w.,/])(?P<number>10\^\d{1,3}|\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\d]|,\d|\.\d)"
_UNIT_FORMS: Final = (
    ("GB/s/mm²", Decimal(1), r"(?:GB/s(?:ec)?|Gbytes?/s)\s*(?:/|per)\s*(?:mm(?:\^?2)|square millimet(?:er"
                             r"|re)s?)|gigabytes per second per square millimet(?:er|re)"),
    ("GB/s", Decimal(1), r"GB/s(?:ec)?|Gbytes?/s(?:ec)?|gigabytes? per second|gigabytes?/s"),
    ("GB/s", Decimal(1000), r"TB/s(?:ec)?|Tbytes?/s(?:ec)?|terabytes? per second"),
    ("Gbit/mm²", Decimal(1), r"(?:gigabits?|Gb) per square millimet(?:er|re)|Gb(?:it)?/mm\^?2"),
    ("µm²", Decimal(1), r"(?:µm|μm)\^?2|square micromet(?:er|re)s?"),
    ("nm half-pitch", Decimal(1), r"(?:nanomet(?:er|re)s?|nm) half-pitch"),
    ("nm", Decimal(1), r"nanomet(?:er|re)s?|nm\b"),
    ("DP PFLOPS", Decimal(1), r"double-precision(?: \(64-bit\))? (?:petaflops|PFLOPS)"),
    ("SP PFLOPS", Decimal(1), r"single-precision(?: \(32-bit\))? (?:petaflops|PFLOPS)"),
    ("ft³", Decimal(1), r"(?:ft\.?|feet)\s*\^?3|cubic feet"),
    ("layers", Decimal(1), r"layers"),
    ("vias", Decimal(1), r"through-silicon vias(?: \(TSVs?\))? per die"),
    ("operations", Decimal(1), r"(?:computational )?operations"),
    (_BITS, Decimal(1), r"bits x TOPS|TOPS x bits"),
)  # fmt: skip
_UNIT: Final = r"(?:\s*(?P<unit>" + "|".join(f"(?:{form})" for _, _, form in _UNIT_FORMS) + r"))?"
_BY_UNIT: Final = {
    "DP PFLOPS": ("double-precision performance", "PFLOPS"),
    "SP PFLOPS": ("single-precision performance", "PFLOPS"),
    "ft³": ("volume", "ft³"),
    "layers": ("NAND memory layers", "layers"),
    "vias": ("through-silicon vias per die", "vias"),
    "nm half-pitch": ("DRAM half-pitch", "nm"),
    "operations": ("training operations", "operations"),
}
"""Parameters that the text names by their unit, after the number."""

_AT_LEAST: Final = r"or (?:more|greater|higher|above|larger)"
_AT_MOST: Final = r"or (?:less|fewer|lower|below|smaller)"
_BEFORE: Final = (
    (">=", r"greater than or equal to|equal to or (?:greater|more) than|equal to or exceeding"
           r"|equals or exceeds|at least|no(?:t)? less than|not below"),
    ("<=", r"less than or equal to|equal to or less than|at most|not (?:more|greater) than|no more than"
           r"|not exceeding|does not exceed"),
    (">", r"greater than|more than|exceeding|exceeds?|above|over(?= \d)|in excess of"),
    ("<", r"less than|fewer than|below|under(?= \d)|smaller than"),
)  # fmt: skip
_UNITS_AFTER: Final = "|".join(f"(?:{form})" for name, _, form in _UNIT_FORMS if name in _BY_UNIT)
_FORM: Final = re.compile(
    r"(?:\b(?P<before>" + "|".join(f"(?:{form})" for _, form in _BEFORE) + r")\s+(?:of\s+)?)?"
    rf"(?:16/14 (?P<node>nanomet(?:er|re)s|nm)|{_NUMBER}{_UNIT})"
    rf"(?:\s*\(?(?P<after>{_AT_LEAST}|{_AT_MOST})\)?)?(?P<tail_unit>\s+(?:{_UNITS_AFTER}))?",
    re.IGNORECASE,
)
# Between the name of a parameter and its number only such words stand.
_BETWEEN: Final = re.compile(
    r"^[\s,']*(?:(?:of|is|are|that is|which is|be|being|at|a|an|has|having|values?"
    r"|over all inputs and outputs|aggregated over all"
    r"(?: (?:digital )?(?:processor|computational|processing|'?primitive computational))? units?|sums? to"
    r"|or|equal|with|in|"
    r"\(as defined in[^)]*\)|\('?[A-Z]+'?\))[\s,']*)*$",
    re.IGNORECASE,
)
_REFERENCE: Final = re.compile(
    r"\b\d[A-E]\d{3}(?:\.[a-z0-9]+)*\b|§§?\s*\d+\.\d+[\w()*]*|\b(?:supplement|supp\.)\s+no\.?\s*\d+"
    r"|\bparts?\s+\d+|\b[A-E]:\d\b"
    r"|\b(?:Notes?|Technical Notes?|paragraphs?|General Order No\.|Categor(?:y|ies)|Column"
    r"|Footnote)\s+[\d.]+(?:(?:,| and| or) [\d.]+)*"
    r"|\((?:\*?\d{1,2}\*?|64-bit|32-bit)\)|\b\d+(?:-|\s)bit\b|\b(?:January|February|March|April|May|June"
    r"|July|August|September|October|"
    r"November|December)\s+\d{1,2},\s+\d{4}|\ba\.\d\b|\b[a-z](?:\.\d+)+\b|\b[a-z]\.\d+(?:\.[a-z])?"
    r"|multiplied by 8|\b15 CFR\b|\bone of\b"
    r"|\b(?:in|from|to|through|of|before|after|by|until|and) (?:19|20)\d\d\b|\bD = A [x×] B \+ C\b|\bno\. \d+",
    re.IGNORECASE,
)
_EXCLUDES: Final = re.compile(
    r"^(?:(?P<what>.{0,120}?)\s)?(?:do(?:es)? not (?:apply to|control|include)|(?:is"
    r"|are) outside(?: of)?)\s(?P<items>.+)$",
    re.IGNORECASE,
)
_NOT_DATACENTER: Final = re.compile(
    r"\b(?:not|neither|nor) (?:been )?(?:designed|marketed)(?: (?:or|and"
    r"|nor) marketed)? for(?: use in)?(?: a)? data ?centers?\b",
    re.IGNORECASE,
)
_IS_DATACENTER: Final = re.compile(
    r"(?<!not )(?<!neither )\bdesigned or marketed for(?: use in)?(?: a)? data ?centers?\b", re.IGNORECASE
)
_ENTRY_NAMED: Final = re.compile(r"^(?:ECCNs?\s+)?\d[A-E]\d{3}")
_NEGATION: Final = re.compile(
    r"\b(?:do(?:es)? not have|without|not having|below|has no|have no)\s+(?:a|an|any)?\s*$", re.IGNORECASE
)
_MEETS: Final = re.compile(
    r"\b(?:meets? or exceeds?|meeting or exceeding|exceed(?:s|ing)?)\s+the\s+(?:\w+\s+){0,2}(?:limits?"
    r"|parameters|thresholds?|limit)\s+(?:in|of|under)\s+(?:ECCNs?\s+)?(?P<of>\d[A-E]\d{3}(?:\.[a-z])?)"
    r"(?:,? or (?:ECCN )?(?P<other>\d[A-E]\d{3}(?:\.[a-z])?))?",
    re.IGNORECASE,
)
_NON_PLANAR: Final = re.compile(r"\busing a non-planar transistor architecture\b", re.IGNORECASE)
_NO_JOIN: Final = re.compile(
    r"\bto or from\b|\bor (?:more|less|greater|fewer|smaller|any)\b|\bwhether or not\b|, or can be [^,]*,"
    r"|,? and any of the following",
    re.IGNORECASE,
)
_INVERSE: Final = {">=": "<", ">": "<=", "<": ">=", "<=": ">"}
_ANY: Final = re.compile(
    r"\b(?:(?:either|any|one or more|one) of the following|having any|as follows)\b[^.;]*:?\s*$", re.IGNORECASE
)
_ALL: Final = re.compile(r"\b(?:all|both|each) of the following\b[^.;]*:?\s*$", re.IGNORECASE)
_SENTENCE: Final = re.compile(r"(?<=[a-z0-9)\"'][.;])\s+(?=[\"'(]?[A-Z])(?!\(see)")


@dataclass(frozen=True)
class Condition:
    """One threshold: parameter, comparison, value, unit, and where it stands.

    ``effect``: ``includes`` (the text reaches what meets it), ``excludes`` (a note takes out what meets it),
    ``exception`` (a license exception is open to it), ``review_policy`` (an application is judged by it), ``defines``.
    """

    paragraph: str
    clause_path: str
    effect: str
    parameter: str
    comparison: str
    value: Decimal
    unit: str
    sentence: str
    location: str
    text_sha256: str
    doubt: str = ""


@dataclass(frozen=True)
class Unread:
    """A number in a paragraph that no form explains, or a sentence with two readings."""

    paragraph: str
    sentence: str
    location: str
    reason: str
    text_sha256: str


@dataclass(frozen=True)
class _Found:
    named_at: int
    at: int
    end: int
    parameter: str
    comparison: str
    value: Decimal
    unit: str


def read(provision: Provision) -> tuple[list[Condition], list[Unread]]:
    """Read every threshold of a provision.

    Notes are read for what they take out ("do not apply to"); definitions and examples in notes are no thresholds.
    """
    conditions: list[Condition] = []
    unread: list[Unread] = []
    joins = _joins(provision)
    for paragraph in provision.paragraphs:
        name = _name(provision, paragraph)
        if not provision.is_section and not paragraph.label and not paragraph.note:
            # Heading, license requirements, related controls; the CCL's text may have lost the name of a note.
            if _EXCLUDES.match(plain(paragraph.words)) and _ENTRY_NAMED.match(plain(paragraph.words)):
                _read_note(replace(paragraph, note="Note"), f"{provision.subject} Note", conditions, unread)
            continue
        if paragraph.note:
            _read_note(paragraph, name, conditions, unread)
            continue
        for sentence in sentences(paragraph.words):
            found, reasons = _thresholds(sentence)
            if provision.is_section:
                found, reasons = _without_excepted(sentence, found, reasons, _effect(provision, sentence))
            path, doubt = _path(provision, paragraph, sentence, found, joins)
            if doubt:
                reasons = [*reasons, doubt]
            if reasons:
                unread.append(_unread(paragraph, name, sentence, "; ".join(reasons)))
            for one in found:
                effect = _effect(provision, sentence)
                conditions.append(
                    _condition(one, paragraph, name, path=path, effect=effect, sentence=sentence, doubt=doubt)
                )
    return list(dict.fromkeys(conditions)), unread


def sentences(words: str) -> list[str]:
    """The sentences of a paragraph, in order."""
    return [sentence for sentence in _SENTENCE.split(" ".join(words.split())) if sentence]


def exclusion(sentence: str) -> tuple[list[_Found], str] | None:
    """What a note takes out, and from what: ``3A090 does not apply to items that …``; ``None`` if it takes "
    "nothing out."""
    said = plain(sentence)
    match = _EXCLUDES.match(said)
    if match is None:
        return None
    items = match["items"]
    found, reasons = _thresholds(items)
    if reasons:
        return None
    negated = [
        replace(one, comparison=_INVERSE[one.comparison])
        if _NEGATION.search(items[: one.named_at]) and one.parameter != DATACENTER
        else one
        for one in found
    ]
    return negated, match["what"] or ""


def _read_note(paragraph: Paragraph, name: str, conditions: list[Condition], unread: list[Unread]) -> None:
    if paragraph.note.lower().startswith("technical"):
        if paragraph.doubt and names_a_threshold(paragraph.words):
            unread.append(_unread(paragraph, name, paragraph.words, paragraph.doubt))
        return
    for sentence in sentences(paragraph.words):
        taken_out = exclusion(sentence)
        if taken_out is None:
            if paragraph.doubt and names_a_threshold(sentence):
                unread.append(_unread(paragraph, name, sentence, paragraph.doubt))
            elif _EXCLUDES.match(plain(sentence)) and _NAME.search(plain(sentence)):
                unread.append(_unread(paragraph, name, sentence, "an exclusion that is not read safely"))
            continue
        found, _ = taken_out
        for one in found:
            conditions.append(
                _condition(one, paragraph, name, path=f"{name} (all)", effect="excludes", sentence=sentence)
            )


def _without_excepted(
    sentence: str, found: list[_Found], reasons: list[str], effect: str
) -> tuple[list[_Found], list[str]]:
    """Leave out what stands after "except": it says what a license exception, or a yes or no, does not cover."""
    cut = re.search(r"\b(?:except|unless)\b", plain(sentence))
    if cut is None:
        return found, reasons
    left = [one for one in found if one.named_at < cut.start() or (one.unit and effect != "exception")]
    if len(left) < len(found):
        reasons = [*reasons, "conditions after «except» or «unless»"]
    return left, reasons


def names_a_threshold(words: str) -> bool:
    """Whether a text names a parameter with a number to compare."""
    return any(one.unit for one in _thresholds(words)[0])


def _condition(
    one: _Found, paragraph: Paragraph, name: str, *, path: str, effect: str, sentence: str, doubt: str = ""
) -> Condition:
    return Condition(
        paragraph=name,
        clause_path=path,
        effect=effect,
        parameter=one.parameter,
        comparison=one.comparison,
        value=one.value,
        unit=one.unit,
        sentence=sentence,
        location=paragraph.location,
        text_sha256=paragraph.sha256,
        doubt=doubt,
    )


def _unread(paragraph: Paragraph, name: str, sentence: str, reason: str) -> Unread:
    return Unread(name, sentence, paragraph.location, reason, paragraph.sha256)


def _name(provision: Provision, paragraph: Paragraph) -> str:
    if provision.is_section:
        return f"{provision.subject}{paragraph.label}" + (f" {paragraph.note}" if paragraph.note else "")
    if paragraph.note:
        note = plain(paragraph.note)
        return f"{provision.subject} {note}"
    return f"{provision.subject}.{paragraph.label}"


def _effect(provision: Provision, sentence: str) -> str:
    if not provision.is_section:
        return "includes"
    part = provision.subject[2:5]
    if part == "740":
        return "exception"
    if re.search(r"\breview|presumption|case[- ]by[- ]case", sentence, re.IGNORECASE) or part == "748":
        return "review_policy"
    return "defines" if part == "772" else "includes"


def _thresholds(sentence: str) -> tuple[list[_Found], list[str]]:
    """The thresholds of a sentence in order, and why something in it was not read."""
    said = plain(sentence)
    names = [(m.start(), m.end(), _NAMES[int(str(m.lastgroup)[1:])][0]) for m in _NAME.finditer(said)]
    refers = [(m.start(), m.end()) for m in _REFERENCE.finditer(said)]
    found: list[_Found] = []
    reasons: list[str] = []
    last: _Found | None = None
    for match in _FORM.finditer(said):
        at = match.start("number") if match["number"] else match.start()
        if any(start <= at < end for start, end in refers):
            continue
        comparison = _comparison(match)
        unit, factor = _unit(match["unit"] or match["tail_unit"] or ("nm" if match["node"] else ""))
        named = next(((n, e, s) for s, e, n in reversed(names) if e <= match.start() + 1), None)
        between = said[named[1] : match.start()] if named else ""
        joined = last is not None and re.fullmatch(r"\s*(?:,?\s*(?:and|but))\s*", said[last.end : match.start()])
        named_at = match.start()
        if unit in _BY_UNIT:
            parameter, unit = _BY_UNIT[unit]
        elif joined and last is not None:
            parameter, unit = last.parameter, unit or UNITS[last.parameter]
        elif named and _BETWEEN.match(between):
            parameter, named_at = named[0], named[2]
            unit = unit or (UNITS[parameter] if parameter in (TPP, DENSITY) else "")
        elif named and len(between) < 200:
            reasons.append(
                f"the number {match[0].strip()} follows {named[0]}, with words between that are not understood"
            )
            continue
        else:
            if names or unit:
                reasons.append(f"a number without a parameter: {match[0].strip()}")
            continue
        if comparison is None or UNITS[parameter] != unit:
            lack = "no comparison" if comparison is None else f"the unit {unit or 'is missing'}, not {UNITS[parameter]}"
            reasons.append(f"{parameter} {match[0].strip()}: {lack}")
            continue
        value = Decimal(16) if match["node"] else _value(match["number"]) * factor
        last = _Found(named_at, match.start(), match.end(), parameter, comparison, value, unit)
        found.append(last)
    for pattern, parameter, yes in (
        (_NOT_DATACENTER, DATACENTER, 0),
        (_IS_DATACENTER, DATACENTER, 1),
        (_NON_PLANAR, "non-planar transistor architecture", 1),
    ):
        found += [
            _Found(m.start(), m.start(), m.end(), parameter, "=", Decimal(yes), "") for m in pattern.finditer(said)
        ]
    found += [
        _Found(m.start(group), m.start(group), m.end(group), f"{MEETS} {m[group]}", "=", Decimal(1), "")
        for m in _MEETS.finditer(said)
        for group in ("of", "other")
        if m[group]
    ]
    return sorted(found, key=lambda one: one.at), reasons


def _value(number: str) -> Decimal:
    return Decimal(10) ** int(number[3:]) if number.startswith("10^") else Decimal(number.replace(",", ""))


def _unit(words: str) -> tuple[str, Decimal]:
    for name, factor, form in _UNIT_FORMS:
        if words and re.fullmatch(form, words.strip(), re.IGNORECASE):
            return name, factor
    return "", Decimal(1)


def _comparison(match: re.Match[str]) -> str | None:
    before = next(
        (sign for sign, form in _BEFORE if match["before"] and re.fullmatch(form, match["before"], re.IGNORECASE)), None
    )
    after = match["after"]
    if after is None:
        return before
    if before is not None:
        return None  # "less than 5 or more" is no comparison
    return ">=" if re.fullmatch(_AT_LEAST, after, re.IGNORECASE) else "<="


def _joins(provision: Provision) -> dict[str, str]:
    """How the paragraphs below each paragraph are joined, where its words say so: ``any`` or ``all``."""
    joins: dict[str, str] = {}
    for paragraph in provision.paragraphs:
        words = plain(paragraph.words)
        if paragraph.note:
            continue
        if _ALL.search(words):
            joins[paragraph.label] = "all"
        elif _ANY.search(words):
            joins[paragraph.label] = "any"
    return joins


def _path(
    provision: Provision, paragraph: Paragraph, sentence: str, found: Sequence[_Found], joins: dict[str, str]
) -> tuple[str, str]:
    """The clause a condition stands in, outermost first, and a doubt where its sentence joins conditions "
    "in two ways."""
    steps = []
    for above in _above(provision, paragraph.label):
        own = any(
            _thresholds(s)[0]
            for p in provision.paragraphs
            if p.label == above and not p.note
            for s in sentences(p.words)
        )
        if above in joins and own:
            # The paragraph's own conditions hold together with one (or all) of those below it.
            steps.append(f"{_full(provision, above)} (all)")
        if above in joins:
            steps.append(f"{_full(provision, above)}.* ({joins[above]})")
    join, doubt = _join(sentence, found)
    return " > ".join([*steps, f"{_full(provision, paragraph.label)} ({join})"]), doubt


def _join(sentence: str, found: Sequence[_Found]) -> tuple[str, str]:
    said = plain(sentence)
    links = []
    for one, following in pairwise(found):
        between = _NO_JOIN.sub(" ", said[one.end : following.named_at])
        if re.search(r"\bor\b", between):
            links.append("any")
        elif re.search(r"\b(?:and|but)\b", between) or one.parameter == following.parameter:
            links.append("all")
        elif re.search(r"\bwithin an?\b", between):
            links.append("within")
        else:
            links.append("all")
    if "any" not in links:
        return "all", ""
    if "all" in links:
        return "all", "conditions are joined by both «and» and «or»: which holds with which is not read"
    if links[-1] == "within":
        return "any, within the last", ""
    return "any", ""


def _full(provision: Provision, label: str) -> str:
    return f"{provision.subject}{label}" if provision.is_section else f"{provision.subject}.{label}"


def _above(provision: Provision, label: str) -> Iterator[str]:
    if provision.is_section:
        markers = re.findall(r"\([^()]*\)", label)
        yield from ("".join(markers[:end]) for end in range(1, len(markers)))
    else:
        parts = label.split(".")
        yield from (".".join(parts[:end]) for end in range(1, len(parts)))
