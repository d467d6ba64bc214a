"""The entity cell of a list entry: name, other names, parts and addresses out of its printed lines.

Its layout is that of Supplement No. 4 to part 744: the name; ``a.k.a., the following two aliases:``; a line beginning
with a dash for each; then addresses, separated by ``; and``. Shorter entries run on in one line. What belongs to the
entity (``Subordinate institution``, ``Affiliated entities:``) follows in the same layout, once for each.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from assets.entity_list.destinations import destination
from assets.entity_list.entity_names import (
    KNOWN_AS,
    KNOWN_AS_HINT,
    is_address,
    is_address_of_list,
    known_prefix,
    name_and_rest,
    names_and_address,
    names_behind_mark,
    names_in_brackets,
    names_of_item,
    number,
    one_alias,
    own_name,
    without_address,
    without_end,
    without_notes,
)
from resources.documents import Row

PARTS: Final = (
    r"(?:subordinate|affiliated?|subsidiary)\s+(?:\w{1,20}\s+)?"
    r"(?:institut\w+|instituion\w*|entit(?:y|ies)|compan(?:y|ies)|units?)"
)
"""What the lists call the parts of an entity, with one misprint."""

_ALIAS_NOUN: Final = r"alia(?:s|es|ses)|acronyms?|names?"
_PART_NOUN: Final = (
    r"(?:named\s+)?(?:subordinate\s+)?"
    r"(?:affiliat\w+|subordinate|subsidiar\w+|branch\w*|institut\w+|entit(?:y|ies)|units?)"
)
_ADDRESS_NOUN: Final = r"(?:additional\s+)?address(?:es)?"
_INTRODUCTION: Final = re.compile(
    # How it may begin: a look at one letter spares most places of a line the rest.
    rf"(?=[,;\s(adfit])[,;]?\s*(?:\(?{KNOWN_AS}\s*,?\s*)?(?:as\s+)?(?:(?:and|to)\s+)?(?:to\s+)?"
    rf"(?:includ(?:e|es|ing)\s+)?(?:the\s+following\s+)?"
    rf"(?:the\s+(?P<before>[\w-]+\s+)?|(?<=\s))follow(?:ing)?\s+(?P<count>[\w-]+\s+)??"
    rf"(?P<noun>{_ALIAS_NOUN}|aliaes|{_PART_NOUN}|{_ADDRESS_NOUN})\b(?P<rest>[^:—]*?)\s*(?::|,?\s*(?=—)|,?$)",
    re.IGNORECASE,
)
# "a.k.a., the one alias:", where the word before it was forgotten.
_SHORT_INTRODUCTION: Final = re.compile(
    rf"[,;]?\s*\(?{KNOWN_AS}\s*,?\s*the\s+(?P<before>)(?P<count>[\w-]+\s+)(?P<noun>{_ALIAS_NOUN})(?P<rest>)\s*(?::|,?$)",
    re.IGNORECASE,
)
_AND_PARTS: Final = re.compile(rf"\band\s+(?P<count>[\w-]+\s+)?{_PART_NOUN}", re.IGNORECASE)
# "—Huawei Technology, and to include the following addresses and the following 22 affiliated entities:"
_PARTS_ANNOUNCED: Final = re.compile(
    rf"[,;]?\s*(?:and\s+)?(?:to\s+include\s+)?the\s+following\s+(?:addresses\s+and\s+the\s+following\s+)?"
    rf"(?:(?P<count>[\w-]+)\s+)?(?:{PARTS}|subordinate)\s*[:.]\s*",
    re.IGNORECASE,
)
# A line over parts that each stand in lines of their own.
_LABEL: Final = re.compile(
    r"(?:(?P<one>subordinate\s+institution)|subordinate\s+institutions|affiliated\s+entit(?:y|ies))\b\s*:?",
    re.IGNORECASE,
)
_FOR_ALL: Final = "the following address"  # "… apply to the entity and the two subordinate institutions:"
# An entry that names nothing but parts of a body: "The following Department of Atomic Energy entities:"
_ONLY_PARTS: Final = re.compile(r"The following (?P<body>[^,:;]{3,100}?\b(?:entities|facilities|institutes)):$")
_BRACKETS: Final = re.compile(r"\([^()]*\)")
_ANY: Final = re.compile(r"any\b.{0,60}\b(?:entities|institutes|facilities)\b")
_ALIAS_NOUN_BEGINS: Final = re.compile(r"alia|acronym|name(?!d)")
_DASHES: Final = ("—", "–", "―", "-")
_ITEM_ENDS: Final = (";", ",", ".", "and")
# "; and72 Vouliagmenis Ave", "; and. SM-Office"
_LIST_END: Final = re.compile(r";\s*(?:and(?![^\W\d])[\s.]*)?")
_ADDRESS_LABEL: Final = re.compile(
    r"(?:alt(?:ern\w+)?\.?\s+)?address(?:es)?(?:\s+for\s+[^:]{1,100})?:\s*", re.IGNORECASE
)
_INNER_DASH: Final = re.compile(r"(?<=[;:,.])\s*(?:and\s*)?—\s*")
_DIGIT: Final = re.compile(r"\d")


@dataclass(frozen=True)
class SubEntity:
    """A part that an entry names: an affiliate, a subordinate institution, or a kind of facilities.

    Attributes:
        name: its name.
        aliases: its other names, in order.
        addresses: its own addresses, in order; none where one list of addresses is for the whole entry.
    """

    name: str
    aliases: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class EntityCell:
    """What an entity cell says.

    Attributes:
        name: the entity's name.
        aliases: its other names, in order.
        parts: what the entry names as part of the entity, in order.
        addresses: in order, without the notes that point to entries under other destinations.
        doubts: what of the cell may have been read wrongly, in words.
    """

    name: str
    aliases: list[str] = field(default_factory=list)
    parts: list[SubEntity] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)

    @property
    def sub_entities(self) -> list[str]:
        """Names of its parts."""
        return [part.name for part in self.parts]

    @property
    def columns(self) -> Row:
        """What the tables of the lists hold of a cell besides the name, by column."""
        return {
            "aliases": self.aliases,
            "addresses": self.addresses,
            "sub_entities": self.sub_entities,
            "sub_entity_aliases": [alias for part in self.parts for alias in part.aliases],
            "sub_entity_alias_of": [part.name for part in self.parts for _ in part.aliases],
            "sub_entity_addresses": [address for part in self.parts for address in part.addresses],
            "sub_entity_address_of": [part.name for part in self.parts for _ in part.addresses],
        }


def read_entity(lines: Sequence[str], names: Collection[str] = (), set_apart: Collection[str] = ()) -> EntityCell:
    """Read an entity cell.

    Args:
        lines: its lines as printed, not empty.
        names: names that an instruction calls the entry by: where the cell begins with one of them, that is its name.
        set_apart: words in another face with which lines begin; below ``Affiliated entities:`` they are the names.
    """
    if len(lines) == 1 and not names and _is_name_alone(lines[0]):
        return EntityCell(without_end(own_name(lines[0])))
    reader = _Reader(names, set_apart)
    for line in _broken_at_dashes(_with_own_name(lines)):
        reader.take(line)
    return reader.done()


def _is_name_alone(line: str) -> bool:
    """Say whether a line has nothing that could end its name: most names quoted in instructions are such lines."""
    if "," in line or "—" in line or ";" in line or line.startswith(_DASHES):
        return False
    lower = line.lower()
    return "follow" not in lower and "addre" not in lower and KNOWN_AS_HINT.search(lower) is None


def _with_own_name(lines: Sequence[str]) -> Sequence[str]:
    """Take the name of what an institution is subordinate to from its first line, or lines."""
    first = own_name(lines[0])
    if first == lines[0] and len(lines) > 1 and first.endswith(":") and lines[1].startswith(_DASHES):
        joined = f"{first} {lines[1][1:].lstrip()}"
        if (own := own_name(joined)) != joined:
            return [own, *lines[2:]]
    return [first, *lines[1:]] if first != lines[0] else lines


class _Reader:
    """Takes the lines of one cell, or of one part in it, in order."""

    def __init__(self, names: Collection[str], set_apart: Collection[str]) -> None:
        self._names = names
        self._parts = _Parts(set_apart)
        self.name = ""
        self._items: dict[str, list[str]] = {"alias": [], "part": [], "address": []}
        self._beside: list[str] = []  # names that stand beside the entity's own
        self._kind = "alias"
        self._announced: dict[str, int] = {}
        self._is_introduced = False
        self._address_lines: list[str] = []

    def take(self, line: str) -> None:
        if self.name and self._parts.begin(line):
            return
        if self._parts.is_open:
            if line.lower().startswith(_FOR_ALL):
                self._parts.is_open = False
                self._address_lines.append(line.partition(":")[2])
            else:
                self._parts.take(line)
        elif line.startswith(_DASHES):
            self._dashed(line[1:].lstrip())
        elif (introduction := _introduction(line)) is not None:
            before = line[: introduction.start()]
            if not self.name:
                self._head(before, is_name=True)
            elif before.strip():
                self._address_lines.append(before)
            self._introduce(introduction)
            self._run_on(line[introduction.end() :])
        elif not self.name:
            self._head(line)
        elif self._continues_aliases(line):
            self._items["alias"].append(line)
        else:
            self._address_lines.append(line)

    def done(self) -> EntityCell:
        items = self._items["alias"]
        self._join_parted_name(items)
        ends_cell = not self._address_lines and not self._items["address"]
        aliases = list(self._beside)
        for position, item in enumerate(items, 1):
            is_last = position == len(items)
            kept = self._without_addresses(item, ends_cell=ends_cell) if is_last else item
            first, *others = names_of_item(kept, is_last=is_last) or [""]
            if others and first in aliases:  # "—Asialink; and", "—Asialink; Xi'an Int'l Logistics Co., Ltd."
                aliases.append(" ".join([first, *others]))
            else:
                aliases += filter(None, [first, *others])
        parts, doubts = self._parts.done()
        parts = [*self._listed_parts(), *parts]
        addresses = [without_end(item) for item in self._items["address"]] + _addresses(self._address_lines)
        if not addresses and self._parts.end_with_addresses and parts:
            # Behind the last part of an entry without any other address: they are printed for the whole.
            addresses, parts[-1] = parts[-1].addresses, SubEntity(parts[-1].name, parts[-1].aliases)
        counts = {
            "alias": {len(items), len(aliases) - len(self._beside)},
            "part": {len(parts), len(self._items["part"])},
        }
        for kind, found in counts.items():
            if (announced := self._announced.get(kind)) is not None and announced not in found:
                doubts.append(f"{announced} names of the kind {kind} are announced and {min(found)} found")
        return EntityCell(self.name, aliases, parts, [address for address in addresses if address], doubts)

    # --- the line of the name -----------------------------------------------------------------------------------

    def _head(self, line: str, *, is_name: bool = False) -> None:
        """Take the line the name stands in: name, perhaps other names, perhaps an address (none if ``is_name``)."""
        line = without_notes(line, "")
        if body := _ONLY_PARTS.match(line):
            self.name = body["body"]
            self._parts.open(dashed=True)
            return
        known = known_prefix(line, self._names)
        alias = one_alias(line)
        if known is not None and (alias is None or alias.start() >= known - 1):
            name, rest = line[:known], line[known:]
        elif alias is not None and alias.start() > 0:
            name, rest = line[: alias.start()], line[alias.start() :]
        elif is_name:
            name, rest = line, ""
        else:
            name, rest = name_and_rest(line)
        self.name = without_end(name)
        if (alias := one_alias(rest)) is not None and alias.start() == 0:
            rest = self._other_names(rest, alias, is_name=is_name)
        if rest := rest.strip(" ,;"):
            self._address_lines.append(rest)

    def _other_names(self, rest: str, mark: re.Match[str], *, is_name: bool) -> str:
        """Take the names behind the first mark of other names, and return what follows them."""
        words = rest[mark.end() :].lstrip(" ,")
        if "(" in mark[0]:
            inside, after = _bracketed(words)
            self._beside += names_in_brackets(inside)
            further = one_alias(after)
            return self._other_names(after, further, is_name=is_name) if further and further.start() == 0 else after
        if is_name:
            self._beside += names_behind_mark(words)
            return ""
        names, after = names_and_address(words)
        if names and not after:
            names[-1], after = without_address(names[-1], ends_cell=True)
            names[-1] = without_end(names[-1])
        self._beside += names
        return after

    # --- lists --------------------------------------------------------------------------------------------------

    def _introduce(self, introduction: re.Match[str]) -> None:
        noun = introduction["noun"].lower()
        self._kind = "alias" if _ALIAS_NOUN_BEGINS.match(noun) else "address" if "address" in noun else "part"
        self._is_introduced = True
        count = number(introduction["count"] or introduction["before"] or "")
        if count is not None:
            self._announced[self._kind] = self._announced.get(self._kind, 0) + count
        if self._kind == "alias" and (parts := _AND_PARTS.search(introduction["rest"])):
            count = number(parts["count"] or "")
            if count is not None:
                self._announced["part"] = count

    def _run_on(self, after: str) -> None:
        """Take what follows an introduction in its line: its list, run on, and perhaps addresses."""
        pieces = [piece for piece in _LIST_END.split(after) if piece.strip(" .,;")]
        expected = self._announced.get(self._kind, 1)
        for position, piece in enumerate(pieces, 1):
            if position > expected:
                self._address_lines.append(piece)
                continue
            item = piece.lstrip()
            item = item[1:].lstrip() if item.startswith(_DASHES) else piece
            if self._kind == "alias" and position == expected:
                item = self._without_addresses(item, ends_cell=True)
            self._item(item)

    def _dashed(self, item: str) -> None:
        """Take a line that begins with a dash: an item of a list, or what goes on behind a dash."""
        if self._announced_parts(item):
            return
        if not self._is_introduced and not self._items["alias"] and self._address_lines and is_address(item):
            self._address_lines[-1] += f"—{item}"  # "…, Hay Riad", "—Rabat, Morocco."
        else:
            self._item(item)

    def _announced_parts(self, item: str) -> bool:
        """Take an alias behind which parts are announced; say whether it is one."""
        announced = _PARTS_ANNOUNCED.search(item) if "follow" in item.lower() else None
        if announced is None:
            return False
        alias, address = without_address(item[: announced.start()], ends_cell=True)
        self._item(alias)
        self._address_lines += [words for words in (address, item[announced.end() :]) if words.strip()]
        count = number(announced["count"] or "")
        if count is not None:
            self._announced["part"] = count
        if item.endswith(":") and "address" not in announced[0].lower():
            self._parts.open(dashed=True)
        return True

    def _item(self, item: str) -> None:
        kind = self._kind
        full = self._announced.get("alias")
        # "five aliases, and two subordinate institutions": one list, the aliases first.
        if kind == "alias" and "part" in self._announced and full is not None and len(self._items["alias"]) >= full:
            kind = "part"
        if item.strip(" .,;:"):
            self._items[kind].append(item)

    def _continues_aliases(self, line: str) -> bool:
        """Say whether a line without a dash goes on with the list of other names."""
        items = self._items["alias"]
        if self._address_lines or is_address(line) or self._kind != "alias":
            return False
        if items:
            return items[-1].endswith((";", "; and", " or"))
        # "a.k.a., the following one alias:", "VNIIFTRI."
        return self._is_introduced and "," not in line and len(line) < 60

    def _join_parted_name(self, items: list[str]) -> None:
        """Join two items where a dash within a name was taken for that of a list (``—OOO Neft``, ``—Aktiv; and``)."""
        if self._announced.get("alias") != len(items) - 1:
            return
        open_ones = [at for at, item in enumerate(items[:-1]) if not item.endswith(_ITEM_ENDS)]
        if len(open_ones) == 1:
            at = open_ones[0]
            items[at : at + 2] = [f"{items[at]}—{items[at + 1]}"]

    def _without_addresses(self, item: str, *, ends_cell: bool) -> str:
        """Cut the addresses from the last alias that stand behind it, and take them."""
        first, *others = _LIST_END.split(item) if ";" in item else [item]
        kept, address = without_address(first, ends_cell=ends_cell)
        found = [address] if address else []
        for other in others:
            if _ANY.match(other):
                self._parts.add(other)
            elif is_address_of_list(other):
                found.append(other)
            elif found:
                found[-1] += f"; {other}"
            else:
                kept += f"; {other}"
        self._address_lines[:0] = found
        return kept

    def _listed_parts(self) -> list[SubEntity]:
        return [SubEntity(name) for item in self._items["part"] if (name := without_end(item))]


class _Parts:
    """The section of a cell on its parts, each read as a cell of its own."""

    def __init__(self, set_apart: Collection[str]) -> None:
        self.is_open = False
        self.end_with_addresses = False
        self._set_apart = tuple(set_apart)
        self._groups: list[list[str]] = []
        self._kinds: list[str] = []  # parts without a name of their own
        self._is_labelled = self._is_dashed = self._awaits_name = False

    def begin(self, line: str) -> bool:
        """Take a label (``Subordinate institution``), and the name if it stands behind it; say whether it is one."""
        label = _LABEL.match(line)
        if label is None:
            return False
        self.is_open = self._awaits_name = True
        self._is_labelled = label["one"] is not None
        self._is_dashed = False
        if rest := line[label.end() :].strip():
            self.take(rest)
        return True

    def open(self, *, dashed: bool) -> None:
        """Begin a list of parts, each behind a dash."""
        self.is_open, self._is_dashed = True, dashed

    def add(self, kind: str) -> None:
        """Take a kind of facilities that the entry includes."""
        self._kinds.append(without_end(kind))

    def take(self, line: str) -> None:
        """Take a line of the section."""
        if self._begins_part(line):
            self._groups.append([line[1:].lstrip() if line.startswith(_DASHES) else line])
            self._awaits_name = False
        else:
            self._groups[-1].append(line)

    def _begins_part(self, line: str) -> bool:
        if self._awaits_name and (self._is_labelled or not self._groups):
            return True
        if not self._groups:
            return True
        group = self._groups[-1]
        if line.startswith(_DASHES):
            return self._is_dashed and not _awaits_alias(group)
        if self._is_labelled or self._is_dashed:
            return False
        if self._set_apart:
            return line.startswith(self._set_apart)
        goes_on = _awaits_alias(group) or group[-1].endswith((";", "; and"))
        return not goes_on and not _DIGIT.match(line) and not _is_address_alone(line)

    def done(self) -> tuple[list[SubEntity], list[str]]:
        """Return the parts, and what may be read wrongly of them."""
        parts: list[SubEntity] = []
        doubts: list[str] = []
        for group in self._groups:
            if len(group) == 1 and _is_kind(group[0]):
                parts.append(SubEntity(without_end(group[0])))
                continue
            lead = [words for words in self._set_apart if group[0].startswith(words)]
            cell = read_entity(list(_without_announcement(group)), lead)
            if cell.name:
                parts.append(SubEntity(cell.name, cell.aliases, cell.addresses))
                doubts += [f"{cell.name:.80}: {doubt}" for doubt in cell.doubts]
        self.end_with_addresses = self._is_labelled and bool(parts and parts[-1].addresses)
        return [*parts, *map(SubEntity, self._kinds)], doubts


def _without_announcement(group: Sequence[str]) -> Iterator[str]:
    """Yield a part's lines; behind an alias that announces parts without naming any stands an address."""
    for line in group:
        announced = _PARTS_ANNOUNCED.search(line) if line.startswith(_DASHES) and "follow" in line.lower() else None
        if announced is None:
            yield line
        else:
            yield line[: announced.start()]
            if rest := line[announced.end() :].strip():
                yield rest


