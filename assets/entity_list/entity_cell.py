"""The entity cell of a list entry: name, other names, parts and addresses out of its printed lines.

Its layout is that of Supplement No. 4 to part 744: the name; ``a.k.a., the following two aliases:``; a line beginning
with a dash for each; then addresses, separated by ``; and``. Shorter entries run on in one line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Final

from assets.entity_list.destinations import destination

_NUMBER_WORDS: Final = [
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
    "twenty",
]
_TENS: Final = {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60}

_KNOWN_AS: Final = r"(?:a\.?\s?k\.?\s?a\.?|f\.?\s?k\.?\s?a\.?|d\.?\s?b\.?\s?a\.?|formerly known as|also known as)"
_ALIAS_NOUN: Final = r"alia(?:s|es|ses)|acronyms?|names?"
_PART_NOUN: Final = (
    r"(?:named\s+)?(?:subordinate\s+)?"
    r"(?:affiliat\w+|subordinate|subsidiar\w+|branch\w*|institut\w+|entit(?:y|ies)|units?)"
)
_ADDRESS_NOUN: Final = r"(?:additional\s+)?address(?:es)?"
_INTRODUCTION: Final = re.compile(
    rf"[,;]?\s*(?:\(?{_KNOWN_AS}\s*,?\s*)?(?:(?:and|to)\s+)?(?:to\s+)?(?:includ(?:e|es|ing)\s+)?(?:the\s+following\s+)?"
    rf"the\s+(?P<before>[\w-]+\s+)?following\s+(?P<count>[\w-]+\s+)??"
    rf"(?P<noun>{_ALIAS_NOUN}|aliaes|{_PART_NOUN}|{_ADDRESS_NOUN})\b(?P<rest>[^:—]*?)\s*(?::|,?\s*(?=—)|,?$)",
    re.IGNORECASE,
)
_ONE_ALIAS: Final = re.compile(rf"[,;]?\s*\(?{_KNOWN_AS}(?=[\s,])\s*,?\s*", re.IGNORECASE)
_AND_PARTS: Final = re.compile(rf"\band\s+(?P<count>[\w-]+\s+)?{_PART_NOUN}", re.IGNORECASE)
_PARTS_HEADING: Final = re.compile(
    r"^(?:subordinate\s+institutions?|affiliated\s+entit(?:y|ies))\b\s*:?", re.IGNORECASE
)
_DASH: Final = re.compile(r"^\s*[—–―-]\s*")
_INNER_DASH: Final = re.compile(r"(?<=[;:,.])\s*(?:and\s*)?—\s*")
# What may follow an entity's name in its line.
_NAME_ENDS: Final = re.compile(rf"[.)\]'’”\"]*\s*(?:$|[,;:(\[—–]|{_KNOWN_AS}[\s,.])|\.\s", re.IGNORECASE)
_SEE: Final = re.compile(
    r"\s*[(\[]?\s*\bSee\s+(?:also\s+)?(?:the\s+)?(?:alternat\w*|additional|other|also)?\s*address(?:es)?[^)\]]*[)\]]?\s*\.?",
    re.IGNORECASE,
)
_TRAILING_AND: Final = re.compile(r"[;,]?\s*\b(?:and|or)\s*$|[;,]\s*$", re.IGNORECASE)

_LEGAL_WORD: Final = (
    r"co|company|corp|corporation|inc|incorporated|ltd|limited|ltda|llc|l\.l\.c|llp|lp|l\.p|plc|psc|pte|pvt|\(pvt\)|pty|private|"
    r"s\.?a|s\.?a\.?r\.?l|s\.?a\.?l|s\.?r\.?o|s\.?r\.?l|s\.?p\.?a|gmbh|mbh|kg|ag|a\.?g|a\.?s|a\.?ş|oy|ab|bv|b\.v|nv|n\.v|kk|k\.k|"
    r"jsc|ojsc|cjsc|pjsc|ao|oao|zao|pao|ooo|llp|too|fze|fzc|fzco|fz-llc|fz|fz-co|dmcc|w\.?l\.?l|est|establishment|"
    r"sdn|bhd|sti|şti|sirketi|tic|san|sp|z\.?o\.?o|group|jlt|lda|eood|ood|d\.o\.o|uab|sia|ou|oü|k\.s|the"
)
_LEGAL_FORM: Final = re.compile(rf"(?:(?:{_LEGAL_WORD})\.?[\s,&]*)+(?:\([A-Z&.-]+\)\s*)?", re.IGNORECASE)
# A part of an organisation that is listed under the organisation's name; behind a person's name it is an address.
_ORGANISATION: Final = re.compile(
    r"\b(?:Academy|Institute|University|Corporation|Corp|Company|Co|Group|Center|Ministry)\b"
)
_ORGAN: Final = re.compile(
    r"(?=[^\d,]*\b(?:Institut(?:e|ion)|Academy|Laboratory|Branch|Faculty|Directorate|Research\s+Center)\b)"
    r"(?![^,]*\b(?:Road|Street|Rd|St|Building|Bldg|Floor|Room|District|City|Avenue|Park)\b)[^\d,]+",
)
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Co|Corp|Inc|Ltd|Ltda|Pvt|Pte|Pty|Sdn|Bhd|Est|Bros|Sti|Şti|Tic|San|Mfg|Intl|Int'l|Dept|Univ|Jr|Sr|No|Dr|Mr)|(?:\b\w\.)+\w)\.$",
    re.IGNORECASE,
)
_GLUED_ADDRESS: Final = re.compile(r"(?<=[\w)'’”])\.\s+(?=(?:[^,]*\d[^,]*|[A-Z][^,]*),\s)")


@dataclass(frozen=True)
class EntityCell:
    """What an entity cell says.

    Attributes:
        name: the entity's name.
        aliases: its other names, in order.
        sub_entities: affiliates or institutions that the entry names as part of itself.
        addresses: in order, without the notes that point to entries under other destinations.
        doubts: what of the cell may have been read wrongly, in words.
    """

    name: str
    aliases: list[str] = field(default_factory=list)
    sub_entities: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def name_key(name: str) -> str:
    """Return a name for comparison: letters and digits only, in one case, without diacritics."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(letter for letter in plain if letter.isalnum())


