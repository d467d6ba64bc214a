"""Regulatory text cut into provisions and paragraphs: ECCN entries of the Commerce Control List and CFR sections.

Two outlines are followed. An ECCN entry (15 CFR part 774, supplement no. 1) numbers its items ``a``, ``a.1``,
``a.1.a``; its notes have lists of their own, with the same letters. A section numbers ``(a)(1)(i)(A)(1)(i)``, the last
two in italics (1 CFR 21.11).
"""

from __future__ import annotations

import copy
import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from lxml import etree

from assets.federal_register.full_text import place, text, tidy

ECCN: Final = r"\d[A-E]\d{3}"
_ENTRY: Final = re.compile(rf"^({ECCN})\.?\s+(?=[A-Z“\"‘'\[(])(?!Note)")
_SECTION: Final = re.compile(r"^§\s*(\d{3}\.\d+)\b")
_ITEM: Final = re.compile(r"^\.?([a-z](?:\.(?:\d{1,2}|[a-z])(?![a-z0-9]))*)\.?(?<=[\w.])\s+(?=\S)")
_LABEL_NEEDS_POINT: Final = re.compile(r"^\.?[a-z]\s")
_NOTE: Final = re.compile(
    r"^(?:(?:Technical\s+)?Notes?\b(?:\s+\d+)?(?:\s+to\s+(?:ECCN\s+)?(?P<of>[^:.]{1,80}(?:\.[a-z0-9][^:]{0,60})?))?\s*[:.]|N\.?B\.?\s*:)",
    re.IGNORECASE,
)
_NOTE_ITEM: Final = re.compile(r"^(?:(\d{1,2}|[a-z])\.|\((\d{1,2}|[a-zA-Z]|[ivx]+)\))\s+")
_MARKERS: Final = re.compile(r"\(\*?([a-zA-Z]|[ivx]{2,5}|\d{1,2})\*?\)\s*")
_ITALIC: Final = re.compile(r"\(\*[a-z0-9]+\*\)\s*")
_NEXT_MARKER: Final = re.compile(r"(?:—|–|--?)\s*((?:\(\*?(?:[a-zA-Z]|[ivx]{2,5}|\d{1,2})\*?\)\s*)+)")
_PARTS_OF_ENTRY: Final = re.compile(
    r"^(?:License Requirements|Reason for Control|Control\(s\)|List[ -]Based License Exceptions"
    r"|Special Conditions for STA"
    r"|List of Items Controlled|Related Controls|Related Definitions|Items|Unit|LVS|GBS|CIV|TSR|APP"
    r"|NAC(?:/ACA)?|ACA|HBM|AIA|ACM|LPP"
    r"|RS applies|NS applies|AT applies|Reporting Requirements)\b",
)
_STARS: Final = re.compile(r"^\*(?:\s*\*)+$")
_QUOTES: Final = str.maketrans(
    {"‘": "'", "’": "'", "‛": "'", "`": "'", "“": '"', "”": '"', "²": "^2", "³": "^3", "\u00a0": " "}
)
_DASHES: Final = str.maketrans(dict.fromkeys("‐‑‒–—−", "-"))
_DEFINED: Final = re.compile(r"^[“\"](?P<term>[^”\"]{2,80}?)[.,]?[”\"][.,]?\s+")
_STYLES: Final = ("lower", "digit", "roman", "upper", "digit", "roman")


@dataclass(frozen=True)
class Line:
    """One printed paragraph: its words, where it stands, and whether the markup says that it is part of a note."""

    words: str
    location: str
    is_note: bool = False
    is_heading: bool = False


@dataclass(frozen=True)
class Paragraph:
    """A paragraph of a provision.

    Attributes:
        label: ``a.1`` in an entry, ``(b)(10)(iii)`` in a section; ``""`` outside of the outline.
        words: its words, without the label.
        location: element and source line.
        note: the note it belongs to, as printed (``Note 2 to 3A090.a and 3A090.b``); ``""`` outside of notes.
        doubt: why the label may be wrong; ``""`` where it is plain.
    """

    label: str
    words: str
    location: str
    note: str = ""
    doubt: str = ""

    @property
    def sha256(self) -> str:
        """Digest of the words, whatever the marks of quotation and the dashes are printed like."""
        return text_sha256(self.words)


