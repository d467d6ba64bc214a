"""What an amendatory instruction does to which provision: its acts, their subjects, and the text it sets out.

The instruction itself is read by :mod:`assets.federal_register.instructions`; here its units are brought into the
field's form: ``3A090.c``, ``§ 744.23(a)(2)``, ``General Order No. 4``, ``Entity List``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from lxml import etree

from assets.entity_list import destinations
from assets.entity_list.lists import LISTS
from assets.federal_register.full_text import text
from assets.federal_register.instructions import IN_PLACE, Instruction

SubjectType = Literal["eccn", "cfr", "list", "general_order", "document"]

ECCN: Final = re.compile(r"(?<![\w.])(\d[A-EY]\d{3})((?:\.[a-z](?:\.(?:\d+|[ivx]+))*)?)(?![\w])")
_PARAGRAPH_GROUP: Final = re.compile(r"(?<![\w)])((?:\([A-Za-z0-9]{1,5}\))+)")
_SECTION: Final = re.compile(r"§\s*(\d+[a-z]?\.\d+[a-z]?)((?:\([A-Za-z0-9]{1,5}\))*)")
_SECTION_WORD: Final = re.compile(r"\bSections?\s+(?=\d+\.\d)", re.IGNORECASE)
_ONE: Final = re.compile(r"(\d+[a-z]?)\.(\d+)([a-z]?)((?:\([A-Za-z0-9]{1,5}\))*)")
_GENERAL_ORDER: Final = re.compile(r"\bGeneral\s+Order\s+No\.?\s*(\d+)", re.IGNORECASE)
# A blank before the point is not kept: "paragraph .c" reads "paragraph.c".
_DOT_PARAGRAPH: Final = re.compile(
    r"(?:(?<![\w.])|(?<=paragraph)|(?<=paragraphs)|(?<=and)|(?<=or)|(?<=through))\.([a-z](?:\.\d+)?)(?=\W|$)"
)
_ITEMS_PARAGRAPH: Final = re.compile(
    r"\bitems?\s+paragraphs?\s+\.?((?:[a-z](?:\.\d+)?(?:,\s*and\s+|,\s*|\s+and\s+|\s+through\s+)?)+)\b", re.IGNORECASE
)
_OTHER_PART: Final = re.compile(
    r"\b(?:notes?|definitions?|headings?|reporting\s+requirements|license\s+requirements?"
    r"|related\s+controls|list\s+based|"
    r"license\s+exceptions?|technical\s+notes?|special\s+conditions|table)\b",
    re.IGNORECASE,
)
_PART_OF_PARAGRAPH: Final = re.compile(r"\bsentences?\b|\bnotes?\s+(?:\d+\s+)?to\b", re.IGNORECASE)
_RESERVED: Final = re.compile(r"\breserved\s+(?:paragraphs?|sections?|ECCNs?)\b", re.IGNORECASE)
# Where an entry is put is not what is done to the entry beside it.
_AFTER_ECCN: Final = re.compile(
    r"\b(?:after|before|following|between|preceding)\s+(?:the\s+entr(?:y|ies)\s+for\s+)?(?:ECCNs?\)?\s+)?"
    r"\d[A-EY]\d{3}(?:\s+and\s+(?:ECCN\s+)?\d[A-EY]\d{3})?"
)
_PASSIVE: Final = re.compile(r"\b(?:is|are|be|being)\s+(?:hereby\s+|further\s+|also\s+)?$", re.IGNORECASE)
_INTRODUCTORY: Final = re.compile(r"\bintroductory\s+(?:text|paragraph)\b", re.IGNORECASE)
_ENTRIES: Final = re.compile(r"\bentr(?:y|ies)\b|\baddress(?:es)?\b.*\bunder\b|^\W*Under\s+[A-Z]", re.IGNORECASE)
_LEVELS: Final = (
    re.compile(r"[a-z]{1,2}$"),
    re.compile(r"\d{1,3}$"),
    re.compile(r"[ivxl]{1,5}$"),
    re.compile(r"[A-Z]{1,2}$"),
)
_LETTERS: Final = "abcdefghijklmnopqrstuvwxyz"
_ROMANS: Final = "i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx".split()  # noqa: SIM905
_QUIET: Final = frozenset({"amend", "set_out", "continue"})
_COUNTRY_GROUPS: Final = re.compile(
    r"\bCountry\s+Groups?\s+([A-E]:\d(?:(?:\s*,\s*|\s+)(?:(?:and|or|through)\s+)?[A-E]:\d)*)"
)
_ONE_GROUP: Final = re.compile(r"[A-E]:\d")
_HONG_KONG: Final = re.compile(r"\bHong Kong\b")
_END_USES: Final = (
    ("supercomputer", re.compile(r"supercomputers?\b", re.IGNORECASE)),
    (
        "advanced-node integrated circuits",
        re.compile(r"advanced-node\s+(?:integrated\s+circuits?|ICs?)", re.IGNORECASE),
    ),
    (
        "semiconductor manufacturing equipment",
        re.compile(r"semiconductor\s+manufacturing\s+(?:equipment|items?|end\s+use)|\bSME\b", re.IGNORECASE),
    ),
    (
        "development or production of integrated circuits",
        re.compile(
            r"development[”\"]?\s+or\s+[“\"]?production[”\"]?\s+of\s+(?:certain\s+)?[“\"]?(?:integrated\s+circuits?|ICs?)",
            re.IGNORECASE,
        ),
    ),
    ("military end use", re.compile(r"military[ -]end[ -]use(?!r)", re.IGNORECASE)),
    ("military-intelligence end use", re.compile(r"military[ -]intelligence[ -]end[ -]use(?!r)", re.IGNORECASE)),
    ("training of artificial intelligence models", re.compile(r"train(?:ing|ed)\b[^.;]{0,60}\b(?:AI"
                                                              r"|artificial\s+intelligence)\s+models?", re.IGNORECASE)),
    ("data center", re.compile(r"data\s*cent(?:er|re)s?\b", re.IGNORECASE)),
    ("nuclear", re.compile(r"nuclear\s+(?:end[ -]uses?|explosive|weapons?)", re.IGNORECASE)),
    ("missile", re.compile(r"(?:missile|rocket\s+systems?)\s+end[ -]uses?", re.IGNORECASE)),
    ("chemical or biological weapons", re.compile(r"(?:chemical|biological)\b[^.;]{0,30}\bweapons", re.IGNORECASE)),
)  # fmt: skip


@dataclass(frozen=True)
class Subject:
    """A provision: its kind and its name in the field's form, and the CFR unit it stands in as the instruction says."""

    type: SubjectType
    name: str
    unit: str


