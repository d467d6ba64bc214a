"""Silent damage of an official text: what is well-formed XML and still cannot be what the eCFR prints.

The official lists are printed very evenly, and that is what the checks rest on; each was tried on every entry of the
texts of 2026-03-25 and 2026-07-18, where none of them fires:

- an entry's addresses lie in the destination that it stands under, or within it (Hong Kong in China);
- a citation ends with its day, and no cell breaks off within a word, a bracket or a sentence;
- from one text to the next a list loses few entries, no destination with many and no neighbours by the dozen, gains
  none that cites only documents of long before, and no cell becomes the beginning of what it was unless a later
  document is cited.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

from assets.entity_list.address import address_destination, lies_within
from assets.entity_list.citations import citation_day, citation_days
from assets.entity_list.comparison import text_key
from assets.entity_list.entity_names import name_key
from assets.entity_list.lists import ENTITY_LIST
from resources.documents import Row

_CELLS: Final = ("entry_text", "license_requirement", "license_review_policy", "federal_register_citation")
_OF_SENTENCES: Final = ("license_requirement", "license_review_policy")

FLOORS: Final = {date(2026, 1, 1): (3000, 80)}
"""From a day on: how many entries and destinations the Entity List has at least. It had 3,411 under 91 destinations on
2026-03-25 (eCFR), and no rule has ever taken a tenth of it away; a text below is cut."""

_LEAST: Final = 50  # a list smaller than this may halve by one rule
_MOST_LOST: Final = 1 / 3
"""Of a list's entries between two texts: more than any rule has removed at once."""
_MANY: Final = 5  # entries of a destination that do not all go at once
_MISPLACED: Final = 10  # entries in a row under a destination where none of their addresses lies: a heading is gone

_NEIGHBOURS: Final = 25  # entries in printed order that no rule removes together: it goes by cases, not by the alphabet
_SETTLED: Final = timedelta(days=60)  # what was published so long before a text stands in it

_UNENDED: Final = re.compile(r"(?:[,(–—-]|\b(?:and|the|of|in|No\.|§+))$")
_DAY_ENDS: Final = re.compile(r"(?:/\d{2}|\d{4})\W*$")
_LAST_WORD: Final = re.compile(r"[^\W\d_]+$")
_WORD: Final = re.compile(r"[^\W\d_]+")
_END: Final = 40  # what of a cell its last word and mark fit into
_SHOWN: Final = 160


@dataclass(frozen=True)
class Damage:
    """Something that cannot be as the eCFR printed it.

    Attributes:
        place: the row's place in the document; empty for a list as such.
        reason: what is wrong, with both values.
        spoils_list: whether the whole list cannot be used: entries are gone, or stand under a wrong destination.
    """

    place: str
    reason: str
    spoils_list: bool = False


def within_a_text(entries: Sequence[Row]) -> list[Damage]:
    """Find what contradicts itself in one list of a text.

    Args:
        entries: its entries, in printed order, with the columns of ``entity_list_snapshots``.
    """
    return [*_misplaced(entries), *_cut_cells(entries), *_cut_sentences(entries)]


def since_the_last_text(before: Sequence[Row], now: Sequence[Row]) -> list[Damage]:
    """Find what a list cannot have lost since an earlier text of it.

    Args:
        before: entries of the earlier text.
        now: entries of the later one.
    """
    if not before:
        return []
    return [
        *_shrunken(before, now),
        *_gone_destinations(before, now),
        *_gone_neighbours(before, now),
        *_missing_before(before, now),
        *_cut_since(before, now),
    ]


def below_the_floor(entries: Sequence[Row], day: date) -> list[Damage]:
    """Say whether the Entity List of a day is smaller than it can be."""
    damages = []
    destinations = len({row["country"] for row in entries})
    for since, (least, least_destinations) in FLOORS.items():
        if day >= since and (len(entries) < least or destinations < least_destinations):
            reason = (
                f"{len(entries)} entries under {destinations} destinations: since {since} the list has had at least "
                f"{least} under {least_destinations}"
            )
            damages.append(Damage("", reason))
    return damages


# --- destinations ---------------------------------------------------------------------------------------------------


def _misplaced(entries: Sequence[Row]) -> Iterator[Damage]:
    """Find entries in a row whose addresses all lie elsewhere: the heading over them is missing."""
    placed = [(row, elsewhere) for row in entries if (elsewhere := _elsewhere(row)) is not None]
    previous: Row | None = None
    for (_, is_off), group in groupby(placed, key=lambda one: (one[0]["country"], bool(one[1]))):
        run = list(group)
        # One alone may be printed so; where the alphabet begins anew with it, a heading is gone.
        if is_off and (len(run) > 1 or _begins_anew(previous, run[0][0])):
            yield _without_heading([row for row, _ in run], Counter(place for _, place in run))
        previous = run[-1][0]


