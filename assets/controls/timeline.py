"""From events to intervals: each control through time, on two clocks.

A *provision* is what one document did to one subject (``§ 744.23``, ``3A090``, the rule as a whole, a chip named in a
letter) from one day of effect. Its intervals are computed anew for each day on which something about it became known,
and a row holds as long as nothing that became known later changed it: ``known_from`` to ``known_to``.

An interval has two states. ``text_status`` is what the law's text says. ``status`` is that, unless the agency has
announced that it does not hold to the text: then it is ``announced_withdrawn``, and the text stands as it stood.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Any

from assets.controls.event_parts import covers, is_paragraph
from resources.documents import Row

MAKES = frozenset(
    {
        "adds_control", "tightens", "relaxes", "revises", "changes_license_policy", "general_license",
        "letter_requires_license", "adds_entries", "revises_entries", "removes_entries", "proposes",
    }
)  # fmt: skip
"""Kinds of events that give their subject something of its own to be in force."""

OF_ENTRIES = frozenset({"adds_entries", "revises_entries", "removes_entries"})
"""Changes of a list stand beside each other: none ends another. An entry's own text is in ``entity_list_history``."""

ENDS = frozenset({"rescinds", "letter_lifted"})

IN_FORCE = frozenset({"in_force", "compliance_pending", "returned"})
STANDING = IN_FORCE | {"announced"}

_LEFT = frozenset({"suspended", "returned"})

Key = tuple[str, date, int]
"""Identity of an event: document number, day of publication, place among the document's events."""


@dataclass(frozen=True)
class Interval:
    """A state of a provision from one day until another (not part of it), and the event it comes from."""

    valid_from: date
    valid_to: date | None
    text_status: str
    by: Key
    is_announced_withdrawn: bool = False
    review: str = ""


@dataclass
class Provision:
    """What one document did to one subject from one day: the first event that says so."""

    event: Row

    @cached_property
    def document(self) -> tuple[str, date]:
        """Number and day of publication."""
        return self.event["document_number"], self.event["publication_date"]

    @cached_property
    def family(self) -> str:
        """The subject without its paragraphs: the provisions that can end one another."""
        return _family(self.event)


def timeline(events: Iterable[Row]) -> list[Row]:
    """Compute ``restriction_timeline`` from all ``restriction_events`` held.

    Args:
        events: rows of ``restriction_events``, in any order.

    Returns:
        rows of ``restriction_timeline``, ordered by subject, document, ``known_from`` and ``valid_from``.
    """
    ordered = _through_suspensions(sorted(events, key=_order))
    provisions = _provisions(ordered)
    families: dict[str, list[Provision]] = defaultdict(list)
    for provision in provisions:
        families[provision.family].append(provision)
    about_document: dict[str, list[Row]] = defaultdict(list)
    about_family: dict[str, list[Row]] = defaultdict(list)
    for event in ordered:
        if event["kind"] in _BEARS_ON_OTHERS and not _is_only_said(event):
            for number in event["affects_documents"]:
                about_document[number].append(event)
            if event["subject_type"] != "document":
                about_family[_family(event)].append(event)
    rows: list[Row] = []
    for family, members in families.items():
        bearing = {_key(event): event for event in about_family.get(family, [])}
        for number in {provision.document[0] for provision in members}:
            bearing |= {_key(event): event for event in about_document.get(number, [])}
        for number in {
            key[0] for key in bearing
        }:  # a correction of what suspends them may move the day of their return
            of_it = about_document.get(number, [])
            bearing |= {_key(event): event for event in of_it if event["kind"] == "corrects"}
        rows += _rows_of_family(members, sorted(bearing.values(), key=_order))
    return sorted(rows, key=_row_order)


def _through_suspensions(events: Sequence[Row]) -> list[Row]:
    """Events, those about a suspending document leading to what it suspended.

    To lift or extend "the suspension published at 90 FR 50857" is to act on the rule that 90 FR 50857 suspends, and to
    withdraw the document that suspends is to bring that rule back.
    """
    suspended: dict[str, list[str]] = defaultdict(list)
    for event in events:
        if event["kind"] == "suspends":
            suspended[event["document_number"]] += [
                number for number in event["affects_documents"] if number not in suspended[event["document_number"]]
            ]
    found: list[Row] = []
    for event in events:
        of_suspender = [number for number in event["affects_documents"] if suspended.get(number)]
        through = [other for number in of_suspender for other in suspended[number]]
        through = [
            number for number in through if number not in (event["document_number"], *event["affects_documents"])
        ]
        if not through or event["kind"] not in ("reimposes", "suspends", "rescinds"):
            found.append(event)
        elif event["kind"] == "rescinds":
            found += [event, event | {"kind": "reimposes", "affects_documents": through}]
        else:
            found.append(event | {"affects_documents": [*event["affects_documents"], *through]})
    return found