@dataclass(frozen=True)
class Act:
    """One thing that an instruction does to one subject.

    ``verb`` is of :data:`assets.federal_register.instructions.VERBS`; ``is_whole`` says that a section, an ECCN or a
    supplement as a whole is meant, ``of_other_part`` that it is only a note, heading, definition or table of it.
    """

    verb: str
    subject: Subject
    is_whole: bool
    of_other_part: bool


@dataclass(frozen=True)
class Scope:
    """Destinations and country groups, items and end uses that words name, each once, in their order."""

    destinations: list[str]
    items: list[str]
    end_uses: list[str]


def acts(one: Instruction, verb: str | None = None, above: Sequence[Instruction] = ()) -> list[Act]:
    """Return what an instruction does, subject by subject, in its order.

    Args:
        one: the instruction; it names a target.
        verb: what is done, where the instruction it stands under says so.
        above: the instructions it stands under, the nearest first; they may name the ECCN it is about.
    """
    done = _done(one, verb)
    list_name = _list_of(one)
    if list_name is not None and _ENTRIES.search(one.body) and not _INTRODUCTORY.search(one.masked):
        subject = Subject("list", list_name, one.target or "")
        return [Act(name, subject, False, False) for name in _verbs_of_entries(one, done) or [_main(one, verb)]]
    found: list[Act] = []
    for place, subject, is_whole, other in _objects(one, above):
        governing = _governing(place, done, one)
        if governing == "add" and _RESERVED.search(one.masked):
            governing = "reserve"
        found.append(Act(governing, subject, is_whole, other))
    return list(dict.fromkeys(found))


def _verbs_of_entries(one: Instruction, done: Sequence[tuple[int, str, bool]]) -> list[str]:
    """Return what is done to entries, each thing once; an alias added to an entry adds no entry."""
    if len(done) == 1:
        return [done[0][1]]
    found = []
    ends = [place for place, _, _ in done[1:]] + [len(one.masked)]
    for (place, name, passive), end in zip(done, ends, strict=True):
        begin, until = (0, place) if passive else (place, end)
        if re.search(r"\bentr(?:y|ies)\b", one.masked[begin:until], re.IGNORECASE):
            found.append(name)
    return list(dict.fromkeys(found))