def read_entity(lines: Sequence[str], names: Collection[str] = ()) -> EntityCell:
    """Read an entity cell.

    Args:
        lines: its lines as printed, not empty.
        names: names that an instruction calls the entry by: where the cell begins with one of them, that is its name.
    """
    reader = _Reader(names)
    for line in _broken_at_dashes(lines):
        reader.take(line)
    return reader.done()


class _Reader:
    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self._name = ""
        self._lists: dict[str, list[str]] = {"alias": [], "part": [], "address": []}
        self._kind = "alias"
        self._announced: dict[str, int] = {}
        self._listed = {"alias": 0, "part": 0, "address": 0}
        self._address_lines: list[str] = []
        self._in_parts = False

    def take(self, line: str) -> None:
        if self._name and (parts := _PARTS_HEADING.match(line)):
            self._in_parts = True
            line = line[parts.end() :].strip()
            if not line:
                return
        if self._in_parts:
            self._part(line)
            return
        if _DASH.match(line):
            self._item(_DASH.sub("", line))
            return
        introduction = _INTRODUCTION.search(line)
        if introduction is not None:
            before = line[: introduction.start()]
            if not self._name:
                self._head(before, is_name=True)
            elif before.strip():
                self._address_lines.append(before)
            self._introduce(introduction)
            self._run_on(line[introduction.end() :])
        elif not self._name:
            self._head(line)
        else:
            self._address_lines.append(line)

    def done(self) -> EntityCell:
        self._cut_last_alias()
        addresses = self._lists["address"] + _addresses(self._address_lines)
        doubts = []
        if self._lists["part"]:
            doubts.append(f"{len(self._lists['part'])} entities within the entry are read by name only")
        for kind, announced in self._announced.items():
            found = self._listed[kind]
            if kind != "address" and found != announced:
                doubts.append(f"{announced} names of the kind {kind} are announced and {found} found")
        return EntityCell(
            name=self._name,
            aliases=self._lists["alias"],
            sub_entities=self._lists["part"],
            addresses=addresses,
            doubts=doubts,
        )

    def _run_on(self, after: str) -> None:
        """Take what follows an introduction in its line: its list, run on, and perhaps addresses."""
        pieces = [piece for piece in re.split(r";\s*(?:and\s+)?", after) if piece.strip(" .,;")]
        expected = self._announced.get(self._kind, 1)
        for position, piece in enumerate(pieces):
            if position < expected:
                self._item(re.sub(r"^\s*[—–―-]\s*", "", piece))
            else:
                self._address_lines.append(piece)

    def _part(self, line: str) -> None:
        """Take a line of the section that lists affiliates: only its names; addresses and aliases stay in the text."""
        if line.lower().startswith("the following address"):
            self._in_parts = False
            self._address_lines.append(line.partition(":")[2])
        elif not _DASH.match(line) and not re.match(r"^\d", line):
            alias = _ONE_ALIAS.search(line)
            name = line[: alias.start()] if alias else _name_and_rest(line)[0]
            if words := _without_end(name):
                self._listed["part"] += 1
                self._lists["part"].append(words)

    def _cut_last_alias(self) -> None:
        """Cut an address from the last alias where the entry has no other (``—Alexander Ivjenko, 7150 Rue …``)."""
        aliases = self._lists["alias"]
        if self._address_lines or self._lists["address"] or not aliases or not self._listed["alias"]:
            return
        last = aliases[-1]
        name, rest = _name_and_rest(last)
        if not _is_address(rest) and (match := re.search(r"(?<=\w)\.\s+(?=[A-Z][^.]*$)", last)):
            name, rest = last[: match.start()], last[match.end() :]
        if _is_address(rest):
            aliases[-1] = _without_end(name)
            self._address_lines.append(rest.strip(" ,"))

    def _introduce(self, introduction: re.Match[str]) -> None:
        noun = introduction["noun"].lower()
        self._kind = (
            "alias" if re.match(r"alia|acronym|name(?!d)", noun) else "address" if "address" in noun else "part"
        )
        count = number(introduction["count"] or introduction["before"] or "")
        if count is not None:
            self._announced[self._kind] = self._announced.get(self._kind, 0) + count
        if self._kind == "alias" and (parts := _AND_PARTS.search(introduction["rest"])):
            count = number(parts["count"] or "")
            if count is not None:
                self._announced["part"] = count

    def _item(self, item: str) -> None:
        kind = self._kind
        full = self._announced.get("alias")
        # "five aliases, and two subordinate institutions": one list, the aliases first.
        if kind == "alias" and "part" in self._announced and full is not None and self._listed["alias"] >= full:
            kind = "part"
        is_last = full is None or self._listed["alias"] + 1 >= full
        if kind == "alias" and is_last and (cut := _glued_address(item)) is not None:
            self._address_lines.append(item[cut:].strip())
            item = item[:cut]
        if words := _without_end(item):
            self._listed[kind] += 1
            self._lists[kind].append(words)

    def _head(self, line: str, *, is_name: bool = False) -> None:
        """Take the line the name stands in: name, perhaps other names, perhaps an address (none if ``is_name``)."""
        line = _SEE.sub("", line)
        known = _known_prefix(line, self._names)
        alias = _ONE_ALIAS.search(line)
        if known is not None and (alias is None or alias.start() >= known - 1):
            name, rest = line[:known], line[known:]
        elif alias is not None and alias.start() > 0:
            name, rest = line[: alias.start()], line[alias.start() :]
        elif is_name:
            name, rest = line, ""
        else:
            name, rest = _name_and_rest(line)
        self._name = _without_end(name)
        if match := _ONE_ALIAS.match(rest):
            rest = rest[match.end() :].lstrip(" ,")
            others, rest = (rest, "") if is_name else _name_and_rest(rest)
            names = (_without_end(other).strip("()") for other in re.split(r"[;,]\s*(?:and\s+)?(?!\s*\w+\.)", others))
            self._lists["alias"] += [name for name in names if name] if is_name else [_without_end(others).strip("()")]
        if rest := rest.strip(" ,;"):
            self._address_lines.append(rest)


