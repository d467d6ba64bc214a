"""Amendatory instructions: the sentences of a rule that change the Code of Federal Regulations.

Their grammar is that of the Office of the Federal Register's Document Drafting Handbook, chapter "Amendatory language":
numbered instructions name a unit of the CFR and what is done to it, and may open a list of lettered ones that inherit
the unit. This module reads the sentence; :mod:`assets.federal_register.amendments` makes the table's rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from lxml import etree

from assets.federal_register.corrections import CorrectedDocument, Correction, read_corrections
from assets.federal_register.dates import Effect, own_effective_date
from assets.federal_register.full_text import lower_case, place, text

VERBS: Final = (
    ("set_out", r"reads?\s+as\s+follows(?=\W*$)(?<!to read as follows)(?<!continues to read as follows)"),
    ("continue", r"continues?\s+to\s+read"),
    ("reserve", r"reserv(?:e|es|ed|ing)"),
    ("redesignate", r"(?:re)?designat(?:e|es|ed|ing)|renumber(?:s|ed|ing)?"),
    ("republish", r"republish(?:es|ed|ing)?"),
    ("move", r"mov(?:e|es|ed|ing)|transferr(?:ed|ing)"),
    ("add", r"add(?:s|ed|ing)?|insert(?:s|ed|ing)?|restor(?:e|es|ed|ing)|reinstat(?:e|es|ed|ing)"),
    ("remove", r"remov(?:e|es|ed|ing)|delet(?:e|es|ed|ing)|str(?:ike|ikes|uck|iking)|eliminat(?:e|es|ed|ing)"),
    (
        "revise",
        r"revis(?:e|es|ed|ing)|replac(?:e|es|ed|ing)|chang(?:e|ed|ing)|updat(?:e|es|ed|ing)|renam(?:e|es|ed|ing)|modif(?:y|ies|ied|ying)",
    ),
    (
        "correct",
        r"correct(?:s|ed|ing)|should\s+(?:have\s+)?(?:read|appear)"
        r"|(?<!the )(?<!to )correct"
        r"(?=\s+(?:the|amendatory\s+instruction|paragraphs?|sections?|instructions?)\b|\s+[“§])",
    ),
    ("delay", r"delay(?:s|ed|ing|(?=\s+(?:the|paragraphs?|until|indefinitely)\b))"),
    ("suspend", r"suspend(?:s|ed|ing)?"),
    ("stay", r"stay(?:s|ed|ing|(?=\s+(?:the|paragraphs?|sections?|supplements?)\b|\s+§))"),
    ("lift", r"lift(?:s|ed|ing)?"),
    ("withdraw", r"withdraw(?:s|n|ing)?|withdrew"),
    ("amend", r"amend(?:s|ed|ing)?"),
)
"""The closed vocabulary with its forms; earlier entries are looked for first."""

# For words in lower case. A letter must come first: a masked instruction has many blanks.
_VERB: Final = re.compile(
    r"(?=[a-z])\b(?:" + "|".join(rf"(?P<{name}>(?:{forms})\b)" for name, forms in VERBS[1:]) + ")"
)
_SET_OUT: Final = re.compile(
    r"^(?:the\s+)?(?:additions?|revisions?|amendments?|removals?|redesignations?|corrections?|republications?|table|text|and|,|\s)+"
    r"(?:to\s[^.;:]{1,80}\s)?(?:read|are\s+set\s+(?:forth|out))\b",
    re.IGNORECASE,
)
# Words that tell what happened to the text before, not what is done to it now.
_PAST: Final = re.compile(
    r"\b(?:newly\s+\w+"
    r"|(?:as|and|was|were|further)\s+(?:added|amended|revised|corrected|removed)\s+(?:at|by|on|in|elsewhere|from|(?=[A-Z]|\d))"
    r"|as\s+(?:proposed\s+to\s+be\s+)?(?:added|amended|revised|corrected)\b"
    r"|under\s+(?:newly\s+)?(?:revised|added|redesignated|amended)\b"
    r"|to\s+be\s+(?:added|amended|revised|removed)\b"
    r"|reserved\s+(?=appendi|paragraph|section|title|[A-Z]-\d))",
    re.IGNORECASE,
)
# One pair of marks may stand within another (“Liubov “Luba” Skvortsova”).
QUOTED: Final = re.compile(r"“(?:[^“”]++|“[^“”]*”)*+”|‘‘.*?’’|\"[^\"]*\"")
IN_PLACE: Final = re.compile(r"\bin\s+(?:its|their|his|the)?\s*(?:place|lieu|stead)\b", re.IGNORECASE)

_MARKER: Final = re.compile(
    r"\s*(?:amendment\s+)?(?:(?P<number>\d{1,3})(?P<suffix>[a-z]{0,2})\.(?!\d)"
    r"|(?P<letter>[A-Za-z]|[ivxIVX]{2,6}|([a-zA-Z])\4)\.(?![A-Za-z]\.)"
    r"|\((?P<bracketed>\d{1,3}|[A-Za-z]|[ivx]{2,6}|([a-z])\6)\)(?=\s*[A-Z“]))\s*"
)
_OF_FRAME: Final = ("amend",)
_UNDER: Final = re.compile(r"(?:under|in)\s[^.;:]+:", re.IGNORECASE)  # the frame of a list in a list
_LONGEST_OPENING: Final = len("follows : ")
_OPENS: Final = re.compile(r"(?:[:;]|\bby|\bfollows|,)\s*[:;.]?\s*$", re.IGNORECASE)
_READS: Final = re.compile(r"\bread(?:s)?(?:\s+as\s+(?:follows|set\s+forth(?:\s+\w+)?))?\s*[:;.,]?\s*$", re.IGNORECASE)

_SUPPLEMENT_WORD: Final = r"supp(?:lements?|s?\.)?\s+"
_SUPPLEMENT_NUMBER: Final = r"(?:(?:n(?:o|umber)s?\b\.?|\#)\s*)?(?:\d+|[IVX]+)\b"
_SUPPLEMENT: Final = re.compile(
    rf"\b{_SUPPLEMENT_WORD}(?P<list>{_SUPPLEMENT_NUMBER}"
    rf"(?:(?:\s*,\s*and\s+|\s*,\s*|\s+and\s+|\s*&\s*)(?:{_SUPPLEMENT_WORD})?{_SUPPLEMENT_NUMBER})*)"
    r"(?:\s+(?:to|of)\s+(?P<part>(?:sub)?part\s+\w+))?",
    re.IGNORECASE,
)
_EACH_SUPPLEMENT: Final = re.compile(r"\b(?:\d+|[IVX]+)\b", re.IGNORECASE)
# The Entity List is Supplement No. 4 to part 744; instructions may call it by its name alone.
_ENTITY_LIST: Final = re.compile(r"\bentity\s+list\b", re.IGNORECASE)
_ENTITY_LIST_PART: Final = "744"
_JOINED: Final = re.compile(r"\s*[,;]?\s*(?:and|&)?\s*(?:in|to)?\s*(?:the\s+)?", re.IGNORECASE)
_PART_ALONE: Final = re.compile(r"parts? \d+\w*", re.IGNORECASE)
_APPENDIX: Final = re.compile(
    r"\bappendi(?:x|ces)\s+(?P<number>[A-Z]{1,3}\d*(?:-\d+)?(?:(?:,\s*|\s+and\s+|,\s*and\s+)[A-Z]{1,2}\b)*)\b"
    r"(?:\s+(?:to|of)\s+(?P<part>(?:sub)?part\s+\w+))?",
    re.IGNORECASE,
)
_AUTHORITY: Final = re.compile(
    r"\bauthority\s+citations?\s+(?:for|of|to)\s+(?:(?:title\s+)?\d+\s+CFR\s*,?\s+)?(?:the\s+)?(?P<part>(?:sub)?parts?\s+\w+)",
    re.IGNORECASE,
)
_CORRECTIONS: Final = re.compile(r"\bfollowing\s+corrections?\s+(?:is|are)\s+made\b", re.IGNORECASE)
_PARAGRAPHS: Final = r"(?:\([a-zA-Z0-9]{1,5}\))*"
_ONE_SECTION: Final = rf"\d+[a-z]?\.T?\d+[a-z]?(?:[-–]\d+[a-z]?)?{_PARAGRAPHS}"
_SECTION: Final = re.compile(
    rf"(?:§§?|\bsections?)\s*(?P<list>{_ONE_SECTION}(?:(?:,\s*and\s+|,\s*|\s+and\s+|\s+through\s+)(?:§§?\s*)?{_ONE_SECTION})*)",
    re.IGNORECASE,
)
_SUBPART: Final = re.compile(
    r"\bsubpart\s+(?P<number>[A-Z]{1,3})\b(?:\s+(?:to|of)\s+(?P<part>part\s+\w+))?", re.IGNORECASE
)
_PART: Final = re.compile(r"\bpart\s+(?P<part>\d+[a-z]?)\b", re.IGNORECASE)
_PARTS: Final = re.compile(r"\bparts\s+(?P<list>\d+(?:(?:,\s*and\s+|,\s*|\s+and\s+|\s+through\s+)\d+)+)", re.IGNORECASE)
_OTHER_INSTRUCTION: Final = re.compile(r"\b(?:amendatory\s+)?instruction\s+(?P<number>\d+[\w.]*\w|\d+)", re.IGNORECASE)
_ECCN: Final = re.compile(r"\bECCNs?\)?\s+(?P<number>\d[A-E]\d{3}(?:\.[a-z])?)", re.IGNORECASE)
_TITLE: Final = re.compile(r"\b(\d{1,2})\s+CFR\b")


@dataclass(frozen=True)
class Instruction:
    """One amendatory instruction.

    Attributes:
        index: its place in the document, from 1.
        label: ``2``, ``2.a``, ``3.b.ii``; ``None`` where none is printed.
        parent: position in the document's list of the instruction it stands under; ``None`` at the top.
        top: index of the numbered instruction at the head of its list: its own at the top.
        text: as printed, with its number.
        body: without its number.
        verbs: what is done, in the order of the wording, in the words of :data:`VERBS`.
        verb: the main one; ``None`` if none was found.
        target: the unit of the CFR, its own or inherited; ``None`` if not found.
        units: all units that the instruction names side by side, the target first (``Supplements No. 4 and No. 6`` are
            two), its own or inherited.
        cfr_title, cfr_part: where the unit stands.
        effective_date: from when, if known.
        element: the element it was read from.
        corrects: the document it corrects; ``None`` for an amendment of the CFR.
        masked: the body with its quoted words blanked out, every other word in its old place.
        verb_places: where in the body each verb stands, in order.
    """

    index: int
    label: str | None
    parent: int | None
    top: int
    text: str
    body: str
    verbs: tuple[str, ...]
    verb: str | None
    target: str | None
    units: tuple[str, ...]
    cfr_title: int | None
    cfr_part: str | None
    effective_date: date | None
    element: etree._Element = field(repr=False)
    corrects: CorrectedDocument | None = field(repr=False)
    masked: str = field(repr=False)
    verb_places: tuple[tuple[int, str], ...] = field(repr=False)

    @property
    def understood(self) -> bool:
        """Whether both verb and target were read."""
        return self.verb is not None and self.target is not None

    @property
    def location(self) -> str:
        """Element and source line."""
        return place(self.element)


def read_instructions(root: etree._Element, effect: Effect) -> list[Instruction]:
    """Read all amendatory instructions of a parsed document, in order; what corrects another document is one, too.

    Args:
        root: the document's root element.
        effect: its days of effect.
    """
    read: list[Instruction] = []
    outline = _Outline()
    opened = False  # by the last instruction with a number
    title_of_document = _only_title(root)
    corrections = read_corrections(root)
    for element, words, setting, opens in _instruction_elements(root, corrections):
        if not words:
            continue
        marker = _MARKER.match(words)
        body = words[marker.end() :] if marker else words
        bare = masked(body)
        label, parent = outline.place(marker, len(read), opened=opened, block=setting.block)
        above = read[parent] if parent is not None else None
        title, part = _cfr(bare, setting, above, title_of_document)
        verb_places = tuple(_verbs_with_place(bare))
        verbs = tuple(dict.fromkeys(verb for _, verb in verb_places))
        if label is not None:
            opened = opens or not verbs
        if not verbs and words.endswith(":"):
            verbs = _OF_FRAME
        own_date = own_effective_date(body)
        correction = corrections.get(element)
        if correction is not None:
            part = part or _part_headed(correction.heading) or _only_part(root)
        units = _units(bare, part, above)
        units = _with_heading(units, correction, part) or tuple(filter(None, [_headed_section(element)]))
        read.append(
            Instruction(
                index=len(read) + 1,
                label=label,
                parent=parent,
                top=above.top if above else len(read) + 1,
                text=words,
                body=body,
                verbs=verbs,
                verb=main_verb(verbs, body),
                target=units[0] if units else None,
                units=units,
                cfr_title=title,
                cfr_part=part,
                effective_date=own_date or _listed(label, effect) or (above.effective_date if above else effect.first),
                element=element,
                corrects=correction.of if correction else above.corrects if above else None,
                masked=bare,
                verb_places=verb_places,
            )
        )
    return _with_frames(read)


def above(one: Instruction, instructions: Sequence[Instruction]) -> list[Instruction]:
    """Return the instructions of a document that one of them stands under, outermost first."""
    found: list[Instruction] = []
    parent = one.parent
    while parent is not None:
        found.insert(0, instructions[parent])
        parent = instructions[parent].parent
    return found


def announces_corrections(element: etree._Element) -> bool:
    """Whether a paragraph opens the corrections of another document: their instructions may be plain paragraphs."""
    return element.tag == "P" and _CORRECTIONS.search(text(element)) is not None


def find_verbs(body: str) -> Iterator[str]:
    """Yield what an instruction does, in the order of its wording, each verb once; quoted words do not count."""
    yield from dict.fromkeys(verb for _, verb in verbs_with_place(body))


def verbs_with_place(body: str) -> Iterator[tuple[int, str]]:
    """Yield the position of every verb in an instruction, and which of :data:`VERBS` it is."""
    return _verbs_with_place(masked(body))


def _verbs_with_place(bare: str) -> Iterator[tuple[int, str]]:
    lower = lower_case(bare)
    if "ed" in lower or "newly" in lower:  # one of the two is in all words that tell of the past
        lower = lower_case(_PAST.sub(_blank, bare))
    if _SET_OUT.match(lower):
        yield 0, "set_out"
        return
    for match in _VERB.finditer(lower):
        yield match.start(), str(match.lastgroup)


def masked(body: str) -> str:
    """Return an instruction with its quoted words blanked out, every other word in its old place."""
    return QUOTED.sub(lambda match: f"“{' ' * (len(match[0]) - 2)}”", body)


def _blank(match: re.Match[str]) -> str:
    return " " * len(match[0])


def main_verb(verbs: tuple[str, ...], body: str) -> str | None:
    """Return the verb that says most: ``amend`` only if it is alone, ``revise`` where words take others' place."""
    telling = [verb for verb in verbs if verb != "amend"]
    if not telling:
        return "amend" if verbs else None
    if {"remove", "add"} <= set(telling) and IN_PLACE.search(body):
        return "revise"
    return telling[0]


