"""A matplotlib figure as inline SVG: the same bytes for the same figure, in the page's own colours and fonts.

Figures are drawn in the colours of :class:`Ink`, which are then replaced by CSS variables, so that the page's light
and dark schemes reach into the charts. Text stays text: it can be selected, found and read aloud, and needs no font
at drawing time.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import Any

import matplotlib as mpl
from lxml import etree
from matplotlib.figure import Figure

_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"


class Ink:
    """The colours of the charts (light scheme); each has a CSS variable of its name in the page."""

    TEXT = "#1b1f24"
    MUTED = "#5a6672"
    GRID = "#d8dde3"
    PAPER = "#fdfdfc"
    MAIN = "#1f5fa8"
    SOFT = "#a9c4e4"
    ALARM = "#b3261e"


_VARIABLES = {value: f"var(--{name.lower()})" for name, value in vars(Ink).items() if name.isupper()}
_COLOURS = re.compile("|".join(_VARIABLES))
_URL = re.compile(r"url\(#([^)]+)\)")
# Family names known to matplotlib; the page's own family is inherited instead.
_FAMILY = re.compile(r"font-family: [^;]+; ?")

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 10.5,
    "text.parse_math": False,
    "text.color": Ink.TEXT,
    "axes.labelcolor": Ink.MUTED,
    "axes.edgecolor": Ink.GRID,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.spines.left": False,
    "axes.axisbelow": True,
    "axes.grid.axis": "y",
    "axes.grid": True,
    "grid.color": Ink.GRID,
    "grid.linewidth": 0.6,
    "xtick.color": Ink.GRID,
    "ytick.color": Ink.GRID,
    "xtick.labelcolor": Ink.MUTED,
    "ytick.labelcolor": Ink.MUTED,
    "ytick.major.size": 0,
    "figure.facecolor": "none",
    "savefig.facecolor": "none",
    "lines.solid_capstyle": "round",
}


@dataclass(frozen=True)
class Chart:
    """One chart in two renditions, for wide and for narrow screens, as inline SVG.

    ``title`` and ``description`` are what a reader who cannot see it gets; they stand inside the SVG.
    """

    name: str
    title: str
    description: str
    wide: str
    narrow: str


def style(name: str) -> Any:
    """Return the context in which a chart is drawn and rendered; ``name`` seeds the ids inside the SVG."""
    return mpl.rc_context({**_STYLE, "svg.hashsalt": name})


def inline(figure: Figure, name: str, title: str, description: str) -> str:
    """Render a figure to an ``<svg>`` element for an HTML page.

    Args:
        figure: drawn in the colours of :class:`Ink`.
        name: unique in the page; prefix of every id inside.
        title: names the chart for assistive technology.
        description: says what is to be seen in it.
    """
    buffer = io.BytesIO()
    figure.savefig(buffer, format="svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
    root = etree.fromstring(buffer.getvalue(), etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False))
    for own in (*root.findall(f"{_SVG}metadata"), *root.findall(f"{_SVG}defs")):
        # Not for the page: links to vocabularies, and a style sheet that would reach beyond the chart.
        root.remove(own)
    used = set(_URL.findall(buffer.getvalue().decode()))
    used |= {value[1:] for element in root.iter() if (value := element.get(_HREF))}
    for element in root.iter():
        if (identifier := element.get("id")) is not None:
            if identifier in used:
                element.set("id", f"{name}-{identifier}")
            else:
                del element.attrib["id"]
        if reference := element.get(_HREF):
            # Plain href is understood by every browser that draws inline SVG.
            element.set("href", f"#{name}-{reference[1:]}")
            del element.attrib[_HREF]
        for attribute in ("style", "clip-path", "fill", "stroke"):
            if value := element.get(attribute):
                value = _COLOURS.sub(lambda match: _VARIABLES[match[0]], value)
                value = _URL.sub(rf"url(#{name}-\1)", value)
                element.set(attribute, _FAMILY.sub("", value))
    for attribute in ("width", "height", "version"):
        root.attrib.pop(attribute, None)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-description")
    for position, (tag, part, words) in enumerate((("title", "title", title), ("desc", "description", description))):
        label = etree.Element(f"{_SVG}{tag}")
        label.set("id", f"{name}-{part}")
        label.text = words
        root.insert(position, label)
    etree.cleanup_namespaces(root)
    text: str = etree.tostring(root, encoding="unicode", with_tail=False)
    return text.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