def _is_only_said(event: Row) -> bool:
    """Whether an event is an announcement of what a document has yet to do: it changes no text."""
    return event["source"] == "announcement" and event["kind"] in ("suspends", "delays", "rescinds", "reimposes")


_BEARS_ON_OTHERS = ENDS | {"suspends", "delays", "reimposes", "corrects", "announces_withdrawal"}


def _provisions(events: Sequence[Row]) -> list[Provision]:
    """One provision per document, subject and day of effect."""
    found: dict[tuple[object, ...], Provision] = {}
    for event in events:
        if event["kind"] not in MAKES:
            continue
        of_entries = event["kind"] if event["kind"] in OF_ENTRIES else ""
        key = (
            event["document_number"], event["publication_date"], event["subject_type"], event["subject"],
            event["effective_date"], of_entries,
        )  # fmt: skip
        found.setdefault(key, Provision(event))
    return list(found.values())


def _rows_of_family(members: Sequence[Provision], bearing: Sequence[Row]) -> Iterator[Row]:
    """Rows of provisions that can end one another: their intervals as each day of knowledge left them."""
    days = sorted({provision.event["known_from"] for provision in members} | {event["known_from"] for event in bearing})
    events = {_key(event): event for event in (*bearing, *(provision.event for provision in members))}
    open_rows: dict[int, dict[Interval, date]] = defaultdict(dict)
    for day in days:
        known = [event for event in bearing if event["known_from"] <= day]
        standing = [number for number, provision in enumerate(members) if provision.event["known_from"] <= day]
        intervals = _intervals([members[number] for number in standing], known)
        for number, of_provision in zip(standing, intervals, strict=True):
            now = set(of_provision)
            held = open_rows[number]
            for ended in held.keys() - now:
                yield _row(members[number], ended, (held.pop(ended), day), events, bearing)
            for begun in now - held.keys():
                held[begun] = day
    for number, held in open_rows.items():
        for interval, since in held.items():
            yield _row(members[number], interval, (since, None), events, bearing)


def _intervals(members: Sequence[Provision], known: Sequence[Row]) -> list[list[Interval]]:
    """Intervals of each provision of a family, given the events known."""
    texts = [_of_text(provision, known) for provision in members]
    ended = [_superseded(number, members, texts) for number in range(len(members))]
    return [_announcements(provision, own, known) for provision, own in zip(members, ended, strict=True)]


def _of_text(provision: Provision, known: Sequence[Row]) -> list[Interval]:
    """What the law's text says of a provision, apart from later texts on the same subject."""
    event, own = provision.event, _key(provision.event)
    if event["kind"] == "proposes":
        return [Interval(event["known_from"], None, "proposed", own)]
    about = _most_special([other for other in known if _is_about(other, provision)])
    intervals = _begun(provision, [other for other in about if other["kind"] == "delays"])
    if event["effective_until"] is not None:
        intervals = _painted(intervals, event["effective_until"] + timedelta(days=1), None, own, text_status="expired")
    for other in about:
        if other["kind"] != "delays":
            intervals = _changed(intervals, other)
    for other in known:
        if note := _of_a_part(other, provision):
            intervals = [replace(interval, review=_with(interval.review, note)) for interval in intervals]
        if other["kind"] == "corrects":
            intervals = [_by_corrected(interval, other, provision) for interval in intervals]
    return intervals


def _by_corrected(interval: Interval, correction: Row, provision: Provision) -> Interval:
    """The interval, for review where another document makes it so that is corrected: its days may be others."""
    by = interval.by[0]
    if by == provision.document[0] or by not in correction["affects_documents"]:
        return interval
    note = f"{correction['document_number']} corrects {by}: whether in a day is not read"
    return replace(interval, review=_with(interval.review, note))


