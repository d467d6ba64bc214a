"""The table ``entity_list_reconciliation``: the lists as replayed, held against every official text of them.

An entry is looked for by list, destination and name, never by a page: the screening list cites others than the eCFR.
Only differences of meaning count (:mod:`assets.entity_list.comparison`). On the day of the base the replay is what the
rules alone give: what only the base knows has the status ``base``, since there is nothing to hold it against.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from assets.entity_list.citations import citation_day, citation_days
from assets.entity_list.comparison import differing_fields, text_key
from assets.entity_list.entity_cell import name_key
from assets.entity_list.replay import OFFICIAL_TEXT
from resources.documents import Row

_AGREEING: Final = frozenset({"matched", "base"})
_PLACES: Final = 6  # of the share matched

_Key = tuple[str, str]  # destination, name for comparison


def reconciliation(
    history_rows: Sequence[Row], snapshots: Iterable[Row], documents: Iterable[Row], *, base_day: date | None
) -> list[Row]:
    """Hold the replayed lists against official ones.

    Args:
        history_rows: rows of ``entity_list_history``.
        snapshots: rows of ``entity_list_snapshots``; those of a kind other than ``entry`` are notes.
        documents: rows of ``fr_documents``, to name the rules that may explain a mismatch.
        base_day: the day of the official text on which the replay stands; ``None`` if it began with empty lists.

    Returns:
        Rows of ``entity_list_reconciliation``: for each official text and list every entry of either side.
    """
    published: dict[date, list[str]] = {}
    for document in documents:
        published.setdefault(document["publication_date"], []).append(document["document_number"])
    texts: dict[tuple[str, date, str], list[Row]] = {}
    for row in snapshots:
        if row["kind"] == "entry":
            texts.setdefault((row["source"], row["snapshot_date"], row["list_name"]), []).append(row)
    rows: list[Row] = []
    for (source, day, list_name), official in sorted(texts.items(), key=lambda item: item[0]):
        is_base = source == "ecfr" and day == base_day
        ours = [row for row in history_rows if row["list_name"] == list_name and _stands(row, day, is_base=is_base)]
        compared = list(_one_text(ours, official, source=source, is_base=is_base))
        statuses = Counter(row["status"] for row in compared)
        share = sum(statuses[status] for status in _AGREEING) / len(compared)
        for row in compared:
            row |= {
                "source": source,
                "snapshot_date": day,
                "list_name": list_name,
                "share_matched": round(share, _PLACES),
            }
            if row["status"] not in _AGREEING:
                row["explanation"] = _explanation(row, published)
        rows += [{**row, "row_index": index} for index, row in enumerate(compared, 1)]
    return [{name: value for name, value in row.items() if not name.startswith("_")} for row in rows]


def shares(rows: Iterable[Row]) -> dict[str, float]:
    """Return the share matched by official text and list (``ecfr 2026-03-25 Entity List``)."""
    return {f"{row['source']} {row['snapshot_date']} {row['list_name']}": row["share_matched"] for row in rows}


def _stands(row: Row, day: date, *, is_base: bool) -> bool:
    """Whether an entry stands on a day; on that of the base, whether it stands by the rules alone."""
    began = row["valid_from"] is None or row["valid_from"] <= day
    if not is_base:
        return began and (row["valid_to"] is None or row["valid_to"] > day)
    by_rules = row["basis"] in ("rule", "undone")
    ended_by_base = row["closed_by_verb"] == OFFICIAL_TEXT
    return by_rules and began and (row["valid_to"] is None or row["valid_to"] > day or ended_by_base)


def _one_text(ours: Sequence[Row], official: Sequence[Row], *, source: str, is_base: bool) -> Iterator[Row]:
    whole = source == "ecfr"
    mine: dict[_Key, list[Row]] = {}
    for row in ours:
        mine.setdefault((row["country"], name_key(row["name"])), []).append(row)
    pairs: list[tuple[Row | None, Row]] = []
    for entry in official:
        pairs.append((_taken(mine, (entry["country"], name_key(entry["entry_name"])), entry, whole), entry))
    by_other_name = {
        (key[0], name_key(other)): key for key, rows in mine.items() for row in rows for other in row["aliases"]
    }
    # A name may be read otherwise where lines are broken otherwise: the whole text tells that it is one entry.
    by_text = {(key[0], text_key(row["entry_text"])): key for key, rows in mine.items() for row in rows}
    unfound: list[Row] = []
    records: set[str] = set()
    for taken, entry in pairs:
        found = taken
        if found is None:
            keys = [(entry["country"], name_key(name)) for name in (entry["entry_name"], *entry["aliases"])]
            known = [by_other_name.get(key, key) for key in keys]
            if not whole:  # its countries are those of addresses, the destination need not be among them
                known += [key for key in mine if key[1] == name_key(entry["entry_name"])]
            if entry["entry_text"] and (same := by_text.get((entry["country"], text_key(entry["entry_text"])))):
                known.insert(0, same)
            found = next((one for key in known if (one := _taken(mine, key, entry, whole)) is not None), None)
        if found is None:
            unfound.append(entry)
            continue
        records.add(entry["location"])
        differing = differing_fields(found, entry, text=whole)
        yield _compared("differs" if differing else "matched", found, entry, differing)
    for entry in unfound:
        # The screening list gives an entity once, with the countries of all its addresses: one is its destination.
        if whole or entry["location"] not in records:
            records.add(entry["location"])
            yield _compared("base" if is_base else "missing", None, entry, [])
    for rows in mine.values():
        for row in rows:
            yield _compared("extra", row, None, [])


def _taken(mine: dict[_Key, list[Row]], key: _Key, official: Row, whole: bool) -> Row | None:
    """Take the entry of a key out of the replay's; of several of one name, the one that says the same."""
    rows = mine.get(key)
    if not rows:
        return None
    if len(rows) == 1:
        return mine.pop(key)[0]
    same = next((row for row in rows if not differing_fields(row, official, text=whole)), rows[0])
    rows.remove(same)
    return same


def _compared(status: str, ours: Row | None, official: Row | None, differing: list[str]) -> Row:
    known: Row = ours or {}
    said: Row = official or {}
    return {
        "status": status,
        "country": known.get("country") or said["country"],
        "entry_name": said.get("entry_name") or known["name"],
        "entry_id": known.get("entry_id"),
        "version": known.get("version"),
        "differing_fields": differing,
        "ours": _shown(known, differing, name="name"),
        "official": _shown(said, differing, name="entry_name"),
        "explanation": None,
        "location": said.get("location"),
        "_ours": ours,
        "_official": official,
    }


def _shown(row: Row, fields: list[str], *, name: str) -> str | None:
    """The differing fields as they stand, one to a line."""
    shown = []
    for field in fields:
        value = row.get(name if field == "name" else field)
        shown.append(f"{field}: {'; '.join(value) if isinstance(value, list) else value}")
    return "\n".join(shown) or None


def _explanation(row: Row, published: Mapping[date, list[str]]) -> str | None:
    """Name the rule that should explain a mismatch: one that the official text cites and the replay does not."""
    ours, official = row["_ours"], row["_official"]
    if official is None:
        return f"listed by {ours['opened_by_document']}; no document held removes it"
    replayed = set(citation_days(ours["citations"])) | {ours["known_from"]} if ours else set()
    for cited in reversed(official["citations"]):
        day = citation_day(cited)
        if day is not None and day not in replayed:
            held = ", ".join(sorted(published.get(day, ())))
            return f"{'revised' if ours else 'listed'} by {cited}" + (
                f" (documents of that day: {held})" if held else ""
            )
    return None