@dataclass(frozen=True)
class Provision:
    """An ECCN entry or a section as one document prints it.

    ``kept_after`` are the labels after which stars stand for text that stays as it is; ``kept`` are labels of which
    only the number is printed, before stars.
    """

    subject: str
    heading: str
    paragraphs: tuple[Paragraph, ...]
    location: str
    kept_after: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()

    def is_partial(self, below: str = "") -> bool:
        """Whether only parts are printed of what stands below a label (of the whole without one)."""
        printed = [label for label in self.labels if is_below(label, below)]
        return bool(set(printed[:-1]) & self.kept_after) or any(
            label != below and is_below(label, below) for label in self.kept
        )

    @property
    def is_section(self) -> bool:
        """Whether it is a section of the CFR rather than an entry of the list."""
        return self.subject.startswith("§")

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of its outline, each once."""
        return tuple(dict.fromkeys(p.label for p in self.paragraphs if p.label and not p.note))


def is_below(label: str, above: str) -> bool:
    """Whether a label is another one or stands below it; all stand below ``""``."""
    return not above or label == above or (label.startswith(above) and label[len(above)] in ".(")


def plain(words: str) -> str:
    """Words with straight marks, plain dashes and single spaces, for comparing and reading."""
    return " ".join(words.translate(_QUOTES).translate(_DASHES).split())


def text_sha256(words: str) -> str:
    """Digest of :func:`plain` words."""
    return hashlib.sha256(plain(words).encode()).hexdigest()


def lines_of_elements(elements: Iterable[etree._Element]) -> Iterator[Line]:
    """Yield the printed paragraphs of elements that follow an instruction, stars and headings included."""
    for element in elements:
        if element.tag in ("PRTPAGE", "AMDPAR", "GPH", "AUTH", "MATH", "FTNT", "SIG"):
            continue
        if element.tag == "STARS":
            yield Line("* * *", place(element))
        elif element.tag in ("GPOTABLE", "TABLE"):
            yield from _rows(element)
        elif element.tag in ("SECTION", "EXTRACT", "NOTE", "SUBSECT", "DIV", "DIV8", "APPENDIX"):
            inside = lines_of_elements(element)
            if element.tag == "NOTE":
                inside = (Line(line.words, line.location, True, line.is_heading) for line in inside)
            yield from inside
        elif words := _words(element):
            heading = element.tag in ("HD", "HD1", "HD2", "HD3", "HED", "HEAD", "SECTNO", "SUBJECT")
            yield Line(words, place(element), is_heading=heading)


def lines_of_markdown(body: str, location: str) -> Iterator[Line]:
    """Yield the printed paragraphs of a text in Markdown; marks of emphasis are taken out, table rows are joined."""
    for number, raw in enumerate(body.splitlines(), start=1):
        words = raw.strip()
        if not words or set(words) <= set("|-: "):
            continue
        where = f"{location} line {number}"
        if _STARS.fullmatch(words):
            yield Line("* * *", where)
            continue
        if words.startswith("|"):
            words = " ".join(cell.strip() for cell in words.strip("|").split("|"))
        words = re.sub(r"\*\*(\d+)\*\*", r"^\1", words.replace("<br>", " "))
        words = re.sub(r"\*(?!\w+\*\))(?<!\(\*)(?!(?<=\(\w\*)\))", "", words)
        yield Line(tidy(words), where, is_heading=words.startswith("#"))


def provisions(lines: Iterable[Line], *, default: str | None = None) -> list[Provision]:
    """Cut printed paragraphs into ECCN entries and sections, each with its outline.

    Args:
        lines: in the order of print.
        default: what the lines belong to before any heading (``3A090``, ``§ 742.6``); without it they are left out.
    """
    found: list[tuple[str, str, list[Line]]] = [(default, "", [])] if default else []
    for line in lines:
        if (entry := _ENTRY.match(line.words)) and not _NOTE.match(line.words):
            found.append((entry[1], line.words, [line]))
        elif section := _SECTION.match(line.words):
            if line.is_heading or len(line.words) < 120:
                found.append((f"§ {section[1]}", line.words, [line]))
        elif found:
            found[-1][2].append(line)
    return [_provision(subject, heading, held) for subject, heading, held in found if held]


def _provision(subject: str, heading: str, lines: Sequence[Line]) -> Provision:
    body = lines[1:] if heading else lines
    while body and _STARS.fullmatch(body[-1].words):
        body = body[:-1]
    if subject.startswith("§"):
        read = list(_section_paragraphs(body, defines=subject == "§ 772.1"))
    else:
        read = list(_entry_paragraphs(body, subject))
    kept, kept_after, last = set(), set(), ""
    for one in read:
        if not _STARS.fullmatch(one.words):
            last = one.label if one.label and not one.note else last
        elif one.label:
            kept.add(one.label)
        elif last:
            kept_after.add(last)
    paragraphs = tuple(one for one in read if not _STARS.fullmatch(one.words))
    return Provision(subject, heading, paragraphs, lines[0].location, frozenset(kept_after), frozenset(kept))


@dataclass
class _EntryOutline:
    """Which list a label belongs to: the entry's own, or that of the note being read."""

    path: list[str] = field(default_factory=list)
    note: str = ""
    note_last: dict[str, str] = field(default_factory=dict)

    def is_next(self, label: str) -> bool:
        """Whether a label can follow in the entry's own list."""
        parts = label.split(".")
        if not self.path:
            return parts[0] == "a" or len(parts) == 1
        if len(parts) == 1:
            return ord(parts[0]) > ord(self.path[0])
        return parts[0] == self.path[0] or ord(parts[0]) > ord(self.path[0])