def _begun(provision: Provision, delays: Sequence[Row]) -> list[Interval]:
    """The provision's beginning: announced, complied with later, and put off."""
    event, own = provision.event, _key(provision.event)
    start, by, review = event["effective_date"], own, ""
    put_off: list[Row] = []
    for delay in delays:
        day = delay["effective_date"]
        if day is None:
            if delay["compliance_date"] is None:
                review = f"delayed by {delay['document_number']} to a day that was not read"
        elif start is not None and start < delay["known_from"]:
            put_off.append(delay)  # it had taken effect before anyone could know that it was put off
        else:
            start, by = day, _key(delay)
    if start is None:
        return [Interval(event["known_from"], None, "announced", own, review=review or "no day of effect was read")]
    intervals = [Interval(start, None, "in_force", by, review=review)]
    if start > event["known_from"]:
        intervals.insert(0, Interval(event["known_from"], start, "announced", own))
    if event["compliance_date"] is not None and event["compliance_date"] > start:
        intervals = _complied_later(intervals, start, event["compliance_date"], by, own)
    for delay in delays:
        if delay["effective_date"] is None and delay["compliance_date"] is not None:
            begins = (
                start if delay["known_from"] <= max(start, event["compliance_date"] or start) else delay["known_from"]
            )
            intervals = _complied_later(intervals, begins, delay["compliance_date"], _key(delay), _key(delay))
    for delay in put_off:
        note = f"put off by {delay['document_number']} after it had taken effect"
        begins, day = delay["known_from"], delay["effective_date"]
        intervals = _painted(intervals, begins, day, _key(delay), text_status="suspended", review=note)
        intervals = _painted(intervals, day, None, _key(delay), text_status="returned", only=IN_FORCE, review=note)
    return intervals


def _complied_later(intervals: list[Interval], begins: date, day: date, by: Key, then: Key) -> list[Interval]:
    """Intervals with compliance pending until a day, and required from it whatever was said before."""
    intervals = _painted(intervals, begins, day, by, text_status="compliance_pending", only=IN_FORCE)
    return _painted(
        intervals, day, None, then, text_status="in_force", only=frozenset({"compliance_pending", "in_force"})
    )


def _changed(intervals: list[Interval], event: Row) -> list[Interval]:
    """Intervals after an event that bears on the provision as a whole."""
    begins, by, until = event["effective_date"] or event["known_from"], _key(event), event["effective_until"]
    if event["kind"] == "reimposes":
        if not any(one.text_status in _LEFT and _overlap(one, begins, None) for one in intervals):
            review = f"brought back by {event['document_number']}, though not suspended on {begins}: not applied"
            return [replace(interval, review=_with(interval.review, review)) for interval in intervals]
        return _painted(intervals, begins, None, by, text_status="returned", only=_LEFT)
    if event["kind"] not in ENDS | {"suspends"}:
        return intervals
    end = until + timedelta(days=1) if until is not None else None
    if end is not None and end <= begins:
        done = "suspended" if event["kind"] == "suspends" else "withdrawn"
        review = f"{done} by {event['document_number']} until {until}, before it begins on {begins}: not applied"
        return [replace(interval, review=_with(interval.review, review)) for interval in intervals]
    if event["kind"] == "suspends":
        intervals = _painted(intervals, begins, end, by, text_status="suspended")
    else:
        replaced = STANDING | {"suspended", "expired"}
        intervals = _painted(intervals, begins, end, by, text_status="withdrawn", only=replaced)
    if end is None:
        return intervals
    # What is suspended beyond the new end was so by an earlier document, whose end this one changes.
    returns = IN_FORCE | ({"suspended"} if event["kind"] == "suspends" else set())
    return _painted(intervals, end, None, by, text_status="returned", only=returns)


def _most_special(events: Sequence[Row]) -> list[Row]:
    """Events without those about a whole document that say less than the same document says of the subject itself."""
    told = {(_key(event)[:2], event["kind"]) for event in events if event["subject_type"] != "document"}
    return [
        event for event in events if event["subject_type"] != "document" or (_key(event)[:2], event["kind"]) not in told
    ]


def _with(review: str, note: str) -> str:
    return review if note in review else "; ".join(filter(None, [review, note]))


