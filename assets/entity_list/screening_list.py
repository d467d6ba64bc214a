"""The Consolidated Screening List: what the Commerce Department gives out of the three lists for screening software.

It is a copy made by other hands than the eCFR's, so it serves to confirm names and destinations. It cites other pages
than the eCFR, prints footnote numbers glued to their words, and has records of its own for parts of an entity. See
https://www.trade.gov/consolidated-screening-list.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any, Final

from assets.entity_list.citations import citations
from assets.entity_list.destinations import by_code, destination, or_as_printed
from assets.entity_list.entity_cell import EntityCell
from assets.entity_list.lists import ENTITY_LIST, MILITARY_END_USER_LIST, UNVERIFIED_LIST
from resources.documents import Parsed, Row, SourceError, read_json

SOURCE: Final = "screening_list"
URL: Final = "https://data.trade.gov/downloadable_consolidated_screening_list/v1/consolidated.json"

_REFETCH: Final = "fetch the list again; if it comes the same, report it to the International Trade Administration"
_LISTS: Final = {
    "entity list (el)": ENTITY_LIST.name,
    "unverified list (uvl)": UNVERIFIED_LIST.name,
    "military end user (meu) list": MILITARY_END_USER_LIST.name,
}
_ADDRESS: Final = ("address", "city", "state", "postal_code", "country")
_NAMED: Final = 20
"""How many records without a country one problem names."""


def screening_list(body: bytes, *, document: str, snapshot_date: date, source_sha256: str) -> Parsed:
    """Read the three lists out of the Consolidated Screening List.

    Two shapes are read: the published one, ``{"results": [...]}`` with the list in ``source`` and the countries in
    ``addresses``; and a bare list of records, with ``countries``, of which one without a ``source`` is of the Entity
    List (an extract). Countries are ISO codes or names. Records of other agencies' lists are passed over.

    A record stands for an entity under all its countries, where the eCFR has an entry under each: so that the two join
    on name and destination, a record gives one row for each of its countries, with the addresses there.

    Args:
        body: the JSON as received.
        document: its address, for messages.
        snapshot_date: the day it was fetched; the list bears none.
        source_sha256: sha256 of the body.

    Returns:
        Rows of ``entity_list_snapshots``, all of the kind ``entry``, in the order of the records; and the records that
        cannot be read. One without a country is kept, without destination, and reported.

    Raises:
        SourceError: the body is empty, an HTML page, not JSON, of neither shape, or has no record of the Entity List.
    """
    root, records = _records(body, document)
    rows: list[Row] = []
    problems: list[SourceError] = []
    nowhere: list[str] = []
    positions = dict.fromkeys(_LISTS.values(), 0)
    for at, record in enumerate(records):
        where = f"{root}[{at}]"
        try:
            list_name = _list_name(record, document, where, extract=root == "$")
            if list_name is None:
                continue
            entry = _entry(record, document, where)
            places = _places(record, document, where)
        except SourceError as problem:
            problems.append(problem)
            continue
        if not places:
            nowhere.append(f"{where} {entry['entry_name']:.80}")
        for printed, addresses in places.items() or {"": []}.items():
            found = by_code(printed.upper()) or destination(printed)
            if printed and found is None:
                problems.append(_error(document, where, f"a destination that is not in our table: {printed:.100}"))
                found = or_as_printed(printed)
            positions[list_name] += 1
            rows.append(
                {
                    **entry,
                    "source": SOURCE,
                    "snapshot_date": snapshot_date,
                    "month": f"{snapshot_date:%Y-%m}",
                    "list_name": list_name,
                    "kind": "entry",
                    "position": positions[list_name],
                    "country": found.name if found else None,
                    "country_code": found.code if found else None,
                    "country_as_printed": printed or None,
                    "addresses": addresses,
                    "location": where,
                    "source_sha256": source_sha256,
                }
            )
    if not positions[ENTITY_LIST.name]:
        raise _error(document, root, "no record of the Entity List")
    if nowhere:
        more = f"; and {len(nowhere) - _NAMED} more" if len(nowhere) > _NAMED else ""
        reason = f"{len(nowhere)} records without a country: {'; '.join(nowhere[:_NAMED])}{more}"
        problems.append(_error(document, root, reason))
    return Parsed(rows, problems)


def _records(body: bytes, document: str) -> tuple[str, list[Any]]:
    answer = read_json(body.removeprefix(b"\xef\xbb\xbf"), partial(_error, document))
    if isinstance(answer, list):
        return "$", answer
    if isinstance(answer, dict) and isinstance(answer.get("results"), list):
        return "$.results", answer["results"]
    raise _error(document, "$", "neither a list of records nor an object with results")


def _list_name(record: Any, document: str, where: str, *, extract: bool) -> str | None:
    """Return which of the three lists a record is of; ``None`` for those of other agencies."""
    if not isinstance(record, dict):
        raise _error(document, where, f"not a record: {record!r:.100}")
    source = record.get("source")
    if source is None and extract:
        return ENTITY_LIST.name
    if not isinstance(source, str) or not source.strip():
        raise _error(document, where, f"a record of no list: {record.get('name')!s:.100}")
    words = " ".join(source.casefold().split())
    return next((name for start, name in _LISTS.items() if words.startswith(start)), None)


def _entry(record: Mapping[str, Any], document: str, where: str) -> Row:
    name = _words(record, "name", document, where)
    if name is None:
        raise _error(document, where, "a record without a name")
    citation = _words(record, "federal_register_notice", document, where)
    return {
        "entry_name": name,
        **EntityCell("").columns,
        "aliases": _texts(record, "alt_names", document, where),
        "license_requirement": _words(record, "license_requirement", document, where),
        "license_review_policy": _words(record, "license_policy", document, where),
        "footnotes": [],  # not to be told from the section numbers they are glued to
        "federal_register_citation": citation,
        "citations": citations(citation),
        "entry_text": None,
    }


def _places(record: Mapping[str, Any], document: str, where: str) -> dict[str, list[str]]:
    """Return a record's countries as printed, in order, each with the addresses there."""
    places: dict[str, list[str]] = {country: [] for country in _texts(record, "countries", document, where)}
    addresses = record.get("addresses") or []
    if not isinstance(addresses, list) or not all(isinstance(address, dict) for address in addresses):
        raise _error(document, f"{where}.addresses", f"not a list of addresses: {addresses!r:.100}")
    for at, address in enumerate(addresses):
        parts = [_words(address, part, document, f"{where}.addresses[{at}]") for part in _ADDRESS]
        country = parts[-1]
        if country is not None:
            held = places.setdefault(country, [])
            # The country alone is no address.
            if any(parts[:-1]):
                held.append(", ".join(part for part in parts if part))
    return places


def _texts(record: Mapping[str, Any], name: str, document: str, where: str) -> list[str]:
    values = record.get(name) or []
    if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
        raise _error(document, f"{where}.{name}", f"not a list of texts: {values!r:.100}")
    return list(dict.fromkeys(words for value in values if (words := " ".join(value.split()))))


def _words(record: Mapping[str, Any], name: str, document: str, where: str) -> str | None:
    """Return a text with single spaces, ``None`` for an empty one; numbers are written as such by some exporters."""
    value = record.get(name)
    if isinstance(value, bool) or not isinstance(value, str | int | None):
        raise _error(document, f"{where}.{name}", f"not a text: {value!r:.100}")
    return re.sub(r"\s+", " ", str(value)).strip() or None if value is not None else None


def _error(document: str, where: str, reason: str) -> SourceError:
    return SourceError(SOURCE, document, where, reason, remedy=_REFETCH if where in ("", "$", "$.results") else "")
