"""The replay: changes made to the lists one after another, in order of effect, on the base of one official text.

Nothing changes a list that does not fit it. A change that does not fit because a later document of the same day first
has to list an entry, or to free its name, is made right behind that document, which its period notes; never behind a
later instruction of its own document on the same entry, for within a document the order of the instructions is the law.
What does not fit then either is reported and left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher
from itertools import chain, groupby
from typing import Final, Literal, NamedTuple

from assets.entity_list.address import address_country
from assets.entity_list.citations import citation_day, citation_days, citations, is_placeholder
from assets.entity_list.comparison import differing_fields
from assets.entity_list.entity_cell import name_key
from assets.entity_list.license_requirement import FOREIGN_DIRECT_PRODUCT_RULES, read_requirement
from assets.entity_list.review_policy import read_policy
from assets.federal_register.full_text import SOURCE
from resources.documents import Row, SourceError

Basis = Literal["rule", "citation", "snapshot", "undone"]
"""What says when a period began: a rule held; the last citation of an entry in the base; the base itself, where that
has no readable citation or differs from the rules; nothing but that a rule later removed or revised the entry."""

OFFICIAL_TEXT: Final = "official_text"
"""The verb of a period that the base ends: the rule that did it is not held."""

_OF_THE_ENTRY: Final = (
    "aliases",
    "addresses",
    "sub_entities",
    "license_requirement",
    "license_review_policy",
    "footnotes",
    "entry_text",
)
_ADDITIONS: Final = frozenset({"add", "re-add"})
_NOT_IN_SLUG: Final = re.compile(r"[^a-z0-9]+")
_ALIKE: Final = 0.85
"""Names at least this similar (share of matching characters) are one name, where destination and citation agree too."""

_Key = tuple[str, str, str]  # list, destination, name for comparison


def entry_id(list_name: str, country: str, country_code: str | None, name: str, first_cited: date) -> str:
    """Return the identity of an entry: readable, and unlike any other's by a digest of what identifies it.

    It is made of the list, the destination, the name it was first listed under, and the day of its first citation;
    later revisions, renamings and moves do not change it, and a listing after a removal is a new one.
    """
    identity = "\n".join((list_name, country, name_key(name), first_cited.isoformat()))
    digest = hashlib.sha256(identity.encode()).hexdigest()
    return f"{country_code or _slug(country)}-{_slug(name)[:48].strip('-')}-{digest[:10]}"


class _Misfit(NamedTuple):
    """Why a change does not fit the list.

    ``names`` are the places in its way: none of them is listed and one should be, or the other way round.
    """

    reason: str
    names: tuple[_Key, ...]
    should_be_listed: bool


class Replay:
    """The lists as they stand, and the periods of their entries so far.

    Args:
        base: the entries of one official text, rows of ``entity_list_snapshots`` of one day; empty to begin with empty
            lists.
        citation_of: citations of documents by number, for rules that could not cite their own page yet.

    Attributes:
        rows: the periods, rows of ``entity_list_history`` in the order in which they were opened.
        problems: the changes that were not made, or not as they stand.
    """

    def __init__(self, base: Iterable[Row], citation_of: Mapping[str, str]) -> None:
        self.rows: list[Row] = []
        self.problems: list[SourceError] = []
        self._base = list(base)
        self.base_day: date | None = self._base[0]["snapshot_date"] if self._base else None
        self._official = {_key(one, one["country"], one["entry_name"]): one for one in self._base}
        self._stands_on_base = self.base_day is None
        self._citation_of = citation_of
        self._listed: dict[_Key, Row] = {}
        self._ever: set[_Key] = set()
        self._ids: set[str] = set()
        self._published: dict[tuple[str, int], date] = {}  # the rules that opened the periods
        self._left: dict[_Key, tuple[Row, Row]] = {}  # the last period at a place, and the change that ended it
        self._made_today: dict[_Key, list[Row]] = {}

    def is_before_base(self, change: Row) -> bool:
        """Whether the base has what a change does: it has what took effect by its day.

        A rule published later still may have taken effect before; whether the base has it, its text and its citations
        tell. Without a base all changes are before it.
        """
        if self.base_day is None or change["publication_date"] <= self.base_day:
            return self.base_day is None or change["effective_date"] <= self.base_day
        if change["effective_date"] > self.base_day:
            return False
        official = self._official.get(_after(change))
        if change["verb"] == "remove" or official is None:
            return change["verb"] == "remove" and official is None
        cites_it = change["publication_date"] in citation_days(official["citations"])
        return cites_it or not differing_fields(change | {"name": change["entry_name"]}, official)

    def take_effect(self, changes: Iterable[Row]) -> None:
        """Make the changes of one day, which are in order, or report why they do not fit."""
        # Without text they cannot be made to the list; reported where the rule was read.
        made = [one for one in changes if one["text_supplied"] or one["verb"] in ("remove", "move")]
        documents = [list(of_document) for _, of_document in groupby(made, key=_document)]
        self._made_today = {}
        waiting: list[tuple[Row, _Misfit]] = []
        for position, document in enumerate(documents, 1):
            for change in document:
                misfit = self._misfit(change)
                others = chain((one for one, _ in waiting), chain.from_iterable(documents[position:]))
                if misfit is not None and self._is_given_today(misfit, others):
                    waiting.append((change, misfit))
                else:
                    self._settle(change, misfit)
            waiting = self._made_behind(document[0]["document_number"], waiting)
        for change, misfit in waiting:
            self._settle(change, misfit)

    def _is_given_today(self, misfit: _Misfit, others: Iterable[Row]) -> bool:
        """Whether what a change stands on is done by a document of the day to come, or by a change that waits.

        Not where a document of the day has been at the place before: then it is not the order that is in the way.
        """
        if any(name in self._made_today for name in misfit.names):
            return False
        return any(
            (_lists(other) if misfit.should_be_listed else _frees(other)) & set(misfit.names) for other in others
        )

    def _made_behind(self, document: str, waiting: list[tuple[Row, _Misfit]]) -> list[tuple[Row, _Misfit]]:
        """Make those changes that wait and fit now that a document is through, first come first; return the others."""
        while (at := next((at for at, (one, _) in enumerate(waiting) if self._fits_late(one)), None)) is not None:
            change, misfit = waiting.pop(at)
            reason = f"{misfit.reason} before {document}, which takes effect on the same day; it is made behind it"
            self._report(change, reason)
            self._make(change, f"{change['document_number']} {change['amendment_label'] or ''}".strip() + f": {reason}")
        return waiting

    def _fits_late(self, change: Row) -> bool:
        """Whether a change fits by now, and nothing that its document does later has been made to the entry."""
        overtaken = any(
            _document(other) == _document(change) and other["change_index"] > change["change_index"]
            for name in (*_before(change), _after(change))
            for other in self._made_today.get(name, ())
        )
        return not overtaken and self._misfit(change) is None

    def _misfit(self, change: Row) -> _Misfit | None:
        """Return why a change does not fit the list as it stands; ``None`` if it does."""
        before, after = _before(change), _after(change)
        since = self._listed.get(after)
        if change["verb"] in _ADDITIONS:
            if since is None:
                return None
            reason = f"it is listed since {since['valid_from']} by {since['opened_by_document']}"
            return _Misfit(reason, (after,), should_be_listed=False)
        found = self._found(change)
        if found is None:
            return _Misfit("it is not on the list", before, should_be_listed=True)
        if change["verb"] != "remove" and found != after and since is not None:
            reason = f"an entry of its new name is listed since {since['valid_from']}"
            return _Misfit(reason, (after,), should_be_listed=False)
        return None

    def _found(self, change: Row) -> _Key | None:
        """Return the place of the entry that a change finds on the list."""
        return next((name for name in _before(change) if name in self._listed), None)

    def _settle(self, change: Row, misfit: _Misfit | None) -> None:
        """Make a change that fits; one that does not is undone if it is of before the base, and reported."""
        if misfit is not None and misfit.should_be_listed and not self._stands_on_base and self._found(change) is None:
            self._undo(change)
            misfit = self._misfit(change)
        if misfit is None:
            self._make(change)
        else:
            self._report(change, misfit.reason)

    def _make(self, change: Row, note: str | None = None) -> None:
        """Make a change that fits to the list."""
        found, after = self._found(change), _after(change)
        places = {after, *([] if found is None else [found])}
        if any(_twin(place) in self._listed for place in places):
            self._report(change, "two entries bear this name; it is done to the first")
        for place in places:
            self._made_today.setdefault(place, []).append(change)
        if change["verb"] in _ADDITIONS or found is None:
            self._open(change, None, note)
            return
        listed = self._listed.pop(found)
        began = listed["valid_from"]
        if began is not None and began > change["effective_date"]:
            self._report(change, f"it takes effect on {change['effective_date']}, and is made to a text of {began}")
            change = change | {"effective_date": began}
        self._left[found] = listed, change
        self._close(listed, change)
        if change["verb"] == "remove":
            listed["note"] = "; ".join(filter(None, (listed["note"], note))) or None
        else:
            self._open(change, listed, note)

    def install_base(self) -> None:
        """Bring the lists to what the official text says on its day; once."""
        base, self._base = self._base, []
        self._stands_on_base = True
        seen: set[_Key] = set()
        names = {_key(official, official["country"], official["entry_name"]) for official in base}
        left = {key: row for key, row in self._listed.items() if key not in names}
        for official in base:
            key = _key(official, official["country"], official["entry_name"])
            while key in seen:  # the official text has two entries of one name under one destination, now and then
                key = _twin(key)
            seen.add(key)
            listed = self._listed.get(key)
            if listed is None and (old_key := self._renamed(official, left)) is not None:
                listed = left.pop(old_key)
                del self._listed[old_key]
            if listed is None:
                self._open_official(official, key, None)
                continue
            if not differing_fields(listed, official):
                listed["citations"] = official["citations"] or listed["citations"]
                continue
            self._open_official(official, key, listed)
        for key in sorted(self._listed.keys() - seen) if base else ():
            listed = self._listed.pop(key)
            listed |= self._end(self.base_day, self.base_day, f"eCFR {self.base_day}", None, OFFICIAL_TEXT)

    def _open_official(self, official: Row, key: _Key, before: Row | None) -> None:
        """Open what the official text says, and end what rules say where that differs."""
        day, cited = _last_cited(official)
        days = [one for one in citation_days(official["citations"]) if one <= official["snapshot_date"]]
        basis: Basis = "citation"
        earliest = before["valid_from"] if before is not None else None
        published = self._published.get((before["entry_id"], before["version"])) if before is not None else None
        left, note = self._left.get(key), None
        if before is None and left is not None:
            # It has been taken off before: only what it cites since then tells of the listing that the text has.
            ended, change = left
            published, earliest = change["publication_date"], ended["valid_to"]
            days = [one for one in days if one > published]
        if day is None or (published is not None and day <= published) or (earliest is not None and day < earliest):
            day, basis, cited = official["snapshot_date"], "snapshot", f"eCFR {self.base_day}"
        if before is None and left is not None and not days:
            days = [official["snapshot_date"]]
            note = f"{left[0]['closed_by_document']} took it off the list on {left[0]['valid_to']}"
            self._report(left[1], f"the official text of {self.base_day} has it and cites nothing since")
        if before is not None:
            before |= self._end(day, day, cited, None, OFFICIAL_TEXT)
        self._add_row(
            official,
            official["entry_name"],
            before,
            {
                "citations": official["citations"],
                "valid_from": day,
                "known_from": day,
                "listed_from": (before["listed_from"] if before else None) or min(days, default=None),
                "basis": basis,
                "opened_by_document": cited,
                "opened_by_amendment": None,
                "opened_by_verb": OFFICIAL_TEXT,
                "delayed_by_document": None,
                "note": note,
            },
            key,
        )

    def _renamed(self, official: Row, left: Mapping[_Key, Row]) -> _Key | None:
        """Find which of the entries that the base does not have by name it has by another: of a rule that it cites."""
        cited = set(citation_days(official["citations"]))
        others = {name_key(other) for other in official["aliases"]}
        name = name_key(official["entry_name"])
        for key, row in left.items():
            is_cited = self._published.get((row["entry_id"], row["version"])) in cited
            if key[:2] != (official["list_name"], official["country"]) or not is_cited:
                continue
            if key[2] in others or SequenceMatcher(None, key[2], name, autojunk=False).ratio() >= _ALIKE:
                return key
        return None

    def _undo(self, change: Row) -> None:
        """Undo a change of before the base: what it removes or revises was listed before, with a text not held."""
        self._report(change, f"no document held lists it; it was listed before {change['effective_date']}")
        nothing: Row = dict.fromkeys(_OF_THE_ENTRY) | {
            "aliases": [],
            "addresses": [],
            "sub_entities": [],
            "footnotes": [],
        }
        first = _first_cited_before(change)
        country = change["previous_country"] or change["country"]
        previous = {
            "country": country,
            "country_code": change["country_code"] if country == change["country"] else None,
        }
        self._add_row(
            change | nothing | previous,
            change["previous_name"] or change["entry_name"],
            None,
            {
                "citations": [],
                "valid_from": None,
                "known_from": first or change["known_from"],
                "listed_from": first,
                "basis": "undone",
                "opened_by_document": None,
                "opened_by_amendment": None,
                "opened_by_verb": None,
                "delayed_by_document": None,
                "note": None,
            },
        )

    def _open(self, change: Row, before: Row | None, note: str | None) -> None:
        name = change["entry_name"]
        key = _key(change, change["country"], name)
        verb = "re-add" if change["verb"] == "add" and key in self._ever else change["verb"]
        text = change if change["text_supplied"] or before is None else change | {c: before[c] for c in _OF_THE_ENTRY}
        cited = self._cited(change)
        listed_from = change["effective_date"]
        if before is not None:  # its day may not be known yet: an entry without citations, or of which nothing was held
            listed_from = before["listed_from"] or _first_cited_before(change)
        self._add_row(
            text,
            name,
            before,
            {
                "citations": cited or (before["citations"] if before else []),
                "valid_from": change["effective_date"],
                "known_from": change["known_from"],
                "listed_from": listed_from,
                "basis": "rule",
                "opened_by_document": change["document_number"],
                "opened_by_amendment": change["amendment_label"],
                "opened_by_verb": verb,
                "delayed_by_document": change.get("delayed_by_document"),
                "note": note,
            },
        )

    def _cited(self, change: Row) -> list[str]:
        """Return an entry's citations; a rule's own, which it prints without a page, as the register has it."""
        cited = citations(change["federal_register_citation"])
        own, day = self._citation_of.get(change["document_number"]), change["publication_date"]
        if own is None:
            return cited
        as_printed = f"{own}, {day.month}/{day.day}/{day:%y}"
        is_own = [is_placeholder(one) and citation_day(one) in (day, None) for one in cited]
        return [as_printed if mine else one for one, mine in zip(cited, is_own, strict=True)]

    def _add_row(self, entry: Row, name: str, before: Row | None, period: Row, key: _Key | None = None) -> None:
        requirement, policy = (
            read_requirement(entry["license_requirement"]),
            read_policy(entry["license_review_policy"]),
        )
        row: Row = {column: entry[column] for column in _OF_THE_ENTRY} | period
        row |= {
            "entry_id": before["entry_id"] if before else self._identity(entry, name, period),
            "version": before["version"] + 1 if before else 1,
            "list_name": entry["list_name"],
            "country": entry["country"],
            "country_code": entry["country_code"],
            "name": name,
            "address_countries": [address_country(address) or "" for address in row["addresses"]],
            "requirement_scope": requirement.scope,
            "requirement_items": list(requirement.items),
            "requirement_condition": requirement.condition,
            "requirement_exceptions": list(requirement.exceptions),
            "requirement_sections": list(requirement.sections),
            "requirement_is_worldwide": requirement.extends_worldwide,
            "license_exceptions": list(requirement.license_exceptions),
            "requirement_understood": requirement.understood if entry["license_requirement"] else None,
            "review_policy": policy.kind,
            "review_policy_parts": [
                f"{part.policy}: {part.items}" if part.items else part.policy for part in policy.parts
            ],
            "review_policy_sections": list(policy.sections),
            "review_policy_understood": policy.understood if entry["license_review_policy"] else None,
            "foreign_direct_product_rules": [
                FOREIGN_DIRECT_PRODUCT_RULES[mark] for mark in row["footnotes"] if mark in FOREIGN_DIRECT_PRODUCT_RULES
            ],
            "valid_to": None,
            "end_known_from": None,
            "closed_by_document": None,
            "closed_by_amendment": None,
            "closed_by_verb": None,
            "source_sha256": entry["source_sha256"],
        }
        self.rows.append(row)
        key = key or _key(entry, entry["country"], name)
        self._listed[key] = row
        self._ever.add(key)
        if period["basis"] == "rule":
            self._published[row["entry_id"], row["version"]] = entry["publication_date"]

    def _identity(self, entry: Row, name: str, period: Row) -> str:
        cited = citation_days(period["citations"])
        first = cited[0] if cited else entry.get("publication_date") or period["listed_from"] or period["known_from"]
        if period["opened_by_verb"] in _ADDITIONS:
            first = entry["publication_date"]
        made = entry_id(entry["list_name"], entry["country"], entry["country_code"], name, first)
        again = 1  # listed, removed and listed again by documents of one day, or twice in the official text
        while made in self._ids:
            again += 1
            made = f"{made.removesuffix(f'-{again - 1}')}-{again}"
        self._ids.add(made)
        return made

    def _close(self, row: Row, change: Row) -> None:
        number, label = change["document_number"], change["amendment_label"]
        row |= self._end(change["effective_date"], change["known_from"], number, label, change["verb"])

    @staticmethod
    def _end(day: date | None, known: date | None, document: str, amendment: str | None, verb: str) -> Row:
        return {
            "valid_to": day,
            "end_known_from": known,
            "closed_by_document": document,
            "closed_by_amendment": amendment,
            "closed_by_verb": verb,
        }

    def _report(self, change: Row, reason: str) -> None:
        words = f"{change['verb']} {change['entry_name']} under {change['country']}: {reason}"
        self.problems.append(SourceError(SOURCE, change["document_number"], change["location"], words))


def _last_cited(official: Row) -> tuple[date | None, str]:
    """Return the day and the words of the newest citation of an official entry."""
    dated = [(day, cited) for cited in official["citations"] if (day := citation_day(cited)) is not None]
    last = max(dated, key=lambda pair: pair[0], default=None)
    # A misprinted day after the text's own says nothing.
    if last is None or last[0] > official["snapshot_date"]:
        return None, ""
    return last


def _first_cited_before(change: Row) -> date | None:
    """Return the first day that an entry's citations name, of those before the document that revises it."""
    cited = citation_days(citations(change["federal_register_citation"]))
    return min((day for day in cited if day < change["publication_date"]), default=None)