def _entry_paragraphs(lines: Sequence[Line], eccn: str) -> Iterator[Paragraph]:
    outline = _EntryOutline()
    for line in lines:
        words = line.words
        if _STARS.fullmatch(words):
            yield Paragraph("", words, line.location)
            continue
        if opened := _NOTE.match(words):
            outline.note, outline.note_last = opened[0].rstrip(":. "), {}
            if rest := words[opened.end() :].strip():
                yield Paragraph("", rest, line.location, note=outline.note)
            continue
        item = None if _LABEL_NEEDS_POINT.match(words) else _ITEM.match(words)
        in_note_list = _NOTE_ITEM.match(words)
        if line.is_note:
            yield Paragraph("", words, line.location, note=outline.note or "Note")
            continue
        if in_note_list and not item:
            # 1. or (1): the entry's own outline has no such labels.
            outline.note = outline.note or f"Note to {eccn}"
            if in_note_list[1]:
                outline.note_last = {}
            yield Paragraph("", words, line.location, note=outline.note)
            continue
        if item:
            label = item[1]
            goes_on = len(label) == 1 and _follows(outline.note_last.get("letter"), label)
            in_a_list = bool(outline.note) and (goes_on and (label != "a" or bool(outline.path)))
            can_be_own = outline.is_next(label)
            if not outline.note and len(label) == 1 and outline.path and not can_be_own:
                outline.note, in_a_list = f"Note to {eccn}", True
            if in_a_list and label != "a" and outline.note_last.get("letter") is None:
                in_a_list = False
            if in_a_list or not can_be_own:
                outline.note_last["letter"] = label
                doubt = f"may be paragraph {label} of the entry" if can_be_own and label != "a" else ""
                yield Paragraph("", words, line.location, note=outline.note, doubt=doubt)
                continue
            outline.path, outline.note, outline.note_last = label.split("."), "", {}
            yield Paragraph(label, words[item.end() :], line.location)
            continue
        if outline.note and _PARTS_OF_ENTRY.match(words):
            outline.note = ""
        yield Paragraph("", words, line.location, note=outline.note)


def _follows(last: str | None, label: str) -> bool:
    return label == "a" if last is None else ord(label) == ord(last) + 1