def _elsewhere(row: Row) -> str | None:
    """Return where an entry's addresses lie if none is where it stands; empty if one is, ``None`` if none says."""
    if any(row["country"] in address for address in row["addresses"]):  # nearly always
        return ""
    found = {place.name for address in row["addresses"] if (place := address_destination(address)) is not None}
    if not found:
        return None
    if any(name == row["country"] or lies_within(name, row["country"]) for name in found):
        return ""
    return min(found)


def _begins_anew(previous: Row | None, row: Row) -> bool:
    return (
        previous is not None
        and previous["country"] == row["country"]
        and name_key(row["entry_name"]) < name_key(previous["entry_name"])
    )


def _without_heading(rows: Sequence[Row], places: Mapping[str, int]) -> Damage:
    first = rows[0]
    said = ", ".join(f"{count} in {place}" for place, count in sorted(places.items(), key=lambda one: -one[1])[:3])
    reason = (
        f"{len(rows)} entries ({_from_to(rows)}) stand under {first['country']}, and their addresses are {said}: "
        "the heading over them may be missing"
    )
    return Damage(first["location"], reason, spoils_list=len(rows) >= _MISPLACED)


# --- cells ----------------------------------------------------------------------------------------------------------


def _cut_cells(entries: Sequence[Row]) -> Iterator[Damage]:
    last_words: dict[str, list[Row]] = {}
    for row in entries:
        citation = row["federal_register_citation"]
        if citation and not (_DAY_ENDS.search(citation[-_END:]) and citation_day((row["citations"] or [""])[-1])):
            yield _cut(row, "federal_register_citation", "the last citation has no day")
        for column in _OF_SENTENCES:
            if row[column] and _UNENDED.search(row[column][-_END:]):
                yield _cut(row, column, "it ends within a sentence")
        text = row["entry_text"]
        if _UNENDED.search(text[-_END:]):
            yield _cut(row, "entry_text", "it ends within a sentence")
        elif text.rfind("(") > text.rfind(")"):
            yield _cut(row, "entry_text", "its last bracket is not closed")
        elif (last := _LAST_WORD.search(text[-_END:])) and not _ends_in_destination(row):
            last_words.setdefault(last[0], []).append(row)
    yield from _cut_words(entries, last_words)


def _ends_in_destination(row: Row) -> bool:
    return bool(row["addresses"]) and address_destination(row["addresses"][-1]) is not None


def _cut_words(entries: Sequence[Row], last_words: Mapping[str, list[Row]]) -> Iterator[Damage]:
    """Find cells whose last word is the beginning of the destination's name, or of another word and itself none."""
    if not last_words:
        return
    begins = re.compile(rf"(?<![^\W\d_])(?:{'|'.join(sorted(last_words, reverse=True))})[^\W\d_]*")
    words = Counter(word for row in entries for word in begins.findall(row["entry_text"]))
    for last, rows in last_words.items():
        longer = [word for word, count in words.items() if word != last and word.startswith(last) and count > 1]
        for row in rows:
            if any(name != last and name.startswith(last) for name in _WORD.findall(row["country"])):
                yield _cut(row, "entry_text", f"it ends within the name of {row['country']}")
            elif words[last] == 1 and longer:
                yield _cut(
                    row, "entry_text", f"it ends within a word ({last}, as in {max(longer, key=words.__getitem__)})"
                )


def _cut_sentences(entries: Sequence[Row]) -> Iterator[Damage]:
    """Find requirements and policies that are the beginning of what many other entries have, and end no sentence."""
    for column in _OF_SENTENCES:
        counts = Counter(row[column] for row in entries if row[column])
        for row in entries:
            cell = row[column]
            if not cell or counts[cell] > 2 or not cell[-1].isalnum():
                continue
            longer = [other for other in counts if len(other) > len(cell) and other.startswith(cell)]
            whole = max(longer, key=lambda other: (counts[other], other), default=None)
            ends = any(other[len(cell)] in ".)" for other in longer)
            if whole is not None and counts[whole] > 10 * counts[cell] and not ends:
                yield _cut(row, column, f"{counts[whole]} others go on: {whole[len(cell) :]:.{_SHOWN}}")