def find_target(body: str, part: str | None) -> str | None:
    """Return the unit of the CFR an instruction names first, in one spelling; ``None`` if it names none."""
    return next(iter(find_units(body, part)), None)


def find_units(body: str, part: str | None) -> tuple[str, ...]:
    """Return the units of the CFR an instruction names side by side, each in one spelling, in its order.

    Supplement No. 4 to part 744 is found by its name, the Entity List, too. Units that the sentence only refers to
    further on are not among them.
    """
    return _find_units(masked(body), part)


def _find_units(bare: str, part: str | None) -> tuple[str, ...]:
    if match := _AUTHORITY.search(bare):
        return (f"{_lower_part(match['part'])} authority citation",)
    if found := _side_by_side(bare, part):
        return found
    if part == _ENTITY_LIST_PART and _ENTITY_LIST.search(bare):
        return (f"Supplement No. 4 to part {part}",)
    if match := _SUBPART.search(bare):
        return (f"subpart {match['number']}{_of(match['part'], part)}",)
    if match := _OTHER_INSTRUCTION.search(bare):
        return (f"amendatory instruction {match['number']}",)
    return tuple(filter(None, [_target_part(bare)]))


def _side_by_side(bare: str, part: str | None) -> tuple[str, ...]:
    """Return the first unit below a part that a sentence names, and those joined to it by commas or "and"."""
    found: list[tuple[int, int, list[str]]] = []
    for match in _SUPPLEMENT.finditer(bare):
        numbers = (one if one.isdigit() else one.upper() for one in _EACH_SUPPLEMENT.findall(match["list"]))
        names = [f"No. {one}" if one.isdigit() else one for one in numbers]
        found.append((match.start(), match.end(), [f"Supplement {name}{_of(match['part'], part)}" for name in names]))
    for match in _APPENDIX.finditer(bare):
        found.append((match.start(), match.end(), [f"Appendix {match['number']}{_of(match['part'], part)}"]))
    for match in _SECTION.finditer(bare):
        sections = " ".join(re.sub(r"§§?\s*", "", match["list"]).split())
        sign = "§§" if re.search(r",| and | through ", sections) else "§"
        found.append((match.start(), match.end(), [f"{sign} {sections}"]))
    for match in _ECCN.finditer(bare):
        found.append((match.start(), match.end(), [f"ECCN {match['number'].upper()}"]))
    units: list[str] = []
    last_end: int | None = None
    # A supplement or section stands before what it contains; of several, the first named is the unit.
    for start, end, names in sorted(found):
        if last_end is not None and not _JOINED.fullmatch(bare[last_end:start]):
            break
        units += names
        last_end = end
    return tuple(dict.fromkeys(units))


