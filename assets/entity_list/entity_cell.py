"""The entity cell of a list entry: name, other names, parts and addresses out of its printed lines.

Its layout is that of Supplement No. 4 to part 744: the name; ``a.k.a., the following two aliases:``; a line beginning
with a dash for each; then addresses, separated by ``; and``. Shorter entries run on in one line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Final

from assets.entity_list.destinations import destination

_NUMBERS: Final = {
    word: value
    for value, word in enumerate(
        (
            *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
            *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
        ),
        1,
    )
}
_TENS: Final = {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}

_KNOWN_AS: Final = (
    r"(?<![^\W_])(?:a\.?\s?k\.?\s?a\.?|f\.?\s?k\.?\s?a\.?|d\.?\s?b\.?\s?a\.?|formerly known as|also known as)"
)
_ALIAS_NOUN: Final = r"alia(?:s|es|ses)|acronyms?|names?"
_PART_NOUN: Final = (
    r"(?:named\s+)?(?:subordinate\s+)?"
    r"(?:affiliat\w+|subordinate|subsidiar\w+|branch\w*|institut\w+|entit(?:y|ies)|units?)"
)
_ADDRESS_NOUN: Final = r"(?:additional\s+)?address(?:es)?"
_INTRODUCTION: Final = re.compile(
    # How it may begin: a look at one letter spares most places of a line the rest.
    rf"(?=[,;\s(adfit])[,;]?\s*(?:\(?{_KNOWN_AS}\s*,?\s*)?(?:(?:and|to)\s+)?(?:to\s+)?(?:includ(?:e|es|ing)\s+)?(?:the\s+following\s+)?"
    rf"the\s+(?P<before>[\w-]+\s+)?following\s+(?P<count>[\w-]+\s+)??"
    rf"(?P<noun>{_ALIAS_NOUN}|aliaes|{_PART_NOUN}|{_ADDRESS_NOUN})\b(?P<rest>[^:—]*?)\s*(?::|,?\s*(?=—)|,?$)",
    re.IGNORECASE,
)
_ONE_ALIAS: Final = re.compile(rf"[,;]?\s*\(?{_KNOWN_AS}(?=[\s,])\s*,?\s*", re.IGNORECASE)
# What a line with other names has in lower case: a look for it spares most lines the search above.
_KNOWN_AS_HINT: Final = re.compile(r"[kb](?:\.?\s?a\.?[\s,]|nown a)")
_AND_PARTS: Final = re.compile(rf"\band\s+(?P<count>[\w-]+\s+)?{_PART_NOUN}", re.IGNORECASE)
_PARTS_HEADING: Final = re.compile(
    r"^(?:subordinate\s+institutions?|affiliated\s+entit(?:y|ies))\b\s*:?", re.IGNORECASE
)
_ALIAS_NOUN_BEGINS: Final = re.compile(r"alia|acronym|name(?!d)")
_BETWEEN_NAMES: Final = re.compile(r"[;,]\s*(?:and\s+)?(?!\s*\w+\.)")
_DASHES: Final = ("—", "–", "―", "-")
_LIST_END: Final = re.compile(r";\s*(?:and\s+)?")
_ADDRESS_END: Final = re.compile(r";\s*(?:and\b\s*)?")
_INNER_DASH: Final = re.compile(r"(?<=[;:,.])\s*(?:and\s*)?—\s*")
# What may follow an entity's name in its line.
_CLOSING: Final = re.compile(r"\.?[)\]’”\"']*(?<!\.)\.?")
_NAME_ENDS: Final = re.compile(rf"[.)\]'’”\"]*\s*(?:$|[,;:(\[—–]|{_KNOWN_AS}[\s,.])|\.\s", re.IGNORECASE)
_SEE: Final = re.compile(
    r"\s*[(\[]?\s*\bSee\s+(?:also\s+)?(?:the\s+)?(?:alternat\w*|additional|other|also)?\s*address(?:es)?[^)\]]*[)\]]?\s*\.?",
    re.IGNORECASE,
)
# What the next expression finds, in words with single spaces: its last letter and its length.
_LAST_LETTERS: Final = ("d", "D", "r", "R", ";", ",", " ")
_LONGEST_END: Final = len("; and ")
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
_LONGEST_ABBREVIATION: Final = len("Int'l.")
_GROUP: Final = " Corporation"
# A part known by a number ("711 Aircraft Repair Plant", "31 Research Institute").
_NUMBERED_ORGAN: Final = re.compile(
    r"\b(?:Institute|Academy|Laborator(?:y|ies)|Plant|Cent(?:er|re)|Company|Corporation|Bureau|Factory|Branch|Works|Enterprise|"
    r"Joint[- ]Stock\s+Company|NPO|Concern|Association)\b"
)
_STREET: Final = re.compile(
    r"\b(?:Road|Street|Rd|St|Building|Bldg|Floor|Room|District|City|Avenue|Ave|Park|Lane|Highway|Box|Zone)\b",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"\d")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Co|Corp|Inc|Ltd|Ltda|Pvt|Pte|Pty|Sdn|Bhd|Est|Bros|Sti|Şti|Tic|San|Mfg|Intl|Int'l|Dept|Univ|Jr|Sr|No|Dr|Mr)|(?:\b\w\.)+\w)\.$",
    re.IGNORECASE,
)
_BRACKET_OR_COMMA: Final = re.compile(r"[()\[\],]")
_SIGNS: Final = re.compile(r"[\W_]+")
_ASCII_MARKS: Final = "".join(chr(code) for code in range(128) if not chr(code).isalnum())
_ASCII_SIGNS: Final = dict.fromkeys(map(ord, _ASCII_MARKS))
_LETTER: Final = re.compile(r"[^\W_]")
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


@lru_cache(maxsize=2048)
def name_key(name: str) -> str:
    """Return a name for comparison: letters and digits only, in one case, without diacritics."""
    folded = name.casefold()
    if folded.isascii():
        return folded.translate(_ASCII_SIGNS)
    return _SIGNS.sub("", unicodedata.normalize("NFKD", folded))


def read_entity(lines: Sequence[str], names: Collection[str] = ()) -> EntityCell:
    """Read an entity cell.

    Args:
        lines: its lines as printed, not empty.
        names: names that an instruction calls the entry by: where the cell begins with one of them, that is its name.
    """
    if len(lines) == 1 and not names and _is_name_alone(lines[0]):
        return EntityCell(_without_end(lines[0]))
    reader = _Reader(names)
    for line in _broken_at_dashes(lines):
        reader.take(line)
    return reader.done()


def _is_name_alone(line: str) -> bool:
    """Say whether a line has nothing that could end its name: most names quoted in instructions are such lines."""
    if "," in line or "—" in line or line.startswith(_DASHES):
        return False
    lower = line.lower()
    return "follow" not in lower and "addre" not in lower and _KNOWN_AS_HINT.search(lower) is None


class _Reader:
    def __init__(self, names: Collection[str]) -> None:
        self._names = names
        self.name = ""
        self._lists: dict[str, list[str]] = {"alias": [], "part": [], "address": []}
        self._kind = "alias"
        self._announced: dict[str, int] = {}
        self._listed = {"alias": 0, "part": 0, "address": 0}
        self._address_lines: list[str] = []
        self._in_parts = False

    def take(self, line: str) -> None:
        if self.name and (parts := _PARTS_HEADING.match(line)):
            self._in_parts = True
            line = line[parts.end() :].strip()
            if not line:
                return
        if self._in_parts:
            self._part(line)
            return
        if line.startswith(_DASHES):
            self._item(line[1:].lstrip())
            return
        introduction = _INTRODUCTION.search(line) if "follow" in line.lower() else None
        if introduction is not None:
            before = line[: introduction.start()]
            if not self.name:
                self._head(before, is_name=True)
            elif before.strip():
                self._address_lines.append(before)
            self._introduce(introduction)
            self._run_on(line[introduction.end() :])
        elif not self.name:
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
            name=self.name,
            aliases=self._lists["alias"],
            sub_entities=self._lists["part"],
            addresses=addresses,
            doubts=doubts,
        )

    def _run_on(self, after: str) -> None:
        """Take what follows an introduction in its line: its list, run on, and perhaps addresses."""
        pieces = [piece for piece in _LIST_END.split(after) if piece.strip(" .,;")]
        expected = self._announced.get(self._kind, 1)
        for position, piece in enumerate(pieces):
            if position < expected:
                item = piece.lstrip()
                self._item(item[1:].lstrip() if item.startswith(_DASHES) else piece)
            else:
                self._address_lines.append(piece)

    def _part(self, line: str) -> None:
        """Take a line of the section that lists affiliates: only its names; addresses and aliases stay in the text."""
        if line.lower().startswith("the following address"):
            self._in_parts = False
            self._address_lines.append(line.partition(":")[2])
        elif not line.startswith(_DASHES) and not _DIGIT.match(line):
            alias = _one_alias(line)
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
        self._kind = "alias" if _ALIAS_NOUN_BEGINS.match(noun) else "address" if "address" in noun else "part"
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
        line = _without_notes(line, "")
        known = _known_prefix(line, self._names)
        alias = _one_alias(line)
        if known is not None and (alias is None or alias.start() >= known - 1):
            name, rest = line[:known], line[known:]
        elif alias is not None and alias.start() > 0:
            name, rest = line[: alias.start()], line[alias.start() :]
        elif is_name:
            name, rest = line, ""
        else:
            name, rest = _name_and_rest(line)
        self.name = _without_end(name)
        if match := _ONE_ALIAS.match(rest):
            rest = rest[match.end() :].lstrip(" ,")
            others, rest = (rest, "") if is_name else _name_and_rest(rest)
            names = (_without_end(other).strip("()") for other in _BETWEEN_NAMES.split(others))
            self._lists["alias"] += [name for name in names if name] if is_name else [_without_end(others).strip("()")]
        if rest := rest.strip(" ,;"):
            self._address_lines.append(rest)


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


def _one_alias(line: str) -> re.Match[str] | None:
    return _ONE_ALIAS.search(line) if _KNOWN_AS_HINT.search(line.lower()) else None


def _without_notes(line: str, instead: str) -> str:
    """Take out the notes that point to entries under other destinations."""
    return _SEE.sub(instead, line) if "addre" in line.lower() else line


def _known_prefix(line: str, names: Collection[str]) -> int | None:
    """Return where the longest of the names that the line begins with ends in it."""
    best: int | None = None
    for name in names:
        key = name_key(name)
        end = _prefix_end(line, name, key) if key else None
        if end is not None and _NAME_ENDS.match(line, end) and (best is None or end > best):
            best = end
    return best


def _prefix_end(line: str, name: str, key: str) -> int | None:
    """Return where the words at the beginning of a line end whose key is that of the name."""
    last = _last_letter(line, name, key)
    if last is None:
        return None
    if line[last + 1 : last + 2].isalnum():
        return None
    closing = _CLOSING.match(line, last + 1)
    return closing.end() if closing else last + 1


def _last_letter(line: str, name: str, key: str) -> int | None:
    if line.startswith(name) and name.isascii():  # nearly always, and found without counting letters
        return len(name.rstrip(_ASCII_MARKS)) - 1
    if line.isascii():
        if not name_key(line).startswith(key):
            return None
        return next(islice(_LETTER.finditer(line), len(key) - 1, None)).start()
    # A letter's key may be several letters long, or none.
    length = 0
    for position, letter in enumerate(line):
        letters = name_key(letter)
        if not key.startswith(letters, length):
            return None
        length += len(letters)
        if length == len(key):
            return position
    return None


def _name_and_rest(line: str) -> tuple[str, str]:
    """Cut a line after the name: at the first comma that no legal form follows."""
    if line.count(",") == 1 and line.rstrip().endswith(","):
        return line, ""
    ends = _piece_ends(line)
    first = end = next(ends)
    while end < len(line):
        following = next(ends)
        piece = line[end:following].strip(" ,.")
        # A group lists its companies one by one, under its own name.
        if end == first and _is_company_of_group(line[:first], piece):
            end = following
            continue
        # Neither a legal form nor the name of an institute has figures.
        if _DIGIT.search(piece):
            break
        if not _is_legal_form(piece) and not (_ORGAN.fullmatch(piece) and _ORGANISATION.search(line, 0, first)):
            break
        end = following
    return line[:end], line[end:]


def _is_company_of_group(group: str, piece: str) -> bool:
    return (
        group.rstrip(" ,").endswith(_GROUP)
        and _NUMBERED_ORGAN.search(piece) is not None
        and _STREET.search(piece) is None
    )


def _piece_ends(line: str) -> Iterator[int]:
    """Yield where each piece of a line ends: behind every comma outside of brackets, and at the end."""
    depth = 0
    for mark in _BRACKET_OR_COMMA.finditer(line):
        sign = mark[0]
        if sign in "([":
            depth += 1
        elif sign != ",":
            depth = max(0, depth - 1)
        elif depth == 0:
            yield mark.end()
    yield len(line)


@lru_cache(maxsize=2048)
def _is_legal_form(words: str) -> bool:
    return _LEGAL_FORM.fullmatch(words) is not None


def _glued_address(item: str) -> int | None:
    """Return where an address begins that is printed behind the last alias (``—SGM-Most, LLC. D. 10 korp. 3, …``)."""
    if "," not in item or "." not in item:
        return None
    for match in _GLUED_ADDRESS.finditer(item):
        head, tail = item[: match.start() + 1], item[match.end() :]
        if _DIGIT.search(tail) and not _is_legal_form(tail.partition(",")[0].strip(" .")):
            word = head.split()[-1]
            # The period of "No. 5" ends nothing.
            if (len(word) > 2 or word.isupper()) and word.lower() != "no.":
                return match.start() + 1
    return None


def _is_address(words: str) -> bool:
    """Say whether words behind a name are an address: they have a number, or end in a destination."""
    words = _without_notes(words, "").strip(" .,;")
    if not words or _is_legal_form(words):
        return False
    return _DIGIT.search(words) is not None or destination(words.rpartition(",")[2]) is not None


def names_a_place(words: str) -> bool:
    """Say whether words end in a destination or name a street: surer signs of an address than a number."""
    return destination(words.rpartition(",")[2]) is not None or _STREET.search(words) is not None


def _addresses(lines: Sequence[str]) -> list[str]:
    joined: list[str] = []
    for raw in lines:
        line = _without_notes(raw, " ").strip()
        if not line.strip(" .,;'’”\""):
            continue
        if joined and joined[-1].endswith(","):
            joined[-1] = f"{joined[-1]} {line}"
        else:
            joined.append(line)
    pieces = [piece for line in joined for piece in (_ADDRESS_END.split(line) if ";" in line else (line,))]
    return [address for piece in pieces if (address := _without_end(piece))]


def _without_end(words: str) -> str:
    """Return words without the punctuation and conjunction of a list; an abbreviation keeps its period."""
    words = " ".join(words.split())
    for _ in range(2):
        if not words.endswith(_LAST_LETTERS):
            break
        if end := _TRAILING_AND.search(words, len(words) - _LONGEST_END):
            words = words[: end.start()]
    words = words.strip(" ,;:")
    if words.endswith(".") and not _ABBREVIATION.search(words, len(words) - _LONGEST_ABBREVIATION):
        words = words[:-1]
    return words.strip(" ,;:")


def number(word: str) -> int | None:
    """Return the number a word or numeral names, up to ninety-nine in words; an article is one; ``None`` for others."""
    word = word.strip().lower()
    if word.isdecimal() and len(word) < 10:
        return int(word)
    if word in ("a", "an"):
        return 1
    if word in _NUMBERS:
        return _NUMBERS[word]
    tens, _, ones = word.partition("-")
    if tens in _TENS and (not ones or _NUMBERS.get(ones, 10) < 10):
        return _TENS[tens] + (_NUMBERS[ones] if ones else 0)
    return None
