"""The only font that pdfium sees besides its own: a box for every character (scripts/make_box_font.py).

A PDF need not contain its Chinese fonts. Left alone, pdfium then measures by whatever font the machine has, and without one it drops
what stands alone in its cell: 人, or a 5. With the box a file reads the same everywhere, and nothing is dropped.
"""

from __future__ import annotations

import ctypes
from functools import cache
from pathlib import Path
from typing import Any

_FONT = Path(__file__).with_name("box.ttf").read_bytes()
_HANDLE = 1
_EAST_ASIAN = frozenset((128, 129, 134, 136))  # pdfium's charsets: Shift JIS, Hangul, GB 2312, Big5; for others it has fonts itself


@cache
def install() -> Any:
    """Give pdfium the box, once for all files; the caller holds the lock. What is returned must live as long as pdfium."""
    import pypdfium2.raw as pdfium

    made = dict(pdfium.FPDF_SYSFONTINFO._fields_)

    def map_font(_info: Any, _weight: int, _italic: int, charset: int, _pitch: int, _face: Any, _exact: Any) -> int | None:
        return _HANDLE if charset in _EAST_ASIAN else None

    def font_data(_info: Any, _handle: Any, table: int, buffer: Any, size: int) -> int:
        if table:  # a table of its own: only collections are asked for any, and this is none
            return 0
        if buffer and size >= len(_FONT):
            ctypes.memmove(buffer, _FONT, len(_FONT))
        return len(_FONT)

    fonts = pdfium.FPDF_SYSFONTINFO(
        version=1,
        Release=made["Release"](lambda _info: None),
        EnumFonts=made["EnumFonts"](lambda _info, _mapper: None),
        MapFont=made["MapFont"](map_font),
        GetFont=made["GetFont"](lambda _info, _face: None),
        GetFontData=made["GetFontData"](font_data),
        GetFaceName=made["GetFaceName"](lambda _info, _handle, _buffer, _size: 0),
        GetFontCharset=made["GetFontCharset"](lambda _info, _handle: 134),
        DeleteFont=made["DeleteFont"](lambda _info, _handle: None),
    )
    pdfium.FPDF_SetSystemFontInfo(fonts)
    return fonts
