"""One page of an OFD file as glyphs and rulings. Lengths in the file are millimetres, its y runs downwards."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import repeat

from lxml import etree

from parsers.carriers.office.ooxml import Package
from parsers.carriers.page.drawn import (
    IDENTITY,
    MAX_GLYPHS,
    MAX_SEGMENTS,
    THIN,
    Matrix,
    Overprints,
    PageTooComplexError,
    RawGlyph,
    apply,
    filled_box,
    lines_of_path,
    times,
    upright_frame,
    upright_glyphs,
)
from parsers.carriers.page.glyphs import Box, PageContent, Ruling, is_wide

_POINTS = 72 / 25.4  # a millimetre
MAX_OBJECTS = 100_000  # of a page: composed objects may repeat each other without end
_DEPTH = 16  # of blocks within blocks and of composed objects
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_STEP = re.compile(rf"[A-Za-z]|{_NUMBER.pattern}")
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "Q": 4, "B": 6, "A": 7, "C": 0}

Points = list[tuple[float, float]]


def child(node: etree._Element | None, name: str) -> etree._Element | None:
    """The first child element of that local name."""
    return next(children(node, name), None)


def children(node: etree._Element | None, name: str | None = None) -> Iterator[etree._Element]:
    """The child elements, of one local name or all."""
    for below in () if node is None else node.iterchildren(etree.Element):
        if name is None or etree.QName(below).localname == name:
            yield below


def numbers(text: str | None) -> tuple[float, ...]:
    """The numbers of an attribute, parted by anything."""
    return tuple(map(float, _NUMBER.findall(text or "")))


def deltas(text: str | None, most: int) -> list[float]:
    """The distances between neighbouring characters: numbers, or ``g n v`` for n times v. Never more than ``most``."""
    found: list[float] = []
    steps = iter(_STEP.findall(text or ""))
    for step in steps:
        if len(found) >= most:
            break
        if step in "gG":
            count, value = next(steps, "0"), next(steps, None)
            if value is not None and count.isdecimal() and _NUMBER.fullmatch(value):
                found.extend(repeat(float(value), min(int(count), most)))
        elif _NUMBER.fullmatch(step):
            found.append(float(step))
    return found[:most]


def subpaths(data: str | None) -> list[Points]:
    """The straight subpaths of a path; a curve ends one, for no table has curves."""
    found: list[Points] = []
    steps = _STEP.findall(data or "")
    at = 0
    while at < len(steps):
        letter = steps[at].upper()
        at += 1
        if letter not in _ARGUMENTS:
            continue
        arguments = [float(step) for step in steps[at : at + _ARGUMENTS[letter]] if not step.isalpha()]
        if len(arguments) < _ARGUMENTS[letter]:
            break
        at += len(arguments)
        if letter == "C":
            if found:
                found[-1].append(found[-1][0])
            continue
        point = (arguments[-2], arguments[-1])
        if letter == "L" and found:
            found[-1].append(point)
        else:
            found.append([point])
    return [points for points in found if len(points) > 1]


@dataclass(slots=True)
class _Drawing:
    """What is drawn on a page, in page space (points, y upwards)."""

    glyphs: list[RawGlyph] = field(default_factory=list)
    paths: list[tuple[Points, bool, Points]] = field(default_factory=list)  # points, whether stroked, the corners that clip
    pictures: list[Points] = field(default_factory=list)
    segments: int = 0
    objects: int = 0
    overprints: Overprints = field(default_factory=Overprints)


@dataclass(frozen=True, slots=True)
class OfdPage:
    """A page: its part in the package, the document's page area, its templates, composed objects and parts with pictures by
    identifier."""

    package: Package
    part: str
    area: Sequence[float]
    templates: Mapping[str, etree._Element]
    composed: Mapping[str, etree._Element]
    media: Mapping[str, str]

    def content(self, number: int) -> PageContent:
        """The content of the page.

        Raises:
            ZipError: the page cannot be read.
            PageTooComplexError: more glyphs or lines than the limits.
        """
        page = self.package.xml(self.part)
        width, height = (_POINTS * length for length in self._size(page))
        space: Matrix = (_POINTS, 0.0, 0.0, -_POINTS, 0.0, height)
        drawing = _Drawing()
        for used in children(page, "Template"):
            self._draw(child(self.templates.get(used.get("TemplateID", "")), "Content"), space, drawing, 0)
        self._draw(child(page, "Content"), space, drawing, 0)
        return _content(drawing, number, width, height)

    def picture(self) -> bytes | None:
        """The largest picture on the page; None where there is none. Raises ZipError."""
        found = [
            (boundary[2] * boundary[3], self.media.get(node.get("ResourceID", "")))
            for node in self.package.xml(self.part).iter(etree.Element)
            if etree.QName(node).localname == "ImageObject" and len(boundary := numbers(node.get("Boundary"))) == 4
        ]
        part = max(((area, part) for area, part in found if part), default=(0.0, ""))[1]
        return self.package.read(part) if part else None

    def _size(self, page: etree._Element) -> tuple[float, float]:
        box = child(child(page, "Area"), "PhysicalBox")
        own = () if box is None else numbers(box.text)
        area = own if len(own) == 4 and min(own[2:]) > 0 else self.area
        return area[2], area[3]

    def _draw(self, holder: etree._Element | None, space: Matrix, drawing: _Drawing, depth: int) -> None:
        for node in children(holder):
            drawing.objects += 1
            if drawing.objects > MAX_OBJECTS:
                raise PageTooComplexError(f"more than {MAX_OBJECTS} objects")
            name = etree.QName(node).localname
            if name in ("Layer", "PageBlock") and depth < _DEPTH:
                self._draw(node, space, drawing, depth + 1)
            elif not _visible(node):
                continue
            elif name == "TextObject":
                _draw_text(node, _own_space(node, space), drawing)
            elif name == "PathObject":
                _draw_path(node, space, drawing)
            elif name == "ImageObject":
                drawing.pictures.append(_corners(node, space))
            elif name == "CompositeObject" and depth < _DEPTH:
                self._draw(child(self.composed.get(node.get("ResourceID", "")), "Content"), _own_space(node, space), drawing, depth + 1)


def _visible(node: etree._Element) -> bool:
    return node.get("Visible", "true").strip().lower() not in ("false", "0") and node.get("Alpha", "255").strip() != "0"


def _own_space(node: etree._Element, space: Matrix) -> Matrix:
    """The object's own space: its CTM, then its Boundary's corner, then what it stands in."""
    ctm = numbers(node.get("CTM"))
    own: Matrix = (ctm[0], ctm[1], ctm[2], ctm[3], ctm[4], ctm[5]) if len(ctm) == 6 else IDENTITY
    boundary = numbers(node.get("Boundary"))
    x, y = boundary[:2] if len(boundary) >= 2 else (0.0, 0.0)
    return times(times(own, (1.0, 0.0, 0.0, 1.0, x, y)), space)


def _corners(node: etree._Element, space: Matrix) -> Points:
    """The corners of the object's Boundary; none where it has none."""
    boundary = numbers(node.get("Boundary"))
    if len(boundary) != 4:
        return []
    x, y, width, height = boundary
    return [apply(space, *corner) for corner in ((x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y))]


