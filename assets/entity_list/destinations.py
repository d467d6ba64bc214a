"""Destinations of the Entity List: one name for each, with its ISO 3166-1 code.

The names are those under which entries stand in Supplement No. 4 to part 744 (eCFR of 2026-03-25: 91 destinations),
former ones and usual short forms. A destination outside of this table keeps its printed name, has no code and is
reported.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from operator import itemgetter
from typing import Final

from assets.federal_register.full_text import lower_case


@dataclass(frozen=True)
class Destination:
    """A destination: the one name used in the tables, and its ISO 3166-1 alpha-2 code if it has one."""

    name: str
    code: str | None


_CODES: Final = {
    "Afghanistan": "AF",
    "Argentina": "AR",
    "Armenia": "AM",
    "Australia": "AU",
    "Austria": "AT",
    "Azerbaijan": "AZ",
    "Bahrain": "BH",
    "Bangladesh": "BD",
    "Belarus": "BY",
    "Belgium": "BE",
    "Belize": "BZ",
    "Bolivia": "BO",
    "Bosnia and Herzegovina": "BA",
    "Brazil": "BR",
    "Bulgaria": "BG",
    "Burma": "MM",
    "Cambodia": "KH",
    "Canada": "CA",
    "Cayman Islands": "KY",
    "Chile": "CL",
    "China": "CN",
    "Colombia": "CO",
    "Costa Rica": "CR",
    # A region of Ukraine that the EAR treat as a destination of its own; it has no code.
    "Crimea Region of Ukraine": None,
    "Croatia": "HR",
    "Cuba": "CU",
    "Cyprus": "CY",
    "Czech Republic": "CZ",
    "Denmark": "DK",
    "Ecuador": "EC",
    "Egypt": "EG",
    "Estonia": "EE",
    "Ethiopia": "ET",
    "Finland": "FI",
    "France": "FR",
    "Georgia": "GE",
    "Germany": "DE",
    "Greece": "GR",
    "Hong Kong": "HK",
    "Hungary": "HU",
    "India": "IN",
    "Indonesia": "ID",
    "Iran": "IR",
    "Iraq": "IQ",
    "Ireland": "IE",
    "Israel": "IL",
    "Italy": "IT",
    "Jamaica": "JM",
    "Japan": "JP",
    "Jordan": "JO",
    "Kazakhstan": "KZ",
    "Kenya": "KE",
    "Kuwait": "KW",
    "Kyrgyzstan": "KG",
    "Laos": "LA",
    "Latvia": "LV",
    "Lebanon": "LB",
    "Libya": "LY",
    "Lithuania": "LT",
    "Luxembourg": "LU",
    "Macau": "MO",
    "Madagascar": "MG",
    "Malaysia": "MY",
    "Malta": "MT",
    "Marshall Islands": "MH",
    "Mexico": "MX",
    "Moldova": "MD",
    "Mongolia": "MN",
    "Morocco": "MA",
    "Netherlands": "NL",
    "New Zealand": "NZ",
    "Nicaragua": "NI",
    "Nigeria": "NG",
    "North Korea": "KP",
    "North Macedonia": "MK",
    "Norway": "NO",
    "Oman": "OM",
    "Pakistan": "PK",
    "Panama": "PA",
    "Paraguay": "PY",
    "Peru": "PE",
    "Philippines": "PH",
    "Poland": "PL",
    "Portugal": "PT",
    "Qatar": "QA",
    "Romania": "RO",
    "Russia": "RU",
    "Saudi Arabia": "SA",
    "Senegal": "SN",
    "Serbia": "RS",
    "Seychelles": "SC",
    "Singapore": "SG",
    "Slovakia": "SK",
    "Slovenia": "SI",
    "South Africa": "ZA",
    "South Korea": "KR",
    "South Sudan": "SS",
    "Spain": "ES",
    "Sri Lanka": "LK",
    "Sudan": "SD",
    "Sweden": "SE",
    "Switzerland": "CH",
    "Syria": "SY",
    "Taiwan": "TW",
    "Tajikistan": "TJ",
    "Tanzania": "TZ",
    "Thailand": "TH",
    "Tunisia": "TN",
    "Turkey": "TR",
    "Turkmenistan": "TM",
    "Uganda": "UG",
    "Ukraine": "UA",
    "United Arab Emirates": "AE",
    "United Kingdom": "GB",
    "Uzbekistan": "UZ",
    "Venezuela": "VE",
    "Vietnam": "VN",
    "Virgin Islands, British": "VG",
    "Yemen": "YE",
    "Zimbabwe": "ZW",
}

_OTHER_NAMES: Final = {
    "China, People's Republic of": "China",
    "China, the People's Republic of": "China",
    "China (People's Republic of)": "China",
    "People's Republic of China": "China",
    "PRC": "China",
    "P.R.C.": "China",
    "Myanmar": "Burma",
    "Burma/Myanmar": "Burma",
    "Crimea": "Crimea Region of Ukraine",
    "Crimea (Occupied)": "Crimea Region of Ukraine",
    "Czechia": "Czech Republic",
    "Korea, South": "South Korea",
    "Korea, Republic of": "South Korea",
    "Republic of Korea": "South Korea",
    "Korea, North": "North Korea",
    "Kyrgyz Republic": "Kyrgyzstan",
    "Macao": "Macau",
    "Macedonia": "North Macedonia",
    "Russian Federation": "Russia",
    "The Netherlands": "Netherlands",
    "Slovak Republic": "Slovakia",
    "Türkiye": "Turkey",
    "Turkiye": "Turkey",
    "U.A.E.": "United Arab Emirates",
    "UAE": "United Arab Emirates",
    "U.K.": "United Kingdom",
    "British Virgin Islands": "Virgin Islands, British",
    "Viet Nam": "Vietnam",
}


_APOSTROPHE: Final = re.compile(r"['’]")
_SIGNS: Final = re.compile(r"\W+")
_ARTICLE: Final = re.compile(r"the\s+", re.IGNORECASE)


def _key(name: str) -> str:
    plain = name.casefold()
    if not plain.isascii():
        plain = "".join(sign for sign in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(sign))
    return _SIGNS.sub(" ", _APOSTROPHE.sub("", plain)).strip()


_BY_NAME: Final = {_key(name): Destination(name, code) for name, code in _CODES.items()} | {
    _key(other): Destination(name, _CODES[name]) for other, name in _OTHER_NAMES.items()
}
_BY_CODE: Final = {code: Destination(name, code) for name, code in _CODES.items() if code is not None}
_MENTIONED: Final = sorted(
    (name.lower() for name in (*_CODES, *_OTHER_NAMES)), key=lambda name: (name[0], -len(name), name)
)


def _any_of(names: Iterable[str]) -> str:
    return "|".join(re.escape(name).replace("'", "['’]").replace(r"\ ", r"\s+") for name in names)


# For words in lower case: a pattern that ignores case would try every name at every word. A letter must come first:
# that spares blanks, of which a masked instruction has many, all the names. Names are grouped by their first letter.
_MENTION: Final = re.compile(
    r"(?=[a-z])(?<![\w.])(?:the\s+)?("
    + "|".join(
        f"{first}(?:{_any_of(name[1:] for name in names)})" for first, names in groupby(_MENTIONED, itemgetter(0))
    )
    + r")(?!\w)"
)


@lru_cache(maxsize=4096)
def destination(printed: str) -> Destination | None:
    """Return the destination a heading or a table cell names; ``None`` if it is not in the table."""
    words = printed.strip()
    article = _ARTICLE.match(words)
    return _BY_NAME.get(_key(words[article.end() :] if article else words))


def by_code(code: str) -> Destination | None:
    """Return the destination with an ISO 3166-1 alpha-2 code; ``None`` if none in the table has it."""
    return _BY_CODE.get(code)


def or_as_printed(printed: str) -> Destination:
    """Return the destination a heading names, or one with the printed name and no code if it is not in the table."""
    return destination(printed) or Destination(" ".join(printed.split()).strip(" ,.;:").title(), None)


def mentions(words: str) -> Iterator[tuple[int, int, str]]:
    """Yield start, end and printed name of every destination named in a sentence."""
    for match in _MENTION.finditer(lower_case(words)):
        start, end = match.span(1)
        yield start, end, words[start:end]