def _is_kind(words: str) -> bool:
    """Say whether words give a kind of parts, not a name: what stands before their first comma ends in lower case."""
    plain = _BRACKETS.sub("", words)
    first = plain.partition(",")[0].split()
    return bool(first) and first[-1].islower() and not is_address(plain)


def _awaits_alias(group: Sequence[str]) -> bool:
    """Say whether the last list of other names announced in a part is not complete."""
    introduction = _introduction(group[0])
    if introduction is None:
        return False
    count = number(introduction["count"] or introduction["before"] or "") or 1
    return sum(line.startswith(_DASHES) for line in group[1:]) < count


def _is_address_alone(line: str) -> bool:
    first = line.partition(",")[0]
    return is_address(line) and _DIGIT.search(first) is not None and not name_and_rest(line)[1]


def _introduction(line: str) -> re.Match[str] | None:
    """Find the words that introduce a list (``a.k.a., the following two aliases:``)."""
    lower = line.lower()
    if "follow" in lower and (found := _INTRODUCTION.search(line)):
        return found
    return _SHORT_INTRODUCTION.search(line) if "alias" in lower else None


def _bracketed(words: str) -> tuple[str, str]:
    """Return what stands before the bracket that closes one opened before these words, and what follows it."""
    depth = 1
    for at, sign in enumerate(words):
        depth += (sign == "(") - (sign == ")")
        if not depth:
            return words[:at], words[at + 1 :].lstrip(" .")
    return words, ""


