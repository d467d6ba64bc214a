"""Screening: which entries of the lists a name may stand for, on a day.

A name is brought to a set of words: Unicode NFKC, one case, no diacritics, other scripts transliterated, legal forms
and articles taken out, and the usual words of companies' names brought to one spelling each, whether they come in
English, Russian, Turkish or Chinese (``Technologies``, ``Tekhnologii``, ``技术``). Words are compared with their
misspellings (edits, a swap of neighbours counting as one) and weighed by how few entries have them; the usual words
weigh little however few entries have them, since they are frequent outside of the lists. Word order does not count.

A score says how much of the name asked and of the name listed is explained by the other, by weight:

- 100: the same words;
- 85 to 99: one contains the other (``Huawei`` in ``Huawei Technologies Co., Ltd.``), or they differ in spelling;
- below: they share a part. Scores are comparable across names asked and across releases; they are no probabilities.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from anyascii import anyascii
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assets.entity_list.destinations import destination
from assets.news import gazetteer
from resources.documents import Row
from resources.release import Releases

TABLE: Final = "entity_list_history"
CUTOFF: Final = 80.0
"""Scores below it are not shown unless asked for. By measurement (tests/entity_list/test_screening.py): of official
names with one or two typos nearly all are above it, of innocent names nearly none."""

LISTED: Final = "listed"
LISTED_LATER_TEXT: Final = "listed (text of a later day)"
LISTED_OTHER_NAME: Final = "listed (name of another day)"
NOT_YET: Final = "not listed yet"
REMOVED: Final = "removed"

MatchedField = Literal["name", "alias", "sub_entity"]
_Floats = npt.NDArray[np.float32]


_LONGEST_NAME: Final = 600  # characters; what is longer is no name
_MOST_WORDS: Final = 60
_BATCH: Final = 2000  # names at a time
_CHUNK: Final = 1024  # words at a time, against all words of the lists: some 15 MB
_REFINED: Final = 40  # candidates of a name that are compared word by word, at least
_CAP: Final = 99.0  # the score of what is not the same words, at most
_OFF_LIST: Final = 2.0  # by how many points an entry off the list ranks lower

# Weights of words: logarithms of how many entries there are to one that has the word.
_ENTRIES: Final = 3000  # a smaller table is weighed like one of this size, so that scores do not depend on it
_USUAL: Final = 2.0  # at most, for the usual words and places
_NUMBER: Final = 4.0
_LETTER: Final = 1.5
_RARE: Final = 5.0  # at least, for all others: a family of listed companies does not make its name a usual word
_EVIDENCE: Final = 4.5  # weight of the most distinctive word shared from which a contained name counts fully

# How many edits two words may be apart, by the letters of the shorter one. Short words are so unlike then that others
# must be shared for a match above the cutoff.
_LAST_STEP: Final = 12
_EDITS_ALLOWED: Final = np.array([sum(n >= least for least in (3, 6, _LAST_STEP)) for n in range(_LAST_STEP + 1)])


class ScreeningError(Exception):
    """A question that cannot be answered; the message says why and what helps."""


class NoReleaseError(ScreeningError):
    """The lake has no published release, or its release lacks the table."""


class UnknownCountryError(ScreeningError):
    """A country that is neither an ISO 3166-1 alpha-2 code nor a destination of the lists."""


@dataclass(frozen=True, slots=True)
class Match:
    """An entry that a name may stand for.

    Attributes:
        score: 0 to 100, one decimal; see the module's head.
        matched_field: where the words stand: ``name``, ``alias`` or ``sub_entity``.
        matched_text: the words listed that match.
        name: the entry's name on the day.
        entry_id: as in ``entity_list_history``.
        list_name: Entity List, Unverified List or Military End-User List.
        country: destination under which it stands.
        country_code: ISO 3166-1 alpha-2, where the destination has one.
        status: on the day: ``listed``; ``listed (text of a later day)``: by its citations it was listed, and the text
            shown is the first that is held; ``listed (name of another day)``: it was listed, but the words that match
            stand in its text of another day; ``not listed yet``; ``removed``.
        valid_from: first day of the text shown; ``None``: since before the first document held.
        valid_to: day on which that text ended (not part of it); ``None`` while it lasts.
        license_requirement: as printed.
        license_review_policy: as printed.
        footnotes: designations, such as 3.
        citation: the last Federal Register citation up to that text.
        document: the document that opened that text.
    """

    score: float
    matched_field: MatchedField
    matched_text: str
    name: str
    entry_id: str
    list_name: str
    country: str
    country_code: str | None
    status: str
    valid_from: date | None
    valid_to: date | None
    license_requirement: str | None
    license_review_policy: str | None
    footnotes: list[str]
    citation: str | None
    document: str

    @property
    def is_listed(self) -> bool:
        """Whether the entry is on its list on the day asked for."""
        return self.status in (LISTED, LISTED_LATER_TEXT, LISTED_OTHER_NAME)

    def as_row(self) -> Row:
        """The fields by name, days as ISO text: what JSON and CSV hold."""
        return {name: value.isoformat() if isinstance(value, date) else value for name, value in asdict(self).items()}


def screen(
    names: Iterable[str],
    *,
    lake: Path,
    on: date | None = None,
    country: str | None = None,
    limit: int = 10,
    cutoff: float = CUTOFF,
) -> list[list[Match]]:
    """Screen names against the current release of a lake.

    Args:
        names: names of companies, institutions or persons, in any script; the first 600 characters of each count.
        lake: folder of the releases; ``current/entity_list_history.parquet`` is read.
        on: the day; ``None``: the newest state that the release holds.
        country: only entries under this destination: ISO 3166-1 alpha-2, or its name.
        limit: at most so many matches for a name.
        cutoff: matches below this score (0 to 100) are left out.

    Returns:
        For each name, in order, its matches, best first; an empty list where there is none.

    Raises:
        NoReleaseError: nothing is published there, or its release has no such table.
        UnknownCountryError: see there.
    """
    release = Releases(lake, kept=1).current()
    if release is None:
        raise NoReleaseError(f"no release in {lake} yet: run `make nightly`")
    path = release.folder / f"{TABLE}.parquet"
    if not path.is_file():
        raise NoReleaseError(f"release {release.id} in {lake} has no table {TABLE}: run `make nightly`")
    screener = Screener.of(pq.read_table(path, partitioning=None), on)
    return screener.screen(names, country=country, limit=limit, cutoff=cutoff)


@dataclass(frozen=True)
class _Entry:
    """An entry: its texts in order, the one shown for the day, and how the entry stood then."""

    rows: list[Row]
    shown: int
    status: str


@dataclass(frozen=True)
class _Listed:
    """A name that an entry has, in one of its texts or several."""

    entry: int
    field: MatchedField
    text: str
    words: frozenset[int]
    versions: set[int]


@dataclass(frozen=True)
class _Asked:
    """One reading of a name asked: its words, and the highest score that this reading can give."""

    words: tuple[str, ...]
    cap: float


@dataclass(frozen=True)
class _Question:
    """What is wanted of each name; ``allowed`` says which of the names listed may match, ``None``: all."""

    allowed: npt.NDArray[np.bool_] | None
    limit: int
    cutoff: float


@dataclass(frozen=True)
class _Likeness:
    """For each word asked: the words listed that it may be, by number and likeness (0 to 1), the likest last; and the
    names listed that have one of them, by position, with the weight that each shares."""

    words: dict[str, list[tuple[int, float]]]
    reach: dict[str, tuple[npt.NDArray[np.int32], _Floats]]


class Screener:
    """All names of a table's entries, ready to be compared. Use :meth:`of`."""

    def __init__(self, entries: list[_Entry]) -> None:
        self._entries = entries
        self._vocabulary: dict[str, int] = {}
        self._names: list[_Listed] = []
        self._same: dict[frozenset[int], list[int]] = {}
        self._splits: dict[str, tuple[str, ...]] = {}
        for number, entry in enumerate(entries):
            self._take(number, entry)
        self._words = list(self._vocabulary)
        self._size = max(len(entries), _ENTRIES)
        self._weights = self._weigh()
        self._totals = np.array([sum(self._weights[list(name.words)]) for name in self._names], dtype=np.float32)
        self._having = self._postings()
        # Numbers have no misspellings: 14 is not 15.
        self._spelt = [number for number, word in enumerate(self._words) if _may_be_misspelt(word)]

    @classmethod
    def of(cls, entries: pa.Table | Iterable[Row], on: date | None) -> Screener:
        """Make ready the entries of ``entity_list_history``.

        Args:
            entries: the table, or its rows. ``list_name`` and ``listed_from`` may be missing (then: Entity List, and no
                day before ``valid_from`` counts).
            on: the day whose state matters; ``None``: the newest state held.
        """
        rows = entries.to_pylist() if isinstance(entries, pa.Table) else entries
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(row["entry_id"], []).append(row)
        made = []
        for versions in groups.values():
            versions.sort(key=lambda row: row["version"])
            shown, status = _state(versions, on)
            made.append(_Entry(versions, shown, status))
        return cls(made)

    @property
    def not_searchable(self) -> list[str]:
        """Entries (by ``entry_id``) that no name can find: none of their names has a word that counts."""
        found = {name.entry for name in self._names}
        return [entry.rows[0]["entry_id"] for number, entry in enumerate(self._entries) if number not in found]

    def screen(
        self, names: Iterable[str], *, country: str | None = None, limit: int = 10, cutoff: float = CUTOFF
    ) -> list[list[Match]]:
        """Return for each name its matches, best first: those listed on the day before others of like score.

        Raises:
            UnknownCountryError: see there.
        """
        question = _Question(self._under(country), limit, cutoff)
        found: list[list[Match]] = []
        for batch in _batches(names, _BATCH):
            corrected = self._corrections(batch)
            asked = [self._readings(name, corrected) for name in batch]
            likeness = self._likeness({word for readings in asked for reading in readings for word in reading.words})
            found += [self._matches(readings, likeness, question) for readings in asked]
        return found

    # --- The names listed ---------------------------------------------------------------------------------------

    def _take(self, number: int, entry: _Entry) -> None:
        """Take the names of an entry's texts; the text shown first, so that its names win where several are alike."""
        held: dict[tuple[MatchedField, frozenset[int]], _Listed] = {}
        order = sorted(range(len(entry.rows)), key=lambda version: version != entry.shown)
        for version in order:
            row = entry.rows[version]
            fields: list[tuple[MatchedField, str]] = [("name", row["name"])]
            fields += [("alias", alias) for alias in row["aliases"] or ()]
            fields += [("sub_entity", part) for part in row["sub_entities"] or ()]
            for field, text in fields:
                for form in _forms(text):
                    words = words_of(form)
                    key = (field, frozenset(self._vocabulary.setdefault(w, len(self._vocabulary)) for w in words))
                    if not words:
                        continue
                    if key in held:
                        held[key].versions.add(version)
                        continue
                    held[key] = _Listed(number, field, text, key[1], {version})
                    self._same.setdefault(key[1], []).append(len(self._names))
                    self._names.append(held[key])
                    for joined, parts in _joined(words):
                        self._splits.setdefault(joined, parts)

    def _weigh(self) -> _Floats:
        entries_with: Counter[int] = Counter()
        per_entry: dict[int, set[int]] = {}
        for name in self._names:
            per_entry.setdefault(name.entry, set()).update(name.words)
        for words in per_entry.values():
            entries_with.update(words)
        return np.array(
            [_weight(word, self._size, entries_with[number]) for number, word in enumerate(self._words)],
            dtype=np.float32,
        )

    def _postings(self) -> list[npt.NDArray[np.int32]]:
        having: list[list[int]] = [[] for _ in self._words]
        for position, name in enumerate(self._names):
            for word in name.words:
                having[word].append(position)
        return [np.array(positions, dtype=np.int32) for positions in having]

    # --- The names asked ----------------------------------------------------------------------------------------

    def _readings(self, name: str, corrected: dict[str, str]) -> list[_Asked]:
        """Return the readings of a name: as it stands, without and of its brackets, by Latin names of its Chinese
        ones, with usual words spelt right, and with words joined or split where the lists write them so."""
        name = name[:_LONGEST_NAME]
        forms = [(form, 100.0 if position == 0 else 98.0) for position, form in enumerate(_forms(name))]
        if (latin := _with_latin_names(name)) != name:
            forms += [(form, _CAP) for form in _forms(latin)]
        readings: dict[tuple[str, ...], float] = {}
        for form, cap in forms:
            raw = _raw_words(form)
            words = _brought_together(raw)
            readings.setdefault(tuple(words), cap)
            others = list(self._rewritten(words))
            if any(word in corrected for word in raw) and _brought_together([w for w in raw if w not in corrected]):
                others.append(tuple(_brought_together([corrected.get(word, word) for word in raw])))
            for other in others:
                readings.setdefault(other, min(cap, _CAP))
        return [_Asked(words, cap) for words, cap in readings.items() if words]

    def _rewritten(self, words: list[str]) -> Iterator[tuple[str, ...]]:
        for joined, parts in _joined(words):
            if joined in self._vocabulary:
                start = _find(words, parts)
                yield (*words[:start], joined, *words[start + len(parts) :])
        for position, word in enumerate(words):
            if word in self._splits:
                yield (*words[:position], *self._splits[word], *words[position + 1 :])

    def _corrections(self, names: Iterable[str]) -> dict[str, str]:
        """Return usual words and legal forms by their misspellings in these names (``Tecnology``, ``Limted``)."""
        raw = {word for name in names for word in _raw_words(name)}
        unknown = sorted(filter(_may_be_misspelt, raw - self._vocabulary.keys() - _CLOSED_WORDS))
        # Of forms that are as near the one that says least is meant: the correction must not make a match by itself.
        known = sorted(_CLOSED_WORDS, key=lambda word: (sum(map(self._usual_weight, _brought_to_one(word))), word))
        corrected: dict[str, str] = {}
        for start in range(0, len(unknown), _CHUNK):
            chunk = unknown[start : start + _CHUNK]
            edits = process.cdist(chunk, known, scorer=OSA.distance, score_cutoff=3, dtype=np.uint8, workers=-1)
            for at, nearest in enumerate(edits.argmin(axis=1)):
                if edits[at, nearest] <= (2 if len(chunk[at]) > 7 else 1):
                    corrected[chunk[at]] = known[nearest]
        return corrected

    def _usual_weight(self, word: str) -> float:
        return float(self._weights[self._vocabulary[word]]) if word in self._vocabulary else _USUAL

    def _likeness(self, words: set[str]) -> _Likeness:
        similar = {word: [(self._vocabulary[word], 1.0)] if word in self._vocabulary else [] for word in words}
        asked = sorted(word for word in words if _may_be_misspelt(word) and word not in _USUAL_WORDS)
        listed = [self._words[number] for number in self._spelt]
        lengths = np.array([len(word) for word in listed], dtype=np.int64)
        for start in range(0, len(asked) if listed else 0, _CHUNK):
            chunk = asked[start : start + _CHUNK]
            edits = process.cdist(chunk, listed, scorer=OSA.distance, score_cutoff=3, dtype=np.uint8, workers=-1)
            for at, word in enumerate(chunk):
                allowed = _EDITS_ALLOWED[np.minimum(lengths, min(len(word), _LAST_STEP))]
                for to in np.flatnonzero((edits[at] > 0) & (edits[at] <= allowed)):
                    other = listed[to]
                    if _digits(word) == _digits(other):
                        how_alike = 1 - int(edits[at, to]) / max(len(word), len(other))
                        similar[word].append((self._spelt[to], how_alike))
        for alike in similar.values():
            alike.sort(key=lambda pair: pair[1])
        return _Likeness(similar, {word: self._reach(alike) for word, alike in similar.items()})

    # --- The comparison -----------------------------------------------------------------------------------------

    def _reach(self, alike: list[tuple[int, float]]) -> tuple[npt.NDArray[np.int32], _Floats]:
        """Return the names that have one of these words, and the weight each shares; of several words the likest."""
        if not alike:
            return np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32)
        if len(alike) == 1:
            number, likeness = alike[0]
            having = self._having[number]
            return having, np.full(len(having), self._weights[number] * likeness, dtype=np.float32)
        value = np.zeros(len(self._names), dtype=np.float32)
        for number, likeness in alike:  # the likest comes last
            value[self._having[number]] = self._weights[number] * likeness
        positions = np.flatnonzero(value).astype(np.int32)
        return positions, value[positions]

    def _matches(self, readings: list[_Asked], likeness: _Likeness, question: _Question) -> list[Match]:
        best: dict[int, tuple[float, int]] = {}
        for reading in readings:
            for score, position in self._scored(reading, likeness, question):
                entry = self._names[position].entry
                known = best.get(entry)
                if known is None or self._preference(score, position) > self._preference(*known):
                    best[entry] = (score, position)
        matches = [self._match(score, position) for score, position in best.values() if score >= question.cutoff]
        matches.sort(key=lambda m: (-(m.score - (0 if m.is_listed else _OFF_LIST)), m.list_name, m.name, m.entry_id))
        return matches[: question.limit]

    def _preference(self, score: float, position: int) -> tuple[float, bool, bool]:
        name = self._names[position]
        return score, self._entries[name.entry].shown in name.versions, name.field == "name"

    def _scored(self, reading: _Asked, likeness: _Likeness, question: _Question) -> Iterator[tuple[float, int]]:
        """Yield the names that a reading may stand for, each with its score: those of the same words, then others."""
        allowed = question.allowed
        same: list[int] = []
        if all(word in self._vocabulary for word in reading.words):
            same = self._same.get(frozenset(self._vocabulary[word] for word in reading.words), [])
        for position in same:
            if allowed is None or allowed[position]:
                yield reading.cap, position
        shared = np.zeros(len(self._names), dtype=np.float32)
        strongest = np.zeros(len(self._names), dtype=np.float32)
        asked_total = 0.0
        for word in dict.fromkeys(reading.words):
            asked_total += self._asked_weight(word, likeness.words[word])
            positions, values = likeness.reach[word]
            shared[positions] += values
            strongest[positions] = np.maximum(strongest[positions], values)
        if allowed is not None:
            shared[~allowed] = 0
        least = min(question.cutoff, 100) - 5  # what is compared word by word may score a little more than roughly
        of_asked, of_listed = shared / asked_total, shared / self._totals
        # No score is above the greater share, and only few names have one that is great enough.
        touched = np.flatnonzero((shared > 0) & (np.maximum(of_asked, of_listed) >= least / 100))
        if not len(touched):
            return
        shares = np.minimum(of_asked[touched], 1), np.minimum(of_listed[touched], 1)
        roughly = _score(*shares, strongest[touched], shared[touched])
        likely = np.flatnonzero(roughly >= least)
        wanted = max(_REFINED, 5 * question.limit)
        if len(likely) > wanted:
            likely = likely[np.argpartition(-roughly[likely], wanted)[:wanted]]
        for position in map(int, touched[likely]):
            yield round(min(self._refined(reading.words, likeness, position), reading.cap), 1), position

    def _asked_weight(self, word: str, alike: list[tuple[int, float]]) -> float:
        """Return the weight of a word asked: that of the word listed which it is or resembles most."""
        return float(self._weights[alike[-1][0]]) if alike else _weight(word, self._size, 0)

    def _refined(self, asked: Sequence[str], likeness: _Likeness, position: int) -> float:
        """Return the score of a name with each word paired at most once, the weightiest pairs first."""
        listed = self._names[position].words
        alike = {word: [pair for pair in likeness.words[word] if pair[0] in listed] for word in asked}
        pairs = [(float(self._weights[to]) * how, word, to) for word, others in alike.items() for to, how in others]
        paired: dict[str, int] = {}
        shared = strongest = 0.0
        for value, word, to in sorted(pairs, reverse=True):
            if word not in paired and to not in paired.values():
                paired[word] = to
                shared += value
                strongest = max(strongest, value)
        # A word that resembles only what is paired says the same again (``Markel … (Markel CJSC)``): it does not count.
        weights = [float(self._weights[to]) for to in paired.values()]
        weights += [self._asked_weight(word, likeness.words[word]) for word, others in alike.items() if not others]
        shares = min(shared / sum(weights), 1), min(shared / float(self._totals[position]), 1)
        score = _score(*(np.array([value], dtype=np.float32) for value in (*shares, strongest, shared)))
        return min(float(score[0]), _CAP)

    def _match(self, score: float, position: int) -> Match:
        name = self._names[position]
        entry = self._entries[name.entry]
        row, status = entry.rows[entry.shown], entry.status
        if status == LISTED and entry.shown not in name.versions:
            status = LISTED_OTHER_NAME
        return Match(
            score=score,
            matched_field=name.field,
            matched_text=name.text,
            name=row["name"],
            entry_id=row["entry_id"],
            list_name=_list_name(row),
            country=row["country"],
            country_code=row["country_code"],
            status=status,
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            license_requirement=row["license_requirement"],
            license_review_policy=row["license_review_policy"],
            footnotes=list(row["footnotes"] or ()),
            citation=row["citations"][-1] if row["citations"] else None,
            document=row["opened_by_document"],
        )

    def _under(self, country: str | None) -> npt.NDArray[np.bool_] | None:
        if country is None:
            return None
        asked = country.strip()
        code = asked.upper() if asked.upper() in _ISO_CODES else None
        named = destination(asked)
        held = {row["country"].casefold() for entry in self._entries for row in entry.rows}
        if code is None and named is None and asked.casefold() not in held:
            raise UnknownCountryError(
                f"unknown country {country!r}: write an ISO 3166-1 code of two letters (CN), or a destination's name "
                "as the lists have it (China)"
            )
        name = (named.name if named else asked).casefold()

        def is_under(row: Row) -> bool:
            return bool(row["country_code"] == code) if code else bool(row["country"].casefold() == name)

        under = [is_under(entry.rows[entry.shown]) for entry in self._entries]
        return np.array([under[listed.entry] for listed in self._names], dtype=np.bool_)