def _section_paragraphs(lines: Sequence[Line], *, defines: bool = False) -> Iterator[Paragraph]:
    path: list[str] = []
    note = term = ""
    for line in lines:
        if defines and (opens := _DEFINED.match(line.words)):
            term, path, note = f" “{opens['term']}”", [""], ""
        if _STARS.fullmatch(line.words):
            yield Paragraph("", line.words, line.location)
            continue
        if line.is_heading and not _NOTE.match(line.words):
            continue
        if opened := _NOTE.match(line.words):
            note = opened[0].rstrip(":. ")
            if rest := line.words[opened.end() :].strip():
                yield Paragraph("", rest, line.location, note=note)
            continue
        words = line.words
        if line.is_note or not _MARKERS.match(words):
            yield Paragraph(
                term + "".join(path) if not note else "",
                words,
                line.location,
                note=note if line.is_note or note else "",
            )
            continue
        note = ""
        while match := _MARKERS.match(words):
            italic = bool(_ITALIC.match(words))
            path = _deeper(path, match[1], italic=italic)
            words = words[match.end() :]
        # A heading may be followed by the first marker below it: (6) RS requirement—(i) Exports to China.
        while further := _NEXT_MARKER.search(words[:200]):
            before = words[: further.start()].strip()
            if len(before.split()) > 25 or "." in before[:-1]:
                break
            if before:
                yield Paragraph(term + "".join(path), before, line.location)
            words = f"{further[1]}{words[further.end() :]}"
            while match := _MARKERS.match(words):
                italic = bool(_ITALIC.match(words))
                path = _deeper(path, match[1], italic=italic)
                words = words[match.end() :]
        yield Paragraph(term + "".join(path), words, line.location)


def _deeper(path: list[str], token: str, *, italic: bool) -> list[str]:
    """The path with a marker put at the level where it belongs."""
    marker = f"({token})"
    readings = _levels(token, italic=italic)
    for level in sorted(readings, reverse=True):
        if level < len(path) and path[level] and _ordinal(path[level][1:-1], level) + 1 == _ordinal(token, level):
            return [*path[:level], marker]
    if len(path) in readings and (_ordinal(token, len(path)) == 1 or not italic):
        return [*path, marker]
    for level in sorted(readings, reverse=True):
        if level < len(path) and path[level] and _ordinal(token, level) > _ordinal(path[level][1:-1], level):
            return [*path[:level], marker]
    for level in sorted(readings):
        if level <= len(path):
            return [*path[:level], marker]
    return [*path, marker]


def _levels(token: str, *, italic: bool) -> set[int]:
    if token.isdigit():
        return {4} if italic else {1, 4}
    if token.isupper():
        return {3}
    levels = {0} if len(token) == 1 else set()
    if set(token) <= set("ivx"):
        levels |= {5} if italic else {2, 5}
    return levels


def _ordinal(token: str, level: int) -> int:
    style = _STYLES[level]
    if style == "digit":
        return int(token) if token.isdigit() else 0
    if style == "roman":
        numerals = ["i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii", "xiii", "xiv", "xv"]
        return numerals.index(token) + 1 if token in numerals else 0
    return ord(token.lower()) - ord("a") + 1


def _rows(table: etree._Element) -> Iterator[Line]:
    for row in table.iter("ROW", "TR"):
        if words := tidy(" ".join(_words(cell) for cell in row)):
            yield Line(words, place(row))


def _words(element: etree._Element) -> str:
    """The words with raised figures kept as ``^2``, and italic markers as ``(*1*)``: both would be lost otherwise."""
    if next(element.iter("SU", "E", "I", "sup", "em"), None) is None:
        return text(element)
    copied = copy.deepcopy(element)
    for raised in copied.iter("SU", "sup"):
        before = _before(raised)
        if (raised.text or "").strip().isdigit() and re.search(r"(?:\b10|\b(?:[mµc]?m|ft|feet|in))\s*$", before):
            raised.tag, raised.text = "RAISED", f"^{(raised.text or '').strip()}"
    for faced in copied.iter("E", "I", "em"):
        if re.fullmatch(r"\s*(?:\d{1,2}|[ivx]+)\s*", faced.text or "") and _before(faced).rstrip().endswith("("):
            faced.tag, faced.text = "FACED", f"*{(faced.text or '').strip()}*"
    copied.tail = None
    return re.sub(r"\s+\^(?=\d)", "^", text(copied))


def _before(element: etree._Element) -> str:
    previous = element.getprevious()
    if previous is not None:
        return previous.tail or ""
    parent = element.getparent()
    return (parent.text or "") if parent is not None else ""