def _units(bare: str, part: str | None, above: Instruction | None) -> tuple[str, ...]:
    """Return the units of an instruction: those it inherits, narrowed where several or a whole part are inherited."""
    inherited = above.units if above else ()
    if len(inherited) == 1 and not _PART_ALONE.fullmatch(inherited[0]):
        return inherited
    own = _find_units(bare, part)
    if len(inherited) > 1:
        return tuple(unit for unit in inherited if unit in own) or inherited
    narrower = own and not _PART_ALONE.fullmatch(own[0])
    return own if narrower or not inherited else inherited


def _with_heading(units: tuple[str, ...], correction: Correction | None, part: str | None) -> tuple[str, ...]:
    """Return the units of a correction: its heading tells them where its words name a part or an instruction only."""
    if correction is None or (units and not _PART_ALONE.fullmatch(units[0]) and not _OTHER_INSTRUCTION.match(units[0])):
        return units
    headed = _find_units(masked(correction.heading), part)
    return headed if not units or _PART_ALONE.fullmatch(units[0]) else (*units, *headed)


def _part_headed(heading: str) -> str | None:
    match = _PART.search(heading)
    return match["part"] if match else None


def _target_part(bare: str) -> str | None:
    if match := _PART.search(bare):
        return f"part {match['part']}"
    if match := _PARTS.search(bare):
        return f"parts {match['list']}"
    return None