def _score(asked: _Floats, listed: _Floats, strongest: _Floats, shared: _Floats) -> _Floats:
    """Return scores from the shares of the asked and of the listed name that are explained, and the evidence shared.

    The greater share counts as it is; how much the lesser one may fall below it depends on the evidence: a distinctive
    word makes the name that holds it likely, usual words do not.
    """
    evidence = np.clip((strongest + (shared - strongest) / 8 - _USUAL) / (_EVIDENCE - _USUAL), 0, 1)
    # A short question is usually meant for the longer name; a short alias in a longer question is often chance.
    floor = np.where(asked >= listed, 0.25 + 0.4 * evidence, 0.2 + 0.35 * evidence)
    greater, lesser = np.maximum(asked, listed), np.minimum(asked, listed)
    scores: _Floats = 100 * greater * (floor + (1 - floor) * lesser)
    return scores


def _weight(word: str, entries: int, entries_with: int) -> float:
    weight = float(np.log((entries + 1) / (entries_with + 0.5)))
    if word in _USUAL_WORDS:
        return min(weight, _USUAL)
    if any(letter.isdigit() for letter in word):
        return min(weight, _NUMBER)
    if len(word) == 1:
        return min(weight, _LETTER)
    if len(word) == 2:
        return min(weight, _USUAL)
    if not entries_with and len(word) == 3:
        return _USUAL  # more often the rest of a legal form than a name
    return max(weight, _RARE)


