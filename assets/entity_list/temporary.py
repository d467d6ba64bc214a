"""Changes that are made for a time only: what a rule says of their end.

The replay knows changes that last until the next one. An end that a rule sets beforehand is no change of any table
here, so that it is reported: somebody has to see to it that an entry does not stay for ever.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from assets.entity_list.delay import labels_named, sentences, tells_of_delay
from assets.federal_register.dates import DATE, in_one_form, is_under, own_effective_date
from assets.federal_register.full_text import lower_case
from assets.federal_register.instructions import masked

_IN_EFFECT: Final = rf"\beffect(?:ive)?\b(?:(?!\beffective\b)[^;]){{0,120}}?\b(?:through|until|till|to)\s+{DATE}"
_NOT_BEFORE: Final = re.compile(r"\bnot\s+(?:\w+\s+){0,3}$", re.IGNORECASE)
_ENDS: Final = (
    r"\b(?:expir(?:es?|ed|ing|ation)|ceas(?:es?|ed|ing)|terminat(?:es?|ed|ing|ion)|sunsets?|lapses?|temporar(?:y|ily)|"
    r"no\s+longer\s+(?:be\s+)?(?:in\s+)?effect(?:ive)?|ends?\s+on)\b"
)
_SETS_AN_END: Final = re.compile(rf"(?P<until>{_IN_EFFECT})|{_ENDS}", re.IGNORECASE)
# Dates of other things than the amendments.
_OF_SOMETHING_ELSE: Final = re.compile(r"\b(?:comments?|compliance|general\s+licenses?|TGL)\b", re.IGNORECASE)
_IN_INSTRUCTION: Final = re.compile(
    rf"(?P<until>\b(?:through|until|till)\s+{DATE}|{DATE}\s*,?\s+to\s+{DATE})|{_ENDS}|\bfor\s+a\s+period\b",
    re.IGNORECASE,
)


# A look for one of these spares nearly all instructions the search above.
_HINT: Final = re.compile(
    r"through|until|till|\d{4},?\s+to\b|expir|ceas|terminat|sunset|laps|temporar|no longer|ends? on|period"
)

_A_YEAR: Final = re.compile(r"\b(?:19|20)\d\d\b")
_OTHER_DAY: Final = re.compile(
    rf"\b(?:effective|with\s+effect|as\s+of|beginning|starting|from|(?<!published )(?<!issued )(?<!dated )on)\s+"
    rf"(?:(?:on|from|as\s+of)\s+)?{DATE}",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Ending:
    """An end that a DATES section sets: of instructions by number (none for all), and the sentence."""

    instructions: tuple[str, ...]
    words: str

    def concerns(self, label: str | None) -> bool:
        """Whether it is the end of what the instruction with this label does."""
        return not self.instructions or any(is_under(label, one) for one in self.instructions)


def endings(dates_text: str) -> list[Ending]:
    """Return the ends that a DATES section sets for what the rule itself amends."""
    found = []
    for sentence in sentences(in_one_form(dates_text)):
        bare = masked(sentence)
        if tells_of_delay(bare) or _OF_SOMETHING_ELSE.search(bare):
            continue
        for match in _SETS_AN_END.finditer(bare):
            if match["until"] and _NOT_BEFORE.search(bare[: match.start()]):
                continue
            found.append(Ending(labels_named(bare[: match.end()]), sentence.strip()))
            break
    return found


@lru_cache(maxsize=256)
def sets_an_end(bare: str) -> bool:
    """Whether an instruction, its quoted words blanked out, says itself until when its change lasts."""
    return _HINT.search(lower_case(bare)) is not None and _IN_INSTRUCTION.search(in_one_form(bare)) is not None


def names_another_day(body: str, bare: str) -> bool:
    """Whether an instruction names a day of effect elsewhere than at its beginning, where it is read."""
    if _A_YEAR.search(bare) is None or own_effective_date(body) is not None:
        return False
    return _OTHER_DAY.search(in_one_form(bare)) is not None
