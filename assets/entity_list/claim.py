"""What an instruction on a list says of one entry: a claim, which the table must bear out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from assets.entity_list.destinations import Destination
from assets.federal_register.instructions import Instruction

Verb = Literal["add", "re-add", "revise", "correct", "remove", "move", "delay"]
"""What is done to an entry. ``delay`` concerns a whole document: the day on which its changes take effect."""

ADDITIONS: Final = frozenset({"add", "re-add"})
"""Verbs that bring an entry to a list."""


@dataclass(frozen=True)
class Claim:
    """What an instruction says of one entry, or of a number of entries it does not name.

    Attributes:
        instruction: the instruction.
        verb: what is done to it.
        destination: where, for a move where to; ``None`` if the instruction names none.
        country_as_printed: the destination in its words.
        previous_destination: where a moved entry stood.
        name: the entry's name; ``None`` where entries are only counted.
        quoted: what stands in the quotation marks.
        previous_name: the name before, where the entry takes another one's place.
        count: how many entries, where they are only counted.
        at: where in the instruction it is named.
    """

    instruction: Instruction
    verb: Verb
    destination: Destination | None
    country_as_printed: str | None
    name: str | None
    quoted: str | None = None
    previous_name: str | None = None
    count: int | None = None
    at: int = 0
    previous_destination: Destination | None = None


@dataclass(frozen=True)
class Reading:
    """The claims of one instruction, and what of it was not understood, in words."""

    claims: tuple[Claim, ...] = ()
    doubts: tuple[str, ...] = ()
