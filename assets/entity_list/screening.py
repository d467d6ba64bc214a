"""Screening: which entries of the lists a name may stand for, on a day.

A name is brought to a set of words (:mod:`assets.entity_list.company_words`). Words are compared with their
misspellings (edits, a swap of neighbours counting as one) and weighed by how few entries have them; the usual words
weigh little however few entries have them, since they are frequent outside of the lists. Word order does not count.

A score says how much of the name asked and of the name listed is explained by the other, by weight:

- 100: the same words, but for the ``Group`` of a name listed;
- 85 to 99: one contains the other (``Huawei`` in ``Huawei Technologies Co., Ltd.``), or they differ in spelling;
- below: they share a part. Scores are comparable across names asked and across releases; they are no probabilities.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.parquet as pq
from rapidfuzz import process
from rapidfuzz.distance import OSA

from assets.entity_list.company_words import (
    CLOSED_WORDS,
    LONGEST_NAME,
    USUAL_WORDS,
    brought_to_one,
    brought_together,
    forms_of,
    neighbours_joined,
    raw_words,
    with_latin_names,
    words_of,
)
from assets.entity_list.destinations import destination
from resources.documents import Row
from resources.release import Release, Releases

TABLE: Final = "entity_list_history"
_CURRENT: Final = "mart_entity_list_current"
_LIVE: Final = "live"
_ISO_DAY: Final = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
CUTOFF: Final = 80.0
"""Scores below it are not shown unless asked for. By measurement (tests/entity_list/test_screening.py): of official
names with one or two typos nearly all are above it, of innocent names nearly none."""

LISTED: Final = "listed"
LISTED_WITHOUT_TEXT: Final = "listed; the text of that day is not held"
LISTED_OTHER_NAME: Final = "listed (name of another day)"
NOT_YET: Final = "not listed yet"
UNKNOWN: Final = "unknown whether listed"
REMOVED: Final = "removed"
_LISTED: Final = frozenset({LISTED, LISTED_WITHOUT_TEXT, LISTED_OTHER_NAME})

MatchedField = Literal["name", "alias", "sub_entity", "sub_entity_alias"]
_Floats = npt.NDArray[np.float32]


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
        matched_field: where the words stand: ``name``, ``alias``, ``sub_entity`` or ``sub_entity_alias``.
        matched_text: the words listed that match.
        name: the entry's name on the day.
        entry_id: as in ``entity_list_history``.
        list_name: Entity List, Unverified List or Military End-User List.
        country: destination under which it stands.
        country_code: ISO 3166-1 alpha-2, where the destination has one.
        status: on the day: ``listed``; ``listed; the text of that day is not held``: by its citations it was listed,
            and the text shown is the first that is held; ``listed (name of another day)``: it was listed, but the words
            that match stand in its text of another day; ``not listed yet``; ``unknown whether listed``: nothing held
            says since when it is listed, only that it was later; ``removed``.
        text_known: whether the text shown (name, license requirement and all) is that of the day.
        listed_from: since when the entry is listed, in whatever text; ``None`` where nothing held says it.
        removed_on: of a ``removed`` one, the first day it was off the list.
        removed_by: of a ``removed`` one, the document that removed it, or the official text that first lacks it.
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
    text_known: bool
    listed_from: date | None
    removed_on: date | None
    removed_by: str | None
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
        return self.status in _LISTED

    def as_row(self) -> Row:
        """The fields by name, days as ISO text: what JSON and CSV hold."""
        return _as_row(asdict(self))


@dataclass(frozen=True, slots=True)
class Held:
    """What a release holds to screen against: without it, "no match" says nothing.

    Attributes:
        release: identifier of the release.
        sources: ``samples`` (small stand-ins, which lack most entries of the lists), ``mirror`` (a folder of documents,
            with what that holds) or ``live``.
        data_day: day of the newest document or official text held.
        entries: how many entries the lists have had, on any day.
    """

    release: str
    sources: str
    data_day: date | None
    entries: int

    @property
    def newest_day(self) -> date | None:
        """The day that a question without one is about: today for live sources, of others the last day held.

        Not the last text of each entry: a removal that is published is no removal before its day of effect.
        """
        if self.sources != _LIVE or self.data_day is None:
            return self.data_day
        return max(self.data_day, datetime.now(UTC).date())

    def as_row(self) -> Row:
        """The fields by name, days as ISO text."""
        return _as_row(asdict(self))


def held(lake: Path | str) -> Held:
    """Say what the current release of a lake holds to screen against.

    Raises:
        NoReleaseError: nothing is published there, or its release has no such table.
    """
    release, path = _published(lake)
    history = pq.read_table(path, columns=["entry_id", "known_from", "end_known_from"], partitioning=None)
    days = [day for name in ("known_from", "end_known_from") for day in history[name].to_pylist() if day is not None]
    current = release.folder / f"{_CURRENT}.parquet"
    if current.is_file():
        days += pq.read_table(current, columns=["as_of_date"], partitioning=None)["as_of_date"].to_pylist()[:1]
    sources = str(release.manifest["sources"]).partition("-")[0]
    return Held(release.id, sources, max(days, default=None), len(history["entry_id"].unique()))


def screen(
    names: Iterable[str],
    *,
    lake: Path | str,
    on: date | str | None = None,
    country: str | None = None,
    limit: int = 10,
    cutoff: float = CUTOFF,
) -> list[list[Match]]:
    """Screen names against the current release of a lake.

    An empty answer is no clearance: it says that nothing held is like the name, and :func:`held` says what is held.

    Args:
        names: names of companies, institutions or persons, in any script; the first 600 characters of each count.
        lake: folder of the releases; ``current/entity_list_history.parquet`` is read.
        on: the day, or its ISO text (``2024-01-01``); ``None``: the newest that the release holds
            (:attr:`Held.newest_day`).
        country: only entries under this destination: ISO 3166-1 alpha-2, or its name.
        limit: at most so many matches for a name.
        cutoff: matches below this score (0 to 100) are left out.

    Returns:
        For each name, in order, its matches, best first; an empty list where there is none.

    Raises:
        NoReleaseError: nothing is published there, or its release has no such table.
        UnknownCountryError: see there.
        TypeError: ``names`` is one text, or has what is none.
        ValueError: ``on`` is not the ISO text of a day that exists.
    """
    asked = _texts(names)
    day = as_day(on) or held(lake).newest_day
    screener = Screener.of(pq.read_table(_published(lake)[1], partitioning=None), day)
    return screener.screen(asked, country=country, limit=limit, cutoff=cutoff)


def is_distinctive(name: str) -> bool:
    """Say whether a name has a word besides usual ones and legal forms; without, no answer clears anyone."""
    forms = forms_of(with_latin_names(name[:LONGEST_NAME]))
    return any(word not in USUAL_WORDS for form in forms for word in words_of(form))


def as_day(written: date | str | None) -> date | None:
    """Return a day given as such or as ISO text.

    Raises:
        ValueError: the text is not ``YYYY-MM-DD``, or no such day exists.
        TypeError: it is neither.
    """
    if isinstance(written, datetime):
        return written.date()
    if written is None or isinstance(written, date):
        return written
    if not isinstance(written, str):
        raise TypeError(f"a day is a date or its text YYYY-MM-DD, not {type(written).__name__}")
    if not _ISO_DAY.fullmatch(written):
        raise ValueError(f"{written}: a day is written YYYY-MM-DD")
    try:
        return date.fromisoformat(written)
    except ValueError as error:
        raise ValueError(f"{written}: {error}") from error


def _texts(names: Iterable[str]) -> list[str]:
    if isinstance(names, str):  # an iterable of texts too: its letters
        raise TypeError(f"names is a list of names: write [{names!r}] for one")
    asked = list(names)
    for name in asked:
        if not isinstance(name, str):
            raise TypeError(f"a name is a text, not {type(name).__name__}: {name!r}")
    return asked


def _published(lake: Path | str) -> tuple[Release, Path]:
    """Return the current release of a lake and where its table of entries is."""
    release = Releases(Path(lake), kept=1).current()
    if release is None:
        raise NoReleaseError(f"no release in {lake} yet: run `make nightly`")
    path = release.folder / f"{TABLE}.parquet"
    if not path.is_file():
        raise NoReleaseError(f"release {release.id} in {lake} has no table {TABLE}: run `make nightly`")
    return release, path


def _as_row(values: Row) -> Row:
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


@dataclass(frozen=True)
class _Entry:
    """An entry: its texts in order, the one shown for the day, how it stood then, and since when it is listed."""

    rows: list[Row]
    shown: int
    status: str
    listed_from: date | None


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
            entries: the table, or its rows. ``list_name`` and ``listed_from`` may be missing (then: Entity List, and
                listed since ``valid_from``).
            on: the day whose state matters; ``None``: the last text of each entry, whenever it takes effect.
        """
        rows = entries.to_pylist() if isinstance(entries, pa.Table) else entries
        groups: dict[str, list[Row]] = {}
        for row in rows:
            groups.setdefault(row["entry_id"], []).append(row)
        made = []
        for versions in groups.values():
            versions.sort(key=lambda row: row["version"])
            listed_from = min((day for row in versions if (day := _listed_from(row)) is not None), default=None)
            shown, status = _state(versions, listed_from, on)
            made.append(_Entry(versions, shown, status, listed_from))
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
            # Releases made before these names were read have no such column.
            fields += [("sub_entity_alias", alias) for alias in row.get("sub_entity_aliases") or ()]
            for field, text in fields:
                for words in _words_listed(text):
                    key = (field, frozenset(self._vocabulary.setdefault(w, len(self._vocabulary)) for w in words))
                    if not words:
                        continue
                    if key in held:
                        held[key].versions.add(version)
                        continue
                    held[key] = _Listed(number, field, text, key[1], {version})
                    self._same.setdefault(key[1], []).append(len(self._names))
                    self._names.append(held[key])
                    for joined, parts in neighbours_joined(words):
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
        name = name[:LONGEST_NAME]
        forms = [(form, 100.0 if position == 0 else 98.0) for position, form in enumerate(forms_of(name))]
        if (latin := with_latin_names(name)) != name:
            forms += [(form, _CAP) for form in forms_of(latin)]
        readings: dict[tuple[str, ...], float] = {}
        for form, cap in forms:
            raw = raw_words(form)
            words = brought_together(raw)
            readings.setdefault(tuple(words), cap)
            others = list(self._rewritten(words))
            if any(word in corrected for word in raw) and brought_together([w for w in raw if w not in corrected]):
                others.append(tuple(brought_together([corrected.get(word, word) for word in raw])))
            for other in others:
                readings.setdefault(other, min(cap, _CAP))
        return [_Asked(words, cap) for words, cap in readings.items() if words]

    def _rewritten(self, words: list[str]) -> Iterator[tuple[str, ...]]:
        for joined, parts in neighbours_joined(words):
            if joined in self._vocabulary:
                start = _find(words, parts)
                yield (*words[:start], joined, *words[start + len(parts) :])
        for position, word in enumerate(words):
            if word in self._splits:
                yield (*words[:position], *self._splits[word], *words[position + 1 :])

    def _corrections(self, names: Iterable[str]) -> dict[str, str]:
        """Return usual words and legal forms by their misspellings in these names (``Tecnology``, ``Limted``)."""
        raw = {word for name in names for word in raw_words(name)}
        unknown = sorted(filter(_may_be_misspelt, raw - self._vocabulary.keys() - CLOSED_WORDS))
        # Of forms that are as near the one that says least is meant: the correction must not make a match by itself.
        known = sorted(CLOSED_WORDS, key=lambda word: (sum(map(self._usual_weight, brought_to_one(word))), word))
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
        asked = sorted(word for word in words if _may_be_misspelt(word) and word not in USUAL_WORDS)
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
        matches.sort(key=lambda m: (-(m.score - _off_list(m)), m.list_name, m.name, m.entry_id))
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
        # No score is above the greater share, and only few names have one that is great enough. A hundredth less is
        # asked for than that, since shares are rounded: the score itself decides below.
        enough = np.minimum(self._totals, np.float32(asked_total)) * np.float32(0.99 * least / 100)
        touched = np.flatnonzero((shared > enough) & (shared > 0))
        if not len(touched):
            return
        of_asked, of_listed = shared[touched] / asked_total, shared[touched] / self._totals[touched]
        roughly = _score(np.minimum(of_asked, 1), np.minimum(of_listed, 1), strongest[touched], shared[touched])
        likely = np.flatnonzero(roughly >= least)
        wanted = max(_REFINED, 5 * question.limit)
        if len(likely) > wanted:
            likely = likely[np.argpartition(-roughly[likely], wanted)[:wanted]]
        if not len(likely):
            return
        positions = touched[likely].tolist()
        refined = np.array([self._refined(reading.words, likeness, at) for at in positions], dtype=np.float32)
        for score, position in zip(_score(*refined.T).tolist(), positions, strict=True):
            yield round(min(score, _CAP, reading.cap), 1), position

    def _asked_weight(self, word: str, alike: list[tuple[int, float]]) -> float:
        """Return the weight of a word asked: that of the word listed which it is or resembles most."""
        return float(self._weights[alike[-1][0]]) if alike else _weight(word, self._size, 0)

    def _refined(self, asked: Sequence[str], likeness: _Likeness, position: int) -> tuple[float, float, float, float]:
        """Return what :func:`_score` asks for, with each word paired at most once, the weightiest pairs first."""
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
        return min(shared / sum(weights), 1), min(shared / float(self._totals[position]), 1), strongest, shared

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
            text_known=entry.status == LISTED,
            listed_from=entry.listed_from,
            removed_on=row["valid_to"] if status == REMOVED else None,
            removed_by=row.get("closed_by_document") if status == REMOVED else None,
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
    if word in USUAL_WORDS:
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


