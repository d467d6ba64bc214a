"""The table ``entity_list_history``: the changes replayed into periods, entry by entry.

A change takes effect on its day of effect; of several on one day the earlier published comes first
(:mod:`assets.entity_list.order`), and within a rule the order of its instructions holds. A correction of a rule takes
effect with it. Nothing changes a list that does not fit it (:mod:`assets.entity_list.replay`): an addition of what is
listed, a removal or revision of what is not, a rule given twice are reported and left out.

The replay stands on a base, the earliest official text held. What was listed before any rule held is known from there:
each entry since the day of its last citation. Where a rule of before the base is held, it is undone to say what stood
before it. An amendment whose text was not supplied changes nothing, as the official text's editorial notes say of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Final

from assets.entity_list.corrected_entries import with_corrections
from assets.entity_list.delayed_changes import with_delays
from assets.entity_list.order import RegisterOrder
from assets.entity_list.replay import Replay
from assets.federal_register.full_text import SOURCE
from resources.documents import Parsed, Row, SourceError

_SINCE: Final = {mark: f"footnote_{mark}_from" for mark in ("1", "3", "4", "5")}


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


def _replayed(
    changes_rows: Iterable[Row], base: Iterable[Row], document_of: Mapping[str, str], citation_of: Mapping[str, str]
) -> tuple[list[Row], list[SourceError]]:
    """Return the periods in no order, and the problems; the replay itself, which is as long as they, ends here."""
    replay = Replay(base, citation_of)
    order = RegisterOrder(citation_of)
    ordered = _in_order(changes_rows, document_of, replay.base_day, order, replay.problems)
    for is_before in (True, False):
        of_side = [change for change in ordered if replay.is_before_base(change) is is_before]
        for _, changes in groupby(of_side, key=itemgetter("effective_date")):
            replay.take_effect(changes)
        replay.install_base()
    return replay.rows, replay.problems


def _in_order(
    changes_rows: Iterable[Row],
    document_of: Mapping[str, str],
    base_day: date | None,
    order: RegisterOrder,
    problems: list[SourceError],
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
    in_effect = with_delays(changes, delays, document_of, order, problems)
    for change in with_corrections(in_effect, document_of, base_day, order, problems):
        if change["effective_date"] is None:
            out = change.get("delayed_by_document")
            by = f"{out} delays it without an end or withdraws it; " if out else ""
            reason = f"{change['verb']} {change['entry_name']}: {by}without a day of effect it cannot be replayed"
            problems.append(_problem(change, reason))
        else:
            dated.append(change)
    dated.sort(key=lambda change: (change["effective_date"], *order.of_effect(change)))
    return dated


def _date_footnotes(rows: list[Row]) -> None:
    """Say since when an entry bears each designation: since the rule that brought it to a text without, and no break.

    Nothing where no rule that is held brought it: the official text says that it is borne, not since when; and of a
    text that is not held it is not known whether it bore it. A text in force on no day, which a correction or another
    rule of the day replaced, brings nothing and breaks nothing.
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
            elif row["basis"] == "rule" and not (continues and before is not None and before["entry_text"] is None):
                row[column] = row["valid_from"]
        if row["basis"] != "rule" or row["valid_from"] != row["valid_to"]:
            before = row


def _problem(change: Row, reason: str) -> SourceError:
    return SourceError(SOURCE, change["document_number"], change["location"], reason)
