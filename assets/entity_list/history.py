"""The table ``entity_list_history``: the changes replayed into periods, entry by entry.

A change takes effect on its day of effect; of several on one day the earlier published comes first, and within a rule
the order of its instructions holds. Nothing changes the list that does not fit it: an addition of what is listed, a
removal or revision of what is not, a rule given twice are reported and left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from datetime import date
from typing import Final

from assets.entity_list.entity_cell import name_key
from assets.federal_register.full_text import SOURCE
from resources.documents import Parsed, Row, SourceError

_CITATION: Final = re.compile(r"\d{1,3}\s+FR\b.*?(?=[\s,;.]*\b\d{1,3}\s+FR\b|$)")
_OF_THE_ENTRY: Final = (
    "country",
    "country_code",
    "aliases",
    "addresses",
    "sub_entities",
    "license_requirement",
    "license_review_policy",
    "footnotes",
    "entry_text",
    "source_sha256",
)

_Key = tuple[str, str]  # destination, name for comparison


def history(changes_rows: Iterable[Row]) -> Parsed:
    """Replay changes into the periods of each entry.

    Args:
        changes_rows: rows of ``entity_list_changes``, in any order.

    Returns:
        Rows of ``entity_list_history``, and a problem for every change that could not be applied: one without a day of
        effect, one that does not fit the list as it then stood, one given twice.
    """
    replay = _Replay()
    for change in _in_order(changes_rows, replay.problems):
        replay.apply(change)
    rows = sorted(replay.rows, key=lambda row: (row["entry_id"], row["version"]))
    return Parsed(rows, replay.problems)


def entry_id(country: str, country_code: str | None, name: str, first_document: str) -> str:
    """Return the identity of an entry: readable, and unlike any other's by a digest of what identifies it.

    It is made of the destination, the name it was first listed under, and the document that listed it; later revisions
    and renamings do not change it, and a listing after a removal is a new one.
    """
    digest = hashlib.sha256("\n".join((country, name_key(name), first_document)).encode()).hexdigest()
    return f"{country_code or _slug(country)}-{_slug(name)[:48].strip('-')}-{digest[:10]}"


def citations(cell: str | None) -> list[str]:
    """Split a citation cell (``82 FR 2883, 1/10/17. 85 FR 36720, 6/18/20.``) into its citations, in order."""
    words = " ".join((cell or "").split())
    return [match[0].strip(" ,;.") for match in _CITATION.finditer(words)]


class _Replay:
    def __init__(self) -> None:
        self.rows: list[Row] = []
        self.problems: list[SourceError] = []
        self._listed: dict[_Key, Row] = {}

    def apply(self, change: Row) -> None:
        old_name = change["previous_name"] or change["entry_name"]
        key, old_key = _key(change, change["entry_name"]), _key(change, old_name)
        listed = self._listed.get(old_key)
        if change["verb"] == "add":
            if key in self._listed:
                since = self._listed[key]
                self._leave_out(change, f"it is listed since {since['valid_from']} by {since['opened_by_document']}")
                return
            self._open(change, None)
        elif listed is None:
            self._leave_out(change, "it is not on the list")
        elif change["verb"] == "remove":
            self._close(listed, change)
            del self._listed[old_key]
        elif key != old_key and key in self._listed:
            self._leave_out(change, f"an entry of its new name is listed since {self._listed[key]['valid_from']}")
        else:
            self._close(listed, change)
            del self._listed[old_key]
            self._open(change, listed)

    def _open(self, change: Row, before: Row | None) -> None:
        name, document = change["entry_name"], change["document_number"]
        row: Row = {column: change[column] for column in _OF_THE_ENTRY} | {
            "entry_id": before["entry_id"]
            if before
            else entry_id(change["country"], change["country_code"], name, document),
            "version": before["version"] + 1 if before else 1,
            "name": name,
            "citations": citations(change["federal_register_citation"]) or (before["citations"] if before else []),
            "valid_from": change["effective_date"],
            "valid_to": None,
            "known_from": change["known_from"],
            "end_known_from": None,
            "opened_by_document": document,
            "opened_by_amendment": change["amendment_label"],
            "opened_by_verb": change["verb"],
            "closed_by_document": None,
            "closed_by_amendment": None,
            "closed_by_verb": None,
        }
        self.rows.append(row)
        self._listed[_key(change, name)] = row

    @staticmethod
    def _close(row: Row, change: Row) -> None:
        row |= {
            "valid_to": change["effective_date"],
            "end_known_from": change["known_from"],
            "closed_by_document": change["document_number"],
            "closed_by_amendment": change["amendment_label"],
            "closed_by_verb": change["verb"],
        }

    def _leave_out(self, change: Row, reason: str) -> None:
        self.problems.append(
            _problem(change, f"{change['verb']} {change['entry_name']} under {change['country']}: {reason}")
        )


def _in_order(changes_rows: Iterable[Row], problems: list[SourceError]) -> list[Row]:
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
    dated: list[Row] = []
    for change in once.values():
        if change["effective_date"] is None:
            reason = f"{change['verb']} {change['entry_name']}: without a day of effect it cannot be replayed"
            problems.append(_problem(change, reason))
        else:
            dated.append(change)
    return sorted(dated, key=_order)


def _order(change: Row) -> tuple[date, date, str, int]:
    return change["effective_date"], change["publication_date"], change["document_number"], change["change_index"]


def _key(change: Row, name: str) -> _Key:
    return change["country"], name_key(name)


def _problem(change: Row, reason: str) -> SourceError:
    return SourceError(SOURCE, change["document_number"], change["location"], reason)


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