def set_out(instructions: Sequence[Instruction]) -> dict[int, list[etree._Element]]:
    """Return the regulatory text that follows each instruction, by its index.

    Instructions of one list whose text follows the last of them share it.
    """
    following = {one.index: _following(one.element) for one in instructions}
    for position, one in enumerate(instructions):
        if not following[one.index]:
            later = (other for other in instructions[position + 1 :] if other.top == one.top and following[other.index])
            if (first := next(later, None)) is not None:
                following[one.index] = following[first.index]
    return following


def text_of(subject: Subject, following: Sequence[etree._Element]) -> str:
    """Return the words that the text set out has on a subject; all of them where it is not marked which are its own."""
    if subject.type == "list":
        return ""
    paragraphs: list[tuple[str, str]] = []
    for element in following:
        if element.tag == "SECTION":
            number = text(element.find("SECTNO")).replace("§", "").strip()
            paragraphs += [(number, text(child)) for child in element if child.tag not in ("SECTNO", "STARS")]
        elif element.tag != "GPOTABLE":
            paragraphs.append(("", text(element)))
    if subject.type == "eccn":
        return " ".join(_of_eccn(subject.name[:5], [words for _, words in paragraphs]))
    if subject.type == "cfr" and subject.name.startswith("§"):
        number = _base(subject.name)[2:]
        own = [words for of, words in paragraphs if of == number] or [words for _, words in paragraphs]
        return " ".join(_of_paragraph(subject.name[len(number) + 2 :], own))
    return " ".join(words for _, words in paragraphs)


def general_order(act: Act, following: Sequence[etree._Element]) -> Act:
    """Name the General Order that an act on Supplement No. 1 to part 736 concerns, where its text does."""
    if act.subject.type == "cfr" and act.subject.name == "Supplement No. 1 to part 736":
        match = _GENERAL_ORDER.search(text_of(act.subject, following))
        if match is not None:
            return replace(
                act, subject=replace(act.subject, type="general_order", name=f"General Order No. {match[1]}")
            )
    return act


def scope(words: str) -> Scope:
    """Read destinations, country groups, ECCNs and end uses from words."""
    named: list[tuple[int, str]] = []
    for start, _, printed in destinations.mentions(words):
        known = destinations.destination(printed)
        named.append((start, known.name if known is not None else printed))
    named += [(match.start(), "Hong Kong") for match in _HONG_KONG.finditer(words)]
    for match in _COUNTRY_GROUPS.finditer(words):
        named += [(match.start(1) + group.start(), group[0]) for group in _ONE_GROUP.finditer(match[1])]
    eccns = [f"{match[1]}{match[2]}" for match in ECCN.finditer(words)]
    uses = [name for name, pattern in _END_USES if pattern.search(words)]
    return Scope(list(dict.fromkeys(name for _, name in sorted(named))), list(dict.fromkeys(eccns)), uses)


def _main(one: Instruction, verb: str | None) -> str:
    telling = [name for name in one.verbs if name not in _QUIET]
    return (one.verb if telling else None) or verb or one.verb or "amend"


def _done(one: Instruction, verb: str | None) -> list[tuple[int, str, bool]]:
    """Return place, name and voice of the verbs that do something; one that says all in "in its place" is one act."""
    done = []
    for place, name in one.verb_places:
        if name not in _QUIET:
            done.append((place, name, _PASSIVE.search(one.masked[:place]) is not None))
    if IN_PLACE.search(one.body) or not done:
        return [(0, _main(one, verb), False)]
    if {name for _, name, _ in done} == {"remove", "reserve"}:
        return [(done[0][0], "remove", done[0][2])]
    if {name for _, name, _ in done} == {"add", "reserve"}:
        return [(done[0][0], "reserve", done[0][2])]
    return done


def _governing(place: int, done: Sequence[tuple[int, str, bool]], one: Instruction) -> str:
    """Return the verb that governs what stands at a place: a passive one follows its object, another precedes it."""
    if len(done) == 1:
        return done[0][1]
    for at, name, passive in done:
        if passive and place < at:
            return name
    before = [name for at, name, passive in done if at <= place and not passive]
    return before[-1] if before else _main(one, None)


def _list_of(one: Instruction) -> str | None:
    for known in LISTS:
        if one.target == f"Supplement No. {known.supplement} to part 744":
            return known.name
    if one.target == "Supplement No. 7 to part 748":
        return "Validated End-User List"
    return None