def _draw_text(node: etree._Element, space: Matrix, drawing: _Drawing) -> None:
    em = _em(node)
    stretch = (numbers(node.get("HScale")) or (1.0,))[0]
    along, reading = (math.radians((numbers(node.get(name)) or (0.0,))[0]) for name in ("CharDirection", "ReadDirection"))
    right, down = (math.cos(along), math.sin(along)), (-math.sin(along), math.cos(along))
    origin, far, below = apply(space, 0, 0), apply(space, *right), apply(space, *down)
    size = em * math.hypot(below[0] - origin[0], below[1] - origin[1])
    angle = math.degrees(math.atan2(far[1] - origin[1], far[0] - origin[0])) / 90
    if not math.isfinite(size) or not 1 <= size < 10_000 or abs(angle - round(angle)) > 0.1:
        return  # a leaning watermark
    quarter = round(angle) % 4
    x = y = 0.0
    for code in children(node, "TextCode"):
        x, y = (numbers(code.get("X")) or (x,))[0], (numbers(code.get("Y")) or (y,))[0]
        for char, at_x, at_y, width in _placed(code, x, y, em * stretch, reading):
            base_x, base_y = apply(space, at_x, at_y)
            if char.isspace() or not math.isfinite(base_x + base_y) or drawing.overprints.again(ord(char), base_x, base_y, size):
                continue
            ends = [
                apply(space, at_x + across * width * right[0] + up * em * down[0], at_y + across * width * right[1] + up * em * down[1])
                for across, up in ((0.0, -0.85), (1.0, 0.15))
            ]
            (ax, ay), (bx, by) = ends
            drawing.glyphs.append(RawGlyph(char, min(ax, bx), min(ay, by), max(ax, bx), max(ay, by), base_x, base_y, size, quarter))
            if len(drawing.glyphs) > MAX_GLYPHS:
                raise PageTooComplexError(f"more than {MAX_GLYPHS} characters")


