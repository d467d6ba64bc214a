"""Names within the words of an entity cell: where one ends, which others stand beside it, where an address begins."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterator
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

KNOWN_AS: Final = (
    r"(?<![^\W_])(?:a\.?\s?k\.?\s?a\.?|f\.?\s?k\.?\s?a\.?|d\.?\s?b\.?\s?a\.?|formerly known as|also known as)"
)
_ONE_ALIAS: Final = re.compile(rf"[,;]?\s*\(?{KNOWN_AS}(?=[\s,])\s*,?\s*", re.IGNORECASE)
# What a line with other names has in lower case: a look for it spares most lines the search above.
KNOWN_AS_HINT: Final = re.compile(r"[kb](?:\.?\s?a\.?[\s,]|nown a)")
_BETWEEN_NAMES: Final = re.compile(r"[;,]\s*(?:and\s+)?(?!\s*\w+\.)")
_STRAY_MARK: Final = re.compile(r";\s*and\s+(?=\w)")
_SEMICOLON: Final = re.compile(r";\s*(?:(?:and|or)\b\s*)?")
# "(all of preceding located in or near Mianyang, Sichuan Province)"
_NOTE_ON_ALL: Final = re.compile(r"\s*\(all of (?:the )?preceding\b[^()]*\)", re.IGNORECASE)
_QUOTED_MARK: Final = re.compile(r"[;,](['’”\"])$")
_ACRONYM_ENDS: Final = re.compile(r"\([A-Z][\w.&-]{1,11}\)$")
# "China Electronics … (CETC 13) subordinate institution: Envoltek": what is listed is the latter.
_OF_PARENT: Final = re.compile(r".{2,200}?\bsubordinate\s+institution\s*[:–—-]\s*(?=[^\s:–—-])", re.IGNORECASE)
_OF_PARENT_SIGN: Final = "nstitution"

# What may follow an entity's name in its line.
_CLOSING: Final = re.compile(r"\.?[)\]’”\"']*(?<!\.)\.?")
_NAME_ENDS: Final = re.compile(rf"[.)\]'’”\"]*\s*(?:$|[,;:(\[—–]|{KNOWN_AS}[\s,.])|\.\s", re.IGNORECASE)
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
_LEGAL_FORM: Final = re.compile(
    rf"(?:(?:{_LEGAL_WORD})\.?[\s,&]*)+(?:\((?:[^()\d]*|an? sub[^()]*)\)\s*)?", re.IGNORECASE
)
# A legal form that ends a name, and the address printed right behind it.
_FORM_THEN: Final = re.compile(
    r"\b(?:Co\.?,? Ltd|Ltd|Limited|(?<!Stock )(?<!Liability )Company|Corp|Inc|LLC|L\.L\.C|GmbH|FZ[CE]|J\.?S\.? Co|"
    r"Ticaret)\b\.?\s+(?=[^\s,&(-])",
    re.IGNORECASE,
)
# A part of an organisation that is listed under the organisation's name; behind a person's name it is an address.
_ORGANISATION: Final = re.compile(
    r"\b(?:Academy|Institute|University|Corporation|Corp|Company|Co|Group|Center|Ministry)\b"
)
_ORGANISATION_ENDS: Final = re.compile(
    r"\b(?:Academy|Institut[e]?|Institution|University|Corporation|Company|Co\.?|Cent(?:er|re)|Council|Laboratory|"
    r"Establishment|Organization|Airlines?)(?:\s*\([A-Z][\w.&-]+\))?(?:-[A-Z]+)?$"
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
    r"\b(?:Road|Street|Str|Rd|St|Building|Bldg|Floor|Room|District|City|Avenue|Ave|Park|Lane|Highway|Box|Zone|Tower|Plaza|"
    r"Office|Airport|Tee|Cad|Pr|Ul|Prospekt)\b",
    re.IGNORECASE,
)
_PLACE: Final = re.compile(
    r"\b(?:Road|Street|Rd|St|Building|Bldg|Floor|Room|District|City|Avenue|Ave|Park|Lane|Highway|Box|Zone)\b",
    re.IGNORECASE,
)
_DIGIT: Final = re.compile(r"\d")
_ABBREVIATION: Final = re.compile(
    r"(?:\b(?:Co|Corp|Inc|Ltd|Ltda|Pvt|Pte|Pty|Sdn|Bhd|Est|Bros|Sti|Şti|Tic|San|Mfg|Intl|Int'l|Dept|Univ|Jr|Sr|No|Dr|Mr)|(?:\b\w\.)+\w)\.$",
    re.IGNORECASE,
)
_BRACKET_OR_END: Final = re.compile(r"[()\[\],;]")
_SIGNS: Final = re.compile(r"[\W_]+")
_ASCII_MARKS: Final = "".join(chr(code) for code in range(128) if not chr(code).isalnum())
_ASCII_SIGNS: Final = dict.fromkeys(map(ord, _ASCII_MARKS))
_LETTER: Final = re.compile(r"[^\W_]")
_LABELLED_ADDRESS: Final = re.compile(r"\s*,?\s*\(Address:\s*([^()]*)\)?")
# Behind a name in one line: the period after which an address may begin.
_PERIOD: Final = re.compile(r"(?<=[\w)'’”])\.(?:['’]?\s+|(?=\d))")
# What ends in a period without ending a name: "No. 5", "St. Petersburg", "Gmunder Str. 25", "M.A.G. Tech", "P.O. Box".
_OPEN_WORD: Final = re.compile(r"\b(?:no|st|str|pr|ave|rd|ul|mr|dr|prof|tech|int'l|univ)$|\.\w$|^\w$", re.IGNORECASE)
_FORM_WORD: Final = re.compile(rf"(?:{_LEGAL_WORD})", re.IGNORECASE)
# The legal form that a period parts from what follows ("Co., Ltd. 12 First Road").
_FORM_LEADS: Final = re.compile(rf"\s*(?:(?:{_LEGAL_WORD})\b\.?[\s,&]*)*?(?:{_LEGAL_WORD})\.\s+(?=\S)", re.IGNORECASE)
# A room that stands behind a name without a comma.
_ROOM: Final = re.compile(r"\s(?=(?:Office|Room|Floor|Flat|Suite|P\.?\s?O\.?\s?Box)\s(?:No\.?\s?)?[#A-Z-]{0,3}\d)")


@lru_cache(maxsize=2048)
def name_key(name: str) -> str:
    """Return a name for comparison: letters and digits only, in one case, without diacritics."""
    folded = name.casefold()
    if folded.isascii():
        return folded.translate(_ASCII_SIGNS)
    return _SIGNS.sub("", unicodedata.normalize("NFKD", folded))


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


# --- the name of an entry -------------------------------------------------------------------------------------------


def own_name(words: str) -> str:
    """Return words without what an institution is subordinate to, where that is printed in front of its own name.

    Both ``… (CETC 13) subordinate institution: Envoltek`` and the screening list's ``… (CETC 13). Subordinate
    Institution - Envoltek`` give ``Envoltek``.
    """
    if _OF_PARENT_SIGN not in words:  # nearly always
        return words
    of_parent = _OF_PARENT.match(words)
    is_list = of_parent is not None and "follow" in of_parent[0].lower()
    return words[of_parent.end() :] if of_parent and not is_list else words


def known_prefix(line: str, names: Collection[str]) -> int | None:
    """Return where the longest of the names that a line begins with ends in it."""
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


def name_and_rest(line: str) -> tuple[str, str]:
    """Cut a line after the name: at the first comma or semicolon that no legal form follows."""
    if line.count(",") == 1 and line.rstrip().endswith(","):
        return line, ""
    ends = _piece_ends(line)
    first = end = next(ends)
    while end < len(line) and line[end - 1] == ",":
        following = next(ends)
        piece = line[end:following].strip(" ,.")
        # A group lists its companies one by one, under its own name.
        if end == first and _is_company_of_group(line[:first], piece):
            end = following
            continue
        # Neither a legal form nor the name of an institute has figures.
        if not is_legal_form(piece) and (
            _DIGIT.search(piece) or not (_ORGAN.fullmatch(piece) and _ORGANISATION.search(line, 0, first))
        ):
            if form := _FORM_LEADS.match(line, end):
                end = form.end()
            break
        end = following
    if end < len(line) and _DIGIT.search(line, 0, end):
        end = _begin_of_place(line, end) or end
    return line[:end], line[end:]


def _begin_of_place(line: str, end: int) -> int | None:
    """Return where a place begins that is printed against a name (``MEO GMBH P.O Box 501168, Wermelskirchen``)."""
    for form in _FORM_THEN.finditer(line, 0, end):
        tail = line[form.end() : end]
        if _DIGIT.search(tail) and _STREET.search(tail):
            return form.end()
    room = _ROOM.search(line, 0, end)
    return room.end() if room else None


def _is_company_of_group(group: str, piece: str) -> bool:
    return (
        group.rstrip(" ,").endswith(_GROUP)
        and _NUMBERED_ORGAN.search(piece) is not None
        and _PLACE.search(piece) is None
    )


def _piece_ends(line: str) -> Iterator[int]:
    """Yield where each piece of a line ends: behind every comma and semicolon outside of brackets, and at the end."""
    depth = 0
    for mark in _BRACKET_OR_END.finditer(line):
        sign = mark[0]
        if sign in "([":
            depth += 1
        elif sign in ")]":
            depth = max(0, depth - 1)
        elif depth == 0:
            yield mark.end()
    yield len(line)


@lru_cache(maxsize=2048)
def is_legal_form(words: str) -> bool:
    """Say whether words are nothing but legal forms (``Co., Ltd.``), whatever stands in brackets behind them."""
    return _LEGAL_FORM.fullmatch(words) is not None


# --- other names ----------------------------------------------------------------------------------------------------


def one_alias(line: str) -> re.Match[str] | None:
    """Find the first mark of another name (``a.k.a.,``) in a line."""
    return _ONE_ALIAS.search(line) if KNOWN_AS_HINT.search(line.lower()) else None


def names_of_item(item: str, *, is_last: bool) -> list[str]:
    """Return the names that one item of a list of other names gives: nearly always one.

    ``Institute A (a.k.a., Plant B)`` and ``IRGC Air Force; IRGCAF`` give two. A semicolon before ``and`` in an item
    that is not the last is a stray mark: the names it would part are one.
    """
    if ";" not in item and "(" not in item and not KNOWN_AS_HINT.search(item.lower()):  # nearly always
        return [words] if (words := without_end(item)) else []
    item = _NOTE_ON_ALL.sub("", without_end(item))
    if not is_last:
        item = _STRAY_MARK.sub(" and ", item)
    found = [without_end(name) for piece in _SEMICOLON.split(item) for name in _between_marks(piece)]
    return list(dict.fromkeys(name for name in found if _LETTER.search(name)))


def names_behind_mark(words: str) -> list[str]:
    """Return the names between the mark of another name and a further introduction, parted by marks, ``;`` or ``,``."""
    chunks = _between_marks(words)
    named = [name for chunk in chunks for name in _parted(chunk)]
    return [name for name in map(without_end, named) if name]


def _parted(chunk: str) -> Iterator[str]:
    begin = 0
    for between in _BETWEEN_NAMES.finditer(chunk):
        if not is_legal_form(chunk[between.end() :].partition(",")[0].strip(" .)")):
            yield chunk[begin : between.start()]
            begin = between.end()
    yield chunk[begin:]


def names_in_brackets(words: str) -> list[str]:
    """Return the names in brackets behind a name: ``a.k.a. A; a.k.a. B; f.k.a. C, D``, or ``a.k.a., A, B and C``."""
    chunks = [piece for part in _SEMICOLON.split(words) for piece in _between_marks(part)]
    if len(chunks) == 1:
        chunks = _side_by_side(chunks[0])
    return [name for name in map(without_end, chunks) if _LETTER.search(name)]


def _side_by_side(words: str) -> list[str]:
    """Part names that stand side by side: at commas, and at the last ``and`` of such a list or of two alike names."""
    pieces: list[str] = []
    for piece in words.split(","):
        if pieces and is_legal_form(piece.strip(" .")):
            pieces[-1] += f",{piece}"
        else:
            pieces.append(piece)
    one, conjunction, other = pieces[-1].rpartition(" and ")
    if conjunction:
        ours, theirs = set(one.split()), set(other.split())
        if (len(pieces) > 1 and min(len(ours), len(theirs)) > 1) or 2 * len(ours & theirs) > len(ours | theirs):
            pieces[-1:] = [one, other]
    return pieces


def names_and_address(words: str) -> tuple[list[str], str]:
    """Cut what follows the mark of another name into names and the address behind them.

    ``A Co., a.k.a. B, 1 Street, City``; ``Institut A (IA), Centre B (CB), P.O. Box 1, Damascus``: of the words between
    commas those are names that call themselves an institution, or that share a word with the name before.
    """
    *names, last = _between_marks(words)
    name, rest = name_and_rest(last)
    names.append(name)
    while rest:
        piece, comma, after = rest.strip(" ,").partition(",")
        if not comma or not after.strip() or not _is_further_name(piece.strip(), names[-1]):
            break
        names.append(piece)
        rest = after
    return [name for name in map(without_end, names) if _LETTER.search(name)], rest


def _is_further_name(piece: str, name: str) -> bool:
    if _DIGIT.search(piece) or _STREET.search(piece) or "." in piece or destination(piece) is not None:
        return False
    before = name.strip(" ,")
    if _ACRONYM_ENDS.search(piece) or _ORGANISATION_ENDS.search(piece):
        return _ORGANISATION_ENDS.search(before) is not None or _ACRONYM_ENDS.search(before) is not None
    words = piece.split()
    return len(words) > 1 and not {word for word in words if len(word) > 1 and word[0].isupper()}.isdisjoint(
        before.split()
    )


def _between_marks(words: str) -> list[str]:
    """Part words at the marks of other names; a mark in brackets ends with them."""
    if not KNOWN_AS_HINT.search(words.lower()):
        return [words]
    pieces = _ONE_ALIAS.split(words)
    return [piece for piece in pieces if piece.strip(" ,;()")]


# --- where an address begins ----------------------------------------------------------------------------------------


def without_address(item: str, *, ends_cell: bool) -> tuple[str, str]:
    """Cut an address from the last of several names behind which it is printed (``—SGM-Most, LLC. D. 10 korp. 3, …``).

    Args:
        item: the name, and perhaps an address.
        ends_cell: whether nothing follows it, so that an entry's address is likely to be in it; otherwise only what is
            surely an address is cut.

    Returns:
        The name and the address; an empty text where there is none.
    """
    if labelled := _LABELLED_ADDRESS.search(item):
        return item[: labelled.start()], labelled[1]
    name, rest = name_and_rest(item)
    for period in _PERIOD.finditer(name):
        head, tail = name[: period.start()], name[period.end() :] + rest
        last = head.split()[-1]
        if _FORM_WORD.fullmatch(tail.partition(" ")[0].strip(".,")) or (
            _OPEN_WORD.search(head) and not _FORM_WORD.fullmatch(last)
        ):
            continue
        if is_address(tail) if ends_cell else "," in tail and _DIGIT.search(tail):
            return name[: period.start() + 1], tail
    is_cut = is_address(rest) if ends_cell else _DIGIT.search(rest) and destination(_last_piece(rest)) is not None
    return (name, rest) if is_cut else (item, "")


def _last_piece(words: str) -> str:
    return words.rstrip(" .,;").rpartition(",")[2]


def is_address_of_list(piece: str) -> bool:
    """Say whether what a semicolon parts from a name is an address: a place is named, or it has parts."""
    return is_address(piece) and ("," in piece.strip(" ,.;") or names_a_place(piece))


def is_address(words: str) -> bool:
    """Say whether words behind a name are an address: they have a number, or end in a destination."""
    words = without_notes(words, "").strip(" .,;")
    if not words or is_legal_form(words):
        return False
    return _DIGIT.search(words) is not None or destination(words.rpartition(",")[2]) is not None


def names_a_place(words: str) -> bool:
    """Say whether words end in a destination or name a street: surer signs of an address than a number."""
    return destination(words.rpartition(",")[2]) is not None or _PLACE.search(words) is not None


def without_notes(line: str, instead: str) -> str:
    """Take out the notes that point to entries under other destinations."""
    return _SEE.sub(instead, line) if "addre" in line.lower() else line


def without_end(words: str) -> str:
    """Return words without the punctuation and conjunction of a list; an abbreviation keeps its period."""
    words = " ".join(words.split())
    for _ in range(2):
        if not words.endswith(_LAST_LETTERS):
            break
        if end := _TRAILING_AND.search(words, max(0, len(words) - _LONGEST_END)):
            words = words[: end.start()]
    words = words.strip(" ,;:")
    if words.endswith(".") and not _ABBREVIATION.search(words, max(0, len(words) - _LONGEST_ABBREVIATION)):
        words = words[:-1].rstrip(" ,;:")
    if words.endswith((")", "'", "’", "”", '"')):
        words = _QUOTED_MARK.sub(r"\1", words)
        if words.endswith(")") and words.count(")") > words.count("("):
            words = without_end(words[:-1])
    return words