def _words_listed(text: str) -> Iterator[list[str]]:
    """Yield the words of each form of a name listed; of a group's also without that word, which many leave out."""
    for form in forms_of(text):
        yield (words := words_of(form))
        if len(rest := [word for word in words if word != "group"]) in range(2, len(words)):
            yield rest


def _off_list(match: Match) -> float:
    return _OFF_LIST if match.status in (NOT_YET, REMOVED) else 0


def _listed_from(row: Row) -> date | None:
    day: date | None = row.get("listed_from", row["valid_from"])
    return day


def _state(versions: list[Row], listed_from: date | None, on: date | None) -> tuple[int, str]:
    """Return which text of an entry to show for a day, and how the entry stood then."""
    last = len(versions) - 1
    if on is None:
        return last, LISTED if versions[last]["valid_to"] is None else REMOVED
    for number, row in enumerate(versions):
        begins, ends = row["valid_from"], row["valid_to"]
        if ends is not None and ends <= on:
            continue
        if begins is not None and begins <= on:
            return number, LISTED
        # Before the first text held; a removal or revision shows from its publication that the entry was listed.
        since = listed_from or begins or row.get("known_from")
        if since is not None and since <= on:
            return number, LISTED_WITHOUT_TEXT
        return number, NOT_YET if listed_from is not None else UNKNOWN
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


def _find(words: list[str], parts: tuple[str, ...]) -> int:
    return next(start for start in range(len(words)) if tuple(words[start : start + len(parts)]) == parts)