def _broken_at_dashes(lines: Sequence[str]) -> list[str]:
    """Break lines that carry several dashed items (``a.k.a., the following two aliases: —A; and —B.``)."""
    broken = []
    for line in lines:
        if line.rfind("—") <= 0:
            broken.append(line)
            continue
        pieces = _INNER_DASH.split(line)
        broken.append(pieces[0])
        broken += [f"—{piece}" for piece in pieces[1:]]
    return [stripped for line in broken if (stripped := line.strip())]


def _addresses(lines: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for raw in lines:
        line = without_notes(raw, " ").strip()
        if not line.strip(" .,;'’”\""):
            continue
        if joined and joined[-1].endswith(","):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    addresses: list[str] = []
    for line in joined:
        for piece in _LIST_END.split(line) if ";" in line else (line,):
            address = without_end(piece)
            if label := _ADDRESS_LABEL.match(address):
                address = address[label.end() :]
            if not address:
                continue
            # "…, Changsha City, Hunan Province; China": the country of the address before.
            if addresses and _is_country(address) and destination(addresses[-1].rpartition(",")[2]) is None:
                addresses[-1] = f"{addresses[-1]}, {address}"
            else:
                addresses.append(address)
    return addresses


def _is_country(words: str) -> bool:
    return len(words) < 40 and "," not in words and not _DIGIT.search(words) and destination(words) is not None