def _broken_at_dashes(lines: Sequence[str]) -> list[str]:
    """Break lines that carry several dashed items (``a.k.a., the following two aliases: —A; and —B.``)."""
    broken = []
    for line in lines:
        pieces = _INNER_DASH.split(line)
        broken.append(pieces[0])
        broken += [f"—{piece}" for piece in pieces[1:]]
    return [line.strip() for line in broken if line.strip()]


def _known_prefix(line: str, names: Collection[str]) -> int | None:
    """Return where the longest of the names that the line begins with ends in it."""
    best: int | None = None
    for name in names:
        key = name_key(name)
        end = _prefix_end(line, key)
        if key and end is not None and _NAME_ENDS.match(line[end:]) and (best is None or end > best):
            best = end
    return best


def _prefix_end(line: str, key: str) -> int | None:
    seen = ""
    for position, letter in enumerate(line):
        seen += name_key(letter)
        if not key.startswith(seen):
            return None
        if seen == key:
            following = line[position + 1 : position + 2]
            if following.isalnum():
                return None
            return position + 2 if following in (".", ")") else position + 1
    return None


def _name_and_rest(line: str) -> tuple[str, str]:
    """Cut a line after the name: at the first comma that no legal form follows."""
    if line.rstrip().endswith(",") and line.count(",") == 1:
        return line, ""
    pieces = _comma_pieces(line)
    end = 1
    while end < len(pieces):
        piece = pieces[end].strip(" ,.")
        if not _LEGAL_FORM.fullmatch(piece) and not (_ORGAN.fullmatch(piece) and _ORGANISATION.search(pieces[0])):
            break
        end += 1
    name = "".join(pieces[:end])
    return name, line[len(name) :]


