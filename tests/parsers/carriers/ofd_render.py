"""Drafts of report pages written as OFD (GB/T 33190), in the ways of its writers, and OFD packages by hand."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from html import escape

from tests.pagegen.model import Draft
from tests.parsers.carriers.carrier_render import Print, Sheet, print_on

STANDARD = "http://www.ofdspec.org/2016"
MM = 25.4 / 72  # a point


@dataclass(frozen=True)
class Writer:
    """How an OFD writer writes.

    ``prefix`` of its elements; ``deltas`` of characters: each (one number each), runs (``g n v``), none (one character an object);
    ``text``: ctm (sizes by matrix), plain, codes (several TextCodes an object); ``lines``: stroke, bars (thin fills); ``absolute`` names
    of parts; ``template``: the lines stand on template pages; ``blocks``: everything in page blocks.
    """

    prefix: str = "ofd:"
    namespace: str = STANDARD
    deltas: str = "runs"
    text: str = "plain"
    lines: str = "stroke"
    absolute: bool = False
    template: bool = False
    blocks: bool = False


class OfdSheet(Sheet):
    """A growing OFD file."""

    def __init__(self, how: Print, writer: Writer) -> None:
        self.how, self.writer = how, writer
        self.width, self.height = how.page
        self.left, self.right, self.bottom = 75.0, self.width - 75.0, self.height - 75.0
        self.pages: list[tuple[list[str], list[str]]] = []
        self.number = 0
        self.open_page()

    def open_page(self) -> None:
        self.pages.append(([], []))
        self.number += 1
        self.y = self.how.top
        if self.how.page_number:
            self.text(self.width / 2 - 12, self.height - 40, self.how.page_number.format(self.number), 10)

    def close_page(self) -> None:
        pass

    def advance(self, text: str, size: float) -> float:
        return sum(size * (0.5 if char < "\u0100" else 1.0) for char in text)

    def text(self, x: float, base: float, text: str, size: float) -> None:
        left, y, em = x * MM, base * MM, size * MM
        steps = [self.advance(char, em) for char in text]
        box = f"{left:.3f} {y - 0.9 * em:.3f} {sum(steps):.3f} {1.2 * em:.3f}"
        items = self.pages[-1][0]
        if self.writer.deltas == "none":
            for char, step in zip(text, steps, strict=True):
                items.append(self._text(f"{left:.3f} {y - 0.9 * em:.3f} {step:.3f} {1.2 * em:.3f}", em, [(0.0, char, [step])]))
                left += step
        elif self.writer.text == "codes":
            half = len(text) // 2
            parts = [(0.0, text[:half], steps[:half]), (sum(steps[:half]), text[half:], steps[half:])]
            items.append(self._text(box, em, [part for part in parts if part[1]]))
        else:
            items.append(self._text(box, em, [(0.0, text, steps)]))

    def _text(self, box: str, em: float, codes: list[tuple[float, str, list[float]]]) -> str:
        scale = 0.1 if self.writer.text == "ctm" else 1.0
        ctm = f' CTM="{scale} 0 0 {scale} 0 0"' if scale != 1.0 else ""
        written = "".join(
            f'<TextCode X="{x / scale:.3f}" Y="{0.9 * em / scale:.3f}"{self._delta([step / scale for step in steps[:-1]])}>'
            f"{escape(text)}</TextCode>"
            for x, text, steps in codes
        )
        return f'<TextObject ID="9" Boundary="{box}" Font="1" Size="{em / scale:.4f}"{ctm}><FillColor Value="0 0 0"/>{written}</TextObject>'

    def _delta(self, steps: list[float]) -> str:
        if not steps:
            return ""
        runs: list[tuple[int, float]] = []
        for step in steps:
            if self.writer.deltas == "runs" and runs and abs(runs[-1][1] - step) < 1e-9:
                runs[-1] = (runs[-1][0] + 1, step)
            else:
                runs.append((1, step))
        return ' DeltaX="{}"'.format(" ".join(f"{value:.4f}" if count == 1 else f"g {count} {value:.4f}" for count, value in runs))

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        x, y, right, bottom = (edge * MM for edge in (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
        items = self.pages[-1][1 if self.writer.template else 0]
        if self.writer.lines == "bars":
            box = f"{x:.3f} {y:.3f} {right - x + 0.2:.3f} {bottom - y + 0.2:.3f}"
            w, h = f"{right - x + 0.2:.3f}", f"{bottom - y + 0.2:.3f}"
            path = f"M 0 0 L {w} 0 L {w} {h} L 0 {h} C"
            drawn = 'Stroke="false" Fill="true"'
        else:
            box = f"{x:.3f} {y:.3f} {right - x:.3f} {bottom - y:.3f}"
            path = f"M 0 0 L {right - x:.3f} {bottom - y:.3f}"
            drawn = 'LineWidth="0.18"'
        items.append(f'<PathObject ID="9" Boundary="{box}" {drawn}><AbbreviatedData>{path}</AbbreviatedData></PathObject>')

    def done(self) -> bytes:
        pages, templates = [], []
        for own, lines in self.pages:
            pages.append(page(own, blocks=self.writer.blocks, template=str(1000 + len(templates)) if self.writer.template else None))
            if self.writer.template:
                templates.append(page(lines))
        size = (self.width * MM, self.height * MM)
        return package(pages, templates=templates, size=size, writer=self.writer)


def page(objects: list[str], *, blocks: bool = False, template: str | None = None) -> str:
    """A page or template part."""
    used = f'<Template TemplateID="{template}" ZOrder="Background"/>' if template else ""
    drawn = "".join(objects)
    drawn = f'<PageBlock ID="7"><PageBlock ID="8">{drawn}</PageBlock></PageBlock>' if blocks else drawn
    return f'<Page>{used}<Content><Layer ID="6" Type="Body">{drawn}</Layer></Content></Page>'


def package(
    pages: list[str],
    *,
    templates: list[str] | None = None,
    size: tuple[float, float] = (210.0, 297.0),
    writer: Writer | None = None,
    more: dict[str, str | bytes] | None = None,
    leave_out: str = "",
) -> bytes:
    """An OFD file of page parts; ``more`` adds parts or takes their place."""
    writer = writer or Writer()
    base = "/Doc_0/" if writer.absolute else ""
    listed = "".join(f'<Page ID="{n}" BaseLoc="{base}Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    known = "".join(f'<TemplatePage ID="{1000 + n}" BaseLoc="{base}Tpls/Tpl_{n}/Content.xml"/>' for n in range(len(templates or [])))
    parts: dict[str, str | bytes] = {
        "OFD.xml": "<OFD Version='1.0' DocType='OFD'><DocBody><DocInfo><DocID>1</DocID></DocInfo>"
        f"<DocRoot>{'/' if writer.absolute else ''}Doc_0/Document.xml</DocRoot>"
        "<Signatures>Doc_0/Signs/Signatures.xml</Signatures></DocBody></OFD>",
        "Doc_0/Document.xml": f"<Document><CommonData><MaxUnitID>9</MaxUnitID><PageArea><PhysicalBox>0 0 {size[0]:.2f} {size[1]:.2f}"
        f"</PhysicalBox></PageArea><PublicRes>PublicRes.xml</PublicRes>{known}</CommonData><Pages>{listed}</Pages></Document>",
        "Doc_0/PublicRes.xml": '<Res BaseLoc="Res"><Fonts><Font ID="1" FontName="SimSun"/></Fonts></Res>',
    }
    parts |= {f"Doc_0/Pages/Page_{n}/Content.xml": text for n, text in enumerate(pages)}
    parts |= {f"Doc_0/Tpls/Tpl_{n}/Content.xml": text for n, text in enumerate(templates or [])}
    parts |= more or {}
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written:
        for name, text in parts.items():
            if name != leave_out:
                written.writestr(name, text if isinstance(text, bytes) else _named(text, writer))
    return buffer.getvalue()


def _named(text: str, writer: Writer) -> str:
    """The part with its namespace declared and its elements prefixed."""
    declared = f' xmlns{":" + writer.prefix[:-1] if writer.prefix else ""}="{writer.namespace}"' if writer.namespace else ""
    text = text.replace("</", "\0").replace("<", f"<{writer.prefix}").replace("\0", f"</{writer.prefix}")
    at = min(i for i in (text.find(">"), text.find(" "), text.find("/>")) if i > 0)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{text[:at]}{declared}{text[at:]}'


def ofd_of(draft: Draft, how: Print | None = None, writer: Writer | None = None) -> bytes:
    """The draft printed as OFD."""
    sheet = OfdSheet(how or Print(), writer or Writer())
    print_on(sheet, draft)
    return sheet.done()