def _headed_section(element: etree._Element) -> str | None:
    """Return the section whose heading precedes the instruction in its REGTEXT: some corrections name it only there."""
    for before in element.itersiblings(preceding=True):
        if before.tag == "SECTION" and (number := text(before.find("SECTNO"))):
            return number
    return None


def _of(named: str | None, part: str | None) -> str:
    if named:
        return f" to {_lower_part(named)}"
    return f" to part {part}" if part else ""


def _lower_part(words: str) -> str:
    kind, number = words.split()
    return f"{kind.lower()} {number}"


def _listed(label: str | None, effect: Effect) -> date | None:
    """Return the day the DATES section gives this very instruction or one above it."""
    if not effect.by_instruction:
        return None
    day = effect.of(label)
    return day if label is not None and day != effect.first else None


@dataclass(frozen=True)
class _Setting:
    """What surrounds an instruction: the CFR part of its REGTEXT or of the heading above, and which block it is in."""

    title: int | None
    part: str | None
    block: int


def _instruction_elements(
    root: etree._Element, corrections: Mapping[etree._Element, Correction]
) -> Iterator[tuple[etree._Element, str, _Setting, bool]]:
    """Yield the elements of instructions with their words, what surrounds them, and whether they open a list."""
    title: int | None = None
    part: str | None = None
    block = 0
    listed: set[etree._Element] = set()
    paragraphs = ("P", "FP") if corrections else ()
    for element in root.iter("REGTEXT", "PART", "AMDPAR", *paragraphs):
        if element.tag == "REGTEXT":
            block += 1
            title = int(element.get("TITLE", "")) if element.get("TITLE", "").isdigit() else None
            part = (element.get("PART") or "").strip() or None
        elif element.tag == "PART":
            match = re.match(r"part\s+(\w+)", text(element.find("HD")), re.IGNORECASE)
            if match and next(element.iterancestors("REGTEXT"), None) is None:
                title, part = None, match[1]
        elif (element.tag == "AMDPAR" or element in corrections) and element not in listed:
            setting = _Setting(title, part, block)
            words = text(element)
            opens = _opens_list(words)
            yield element, words, setting, opens
            if opens:
                for paragraph, words_listed in _listed_paragraphs(element):
                    listed.add(paragraph)
                    yield paragraph, words_listed, setting, _opens_list(words_listed)