def _comma_pieces(line: str) -> list[str]:
    """Cut a line after each comma outside of brackets, commas included."""
    pieces, depth, start = [], 0, 0
    for position, letter in enumerate(line):
        depth += (letter in "([") - (letter in ")]" and depth > 0)
        if letter == "," and depth == 0:
            pieces.append(line[start : position + 1])
            start = position + 1
    return [*pieces, line[start:]]


def _glued_address(item: str) -> int | None:
    """Return where an address begins that is printed behind the last alias (``—SGM-Most, LLC. D. 10 korp. 3, …``)."""
    for match in _GLUED_ADDRESS.finditer(item):
        head, tail = item[: match.start() + 1], item[match.end() :]
        if re.search(r"\d", tail) and not _LEGAL_FORM.fullmatch(tail.split(",")[0].strip(" .")):
            word = head.split()[-1]
            if len(word) > 2 or word.isupper():
                return match.start() + 1
    return None


def _is_address(words: str) -> bool:
    """Say whether words behind a name are an address: they have a number, or end in a destination."""
    words = _SEE.sub("", words).strip(" .,;")
    if not words or _LEGAL_FORM.fullmatch(words):
        return False
    return bool(re.search(r"\d", words)) or destination(words.rpartition(",")[2]) is not None


def _addresses(lines: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for raw in lines:
        line = _SEE.sub(" ", raw).strip()
        if not line.strip(" .,;"):
            continue
        if joined and joined[-1].endswith(","):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    pieces = [piece for line in joined for piece in re.split(r";\s*(?:and\b\s*)?", line)]
    return [address for piece in pieces if (address := _without_end(piece))]


def _without_end(words: str) -> str:
    """Return words without the punctuation and conjunction of a list; an abbreviation keeps its period."""
    words = _TRAILING_AND.sub("", _TRAILING_AND.sub("", " ".join(words.split()))).strip(" ,;:")
    if words.endswith(".") and not _ABBREVIATION.search(words):
        words = words[:-1]
    return words.strip(" ,;:")


def number(word: str) -> int | None:
    """Return the number a word or numeral names, up to sixty-nine in words; an article is one; ``None`` for others."""
    word = word.strip().lower()
    if word.isdigit():
        return int(word)
    if word in ("a", "an"):
        return 1
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS.index(word) + 1
    tens, _, ones = word.partition("-")
    if tens in _TENS and (not ones or ones in _NUMBER_WORDS[:9]):
        return _TENS[tens] + (_NUMBER_WORDS.index(ones) + 1 if ones else 0)
    return None
