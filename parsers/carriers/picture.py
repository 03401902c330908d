"""Pictures (PNG, JPEG, GIF, WebP, BMP, TIFF) -> Document, by OCR where the extra is installed."""

from __future__ import annotations

import io
import time
import warnings
from collections.abc import Iterable, Iterator
from dataclasses import replace

import numpy as np

from parsers.carriers.extra import HINT, missing
from parsers.carriers.ocr.engine import engine
from parsers.carriers.ocr.ink import Gray
from parsers.carriers.ocr.scan import read_scan
from parsers.carriers.page.glyphs import PageContent
from parsers.carriers.page.lattice import TooManyLinesError
from parsers.carriers.page.pages import document_of
from parsers.document import Document

MAX_PIXELS = 100_000_000  # of one page
MAX_PAGES = 40
MAX_SECONDS = 60.0  # a build gives a payload 120
WIDTH = 1000.0  # addresses on a picture count thousandths of its width
_FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
_LEAST = 200  # pixels: no table is as narrow
_WIDEST = 2600  # pixels: A4 at 300 dpi; larger ones are shrunk

Problems = list[tuple[str, str]]


def read_picture(body: bytes, *, max_seconds: float = MAX_SECONDS) -> Document:
    """Read a picture as the pages of a report.

    Never raises for what the bytes hold. All that it gives is recognised (``Document.recognised``). ``problems``: ``image_only`` (nothing
    was read, or the extra is missing), ``broken_image``, ``too_large``, ``too_many_pages``, ``timeout``, ``page_too_complex``.
    """
    if missing():
        return Document("image", (), problems=(("image_only", f"a picture: the report is not readable as text; {HINT}"),))
    deadline = time.monotonic() + max_seconds
    problems: Problems = []
    pages = [(number, frame, WIDTH) for number, frame in enumerate(frames_of(body, problems), 1)]
    contents = recognised_pages(pages, len(pages), problems, deadline)
    recognised = [page.number for page in contents if page.glyphs]
    document = document_of(contents, problems, "image", deadline + max_seconds, recognised)
    if not document.blocks and not problems:
        return Document("image", (), problems=(("image_only", "a picture in which no text was found"),))
    if document.blocks:
        read = {page.number for page in contents}
        document = replace(document, unread=(*document.unread, *(f"page[{number}]" for number, *_ in pages if number not in read)))
    return document


def recognised_pages(pages: Iterable[tuple[int, Gray, float]], count: int, problems: Problems, deadline: float) -> list[PageContent]:
    """The content of ``count`` pages that are pictures: (number, picture, width in points) each. None where the extra is missing."""
    recogniser = engine()
    contents: list[PageContent] = []
    if recogniser is None:
        return contents
    for number, gray, width in pages:
        try:
            contents.append(read_scan(gray, recogniser, number, width, deadline))
        except TimeoutError:
            problems.append(("timeout", f"time ran out: {len(contents)} of {count} pictures were read"))
            break
        except TooManyLinesError as error:
            problems.append(("page_too_complex", f"picture {number} was left out: {error}"))
    return contents


def frames_of(body: bytes, problems: Problems) -> Iterator[Gray]:
    """The pages of a picture file in grey: all of a TIFF, the first of an animation."""
    from PIL import Image, ImageSequence

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            with Image.open(io.BytesIO(body), formats=_FORMATS) as image:
                pages = ImageSequence.Iterator(image) if image.format == "TIFF" else iter((image,))
                for number, page in enumerate(pages, 1):
                    if number > MAX_PAGES:
                        problems.append(("too_many_pages", f"the picture has more than {MAX_PAGES} pages"))
                        return
                    if page.width * page.height > MAX_PIXELS:
                        problems.append(("too_large", f"a picture of {page.width} x {page.height} pixels; the limit is {MAX_PIXELS:,}"))
                    elif page.width < _LEAST:
                        problems.append(("image_only", f"a picture {page.width} pixels wide: too small to read"))
                    else:
                        yield _gray(page)
        except Exception as error:  # decoders raise whatever comes to them on damaged bytes
            problems.append(("broken_image", f"the picture cannot be opened ({type(error).__name__}): fetch it again"))


def _gray(image: object) -> Gray:
    from PIL import Image, ImageOps

    assert isinstance(image, Image.Image)
    upright = ImageOps.exif_transpose(image)
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    if upright.mode.startswith(("I", "F")):  # 16 bits a pixel
        values = np.asarray(upright).astype(np.float64)
        upright = Image.fromarray((values * 255 / max(values.max(), 1)).astype(np.uint8))
    gray = upright.convert("L")
    if gray.width > _WIDEST:
        gray = gray.resize((_WIDEST, max(1, round(gray.height * _WIDEST / gray.width))), Image.Resampling.LANCZOS)
    pixels: Gray = np.asarray(gray)
    return pixels