def _listed_paragraphs(element: etree._Element) -> Iterator[tuple[etree._Element, str]]:
    """Yield paragraphs after an opening instruction that carry its list: older rules mark only the first as AMDPAR."""
    for following in element.itersiblings():
        if following.tag == "PRTPAGE":
            continue
        if following.tag not in ("P", "FP"):
            return
        words = text(following)
        marker = _MARKER.match(words)
        if marker is None:
            return
        body = words[marker.end() :]
        if _UNDER.fullmatch(body) is None and not any(True for _ in find_verbs(body)):
            return
        yield following, words


def _opens_list(words: str) -> bool:
    """Say whether words with single spaces end as the opening of a list does."""
    if not _OPENS.search(words, len(words) - _LONGEST_OPENING):
        return False
    return "read" not in words.lower() or not _READS.search(words)


def _only_title(root: etree._Element) -> int | None:
    titles = {int(number) for element in root.iter("CFR") for number in _TITLE.findall(text(element))}
    return titles.pop() if len(titles) == 1 else None


def _only_part(root: etree._Element) -> str | None:
    """Return the part that the document concerns, if it is only one."""
    parts = {match["part"] for element in root.iter("CFR") for match in _PART.finditer(text(element))}
    several = any(_PARTS.search(text(element)) for element in root.iter("CFR"))
    return parts.pop() if len(parts) == 1 and not several else None