def _digits(word: str) -> str:
    return "" if word.isalpha() else "".join(filter(str.isdigit, word))


def _may_be_misspelt(word: str) -> bool:
    return (len(word) > 2 and word.isalpha()) or sum(map(str.isalpha, word)) > 3


def _state(versions: list[Row], on: date | None) -> tuple[int, str]:
    """Return which text of an entry to show for a day, and how the entry stood then."""
    last = len(versions) - 1
    if on is None:
        return last, LISTED if versions[last]["valid_to"] is None else REMOVED
    listed_from = min((row["listed_from"] for row in versions if row.get("listed_from") is not None), default=None)
    for number, row in enumerate(versions):
        begins, ends = row["valid_from"], row["valid_to"]
        if begins is None and listed_from is not None and on < listed_from:
            return number, NOT_YET
        if begins is not None and on < begins:
            return number, LISTED_LATER_TEXT if listed_from is not None and listed_from <= on else NOT_YET
        if ends is None or on < ends:
            return number, LISTED
    return last, REMOVED


def _list_name(row: Row) -> str:
    return str(row.get("list_name") or "Entity List")


def _batches(names: Iterable[str], size: int) -> Iterator[list[str]]:
    batch: list[str] = []
    for name in names:
        batch.append(name)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


# --- Words --------------------------------------------------------------------------------------------------------


