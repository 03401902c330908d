"""What is drawn on a PDF page beside its text: lines, filled boxes, pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from parsers.carriers.page.drawn import (
    IDENTITY,
    MAX_SEGMENTS,
    Matrix,
    PageTooComplexError,
    Place,
    apply,
    box_around,
    filled_box,
    is_thin,
    lines_of_box,
    lines_of_path,
    lines_of_rings,
    times,
)
from parsers.carriers.page.glyphs import Box, Ruling
from parsers.carriers.pdf_objects.unseen import may_hide

MAX_OBJECTS = 150_000

Point = tuple[float, float]


class Drawing(NamedTuple):
    """Level and upright lines and filled boxes in upright points, the area covered by pictures, whether a text may be unseen."""

    horizontal: list[Ruling]
    vertical: list[Ruling]
    fills: list[Box]
    pictures: float
    may_hide_text: bool = False


def read_drawing(pdfium: Any, page: Any, place: Place, size: tuple[float, float]) -> Drawing:
    """The lines, filled boxes and pictures of the page; ``size`` is its width and height.

    Raises:
        PageTooComplexError: more objects or segments than any report draws.
    """
    drawing = Drawing([], [], [], 0.0)
    pictures, may_hide_text = 0.0, False
    budget = MAX_SEGMENTS
    for item, kind, matrix in _objects(pdfium, page):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            may_hide_text = may_hide_text or may_hide(pdfium, item)
            continue
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            box = box_around(_placed(_corners(matrix, _object_matrix(pdfium, item)), place))
            pictures += box.area
            _add(drawing, lines_of_box(box) if is_thin(box) else ())
            continue
        if kind != pdfium.FPDF_PAGEOBJ_PATH:
            continue
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
        stroked = bool(stroke.value)
        if not fill.value and not stroked:
            continue
        bounds = None if stroked else _bounds(pdfium, item, matrix, place)
        if bounds is not None and is_thin(bounds):
            _add(drawing, lines_of_box(bounds))  # a filled line or dot: most of what tables are drawn with, and one call tells it
            continue
        count = pdfium.FPDFPath_CountSegments(item)
        budget -= max(0, count)
        if budget < 0:
            raise PageTooComplexError(f"more than {MAX_SEGMENTS} drawn segments")
        subpaths = [_placed(points, place) for points in _subpaths(pdfium, item, count, times(_object_matrix(pdfium, item), matrix))]
        if len(subpaths) in (2, 4) and not stroked and _add(drawing, lines_of_rings([box_around(points) for points in subpaths])):
            continue
        for placed in subpaths:
            if not _add(drawing, lines_of_path(placed, stroked)) and not stroked and (filled := filled_box(placed, size)) is not None:
                drawing.fills.append(filled)
    return drawing._replace(pictures=pictures, may_hide_text=may_hide_text)


def _add(drawing: Drawing, lines: Iterable[tuple[Ruling, bool]]) -> bool:
    """Note the lines; whether there were any."""
    found = False
    for ruling, level in lines:
        (drawing.horizontal if level else drawing.vertical).append(ruling)
        found = True
    return found


def _objects(pdfium: Any, page: Any) -> Iterator[tuple[Any, int, Matrix]]:
    """What the page draws, inside form XObjects too: the object, its kind, the matrix of its form."""
    stack: list[tuple[Any, Matrix, int]] = []
    budget = MAX_OBJECTS
    for i in range(pdfium.FPDFPage_CountObjects(page)):
        stack.append((pdfium.FPDFPage_GetObject(page, i), IDENTITY, 0))
        while stack:
            budget -= 1
            if budget < 0:
                raise PageTooComplexError(f"more than {MAX_OBJECTS} drawn objects")
            item, matrix, depth = stack.pop()
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind != pdfium.FPDF_PAGEOBJ_FORM:
                yield item, kind, matrix
            elif depth < 8:
                inner = times(_object_matrix(pdfium, item), matrix)
                for j in range(min(budget, pdfium.FPDFFormObj_CountObjects(item))):
                    stack.append((pdfium.FPDFFormObj_GetObject(item, j), inner, depth + 1))


def _placed(points: list[Point], place: Place) -> list[Point]:
    return [place(x, y) for x, y in points]


def _bounds(pdfium: Any, item: Any, matrix: Matrix, place: Place) -> Box | None:
    """The box around an object, in upright points."""
    edges = ctypes.c_float(), ctypes.c_float(), ctypes.c_float(), ctypes.c_float()
    if not pdfium.FPDFPageObj_GetBounds(item, *edges):
        return None
    left, bottom, right, top = (edge.value for edge in edges)
    corners = [(left, bottom), (right, top)]  # two of them tell the others, as long as the page is turned by quarters only
    if matrix != IDENTITY:
        corners = [apply(matrix, x, y) for x, y in (*corners, (left, top), (right, bottom))]
    return box_around(_placed(corners, place))


def _object_matrix(pdfium: Any, item: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _corners(outer: Matrix, own: Matrix) -> list[Point]:
    """Where an image (the unit square) is drawn."""
    matrix = times(own, outer)
    return [apply(matrix, x, y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]


def _subpaths(pdfium: Any, path: Any, count: int, matrix: Matrix) -> list[list[Point]]:
    """The straight subpaths of a path, closed where the path says so; a curve ends one, for no table has curves."""
    x, y = ctypes.c_float(), ctypes.c_float()
    subpaths: list[list[Point]] = []
    for i in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(path, i)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = apply(matrix, x.value, y.value)
        if pdfium.FPDFPathSegment_GetType(segment) == pdfium.FPDF_SEGMENT_LINETO and subpaths:
            subpaths[-1].append(point)
        else:
            subpaths.append([point])
        if pdfium.FPDFPathSegment_GetClose(segment) and subpaths:
            subpaths[-1].append(subpaths[-1][0])
    return [points for points in subpaths if len(points) > 1]
