"""Changes moved to the day on which they take effect: delays, and corrections of the day, of the rules that make them.

A delay acts on what has not taken effect when it is published: another one may follow it, a day after a delay without
an end, or a withdrawal. It never brings a day forward; only a correction of the day that a rule printed does. The world
knows the new day from the publication of the document that sets it, so no change is known before that.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assets.entity_list.entity_names import name_key
from assets.entity_list.order import RegisterOrder
from assets.federal_register.dates import is_under, read_date
from assets.federal_register.full_text import SOURCE
from resources.documents import Row, SourceError


def with_delays(
    changes: list[Row],
    delays: Sequence[Row],
    document_of: Mapping[str, str],
    order: RegisterOrder,
    problems: list[SourceError],
) -> list[Row]:
    """Return changes on the days until which they are delayed, or to which their day of effect is corrected.

    Args:
        changes: rows of ``entity_list_changes`` that are no delays.
        delays: those that are.
        document_of: numbers of documents by citation.
        order: the order of documents, in which delays are made.
        problems: takes the delays that hit nothing, and the changes that cannot be moved.
    """
    if not delays:
        return changes
    by_document: dict[str, list[int]] = {}
    for position, change in enumerate(changes):
        by_document.setdefault(change["document_number"], []).append(position)
    moved = list(changes)
    for delay in sorted(delays, key=order.within):
        number = _rule_of(delay, delays, document_of)
        held = by_document.get(number, [])
        positions = [at for at in held if _concerns(delay, moved[at])]
        if len({moved[at]["publication_date"] for at in positions}) > 1:  # numbers were given again before 2016
            problems.append(_problem(delay, f"it delays {_what(delay)}, the number of several documents"))
            continue
        # A correction of a day is read whether or not the rule changes a list.
        if not positions and not (_corrects(delay) and not held):
            problems.append(_problem(delay, f"it delays {_what(delay)}, of which no change to a list is held"))
        for position in positions:
            change = moved[position]
            reason = _in_the_way(delay, change)
            if reason is not None:
                problems.append(_problem(delay, f"it delays {_what(delay)}, {reason}: {change['entry_name']}"))
                continue
            moved[position] = change | {
                "effective_date": delay["effective_date"],
                "delayed_by_document": delay["document_number"],
                "known_from": max(change["known_from"], delay["known_from"]),
            }
    return moved


def _rule_of(delay: Row, delays: Sequence[Row], document_of: Mapping[str, str]) -> str:
    """Return the rule that a delay names; where it names a document that only delays one rule, that rule."""
    named = delay["delayed_document"]
    number: str = document_of.get(named, named)
    targets = {other["delayed_document"] for other in delays if other["document_number"] == number}
    if len(targets) == 1 and number != delay["document_number"]:
        target = targets.pop()
        return document_of.get(target, target)
    return number


def _corrects(delay: Row) -> bool:
    """Whether it is a correction of the day that the rule printed."""
    return delay.get("text_before") is not None


def _in_the_way(delay: Row, change: Row) -> str | None:
    """Say why a change cannot be moved; ``None`` if it can be."""
    day, until = change["effective_date"], delay["effective_date"]
    if _corrects(delay):
        return None
    if day is None:
        # Without a day by an earlier delay, it may get one.
        return None if change.get("delayed_by_document") else "of which no day of effect is known"
    if day < delay["known_from"]:
        return f"which took effect on {day}"
    if until is not None and until < day:
        return f"which takes effect later than {until}, on {day}"
    return None


def _concerns(delay: Row, change: Row) -> bool:
    """Whether a delay of a part of a rule, or the correction of one of its days, is one of this change."""
    if _corrects(delay) and change["effective_date"] != read_date(delay["text_before"]):
        return False
    labels = delay["delayed_instructions"]
    if labels and not any(is_under(change["amendment_label"], one) for one in labels):
        return False
    if delay["country"] is not None and delay["country"] not in (change["country"], change["previous_country"]):
        return False
    names = {name_key(name) for name in (change["entry_name"], change["previous_name"]) if name}
    return delay["entry_name"] is None or name_key(delay["entry_name"]) in names


def _what(delay: Row) -> str:
    parts = [f"instruction {label}" for label in delay["delayed_instructions"]]
    parts += [delay["entry_name"]] if delay["entry_name"] else []
    parts += [f"entries under {delay['country']}"] if delay["country"] and not delay["entry_name"] else []
    parts += [f"what takes effect on {delay['text_before']}"] if _corrects(delay) else []
    return f"{', '.join(parts)} of {delay['delayed_document']}" if parts else str(delay["delayed_document"])


def _problem(delay: Row, reason: str) -> SourceError:
    said = f"{delay['verb']} {delay['entry_name']} under {delay['country']}: {reason}"
    return SourceError(SOURCE, delay["document_number"], delay["location"], said)