def words_of(name: str) -> list[str]:
    """Return the words of a name by which it is compared, in order and without legal forms; see the module's head."""
    return _brought_together(_raw_words(name))


@lru_cache(maxsize=4 * _BATCH)
def _raw_words(name: str) -> tuple[str, ...]:
    """Return a name's words in Latin letters and digits, legal forms and all."""
    plain = _one_script(unicodedata.normalize("NFKC", name[:_LONGEST_NAME]).casefold())
    plain = _HAN.sub(lambda run: _chinese(run[0]), plain)
    letters = unicodedata.normalize("NFKD", plain)
    ascii_only = anyascii("".join(letter for letter in letters if not unicodedata.combining(letter))).lower()
    return tuple(_initials_joined(_WORD.findall(_APOSTROPHES.sub("", ascii_only)))[:_MOST_WORDS])


def _brought_together(raw: Sequence[str]) -> list[str]:
    """Return what of a name's words counts, each in the one spelling."""
    return [word for whole in _usual_joined(_without_phrases(raw)) for word in _brought_to_one(whole)]


def _usual_joined(words: list[str]) -> Iterator[str]:
    """Join neighbours that are one usual word (``Bei Jing``, ``Micro-Electronics``)."""
    position = 0
    while position < len(words):
        pair = "".join(words[position : position + 2])
        is_one = len(words) > position + 1 and (pair in _USUAL_WORDS or pair in _SPELLINGS)
        yield pair if is_one else words[position]
        position += 1 + is_one