def _cut(row: Row, column: str, why: str) -> Damage:
    shown = row[column][-_SHOWN:]
    return Damage(row["location"], f"{column} of {row['entry_name']:.80} breaks off, {why}: …{shown}")


# --- against an earlier text ----------------------------------------------------------------------------------------


def _shrunken(before: Sequence[Row], now: Sequence[Row]) -> Iterator[Damage]:
    if len(before) >= _LEAST and len(now) < len(before) * (1 - _MOST_LOST):
        day = before[0]["snapshot_date"]
        yield Damage("", f"{len(now)} entries, of {len(before)} on {day}", spoils_list=True)
    elif len(now) >= _LEAST and len(before) < len(now) * (1 - _MOST_LOST):
        day = before[0]["snapshot_date"]
        yield Damage("", f"{len(now)} entries, and only {len(before)} on {day}: one of the texts may be cut")


def _gone_destinations(before: Sequence[Row], now: Sequence[Row]) -> Iterator[Damage]:
    left = {row["country"] for row in now}
    elsewhere = {name_key(row["entry_name"]): row["country"] for row in now}
    for country, count in sorted(Counter(row["country"] for row in before).items()):
        if country in left or before[0]["list_name"] != ENTITY_LIST.name:
            continue
        # Hong Kong's entries came under China on 2020-12-23 (85 FR 83765).
        keys = (name_key(row["entry_name"]) for row in before if row["country"] == country)
        moved = Counter(elsewhere[key] for key in keys if key in elsewhere)
        if moved and all(lies_within(country, to) for to in moved):
            continue
        if not moved and count < _MANY:
            continue  # as many as a rule may remove at once
        where = f"; {sum(moved.values())} of them stand under {max(moved, key=moved.__getitem__)}" if moved else ""
        day = before[0]["snapshot_date"]
        yield Damage("", f"no entry under {country}, of {count} on {day}{where}", spoils_list=count >= _MANY)


def _gone_neighbours(before: Sequence[Row], now: Sequence[Row]) -> Iterator[Damage]:
    if before[0]["list_name"] != ENTITY_LIST.name:
        return  # Russia's entries left the Military End-User List at once (87 FR 13048)
    left = {name_key(row["entry_name"]) for row in now}
    lost = ((row, name_key(row["entry_name"]) not in left) for row in before)
    for (country, is_gone), group in groupby(lost, key=lambda one: (one[0]["country"], one[1])):
        rows = [row for row, _ in group]
        if is_gone and len(rows) >= _NEIGHBOURS:
            day = before[0]["snapshot_date"]
            reason = f"{len(rows)} entries in a row of {day} under {country} are gone: {_from_to(rows)}"
            yield Damage("", reason, spoils_list=True)


def _missing_before(before: Sequence[Row], now: Sequence[Row]) -> Iterator[Damage]:
    """Find entries of old that the earlier text lacks: it was cut, or this one is wrong."""
    day = before[0]["snapshot_date"]
    known = {name_key(row["entry_name"]) for row in before}
    rows = [
        row
        for row in now
        if name_key(row["entry_name"]) not in known
        and len(cited := citation_days(row["citations"])) == len(row["citations"]) > 0
        and max(cited) < day - _SETTLED
    ]
    if rows:
        reason = f"entries that cite nothing since {day}, and the text of that day lacks them: {len(rows)}"
        yield Damage(rows[0]["location"], f"{reason} ({_from_to(rows)})")


def _from_to(rows: Sequence[Row]) -> str:
    first, last = rows[0], rows[-1]
    return f"{first['entry_name']:.80}" + (f" to {last['entry_name']:.80}" if len(rows) > 1 else "")


def _cut_since(before: Sequence[Row], now: Sequence[Row]) -> Iterator[Damage]:
    known: dict[tuple[str, str], list[Row]] = {}
    for row in before:
        known.setdefault((row["country"], name_key(row["entry_name"])), []).append(row)
    for row in now:
        same = known.get((row["country"], name_key(row["entry_name"])), [])
        if len(same) != 1 or not all(
            any(cited.startswith(one) for cited in same[0]["citations"]) for one in row["citations"]
        ):
            continue  # a later document is cited
        for column in _CELLS:
            was, is_ = same[0][column] or "", row[column] or ""
            if len(is_) < len(was) and text_key(was).startswith(text_key(is_)) and text_key(is_) != text_key(was):
                reason = (
                    f"{column} of {row['entry_name']:.80} is cut: …{is_[-_SHOWN:]}; on {same[0]['snapshot_date']} it "
                    f"went on: {was[len(is_) :]:.{_SHOWN}}"
                )
                yield Damage(row["location"], reason)
