"""The text of a DOCX paragraph as Word prints it: runs that are hidden or struck out left out, raised numbers told from others.

Formulas (OMML), fields and pictures are part of it: what they show is printed, though it is no text of a run. Of a field only its result
is: its code may hold text and the results of other fields.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from lxml import etree

from parsers.carriers.office.ooxml import integer, related
from parsers.document import OBJECT, Link, raised_text

MAX_DEPTH = 60
MARKUP = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
GONE = ("del", "moveFrom")
_OFF = ("0", "false", "off")
_FLAGS = ("vanish", "strike", "dstrike", "vertAlign")
_NOT_PRINTED = frozenset((*GONE, "pPr", "rPr", "instrText", "delText", "rt"))  # rt: the reading beside a character
_SHOWN_CODE = re.compile(r"=|eq\b", re.I)  # of fields that print a number without keeping a result: sums, and figures in circles (EQ)


class Look(NamedTuple):
    """How a run is printed, if at all."""

    printed: bool
    raised: bool


class Styles:
    """What the styles of a document say of how runs are printed."""

    def __init__(self, root: etree._Element | None, w: str) -> None:
        self._w = w
        self._own: dict[str, dict[str, str]] = {}
        self._based: dict[str, str] = {}
        for node in () if root is None else root.iter(f"{w}style"):
            name = node.get(f"{w}styleId", "")
            self._own[name] = self._flags(node.find(f"{w}rPr"))
            based = node.find(f"{w}basedOn")
            if based is not None:
                self._based[name] = based.get(f"{w}val", "")

    def look(self, run: etree._Element, paragraph: etree._Element) -> Look:
        """How a run of a paragraph is printed: by its own properties, else by its style, else by the paragraph's."""
        w = self._w
        properties = run.find(f"{w}rPr")
        flags = self._of_style(paragraph.find(f"{w}pPr/{w}pStyle"))
        if properties is not None:
            flags = {**flags, **self._of_style(properties.find(f"{w}rStyle")), **self._flags(properties)}
        hidden = any(flags.get(name, "0") not in _OFF for name in ("vanish", "strike", "dstrike"))
        return Look(not hidden, flags.get("vertAlign") == "superscript")

    def _flags(self, properties: etree._Element | None) -> dict[str, str]:
        w = self._w
        nodes = () if properties is None else ((name, properties.find(f"{w}{name}")) for name in _FLAGS)
        return {name: node.get(f"{w}val", "1") for name, node in nodes if node is not None}

    def _of_style(self, reference: etree._Element | None) -> dict[str, str]:
        name = None if reference is None else reference.get(f"{self._w}val")
        flags: dict[str, str] = {}
        for _ in range(12):
            if name is None:
                break
            flags = {**self._own.get(name, {}), **flags}
            name = self._based.get(name)
        return flags