def _forms(name: str) -> list[str]:
    """Return a name as it stands, without its brackets, and what brackets at its end hold where that is an acronym.

    Elsewhere they hold that of a parent: ``China State Shipbuilding Corporation (CSSC) 712th Research Institute``.
    """
    forms = [name]
    if found := [bracket for bracket in _BRACKETS.finditer(name) if _ACRONYM.fullmatch(bracket[1].strip())]:
        forms.append(_BRACKETS.sub(" ", name))
        last = found[-1]
        if not words_of(name[last.end() :]) and last[1].strip().lower() not in _NO_ACRONYMS:
            forms.append(last[1])
    return forms


def _joined(words: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield neighbouring words written as one, with the words; of two usual words nobody makes one."""
    for length in (2, 3, 4):
        for start in range(len(words) - length + 1):
            parts = tuple(words[start : start + length])
            if not all(part in _USUAL_WORDS for part in parts) and not any(part[0].isdigit() for part in parts):
                yield "".join(parts), parts


def _find(words: list[str], parts: tuple[str, ...]) -> int:
    return next(start for start in range(len(words)) if tuple(words[start : start + len(parts)]) == parts)


def _one_script(plain: str) -> str:
    """Write Cyrillic letters that pass for Latin ones (``Со., Ltd.``) as Latin, in words or names that mix both."""
    cyrillic = {letter for letter in plain if "\u0400" <= letter <= "\u04ff"}
    if not cyrillic or not _LATIN.search(plain):
        return plain
    if cyrillic <= _LOOK_ALIKES.keys():
        return plain.translate(_LOOK_ALIKE_TABLE)
    return _ANY_WORD.sub(
        lambda word: word[0].translate(_LOOK_ALIKE_TABLE) if _LATIN.search(word[0]) else word[0], plain
    )


def _with_latin_names(name: str) -> str:
    """Write the Chinese names of companies that pinyin does not lead to as they are known in Latin letters."""
    if not _HAN.search(name):
        return name
    plain = unicodedata.normalize("NFKC", name)
    known = gazetteer.load()
    pieces, end = [], 0
    for hit in known.find(plain, gazetteer.Context(plain)):
        if hit.kind == "company" and _HAN.search(plain[hit.start : hit.end]):
            pieces += [plain[end : hit.start], " ", known.entities[hit.entity_id][1], " "]
            end = hit.end
    plain = "".join([*pieces, plain[end:]]) if pieces else plain
    simplified = plain.translate(_SIMPLIFIED)
    latin = _CHINESE_BRAND.sub(lambda found: f" {_CHINESE_BRANDS[found[0]]} ", simplified)
    return latin if latin != simplified or pieces else name


def _chinese(run: str) -> str:
    """Write a run of Chinese characters in English words where they are usual in names, and in pinyin elsewhere."""
    simplified = _CHINESE_NUMBER.sub(lambda found: f" {_chinese_number(found[1])} ", run.translate(_SIMPLIFIED))
    worded = _CHINESE_WORD.sub(lambda found: f" {_CHINESE_WORDS[found[0]]} ", simplified)
    return f" {_HAN.sub(lambda rest: anyascii(rest[0]).lower(), worded)} "


def _chinese_number(digits: str) -> str:
    """Return a number below a hundred, or a row of digits, in Arabic ones (``五十四``: 54, ``五〇四``: 504)."""
    tens, ten, ones = digits.partition("十")
    if ten and len(tens) <= 1 and len(ones) <= 1:
        return f"{_DIGITS.get(tens, 1)}{_DIGITS.get(ones, 0)}"
    return "".join(str(_DIGITS.get(digit, digit)) for digit in digits)


def _initials_joined(words: list[str]) -> list[str]:
    """Join single letters that follow each other: ``L. L. C.`` and ``L.L.C.`` are one word."""
    joined: list[str] = []
    before_single = False
    for word in words:
        single = len(word) == 1 and word.isalpha()
        if single and before_single:
            joined[-1] += word
        else:
            joined.append(word)
        before_single = single
    return joined


def _without_phrases(raw: Sequence[str]) -> list[str]:
    """Take out legal forms of several words, in whatever order those come."""
    left = list(raw)
    for phrase in _PHRASES if _PHRASE_SIGN.search(" ".join(raw)) else ():
        places = [next((at for at, word in enumerate(left) if _is(word, part)), None) for part in phrase]
        if None not in places:
            left = [word for at, word in enumerate(left) if at not in places]
    return left


def _is(word: str, part: str) -> bool:
    return word.startswith(part[:-1]) if part.endswith("*") else word == part


def _brought_to_one(word: str) -> Sequence[str]:
    if word in _WITHOUT_WEIGHT:
        return ()
    if (ordinal := _ORDINAL.fullmatch(word)) is not None:
        return (ordinal[1],)
    if word in _SPELLINGS:
        return _SPELLINGS[word]
    return (word,)


# --- Tables. Reviewed against the words that five or more entries of the Entity List of 2026-03-25 have. -----------

_HAN: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0002ebef]+")
_LATIN: Final = re.compile(r"[a-z]", re.IGNORECASE)
_ANY_WORD: Final = re.compile(r"\w+")
_WORD: Final = re.compile(r"[a-z0-9]+")
_APOSTROPHES: Final = re.compile(r"['`\"]")
_ORDINAL: Final = re.compile(r"(\d+)(?:st|nd|rd|th)")
_BRACKETS: Final = re.compile(r"[(（\[]([^()（）\[\]]{1,80})[)）\]]")
_ACRONYM: Final = re.compile(r"[A-Z][A-Z0-9&.-]{2,}(?: [A-Z0-9][A-Z0-9&.-]*)*")
# In brackets these are places or legal forms.
_NO_ACRONYMS: Final = frozenset(
    ("pvt", "uae", "u.a.e.", "usa", "prc", "china", "shanghai", "beijing", "shenzhen", "group", "llc", "jsc", "ltd")
)

_LOOK_ALIKES: Final = dict(zip("авекмнорстухіѕј", "abekmhopctyxisj", strict=True))
_LOOK_ALIKE_TABLE: Final = str.maketrans(_LOOK_ALIKES)

# Legal forms, articles and conjunctions, after transliteration.
_WITHOUT_WEIGHT_AS_WRITTEN: Final = """
    co company companies corp corporation inc incorporated ltd limited ltda llc llp lp plc psc pte pvt private pty sa
    sarl sal sro srl spa gmbh mbh kg ag as oy oyj ab aps bv nv kk jsc ojsc cjsc pjsc zjsc ao oao zao pao ooo odo ip
    too fze fzc fzco fz dmcc wll est establishment sdn bhd sti sirketi anonim tic jlt lda eood ood doo dooel uab sia
    ou ks kft zrt nyrt rt cv cia ltee kompaniya pt tbk sae bsc saoc qsc fsue fgup gup faoo the of and for de di du des
    la le el et und ve y da do dos named after imeni im by name to in at no an aka fka dba gongsi youxian gufen
    korporatsiya korporaciya on liability obshchestvo obshestvo obschestvo aktsionernoe aktcionernoe ogranichennoi
    ogranichennoy otvetstvennostyu publichnoe otkrytoe zakrytoe se asa kgaa scs
"""
_WITHOUT_WEIGHT: Final = frozenset(_WITHOUT_WEIGHT_AS_WRITTEN.split())

_PHRASES_AS_WRITTEN: Final = """
    public joint stock
    open joint stock
    closed joint stock
    joint stock
    federal state unitary enterprise
    state unitary enterprise
    federaln* gosudarstvenn* unitarn* predpriyati*
    s ogranichenn* otvetstvenn*
    sp zoo
    spolka ograniczon* odpowiedzialnoscia
    sanayi ticaret
    dis ticaret
    free zone establishment
"""

# One spelling for each usual word, and the others of it, English, Russian (as transliterated) and Turkish.
_USUAL_AS_WRITTEN: Final = """
    technology: tech techno technic technological keji jishu tekhnologii tekhnologiy tekhnologiya tehnologii teknoloji
    science: scientific nauchno nauchny nauchnyy nauchnoe nauchnaya nauka nauk sci
    research: issledovatelski issledovatelskiy issledovatelskii issledovatelskaya issledovatelskoe
    electronic: dianzi elektronik elektronika elektronnye
    microelectronic: mikroelektronika mikroelektroniki
    semiconductor: semi
    institute: institut instituta inst
    university: univ universitet universite universitesi daxue
    academy: akademiya academic
    laboratory: lab laboratoriya
    center: centre tsentr centr
    group: gruppa grup jituan
    holding: kholding
    industry: industrial promyshlennost promyshlenny promyshlennaya endustri gongye sanayi
    international: intl mezhdunarodny
    national: natsionalny
    state: gosudarstvenny gosudarstvennyy gosudarstvennoe gosudarstvennaya
    federal: federalnoe federalny
    trading: trade trader ticaret torgovy torgovaya treyding treiding treding trejding torgovlya
    import: ithalat
    export: ihracat
    plant: zavod zavoda factory works fabrika
    production: producing proizvodstvennoe proizvodstvennaya proizvodstvenny proizvodstvennyy proizvodstvo
    manufacturing: manufacture manufacturer mfg
    enterprise: predpriyatie predpriyatiye
    association: obedinenie obyedinenie
    design: konstruktorskoe konstruktorskoye
    bureau: byuro
    engineering: engineer inzhiniring inzhenerny inzhenernyy muhendislik
    machinery: machine
    mechanical: mechanic mekhanicheski mekhanicheskiy
    building: stroitelny
    muhammad: mohammad mohammed mohamad mohamed muhammed mohd
    weapon: arms
    institution: uchrezhdenie
    construction: stroitelstvo insaat
    service: servis
    system: sistemy sistema sistem
    solution: resheniya
    information: info informatsionny informatsionnye informatsionnykh
    communication: comm svyaz
    telecommunication: telecom telekom
    computer: computing
    network: net
    security: bezopasnost
    automation: automatic
    instrument: instrumentation pribor priborov
    equipment: oborudovanie
    component: part komponent
    chemical: chemistry khimicheski
    optical: optic optik optiko
    laser: lazer
    photonic: photon
    aviation: aeronautic aeronautical avia aviatsionny aviatsii havacilik
    aerospace: astronautic space aero kosmicheski
    airline: airway air
    shipbuilding: shipyard shipbuilder ship sudostroitelny
    marine: maritime ocean sea
    shipping: ship
    logistics: logistic lodzhistiks logistik lojistik logistika
    transport: transportation
    automobile: automotive auto avto
    motor: engine
    power: energo
    energy: energiya enerji energetik
    electric: electrical electricity elektrik electro elektro
    nuclear: atomic
    oil: petroleum neft
    gas: gaz
    mining: mine
    metal: metallurgy metallurgical
    medical: medicine med
    pharmaceutical: pharma pharm
    biological: biology bio biotech biotechnology
    agriculture: agricultural agro
    environment: environmental
    physics: physical fiziki
    mathematics: mathematical
    robot: robotic
    drone: uav unmanned
    defense: defence oborona
    military: voenny voennyy voenno
    naval: navy
    ministry: ministerstvo
    department: dept
    branch: filial
    foundation: fund fond
    bank: banking
    investment: invest
    finance: financial
    management: managing
    consulting: danismanlik consultancy consultant
    supply: supplier
    distribution: distributor distributing
    smart: intelligent intelligence
    special: specialized spetsialny
    central: tsentralny tsentralnyy tsentralnoe
    experimental: opytny eksperimentalny
    technical: tekhnicheski tekhnicheskiy tekhnicheskikh
    innovation: innovative innovatsii innovatsionny
    micro: mikro
    repair: maintenance
    complex: kompleks
    concern: kontsern
    golden: gold
    east: eastern
    west: western
    north: northern
    south: southern
    northwest: northwestern
    northeast: northeastern
    southwest: southwestern
    city: municipal municipality
    province: provincial
    region: regional
    business: commercial commerce
    market: marketing pazarlama
    light: lighting
    image: imaging
    education: educational training
    brother: bros
    property: estate
    test: testing
    russian: russia rossiyskaya rossii
    chinese: china zhongguo prc sino
    beijing: peking
    macau: macao
    asia: asian
    europe: european
    africa: african
    america: american
    india: indian
    iran: iranian
    turkey: turkish turkiye
    emirates: uae
    japan: japanese
    korea: korean
    germany: german deutschland
    france: french
    britain: british uk
    moscow: moskva
    belarus: belarusian
    ukraine: ukrainian
    petersburg: spb
    tibet: xizang
"""

# Usual words that come in one spelling, besides a plural; places last.
_USUAL_ALONE: Final = """
    hong kong advanced administration agency aircraft all ai applied army base best big black blue board book capital
    care cargo ceramic chip circuit classic clean cloud club coal college committee concept consumer control copper
    cosmetic craft creative data delivery development device diamond digital direct display division dragon drive
    dynamic eagle elite emerald equity expert express fashion fiber film first fishery flower focus food forest
    freight fresh furniture future game garden garment general glass global grand great green growth guide gulf
    hardware health heavy help high home horizon hospital hotel house human ic ideal independent inspection insurance
    integrated interior internet iron it jewelry joint key king leader leasing leather legal life line link liquid
    live living local magic main marble mark master material max mega media metro middle mobile model modern money
    mountain music nano natural nature new next nine novel object office online open orient oriental paper park
    partner pearl people petrochemical phone picture pioneer pipe plastic plus point police polymer port precision
    premier premium prime print printing pro procurement product professional project public pump pure quality quantum
    radar radio rail railway real red resource retail rice river road royal rubber safety sale satellite school season
    sensor seven shop silicon silk silver simple sky social society software solar son source sport spring standard
    star steel stone storage store strategic street studio style success sun super team tea textile three top total
    tour tourism tower town toy transgaz travel tree trust two union unit united unity universal valley value venture
    video view vision vehicle wall water wealth web white wind wine wire wireless wood world young zone al bin abu mr
    mrs dr shanghai shenzhen guangzhou guangdong guangxi tianjin chongqing nanjing hangzhou suzhou wuhan chengdu xian
    hefei xiamen qingdao dalian harbin changsha changchun shenyang jinan ningbo wuxi dongguan zhuhai foshan zhengzhou
    kunming nanchang fuzhou wenzhou taiyuan urumqi guiyang lanzhou luoyang xinjiang zhejiang jiangsu anhui hunan hubei
    hebei henan shandong shanxi shaanxi sichuan fujian jiangxi guizhou yunnan jilin liaoning heilongjiang hainan
    taiwan taipei kowloon pacific atlantic usa pakistan dubai sharjah singapore malaysia italy spain poland canada
    israel egypt lebanon finland novosibirsk ural siberia siberian kazan minsk tehran karachi lahore islamabad
    rawalpindi istanbul ankara moskovski southeast vietnam thailand indonesia saudi arabia kuwait qatar oman bahrain
    syria iraq london paris berlin tactical flight navigation foreign autonomous support organization republic delta
    alliance wave merchant frontier gate core chain jet helicopter refinery carbon economic application era arsenal
    apex measurement measuring turbine seaport directorate electromechanical budgetary address head summit peak
    victory prosperity crown lion tiger phoenix falcon horse wolf bear apple orange lotus bamboo olympic heritage
    trinity atlas titan orion polaris nova alpha beta omega sigma gamma vega mercury jupiter saturn venus apollo
    zenith vertex matrix fusion synergy genesis infinity legacy milestone momentum impact bridge harbor harbour island
    lake coast canyon lighthouse reliable trusted excellent perfect happy lucky fortune rich wise noble grace joy hope
    peace harmony freedom spirit soul beauty family farm dairy meat fruit vegetable grain coffee bakery restaurant
    kitchen dental pet baby kid women men lady ali ahmad alexander alex sergey sergei andrey dmitry reza chen wong wei
    khan luo david wang li zhang liu yang huang wu zhou xu ma zhu hu lin guo he gao zheng liang xie song tang deng han
    feng lee kim john james michael robert william thomas peter paul daniel george hassan hussein hossein mohamad amir
    ivan vladimir mikhail nikolai igor oleg maria anna olga stock closed limit johnson smith brown jones miller davis
    wilson taylor anderson jackson dis
"""

# Abbreviations of several usual words.
_ABBREVIATIONS: Final = """
    nii: science research institute
    tsnii: central science research institute
    npo: science production association
    npp: science production enterprise
    okb: experimental design bureau
    skb: special design bureau
    kb: design bureau
    optoelectronic: optical electronic
    optoelectronics: optical electronic
    hitech: high technology
    hongkong: hong kong
    hk: hong kong
    biochemical: biological chemical
"""

# Chinese characters: those traditional ones that the tables below need in simplified form.
_SIMPLIFIED: Final = str.maketrans(
    "術電國學團業實貿體導製機設備網軟數據雲統廠責灣門漢慶廣蘇陝長寧聯東為華訊飛視達曠湯儲創紀興濟晝雙銀龍"
    "連沖爾濱無錫蕪蘭陽濰廈臺島貴滬齊魯遼爐車應戰術艦軍艙聲壓輪師範醫藥農礦鋼鐵衛發動輸運資產財務會輕重電"
    "線質檢測試驗證鏈結構環農場進報導經濟處理務開關際遠鄉園區幣價訂單複圖書館鈦鋰積極紡織絲綢糧項",
    "术电国学团业实贸体导制机设备网软数据云统厂责湾门汉庆广苏陕长宁联东为华讯飞视达旷汤储创纪兴济昼双银龙"
    "连冲尔滨无锡芜兰阳潍厦台岛贵沪齐鲁辽炉车应战术舰军舱声压轮师范医药农矿钢铁卫发动输运资产财务会轻重电"
    "线质检测试验证链结构环农场进报导经济处理务开关际远乡园区币价订单复图书馆钛锂积极纺织丝绸粮项",
)
_CHINESE_NUMBER: Final = re.compile(r"第([一二三四五六七八九十百零〇0-9]{1,6})")
_DIGITS: Final = {digit: value for value, digit in enumerate("〇一二三四五六七八九")} | {"零": 0}

_CHINESE_AS_WRITTEN: Final = """
    有限责任公司 股份有限公司 集团有限公司=group 集团公司=group 集团=group 总公司 分公司=branch 有限公司 公司 股份
    责任 有限 科学技术=science+technology 技术=technology 科技=technology 高科技=high+technology
    高新技术=high+technology 大学=university 理工大学=science+technology+university 学院=institute
    研究所=research+institute 研究院=research+institute 研究中心=research+center 设计院=design+institute 研究=research
    科学院=academy+science 实验室=laboratory 中心=center 科学=science 工程=engineering 设计=design 开发=development
    发展=development 电子=electronic 微电子=microelectronic 半导体=semiconductor 集成电路=integrated+circuit
    集成=integrated 电路=circuit 芯片=chip 光电=optical+electronic 光学=optical 激光=laser 光子=photonic 传感器=sensor
    精密=precision 仪器=instrument 信息=information 通信=communication 通讯=communication 电信=telecommunication
    网络=network 软件=software 数据=data 数字=digital 云计算=cloud+computer 计算机=computer 计算=computer 智能=smart
    人工智能=ai 机器人=robot 系统=system 自动化=automation 控制=control 安全=security 网络安全=network+security
    物联网=internet 互联网=internet 设备=equipment 装备=equipment 机械=machinery 制造=manufacturing 工业=industry
    实业=industry 产业=industry 材料=material 新材料=new+material 能源=energy 新能源=new+energy 电力=power
    电气=electric 电器=electric 石油=oil 化工=chemical 化学=chemical 生物=biological 医疗=medical 医药=pharmaceutical
    基因=gene 核=nuclear 物理=physics 力学=mechanical 数学=mathematics 量子=quantum 卫星=satellite 雷达=radar
    无线电=radio 导弹=missile 兵器=weapon 航空=aviation 航天=aerospace 宇航=aerospace 船舶=shipbuilding
    造船=shipbuilding 海洋=marine 海事=marine 汽车=automobile 铁路=railway 运载火箭=launch+vehicle 飞机=aircraft
    无人机=drone 发动机=motor 动力=power 物流=logistics 运输=transport 供应链=supply+chain 贸易=trading
    进出口=import+export 国际=international 国家=national 全国=national 投资=investment 控股=holding 资本=capital
    金融=finance 银行=bank 保险=insurance 基金=foundation 管理=management 咨询=consulting 服务=service 工厂=plant
    厂=plant 总局=administration 公安局=public+security+bureau 公安厅=public+security+department 局=bureau 部队=unit
    军事=military 国防=national+defense 防务=defense 中国=chinese 北京=beijing 上海=shanghai 深圳=shenzhen
    广州=guangzhou 广东=guangdong 广西=guangxi 天津=tianjin 重庆=chongqing 南京=nanjing 杭州=hangzhou 苏州=suzhou
    武汉=wuhan 成都=chengdu 西安=xian 合肥=hefei 厦门=xiamen 青岛=qingdao 大连=dalian 哈尔滨=harbin 长沙=changsha
    长春=changchun 沈阳=shenyang 济南=jinan 宁波=ningbo 无锡=wuxi 东莞=dongguan 珠海=zhuhai 佛山=foshan 郑州=zhengzhou
    昆明=kunming 南昌=nanchang 福州=fuzhou 太原=taiyuan 乌鲁木齐=urumqi 新疆=xinjiang 西藏=tibet 浙江=zhejiang
    江苏=jiangsu 安徽=anhui 湖南=hunan 湖北=hubei 河北=hebei 河南=henan 山东=shandong 山西=shanxi 陕西=shaanxi
    四川=sichuan 福建=fujian 江西=jiangxi 贵州=guizhou 云南=yunnan 吉林=jilin 辽宁=liaoning 黑龙江=heilongjiang
    海南=hainan 香港=hong+kong 澳门=macau 台湾=taiwan 台北=taipei 东方=oriental 北方=north 南方=south 西北=northwest
    西南=southwest 东北=northeast 华东=east+chinese 省 市
"""


# Listed companies and institutions whose Chinese names neither pinyin nor the words above lead to; the gazetteer of the
# news has others. On the right: the name by which the Entity List has them.
_CHINESE_BRANDS_AS_WRITTEN: Final = """
    海康威视=Hikvision; 大华技术=Dahua Technology; 商汤=SenseTime; 旷视=Megvii; 科大讯飞=iFLYTEK; 依图=Yitu; 大疆=DJI;
    曙光=Sugon; 浪潮=Inspur; 华大基因=BGI; 海能达=Hytera; 美亚柏科=Meiya Pico; 云从=CloudWalk; 奇虎360=Qihoo 360;
    中科院=Chinese Academy of Sciences; 中国电子科技集团=China Electronics Technology Group Corporation;
    中国电科=China Electronics Technology Group Corporation; 中电科=CETC; 航天科工=CASIC; 北航=Beihang University;
    北京航空航天大学=Beihang University; 西北工业大学=Northwestern Polytechnical University;
    哈尔滨工业大学=Harbin Institute of Technology; 哈尔滨工程大学=Harbin Engineering University;
    国防科技大学=National University of Defense Technology;
    国防科学技术大学=National University of Defense Technology; 西安电子科技大学=Xidian University;
    电子科技大学=University of Electronic Science and Technology of China;
    北京理工大学=Beijing Institute of Technology; 南京理工大学=Nanjing University of Science and Technology;
    南京航空航天大学=Nanjing University of Aeronautics and Astronautics;
    北京邮电大学=Beijing University of Posts and Telecommunications; 飞腾=Phytium; 申威=Sunway;
    景嘉微=Jingjia Microelectronics; 拓荆=Piotech; 盛美=ACM Research; 华大九天=Empyrean; 鹏芯微=Pengxinwei;
    昇维旭=SwaySure; 寒武纪=Cambricon; 长光=Changguang; 中兴通讯=ZTE
"""


def _plurals(word: str) -> tuple[str, ...]:
    return (f"{word}s", f"{word[:-1]}ies") if word.endswith("y") else (f"{word}s",)


def _entries_of(written: str) -> Iterator[tuple[str, list[str]]]:
    for line in filter(None, map(str.strip, written.splitlines())):
        word, _, others = line.partition(":")
        yield word, others.split()


_USUAL_WORDS: Final = frozenset(_USUAL_ALONE.split()) | {word for word, _ in _entries_of(_USUAL_AS_WRITTEN)}
_SPELLINGS: Final[dict[str, tuple[str, ...]]] = (
    {plural: (word,) for word in sorted(_USUAL_WORDS) for plural in _plurals(word) if plural not in _USUAL_WORDS}
    | {
        form: (word,)
        for word, others in _entries_of(_USUAL_AS_WRITTEN)
        for other in others
        for form in (other, *_plurals(other))
    }
    | {short: tuple(words) for short, words in _entries_of(_ABBREVIATIONS)}
)

# What a word may be a misspelling of though no entry has it: usual words of five letters and more, and legal forms.
_CLOSED_WORDS: Final = frozenset(
    {form for form in (*_USUAL_WORDS, *_SPELLINGS) if len(form) > 4}
    | {form for form in _WITHOUT_WEIGHT if len(form) > 2}
    | {word for line in _PHRASES_AS_WRITTEN.splitlines() for word in line.split() if len(word) > 4 and "*" not in word}
)

_CHINESE_WORDS: Final = {
    chinese: english.replace("+", " ")
    for chinese, _, english in (pair.partition("=") for pair in _CHINESE_AS_WRITTEN.split())
}
_CHINESE_BRANDS: Final = {
    chinese: latin
    for chinese, _, latin in (pair.strip().partition("=") for pair in _CHINESE_BRANDS_AS_WRITTEN.split(";"))
}


def _any_of(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))))


_CHINESE_WORD: Final = _any_of(_CHINESE_WORDS)
_CHINESE_BRAND: Final = _any_of(_CHINESE_BRANDS)
# Each phrase's second word: most names have none of them.
_PHRASE_SIGN: Final = re.compile(
    "|".join(line.split()[1].rstrip("*") for line in _PHRASES_AS_WRITTEN.splitlines() if line)
)
_PHRASES: Final = [tuple(line.split()) for line in _PHRASES_AS_WRITTEN.splitlines() if line]

# ISO 3166-1 alpha-2: a country without an entry is no unknown one.
_ISO_CODES_AS_WRITTEN: Final = """
    AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA
    CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA
    GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP
    KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS
    MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS
    RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW
    TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""
_ISO_CODES: Final = frozenset(_ISO_CODES_AS_WRITTEN.split())