def _painted(
    intervals: Iterable[Interval], begins: date, ends: date | None, by: Key, *,
    only: frozenset[str] = STANDING,
    **state: Any,
) -> list[Interval]:  # fmt: skip
    """Intervals with another state between two days, where their text's is one of those it replaces.

    ``state`` is what changes: fields of :class:`Interval`.
    """
    painted: list[Interval] = []
    for interval in intervals:
        if interval.text_status not in only or not _overlap(interval, begins, ends):
            painted.append(interval)
            continue
        if interval.valid_from < begins:
            painted.append(replace(interval, valid_to=begins))
        within = (max(interval.valid_from, begins), _earlier(interval.valid_to, ends))
        painted.append(replace(interval, valid_from=within[0], valid_to=within[1], by=by, **state))
        if ends is not None and (interval.valid_to is None or interval.valid_to > ends):
            painted.append(replace(interval, valid_from=ends))
    return _joined(painted)


def _superseded(number: int, members: Sequence[Provision], texts: Sequence[list[Interval]]) -> list[Interval]:
    """A provision's intervals, ended where a later text on the same subject stands, and back where that is stayed."""
    provision, intervals = members[number], texts[number]
    for other, later in zip(members, texts, strict=True):
        if not _replaces(other, provision):
            continue
        was_in_force = False
        for interval in later:
            begins, ends = interval.valid_from, interval.valid_to
            if interval.text_status in IN_FORCE:
                was_in_force = True
                by = _key(other.event)
                replaced = IN_FORCE | {"suspended"}
                is_stayed = any(
                    one.text_status == "suspended" and _overlap(one, begins, begins + timedelta(days=1))
                    for one in intervals
                )
                state = {"text_status": "superseded"} | ({"review": _REVISED_WHILE_STAYED} if is_stayed else {})
                intervals = _painted(intervals, begins, ends, by, only=replaced, **state)
            elif was_in_force:  # the text that had replaced it is stayed, has run out or is withdrawn
                review = {} if interval.text_status == "suspended" else {"review": _NO_TEXT_OF_ITS_OWN}
                state = {"text_status": "returned", **review}
                intervals = _painted(intervals, begins, ends, interval.by, only=IN_FORCE, **state)
    return intervals


_REVISED_WHILE_STAYED = "a later text took its place while it was suspended: which text returns is not said"
_NO_TEXT_OF_ITS_OWN = "returns because the later text ended; no document held says so of this text"


def _replaces(later: Provision, earlier: Provision) -> bool:
    """Whether one provision's text takes the place of another's: same subject or all of what it is a part of."""
    if later.event["kind"] in OF_ENTRIES | {"proposes"} or earlier.event["kind"] in OF_ENTRIES | {"proposes"}:
        return False
    if later.document == earlier.document or later.event["subject_type"] == "document":
        return False
    if not _same_addressee(later.event, earlier.event):
        return False
    mine, theirs = later.event["subject"], earlier.event["subject"]
    if theirs != mine and not is_paragraph(theirs, mine):
        return False
    return _effect_order(later) > _effect_order(earlier)


def _same_addressee(one: Row, other: Row) -> bool:
    """Whether what two events say is said to the same: a letter to one company neither ends nor lifts another's."""
    mine, theirs = set(one.get("companies") or ()), set(other.get("companies") or ())
    return not mine or not theirs or not mine.isdisjoint(theirs)


def _announcements(provision: Provision, intervals: list[Interval], known: Sequence[Row]) -> list[Interval]:
    """Mark from when the agency has said that it does not hold to the text."""
    for event in known:
        if event["kind"] != "announces_withdrawal" or not _is_about(event, provision):
            continue
        begins = event["effective_date"] or event["known_from"]
        intervals = _painted(intervals, begins, None, _key(event), is_announced_withdrawn=True)
    return intervals


def _corrections(provision: Provision, bearing: Sequence[Row]) -> list[str]:
    """Numbers of the documents that correct the provision's document."""
    number = provision.document[0]
    return sorted(
        {one["document_number"] for one in bearing if one["kind"] == "corrects" and number in one["affects_documents"]}
    )


def _is_about(event: Row, provision: Provision) -> bool:
    """Whether an event bears on a provision: on its document, its subject, or on what the subject is a part of."""
    number = provision.document[0]
    is_own = _key(event)[:2] == provision.document
    if is_own or (event["affects_documents"] and number not in event["affects_documents"]):
        return False
    if event["subject_type"] == "document":
        part = _PART_OF_DOCUMENT.search(event["subject"])
        is_covered = part is None or covers(part[1], provision.event.get("amendment_label"), "", "")
        return is_covered and number in event["affects_documents"]
    mine, theirs = provision.event, event
    if mine["subject_type"] != theirs["subject_type"] or not _same_addressee(mine, theirs):
        return False
    is_subject = mine["subject"] == theirs["subject"] or is_paragraph(mine["subject"], theirs["subject"])
    return is_subject and theirs["known_from"] >= mine["known_from"]


