"""What is drawn on a PDF page beside its text: lines, filled boxes, pictures."""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

from parsers.carriers.drawn import (
    IDENTITY,
    MAX_SEGMENTS,
    THIN,
    Matrix,
    PageTooComplexError,
    Place,
    apply,
    filled_box,
    lines_of_path,
    times,
)
from parsers.carriers.glyphs import Box, Ruling
from parsers.carriers.unseen import may_hide

MAX_OBJECTS = 150_000


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
    for item, matrix in _objects(pdfium, page):
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            strokes = [_corners(matrix, _object_matrix(pdfium, item))]
            width, height = _extent(strokes[0], place)
            pictures += width * height
            if min(width, height) > THIN:
                continue
            stroked = False
        elif kind == pdfium.FPDF_PAGEOBJ_PATH:
            fill, stroke = ctypes.c_int(), ctypes.c_int()
            pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
            stroked = bool(stroke.value)
            if not fill.value and not stroked:
                continue
            bounds = None if stroked else _bounds(pdfium, item, matrix)
            if bounds is not None and min(_extent(bounds, place)) <= THIN:
                strokes = [bounds]  # a filled line or dot: most of what tables are drawn with, and one call tells it
            else:
                count = pdfium.FPDFPath_CountSegments(item)
                budget -= max(0, count)
                if budget < 0:
                    raise PageTooComplexError(f"more than {MAX_SEGMENTS} drawn segments")
                strokes = _subpaths(pdfium, item, count, times(_object_matrix(pdfium, item), matrix))
        else:
            may_hide_text = may_hide_text or (kind == pdfium.FPDF_PAGEOBJ_TEXT and may_hide(pdfium, item))
            continue
        for points in strokes:
            found = False
            for ruling, level in lines_of_path(points, stroked, place):
                (drawing.horizontal if level else drawing.vertical).append(ruling)
                found = True
            box = None if found or stroked else filled_box(points, place, size)
            if box is not None:
                drawing.fills.append(box)
    return drawing._replace(pictures=pictures, may_hide_text=may_hide_text)


def _objects(pdfium: Any, page: Any) -> Iterator[tuple[Any, Matrix]]:
    """Paths and images of the page, those inside form XObjects too, each with the matrix of its form."""
    stack: list[tuple[Any, Matrix, int]] = []
    budget = MAX_OBJECTS
    for i in range(pdfium.FPDFPage_CountObjects(page)):
        stack.append((pdfium.FPDFPage_GetObject(page, i), IDENTITY, 0))
        while stack:
            budget -= 1
            if budget < 0:
                raise PageTooComplexError(f"more than {MAX_OBJECTS} drawn objects")
            item, matrix, depth = stack.pop()
            if pdfium.FPDFPageObj_GetType(item) != pdfium.FPDF_PAGEOBJ_FORM:
                yield item, matrix
            elif depth < 8:
                inner = times(_object_matrix(pdfium, item), matrix)
                for j in range(min(budget, pdfium.FPDFFormObj_CountObjects(item))):
                    stack.append((pdfium.FPDFFormObj_GetObject(item, j), inner, depth + 1))


def _bounds(pdfium: Any, item: Any, matrix: Matrix) -> list[tuple[float, float]] | None:
    """The corners of the box around an object."""
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    corners = ((left.value, bottom.value), (right.value, bottom.value), (right.value, top.value), (left.value, top.value))
    return [apply(matrix, x, y) for x, y in corners]


def _object_matrix(pdfium: Any, item: Any) -> Matrix:
    matrix = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, matrix):
        return IDENTITY
    return (matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f)


def _corners(outer: Matrix, own: Matrix) -> list[tuple[float, float]]:
    """Where an image (the unit square) is drawn."""
    matrix = times(own, outer)
    return [apply(matrix, x, y) for x, y in ((0, 0), (1, 0), (1, 1), (0, 1), (0, 0))]


def _extent(points: list[tuple[float, float]], place: Place) -> tuple[float, float]:
    placed = [place(x, y) for x, y in points]
    xs, ys = [x for x, _ in placed], [y for _, y in placed]
    return max(xs) - min(xs), max(ys) - min(ys)


def _subpaths(pdfium: Any, path: Any, count: int, matrix: Matrix) -> list[list[tuple[float, float]]]:
    """The straight subpaths of a path, closed where the path says so; a curve ends one, for no table has curves."""
    x, y = ctypes.c_float(), ctypes.c_float()
    subpaths: list[list[tuple[float, float]]] = []
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