class Runs:
    """Reads paragraphs; ``links``, ``images`` and ``workbooks`` (parts that are embedded and shown) are what was met on the way."""

    def __init__(self, w: str, styles: Styles, relations: dict[str, tuple[str, str]]) -> None:
        self.w = w
        self.styles = styles
        self.relations = relations
        self.links: list[Link] = []
        self.images: list[str] = []
        self.workbooks: list[str] = []
        self._codes: list[int] = []  # where the codes of the fields begin that are open, among the parts of the paragraph

    def text(self, paragraph: etree._Element, boxes: list[etree._Element]) -> str:
        """The paragraph's text, OBJECT where a picture stands; text boxes in it are added to ``boxes``."""
        parts: list[str] = []
        self._codes = []
        self._read(paragraph, paragraph, parts, boxes, 0)
        return "".join(parts)

    def name(self, node: etree._Element) -> str:
        """Local name of a WordprocessingML element, "" for others."""
        tag = node.tag
        return tag[len(self.w) :] if isinstance(tag, str) and tag.startswith(self.w) else ""

    def unworked(self, node: etree._Element) -> str:
        """The code of a field below ``node`` that prints a number (``=SUM(LEFT)``), "" where there is none."""
        w = self.w
        codes = [field.get(f"{w}instr", "") for field in node.iter(f"{w}fldSimple")]
        codes.append("".join(part.text or "" for part in node.iter(f"{w}instrText")))
        return next((code for code in map(str.strip, codes) if _SHOWN_CODE.match(code)), "")

    def _read(self, node: etree._Element, paragraph: etree._Element, parts: list[str], boxes: list[etree._Element], depth: int) -> None:
        if depth > MAX_DEPTH:
            return
        for child in node:
            name = self.name(child)
            if name == "r":
                self._run(child, paragraph, parts, boxes, depth)
            elif name == "t":
                parts.append(child.text or "")
            elif name in ("tab", "br", "cr", "ptab"):
                parts.append(" ")
            elif name == "noBreakHyphen":
                parts.append("-")
            elif name == "sym":
                parts.append(_symbol(child.get(f"{self.w}char", "")))
            elif name == "fldChar":
                self._field(child.get(f"{self.w}fldCharType"), parts)
                self._read(child, paragraph, parts, boxes, depth + 1)
            elif name == "ddList":
                parts.append(self._chosen(child))
            elif name == "txbxContent":
                boxes.append(child)
            elif name in _NOT_PRINTED or not isinstance(child.tag, str):
                continue
            elif child.tag == f"{MARKUP}AlternateContent":
                # The fallback is the same content once more, for old programs.
                choice = child.find(f"{MARKUP}Choice")
                self._read(choice if choice is not None else child, paragraph, parts, boxes, depth + 1)
            elif child.tag.endswith("}oMath"):
                parts.append(_formula(child))
            else:
                if self._refers(child, name):
                    parts.append(OBJECT)
                self._read(child, paragraph, parts, boxes, depth + 1)

    def _run(self, run: etree._Element, paragraph: etree._Element, parts: list[str], boxes: list[etree._Element], depth: int) -> None:
        look = self.styles.look(run, paragraph)
        if not look.printed:
            return
        start = len(parts)
        self._read(run, paragraph, parts, boxes, depth + 1)
        if look.raised:
            parts[start:] = [raised_text("".join(parts[start:]))]

    def _field(self, step: str | None, parts: list[str]) -> None:
        """A field begins, comes from its code to its result, or ends; the parts of its code are taken back then."""
        if step == "begin":
            self._codes.append(len(parts))
        elif self._codes:
            if step == "separate":
                del parts[self._codes[-1] :]
            elif step == "end":
                self._codes.pop()

    def _chosen(self, choices: etree._Element) -> str:
        """The entry of a drop-down list that is shown: the one chosen, else the first."""
        entries = [entry.get(f"{self.w}val", "") for entry in choices.findall(f"{self.w}listEntry")]
        chosen = (choices.find(f"{self.w}{name}") for name in ("result", "default"))
        index = next((integer(node.get(f"{self.w}val")) for node in chosen if node is not None), 0)
        return entries[index] if index < len(entries) else ""

    def _refers(self, node: etree._Element, name: str) -> bool:
        """Notes the picture or the link that an element points to; whether it is a picture."""
        if name == "hyperlink":
            target = self.relations.get(related(node, "id"))
            if target is not None:
                text = "".join(part.text or "" for part in node.iter(f"{self.w}t"))
                self.links.append(Link(target[1], " ".join(text.split())))
            return False
        for attribute in ("embed", "link", "id"):
            target = self.relations.get(related(node, attribute))
            if target is not None and target[0] == "image":
                self.images.append(target[1])
                return True
            if target is not None and target[0] in ("package", "oleObject") and _shows_sheet(node):
                self.workbooks.append(target[1])
        return False


def _shows_sheet(node: etree._Element) -> bool:
    """Whether an embedded object is a workbook of Excel or WPS that is shown as it is, not as an icon."""
    return node.get("ProgID", "").startswith(("Excel", "ET.", "KET.")) and node.get("DrawAspect") != "Icon"


def _formula(node: etree._Element) -> str:
    """The text of a formula; of one that is more than a line of characters the parts, which are no number together."""
    texts = [leaf.text or "" for leaf in node.iter() if isinstance(leaf.tag, str) and leaf.tag.endswith("}t")]
    in_line = all(isinstance(child.tag, str) and child.tag.endswith("}r") for child in node)
    return ("" if in_line else "/").join(texts)


def _symbol(code: str) -> str:
    """A character of a symbol font (w:sym): fonts put theirs into U+F000..U+F0FF."""
    try:
        value = int(code, 16)
    except ValueError:
        return ""
    return chr(value) if 32 <= value <= 0x10FFFF and not 0xD800 <= value < 0xE000 else ""