def _cfr(
    bare: str, setting: _Setting, above: Instruction | None, title_of_document: int | None
) -> tuple[int | None, str | None]:
    """Return CFR title and part: from REGTEXT, otherwise from the wording, the parent, or the heading above."""
    title, part = setting.title, setting.part
    if title is None and (match := _TITLE.search(bare)):
        title = int(match[1])
    if part is None:
        if match := _PART.search(bare):
            part = match["part"]
        elif match := _SECTION.search(bare):
            part = match["list"].split(".")[0]
        elif above is not None:
            part = above.cfr_part
    return title or (above.cfr_title if above else None) or title_of_document, part


def _with_frames(read: list[Instruction]) -> list[Instruction]:
    """An instruction without a verb that others stand under is the frame of a list, as is one that ends in a colon."""
    parents = {one.parent for one in read}
    return [
        replace(one, verbs=_OF_FRAME, verb=_OF_FRAME[0]) if one.verb is None and position in parents else one
        for position, one in enumerate(read)
    ]


@dataclass
class _Level:
    style: str
    ordinal: int
    token: str
    position: int


class _Outline:
    """The list an instruction stands in, followed from marker to marker.

    A marker alone does not say its level: ``i.`` follows ``h.`` or opens a list of Roman numerals, ``1.`` begins a new
    part or a list under a letter. The level is the innermost whose next marker it is; failing that, a new one.
    """

    def __init__(self) -> None:
        self._levels: list[_Level] = []
        self._block = -1

    def place(
        self, marker: re.Match[str] | None, position: int, *, opened: bool, block: int
    ) -> tuple[str | None, int | None]:
        """Return label and parent of the instruction at ``position``."""
        new_block, self._block = block != self._block, block
        if marker is None:
            return None, self._levels[0].position if self._levels and not new_block else None
        readings = _readings(marker)
        depth = self._depth(readings, opened=opened, new_block=new_block)
        style, ordinal, token = readings[0]
        if depth < len(self._levels):
            style, ordinal, token = next((r for r in readings if r[0] == self._levels[depth].style), readings[0])
        elif ordinal != 1:
            style, ordinal, token = next((r for r in readings if r[1] == 1), readings[0])
        del self._levels[depth:]
        parent = self._levels[-1].position if self._levels else None
        self._levels.append(_Level(style, ordinal, token, position))
        return ".".join(level.token for level in self._levels), parent

    def _depth(self, readings: list[tuple[str, int, str]], *, opened: bool, new_block: bool) -> int:
        levels = self._levels
        is_number = readings[0][0] == "number"
        if not levels or (new_block and is_number):
            return 0
        # A list opens with its first marker, and not directly under a marker of its own kind.
        firsts = {style for style, ordinal, _ in readings if ordinal == 1}
        if opened and firsts and levels[-1].style not in firsts:
            return len(levels)
        for depth in range(len(levels) - 1, -1, -1):
            level = levels[depth]
            if any(style == level.style and ordinal == level.ordinal + 1 for style, ordinal, _ in readings):
                return depth
        for depth in range(len(levels) - 1, -1, -1):
            level = levels[depth]
            if any(style == level.style and ordinal >= level.ordinal for style, ordinal, _ in readings):
                return depth
        if is_number:
            return 0
        styles = {style for style, _, _ in readings}
        same = (depth for depth in range(len(levels) - 1, -1, -1) if levels[depth].style in styles)
        return next(same, len(levels))


_ROMAN: Final = {"i": 1, "v": 5, "x": 10}


def _readings(marker: re.Match[str]) -> list[tuple[str, int, str]]:
    """Return the ways to read a marker: style, ordinal, token; the likelier first."""
    if marker["number"]:
        return [("number", int(marker["number"]), marker["number"] + marker["suffix"])]
    token = marker["letter"] or marker["bracketed"]
    brackets = "(" if marker["bracketed"] else ""
    if token.isdigit():
        return [(f"{brackets}number", int(token), token)]
    case = "upper" if token.isupper() else "lower"
    readings = []
    is_roman = set(token.lower()) <= set(_ROMAN)
    if len(token) == 1 or (len(set(token)) == 1 and not is_roman):
        ordinal = ord(token[0].lower()) - ord("a") + 1 + 26 * (len(token) - 1)
        readings.append((f"{brackets}{case} letter", ordinal, token))
    if is_roman:
        readings.append((f"{brackets}{case} roman", _roman(token.lower()), token))
    return readings or [(f"{brackets}{case} letter", 1, token)]


def _roman(token: str) -> int:
    values = [_ROMAN[letter] for letter in token]
    return sum(
        -value if following > value else value for value, following in zip(values, [*values[1:], 0], strict=True)
    )