def _objects(one: Instruction, above: Sequence[Instruction]) -> Iterator[tuple[int, Subject, bool, bool]]:
    """Yield place, subject, whether it is meant as a whole, and whether only another part of it is meant."""
    target = one.target or ""
    bare = one.masked
    other = _OTHER_PART.search(bare) is not None
    if one.cfr_part == "774" or any(unit.startswith("ECCN ") for unit in one.units):
        for naming in (one, *above):
            if eccns := list(ECCN.finditer(_AFTER_ECCN.sub(lambda match: " " * len(match[0]), naming.masked))):
                yield from _eccns(one, eccns, other, is_named_above=naming is not one)
                return
    if orders := list(_GENERAL_ORDER.finditer(one.body)):
        for match in orders:
            yield match.start(), Subject("general_order", f"General Order No. {match[1]}", target), True, other
        return
    units = _named_units(one.units)
    if len(units) == 1 and units[0].startswith("§"):
        base = _base(units[0])
        named = list(paragraphs_named(_without_sections(bare)))
        if named:
            part_of_one = _PART_OF_PARAGRAPH.search(bare) is not None
            for place, paragraphs in named:
                yield place, Subject("cfr", f"{base}{paragraphs}", target), False, part_of_one
            return
    for unit in units or [target]:
        is_whole = not _INTRODUCTORY.search(bare) and not (unit.startswith("§") and "(" in unit) and not other
        yield _place_of(unit, bare), Subject("cfr", unit, target), is_whole, other and not unit.startswith("§")


def _eccns(
    one: Instruction, eccns: Sequence[re.Match[str]], other: bool, *, is_named_above: bool
) -> Iterator[tuple[int, Subject, bool, bool]]:
    target = one.target or ""
    dotted = {match[1]: match.start() for match in reversed(list(_DOT_PARAGRAPH.finditer(one.body)))}
    if match := _ITEMS_PARAGRAPH.search(one.body):
        dotted |= dict.fromkeys(re.findall(r"\b[a-z](?:\.\d+)?\b", match[1]), match.start())
    for match in eccns:
        if match[2] or not dotted:
            name = f"{match[1]}{match[2]}"
            place = len(one.masked) if is_named_above else match.start()
            # Something added to an entry that the instruction above names is a part of it, whatever it is.
            yield place, Subject("eccn", name, target), not match[2] and not other, other or is_named_above
        for part, place in () if match[2] else sorted(dotted.items()):
            yield place, Subject("eccn", f"{match[1]}.{part}", target), False, False


def _named_units(units: Sequence[str]) -> list[str]:
    """Return units one by one: ``§§ 740.27, 740.28, and 740.29`` are three."""
    found: list[str] = []
    for unit in units:
        if not unit.startswith("§§"):
            found.append(unit)
            continue
        numbers = list(_ONE.finditer(unit))
        for position, match in enumerate(numbers):
            found.append(f"§ {match[0]}")
            through = position + 1 < len(numbers) and "through" in unit[match.end() : numbers[position + 1].start()]
            if through and numbers[position + 1][1] == match[1]:
                last = min(int(numbers[position + 1][2]), int(match[2]) + 100)
                found += [f"§ {match[1]}.{number}" for number in range(int(match[2]) + 1, last)]
    return list(dict.fromkeys(found))


def _base(unit: str) -> str:
    match = re.match(r"§ [^(\s]+", unit)
    return match[0] if match else unit


def _without_sections(bare: str) -> str:
    """Blank out section numbers, keeping the paragraphs printed after them."""
    return re.sub(r"\d+[a-z]?\.\d+[a-z]?(?=\()", lambda match: " " * len(match[0]), bare)


def paragraphs_named(bare: str) -> Iterator[tuple[int, str]]:
    """Yield the paragraphs that words name, each from its first level: ``(a)(8) and (9)`` are (a)(8) and (a)(9)."""
    before: list[str] = []
    last = ""
    ended = 0
    for match in _PARAGRAPH_GROUP.finditer(bare):
        tokens = re.findall(r"\(([^()]+)\)", match[1])
        if not _is_paragraph(bare, match.start(), tokens):
            continue
        level = _level(tokens[0], before, tokens[1] if len(tokens) > 1 else "")
        if level is None:
            continue
        whole = [*before[:level], *tokens]
        if before and re.fullmatch(r"\s+through\s+(?:paragraph\s+)?", bare[ended : match.start()]):
            yield from ((match.start(), _joined(one)) for one in _between(before, whole))
        name = _joined(whole)
        if name != last:
            yield match.start(), name
        before, last, ended = whole, name, match.end()


def _joined(tokens: Sequence[str]) -> str:
    return "".join(f"({token})" for token in tokens)