def _em(node: etree._Element) -> float:
    """The size of the characters; where the writer left it out or misspelt it, the height of the object's Boundary."""
    return (numbers(node.get("Size")) or numbers(node.get("size")) or numbers(node.get("Boundary"))[3:] or (0.0,))[0]


def _placed(code: etree._Element, x: float, y: float, em: float, reading: float) -> Iterator[tuple[str, float, float, float]]:
    """The characters of a TextCode with the places of their origins and their widths, in the object's space."""
    text = "".join((code.text or "", *(below.tail or "" for below in code)))  # not what entities stand for
    text = (text.strip() if "\n" in text else text).replace("\n", "").replace("\t", " ")  # line breaks are the XML's, not the page's
    across, down = (deltas(code.get(name), len(text)) for name in ("DeltaX", "DeltaY"))
    for i, char in enumerate(text):
        width = natural = em * (1.0 if is_wide(char) else 0.5)
        # The last distance given holds on.
        step_x = across[min(i, len(across) - 1)] if across else 0.0
        step_y = down[min(i, len(down) - 1)] if down else 0.0
        if not across and not down:
            step_x, step_y = natural * math.cos(reading), natural * math.sin(reading)
        elif 0.2 * em < step_x < 1.25 * natural:
            width = step_x
        if char >= "\x20" and not "\ud800" <= char <= "\udfff":
            yield char, x, y, width
        x, y = x + step_x, y + step_y


def _draw_path(node: etree._Element, space: Matrix, drawing: _Drawing) -> None:
    stroked = _is_on(node, "Stroke", "true", "StrokeColor")
    if not stroked and not _is_on(node, "Fill", "false", "FillColor"):
        return
    own, clip = _own_space(node, space), _corners(node, space)
    data = child(node, "AbbreviatedData")
    for points in subpaths(None if data is None else data.text):
        drawing.segments += len(points)
        if drawing.segments > MAX_SEGMENTS:
            raise PageTooComplexError(f"more than {MAX_SEGMENTS} pieces of lines")
        drawing.paths.append(([apply(own, *point) for point in points], stroked, clip))


def _is_on(node: etree._Element, name: str, default: str, color: str) -> bool:
    shade = child(node, color)
    return node.get(name, default).strip().lower() in ("true", "1") and (shade is None or shade.get("Alpha", "255").strip() != "0")


def _content(drawing: _Drawing, number: int, width: float, height: float) -> PageContent:
    turn, place, width, height = upright_frame(drawing.glyphs, (0.0, 0.0, width, height))
    horizontal: list[Ruling] = []
    vertical: list[Ruling] = []
    fills: list[Box] = []
    covered = 0.0
    paths = drawing.paths
    for corners in filter(None, drawing.pictures):
        box = _box([place(*corner) for corner in corners])
        covered += box.area
        if min(box.x1 - box.x0, box.bottom - box.top) <= THIN:
            paths = [*paths, (corners, False, corners)]
    for points, stroked, corners in paths:
        clip = _box([place(*corner) for corner in corners]) if corners else None
        placed = [place(*point) for point in points]
        lines = list(lines_of_path(placed, stroked))
        fill = None if lines or stroked else filled_box(placed, (width, height))
        if fill is not None:
            fills.append(fill)
        for ruling, level in lines:
            clipped = ruling if clip is None else _clipped(ruling, level, clip)
            if clipped is not None:
                (horizontal if level else vertical).append(clipped)
    glyphs = upright_glyphs(drawing.glyphs, turn, place)
    share = min(1.0, covered / max(1.0, width * height))
    return PageContent(number, width, height, glyphs, tuple(horizontal), tuple(vertical), tuple(fills), share)


def _box(points: Points) -> Box:
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return Box(min(xs), min(ys), max(xs), max(ys))


def _clipped(ruling: Ruling, level: bool, clip: Box) -> Ruling | None:
    """What the object's Boundary lets be seen of a line; boundaries of lines are often drawn as thin as the line."""
    low, high, first, last = (clip.top, clip.bottom, clip.x0, clip.x1) if level else (clip.x0, clip.x1, clip.top, clip.bottom)
    start, end = max(ruling.start, first - THIN), min(ruling.end, last + THIN)
    return Ruling(ruling.at, start, end) if low - THIN <= ruling.at <= high + THIN and start < end else None