_PART_OF_DOCUMENT = re.compile(r", (instruction \S+|in part)$")


def _of_a_part(event: Row, provision: Provision) -> str:
    """Say that an event is about a part of what a provision is, or about parts of its document that are not told."""
    number, published = provision.document
    if event["kind"] not in ("suspends", "delays") or number not in event["affects_documents"]:
        return ""
    if _key(event)[:2] == (number, published):
        return ""
    subject = event["subject"]
    if subject.endswith(", in part") and event["review_reason"]:
        return f"{event['kind']} parts of {number} that are not named: {event['document_number']}"
    if event["subject_type"] == "document" or not is_paragraph(subject, provision.event["subject"]):
        return ""
    return f"{event['document_number']} {event['kind']} a part of it, {subject}"


_PARAGRAPHS = re.compile(r"^(?P<whole>§ \d+\.\d+|\d[A-E]\d{3}|.+?)(?P<parts>(?:\([^()]+\))*|(?:\.[a-z0-9]+)*)$")


def _family(event: Row) -> str:
    """The section or ECCN of a subject, without its paragraphs; for a list's entries, the document alone."""
    if event["kind"] in OF_ENTRIES:
        return f"{event['subject_type']} {event['document_number']}"
    whole = _PARAGRAPHS.match(event["subject"])
    return f"{event['subject_type']} {whole['whole'] if whole else event['subject']}"


def _effect_order(provision: Provision) -> tuple[date, date, str]:
    number, published = provision.document
    return provision.event["effective_date"] or date.max, published, number


def _overlap(interval: Interval, begins: date, ends: date | None) -> bool:
    return (interval.valid_to is None or interval.valid_to > begins) and (ends is None or interval.valid_from < ends)


def _earlier(one: date | None, other: date | None) -> date | None:
    return min((day for day in (one, other) if day is not None), default=None)


def _joined(intervals: Sequence[Interval]) -> list[Interval]:
    """Intervals with those that say the same and touch made one."""
    joined: list[Interval] = []
    for interval in sorted(intervals, key=lambda interval: interval.valid_from):
        last = joined[-1] if joined else None
        if last is not None and replace(last, valid_to=interval.valid_to) == replace(
            interval, valid_from=last.valid_from
        ):
            joined[-1] = replace(last, valid_to=interval.valid_to)
        else:
            joined.append(interval)
    return joined


def _key(event: Row) -> Key:
    return event["document_number"], event["publication_date"], event["event_index"]


def _order(event: Row) -> tuple[date, date, str, int]:
    return event["known_from"], event["publication_date"], event["document_number"], event["event_index"]


def _row_order(row: Row) -> tuple[object, ...]:
    return (
        row["subject_type"], row["subject"], row["publication_date"], row["document_number"], row["event_index"],
        row["known_from"], row["valid_from"], row["status"],
    )  # fmt: skip


def _row(
    provision: Provision,
    interval: Interval,
    known: tuple[date, date | None],
    events: dict[Key, Row],
    bearing: Sequence[Row],
) -> Row:
    event, by = provision.event, events[interval.by]
    review = "; ".join(
        filter(None, [interval.review, event["review_reason"], by["review_reason"] if by is not event else ""])
    )
    return {
        "subject_type": event["subject_type"],
        "subject": event["subject"],
        "kind": event["kind"],
        "status": "announced_withdrawn" if interval.is_announced_withdrawn else interval.text_status,
        "text_status": interval.text_status,
        "valid_from": interval.valid_from,
        "valid_to": interval.valid_to,
        "known_from": known[0],
        "known_to": known[1],
        "document_number": event["document_number"],
        "publication_date": event["publication_date"],
        "event_index": event["event_index"],
        "citation": event["citation"],
        "title": event["title"],
        "url": event["url"],
        "sentence": event["sentence"],
        "location": event["location"],
        "destinations": event["destinations"],
        "items": event["items"],
        "by_document_number": by["document_number"],
        "by_publication_date": by["publication_date"],
        "by_event_index": by["event_index"],
        "by_sentence": by["sentence"],
        "by_citation": by["citation"],
        "corrected_by": _corrections(provision, bearing),
        "needs_review": bool(review),
        "review_reason": review or None,
    }