def _between(first: Sequence[str], last: Sequence[str]) -> Iterator[list[str]]:
    """Yield the paragraphs between two of one level: (ii) between (i) and (iii)."""
    if len(first) != len(last) or first[:-1] != last[:-1]:
        return
    for numbers in (_ROMANS, _LETTERS, _LETTERS.upper(), [str(number) for number in range(1, 200)]):
        row = list(numbers)
        if first[-1] in row and last[-1] in row:
            yield from ([*first[:-1], token] for token in row[row.index(first[-1]) + 1 : row.index(last[-1])])
            return


def _is_paragraph(bare: str, place: int, tokens: Sequence[str]) -> bool:
    """Whether a bracket is a paragraph's number, and not an aside such as (ECCN) or (RS)."""
    if (
        len(tokens) == 1
        and tokens[0].isalpha()
        and len(tokens[0]) > 1
        and not re.fullmatch(r"[ivxl]+|([a-z])\1", tokens[0])
    ):
        return False
    return re.search(r"\bparagraphs?\b|^\W*\(|§", bare[: place + 1], re.IGNORECASE) is not None or "(" in bare[:place]


def _level(token: str, before: Sequence[str], follows: str = "") -> int | None:
    levels = [number for number, pattern in enumerate(_LEVELS) if pattern.match(token)]
    if not levels:
        return None
    if not before:
        return levels[0]
    if len(levels) > 1:  # (i) follows (h), or is the first of Roman numerals
        if follows.isdigit():  # a number stands below a letter: (i)(8)
            return levels[0]
        deep = len(before) > 2 and _LEVELS[2].match(before[2]) is not None
        return 2 if deep or len(token) > 1 else 0
    return min(levels[0], len(before))


def _place_of(unit: str, bare: str) -> int:
    number = re.search(r"\d+\.\d+", unit)
    place = bare.find(number[0]) if number else -1
    return max(place, 0)


def _following(element: etree._Element) -> list[etree._Element]:
    found: list[etree._Element] = []
    for sibling in element.itersiblings():
        if sibling.tag in ("AMDPAR", "REGTEXT", "PART", "SIG", "FRDOC"):
            break
        found.append(sibling)
    return [one for one in found if one.tag != "STARS" and text(one)]


def _of_eccn(number: str, paragraphs: Sequence[str]) -> list[str]:
    """Return an entry's paragraphs: from its heading to the next entry's."""
    own: list[str] = []
    inside = False
    headed = False
    for words in paragraphs:
        if heading := re.match(r"\s*(\d[A-EY]\d{3})\b", words):
            inside, headed = heading[1] == number, True
        if inside:
            own.append(words)
    return own if headed else list(paragraphs)


def _of_paragraph(name: str, paragraphs: Sequence[str]) -> list[str]:
    """Return a paragraph's words, found by the numbers printed before them.

    The numbers above it may stand in paragraphs of their own (``(b) * * *``, ``(10) Text``). Where numbers are printed
    and it is not among them, none of the words are its own; where none are printed, all may be.
    """
    tokens = re.findall(r"\(([^()]+)\)", name)
    if not tokens:
        return list(paragraphs)
    markers = [_leading(words) for words in paragraphs]
    start = _found(tokens, markers)
    if start is None:
        return [] if any(markers) else list(paragraphs)
    own = [paragraphs[start]]
    for words, leading in zip(paragraphs[start + 1 :], markers[start + 1 :], strict=True):
        if leading and leading[0] not in tokens:
            level = _level(leading[0], tokens if len(tokens) > 1 else [*tokens, "", ""])
            if level is not None and level < len(tokens):
                break
        own.append(words)
    return own


def _leading(words: str) -> list[str]:
    """Return the numbers a paragraph begins with: ``(a)(6)(iii) Text`` begins with three."""
    match = re.match(r"(?:\(\w{1,5}\)\s*)+", words)
    return re.findall(r"\((\w+)\)", match[0]) if match else []


def _found(tokens: Sequence[str], markers: Sequence[Sequence[str]]) -> int | None:
    """Return the place of the paragraph whose number, with those before it, is the one looked for."""
    reached = 0
    for place, leading in enumerate(markers):
        if not leading:
            continue
        for held in range(reached, -1, -1):
            if alike := _alike(leading, tokens[held:]):
                reached = held + alike
                break
        else:  # a sibling of one of those above it
            level = _level(leading[0], tokens)
            reached = min(reached, level if level is not None else reached)
        if reached == len(tokens):
            return place
    return None


def _alike(one: Sequence[str], other: Sequence[str]) -> int:
    """Return how many tokens two numbers have in common at their beginning."""
    return next(
        (n for n, (mine, theirs) in enumerate(zip(one, other, strict=False)) if mine != theirs),
        min(len(one), len(other)),
    )