def _document(change: Row) -> tuple[date, str]:
    return change["publication_date"], change["document_number"]


def _after(change: Row) -> _Key:
    """Where an entry stands after a change; for a removal where it stood."""
    return _key(change, change["country"], change["entry_name"])


def _before(change: Row) -> tuple[_Key, ...]:
    """Where an entry may stand before a change.

    One to be removed may be listed under all the words that the instruction quotes ("Alpha Academy, 31 Research
    Institute").
    """
    country = change["previous_country"] or change["country"]
    before = _key(change, country, change["previous_name"] or change["entry_name"])
    if change["verb"] != "remove":
        return (before,)
    return before, _key(change, change["country"], change["entry_text"] or "")


def _lists(change: Row) -> set[_Key]:
    """The place at which a change lists an entry that did not stand there."""
    if change["verb"] == "remove" or (change["verb"] not in _ADDITIONS and _after(change) in _before(change)):
        return set()
    return {_after(change)}


def _frees(change: Row) -> set[_Key]:
    """The places at one of which no entry stands any more after a change."""
    if change["verb"] in _ADDITIONS or (change["verb"] != "remove" and _after(change) in _before(change)):
        return set()
    return set(_before(change))


def _key(row: Row, country: str, name: str) -> _Key:
    return row["list_name"], country, name_key(name)


def _twin(key: _Key) -> _Key:
    """The key of the next entry of the same name."""
    return key[0], key[1], f"{key[2]} "


def _slug(name: str) -> str:
    return _NOT_IN_SLUG.sub("-", name.lower()).strip("-")
