"""Make parsers/carriers/pdf_objects/box.ttf: a font of one box that stands for every character.

    pip install fonttools
    python scripts/make_box_font.py

pdfium measures the glyphs of a font that is not inside the PDF by a font of the machine, and drops what that font has no glyph for.
Measured by this box instead, a PDF reads the same on every machine.
"""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib.tables._c_m_a_p import cmap_format_13, table__c_m_a_p

OUT = Path(__file__).resolve().parent.parent / "parsers" / "carriers" / "pdf_objects" / "box.ttf"
EM, ASCENT, DESCENT = 1000, 880, -120
INK = 50, 250  # narrower than any character's advance, which the PDF itself states


def main() -> None:
    pen = TTGlyphPen(None)
    left, right = INK
    pen.moveTo((left, DESCENT))
    for corner in ((left, ASCENT), (right, ASCENT), (right, DESCENT)):
        pen.lineTo(corner)
    pen.closePath()
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder([".notdef", "box"])
    glyph = pen.glyph()
    builder.setupGlyf({".notdef": glyph, "box": glyph})
    builder.setupHorizontalMetrics({".notdef": (EM, left), "box": (EM, left)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=DESCENT)
    every = cmap_format_13(13)
    every.platformID, every.platEncID, every.language = 3, 10, 0
    every.format, every.reserved, every.length, every.nGroups = 13, 0, 28, 1
    every.cmap = dict.fromkeys(range(0x20, 0x30000), "box")
    characters = table__c_m_a_p("cmap")
    characters.tableVersion, characters.tables = 0, [every]
    builder.font["cmap"] = characters
    builder.setupNameTable({"familyName": "Box", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=ASCENT, sTypoDescender=DESCENT, usWinAscent=ASCENT, usWinDescent=-DESCENT)
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = 0  # the same bytes every time
    builder.font.recalcTimestamp = False
    builder.save(OUT)


if __name__ == "__main__":
    main()
