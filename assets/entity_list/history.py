"""The table ``entity_list_history``: the changes replayed into periods, entry by entry.

A change takes effect on its day of effect; of several on one day the earlier published comes first, and within a rule
the order of its instructions holds. A correction of a rule takes effect with it.
Nothing changes a list that does not fit it: an addition of what is listed, a
removal or revision of what is not, a rule given twice are reported and left out.

The replay stands on a base, the earliest official text held. What was listed before any rule held is known from there:
each entry since the day of its last citation. Where a rule of before the base is held, it is undone to say what stood
before it. An amendment whose text was not supplied changes nothing, as the official text's editorial notes say of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher
from operator import itemgetter
from typing import Final, Literal

from assets.entity_list.address import address_country
from assets.entity_list.citations import citation_day, citation_days, citations, is_placeholder
from assets.entity_list.comparison import differing_fields
from assets.entity_list.corrected_entries import in_order_of, with_corrections
from assets.entity_list.entity_cell import EntityCell
from assets.entity_list.entity_names import name_key
from assets.entity_list.license_requirement import FOREIGN_DIRECT_PRODUCT_RULES, read_requirement
from assets.entity_list.review_policy import read_policy
from assets.federal_register.full_text import SOURCE
from resources.documents import Parsed, Row, SourceError

Basis = Literal["rule", "citation", "snapshot", "undone"]
"""What says when a period began: a rule held; the last citation of an entry in the base; the base itself, where that
has no readable citation or differs from the rules; nothing but that a rule later removed or revised the entry."""

OFFICIAL_TEXT: Final = "official_text"
"""The verb of a period that the base ends: the rule that did it is not held."""

_SINCE: Final = {mark: f"footnote_{mark}_from" for mark in ("1", "3", "4", "5")}
_OF_THE_ENTRY: Final = (
    "aliases",
    "addresses",
    "sub_entities",
    "sub_entity_aliases",
    "sub_entity_alias_of",
    "sub_entity_addresses",
    "sub_entity_address_of",
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


def history(
    changes_rows: Iterable[Row],
    base: Iterable[Row] = (),
    document_of: Mapping[str, str] | None = None,
    citation_of: Mapping[str, str] | None = None,
) -> Parsed:
    """Replay changes into the periods of each entry.

    Args:
        changes_rows: rows of ``entity_list_changes``, in any order.
        base: the entries of one official text, rows of ``entity_list_snapshots`` of one day; empty to begin with empty
            lists.
        document_of: numbers of documents by citation (``89 FR 100``), for delays that name no number.
        citation_of: citations of documents by number, for rules that could not cite their own page yet.

    Returns:
        Rows of ``entity_list_history``, and a problem for every change that could not be applied: one without a day of
        effect, one that does not fit the list as it then stood, one given twice, a delay of nothing held, a correction
        that does not tell which entry it corrects.
    """
    rows, problems = _replayed(changes_rows, base, document_of or {}, citation_of or {})
    rows.sort(key=itemgetter("entry_id", "version"))
    _date_footnotes(rows)
    return Parsed(rows, problems)


def entry_id(list_name: str, country: str, country_code: str | None, name: str, first_cited: date) -> str:
    """Return the identity of an entry: readable, and unlike any other's by a digest of what identifies it.

    It is made of the list, the destination, the name it was first listed under, and the day of its first citation;
    later revisions, renamings and moves do not change it, and a listing after a removal is a new one.
    """
    identity = "\n".join((list_name, country, name_key(name), first_cited.isoformat()))
    digest = hashlib.sha256(identity.encode()).hexdigest()
    return f"{country_code or _slug(country)}-{_slug(name)[:48].strip('-')}-{digest[:10]}"


def _replayed(
    changes_rows: Iterable[Row], base: Iterable[Row], document_of: Mapping[str, str], citation_of: Mapping[str, str]
) -> tuple[list[Row], list[SourceError]]:
    """Return the periods in no order, and the problems; the replay itself, which is as long as they, ends here."""
    replay = _Replay(list(base), citation_of)
    for change in _in_order(changes_rows, document_of, replay.base_day, replay.problems):
        if replay.is_after_base(change):
            replay.install_base()
        replay.apply(change)
    replay.install_base()
    return replay.rows, replay.problems


class _Replay:
    def __init__(self, base: list[Row], citation_of: Mapping[str, str]) -> None:
        self.rows: list[Row] = []
        self.problems: list[SourceError] = []
        self._listed: dict[_Key, Row] = {}
        self._ever: set[_Key] = set()
        self._base = base
        self._citation_of = citation_of
        self.base_day: date | None = base[0]["snapshot_date"] if base else None
        self._ids: set[str] = set()

    def is_after_base(self, change: Row) -> bool:
        """Whether the base comes before this change: it has all that took effect by its day."""
        return self.base_day is not None and change["effective_date"] > self.base_day

    def apply(self, change: Row) -> None:
        """Apply a change, or report why it does not fit."""
        if not change["text_supplied"] and change["verb"] not in ("remove", "move"):
            return  # reported where the rule was read; without text it cannot be made to the list
        old_name = change["previous_name"] or change["entry_name"]
        key = _key(change, change["country"], change["entry_name"])
        old_key = _key(change, change["previous_country"] or change["country"], old_name)
        if old_key not in self._listed and change["verb"] == "remove":
            # It may be listed under all the words that the instruction quotes ("Alpha Academy, 31 Research Institute").
            quoted = _key(change, change["country"], change["entry_text"] or "")
            old_key = quoted if quoted in self._listed else old_key
        listed = self._listed.get(old_key)
        if _twin(old_key) in self._listed:
            self._report(change, "two entries bear this name; it is done to the first")
        if change["verb"] in _ADDITIONS:
            if key in self._listed:
                since = self._listed[key]
                self._report(change, f"it is listed since {since['valid_from']} by {since['opened_by_document']}")
            else:
                self._open(change, None)
            return
        if listed is None and self.base_day is not None and change["effective_date"] <= self.base_day:
            listed = self._undone(change, old_key, old_name)
        if listed is None:
            self._report(change, "it is not on the list")
        elif change["verb"] == "remove":
            self._close(listed, change)
            del self._listed[old_key]
        elif key != old_key and key in self._listed:
            self._report(change, f"an entry of its new name is listed since {self._listed[key]['valid_from']}")
        else:
            self._close(listed, change)
            del self._listed[old_key]
            self._open(change, listed)

    def install_base(self) -> None:
        """Bring the lists to what the official text says on its day; once."""
        base, self._base = self._base, []
        seen: set[_Key] = set()
        names = {_key(official, official["country"], official["entry_name"]) for official in base}
        left = {key: row for key, row in self._listed.items() if key not in names}
        for official in base:
            key = _key(official, official["country"], official["entry_name"])
            while key in seen:  # the official text has two entries of one name under one destination, now and then
                key = _twin(key)
            seen.add(key)
            listed = self._listed.get(key)
            if listed is None and (old_key := _renamed(official, left)) is not None:
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
        basis: Basis = "citation"
        by_rule = before["known_from"] if before is not None and before["valid_from"] is not None else None
        if day is None or (by_rule is not None and day <= by_rule):
            day, basis, cited = self.base_day, "snapshot", f"eCFR {self.base_day}"
        if before is not None:
            before |= self._end(day, day, cited, None, OFFICIAL_TEXT)
        cited_days = [one for one in citation_days(official["citations"]) if one <= official["snapshot_date"]]
        first = min(cited_days, default=None)
        self._add_row(
            official,
            official["entry_name"],
            before,
            {
                "citations": official["citations"],
                "valid_from": day,
                "known_from": day,
                "listed_from": (before["listed_from"] if before else None) or first,
                "basis": basis,
                "opened_by_document": cited,
                "opened_by_amendment": None,
                "opened_by_verb": OFFICIAL_TEXT,
                "delayed_by_document": None,
            },
            key,
        )

    def _undone(self, change: Row, key: _Key, name: str) -> Row:
        """Undo a change of before the base: what it removes or revises was listed before, with a text not held."""
        self._report(change, f"no document held lists it; it was listed before {change['effective_date']}")
        nothing: Row = dict.fromkeys(_OF_THE_ENTRY) | {**EntityCell("").columns, "footnotes": []}
        first = _first_cited_before(change)
        previous = {"country": key[1], "country_code": change["country_code"] if key[1] == change["country"] else None}
        return self._add_row(
            change | nothing | previous,
            name,
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
            },
        )

    def _open(self, change: Row, before: Row | None) -> None:
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

    def _add_row(self, entry: Row, name: str, before: Row | None, period: Row, key: _Key | None = None) -> Row:
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
        return row

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
        self.problems.append(
            _problem(change, f"{change['verb']} {change['entry_name']} under {change['country']}: {reason}")
        )


def _in_order(
    changes_rows: Iterable[Row], document_of: Mapping[str, str], base_day: date | None, problems: list[SourceError]
) -> list[Row]:
    """Return the changes in order of effect, each once; what cannot be placed in time is a problem."""
    once: dict[tuple[str, date, int], Row] = {}
    twice: dict[tuple[str, date], Row] = {}
    for change in changes_rows:
        document, published = change["document_number"], change["publication_date"]
        key = (document, published, change["change_index"])
        if key in once:
            twice.setdefault((document, published), change)
        once.setdefault(key, change)
    problems += [_problem(change, "the rule is given twice; it is applied once") for change in twice.values()]
    changes = [change for change in once.values() if change["verb"] != "delay"]
    delays = [change for change in once.values() if change["verb"] == "delay"]
    dated: list[Row] = []
    in_effect = _delayed(changes, delays, document_of, problems)
    for change in with_corrections(in_effect, document_of, base_day, problems):
        if change["effective_date"] is None:
            reason = f"{change['verb']} {change['entry_name']}: without a day of effect it cannot be replayed"
            problems.append(_problem(change, reason))
        else:
            dated.append(change)
    dated.sort(key=_order)
    return dated


def _delayed(
    changes: list[Row], delays: list[Row], document_of: Mapping[str, str], problems: list[SourceError]
) -> list[Row]:
    """Move the changes of delayed rules to the days they are delayed until; only what is not yet in effect can be."""
    if not delays:
        return changes
    by_document: dict[str, list[int]] = {}
    for position, change in enumerate(changes):
        by_document.setdefault(change["document_number"], []).append(position)
    moved = list(changes)
    for delay in sorted(delays, key=lambda row: (row["publication_date"], row["document_number"], row["change_index"])):
        named = delay["delayed_document"]
        positions = by_document.get(document_of.get(named, named), [])
        if not positions:
            problems.append(_problem(delay, f"it delays {named}, of which no change to a list is held"))
        for position in positions:
            change = moved[position]
            if change["effective_date"] is None or change["effective_date"] < delay["known_from"]:
                reason = f"it delays {named}, which took effect on {change['effective_date']}: {change['entry_name']}"
                problems.append(_problem(delay, reason))
                continue
            moved[position] = change | {
                "effective_date": delay["effective_date"],
                "delayed_by_document": delay["document_number"],
            }
    return moved


def _date_footnotes(rows: list[Row]) -> None:
    """Say since when an entry bears each designation: since the rule that brought it to a text without, and no break.

    Nothing where no rule that is held brought it: the official text says that it is borne, not since when.
    """
    before: Row | None = None
    for row in rows:
        continues = before is not None and before["entry_id"] == row["entry_id"]
        for mark, column in _SINCE.items():
            row[column] = None
            if mark not in row["footnotes"]:
                continue
            if continues and before is not None and mark in before["footnotes"]:
                row[column] = before[column]
            elif row["basis"] == "rule" and not (continues and before is not None and before["basis"] == "undone"):
                row[column] = row["valid_from"]
        before = row


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


def _order(change: Row) -> tuple[date, date, str, date, str, int]:
    return change["effective_date"], *in_order_of(change)


def _key(row: Row, country: str, name: str) -> _Key:
    return row["list_name"], country, name_key(name)


def _renamed(official: Row, left: Mapping[_Key, Row]) -> _Key | None:
    """Find which of the entries that the base does not have by name it has by another: listed on a day it cites."""
    cited = set(citation_days(official["citations"]))
    others = {name_key(other) for other in official["aliases"]}
    name = name_key(official["entry_name"])
    for key, row in left.items():
        if key[:2] != (official["list_name"], official["country"]) or row["known_from"] not in cited:
            continue
        if key[2] in others or SequenceMatcher(None, key[2], name, autojunk=False).ratio() >= _ALIKE:
            return key
    return None


def _twin(key: _Key) -> _Key:
    """The key of the next entry of the same name."""
    return key[0], key[1], f"{key[2]} "


def _problem(change: Row, reason: str) -> SourceError:
    return SourceError(SOURCE, change["document_number"], change["location"], reason)


def _slug(name: str) -> str:
    return _NOT_IN_SLUG.sub("-", name.lower()).strip("-")
