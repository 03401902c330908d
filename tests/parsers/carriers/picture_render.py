"""Drafts of report pages drawn as pictures, as offices publish them: scans, photographs of screens, shrunken JPEGs."""

from __future__ import annotations

import io
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from tests.pagegen.model import Draft, Table
from tests.parsers.carriers.carrier_render import A4, Print, Sheet, draw_table, print_on

_FONTS = ("wqy", "NotoSansCJK-Regular", "NotoSerifCJK-Regular", "DroidSansFallback", "uming", "ukai", "SourceHan")


@cache
def chinese_font() -> str | None:
    """The file of a font with Chinese characters; None where none is installed."""
    folders = [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts"]
    files = sorted(path for folder in folders if folder.is_dir() for path in folder.rglob("*.tt[cf]"))
    for name in _FONTS:
        for path in files:
            if name in path.name:
                return str(path)
    if shutil.which("fc-match"):
        found = subprocess.run(["fc-match", "-f", "%{lang}|%{file}", ":lang=zh-cn"], capture_output=True, text=True, check=False).stdout
        if "zh-cn" in found.partition("|")[0]:
            return found.partition("|")[2]
    return None


class PictureSheet(Sheet):
    """Growing pictures, one a page; ``scale`` is pixels for a point."""

    def __init__(self, how: Print, scale: float = 2.0) -> None:
        self.how, self.scale = how, scale
        self.width, self.height = how.page
        self.left, self.right, self.bottom = 75.0, self.width - 75.0, self.height - 75.0
        self.pages: list[Any] = []
        self.number = 0
        self.open_page()

    def open_page(self) -> None:
        from PIL import Image, ImageDraw

        self.number += 1
        self.pages.append(Image.new("L", (round(self.width * self.scale), round(self.height * self.scale)), 255))
        self.draw = ImageDraw.Draw(self.pages[-1])
        self.y = self.how.top

    def close_page(self) -> None:
        pass

    def _font(self, size: float) -> Any:
        return _font(chinese_font() or "", round(size * self.scale))

    def advance(self, text: str, size: float) -> float:
        return float(self._font(size).getlength(text)) / self.scale

    def text(self, x: float, base: float, text: str, size: float) -> None:
        self.draw.text((x * self.scale, base * self.scale), text, font=self._font(size), fill=0, anchor="ls")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.draw.line([round(edge * self.scale) for edge in (x0, y0, x1, y1)], fill=0, width=max(1, round(0.5 * self.scale)))


@cache
def _font(name: str, size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(name, size)


def pictures_of(draft: Draft, how: Print | None = None, scale: float = 2.0) -> list[Any]:
    """The pages of the draft as Pillow images, tall enough for all of it unless ``how`` says otherwise."""
    sheet = PictureSheet(how or Print(page=(A4[0], 3 * A4[1])), scale)
    print_on(sheet, draft)
    return [_cut(picture) for picture in sheet.pages]


def _cut(picture: Any) -> Any:
    """Without the white below the last line."""
    from PIL import ImageOps

    bottom = ImageOps.invert(picture).getbbox()[3]
    return picture.crop((0, 0, picture.width, min(picture.height, bottom + 40)))


def file_of(picture: Any, kind: str = "PNG", **options: Any) -> bytes:
    """The picture as a file."""
    buffer = io.BytesIO()
    picture.save(buffer, kind, **options)
    return buffer.getvalue()


def picture_of(table: Table, title: str = "", scale: float = 1.5) -> Any:
    """One table, with a title above it, as a Pillow image."""
    sheet = PictureSheet(Print(page=A4), scale)
    if title:
        sheet.paragraph(title, 14, middle=True)
    draw_table(sheet, table)
    return _cut(sheet.pages[0])


def table_of(draft: Draft, name: str) -> Table:
    """The draft's table of that name."""
    return next(table for table in draft.tables() if table.name == name)
