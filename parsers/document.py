"""What every carrier (HTML, text, DOCX, PDF ...) becomes: one sequence of blocks, each with an address.

A Document keeps what is printed and where. It knows nothing of forms, values or Chinese.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import NamedTuple

# Stands in the text of a cell whose value the print leaves open, between all that may be its value, or at the end: no number has it.
OPEN = " ¦ "
OPEN_END = OPEN.rstrip()
# The text of a cell that shows nothing but a picture or another object: what it says is not known.
OBJECT = "\ufffc"
# Stands for a blank cell between values on one line, until they are cells.
BLANK = "␣"


class TableCell(NamedTuple):
    """One printed cell: its text (white space collapsed, line breaks kept as one blank) and its spans (>= 1)."""

    text: str
    colspan: int = 1
    rowspan: int = 1


class Paragraph(NamedTuple):
    """A line of prose. ``text`` has its white space collapsed; ``locator`` says where in the carrier it stands."""

    text: str
    locator: str

    def moved(self, place: Callable[[str], str]) -> Paragraph:
        """The same at another address; ``place`` gives the new one for the old."""
        return self._replace(locator=place(self.locator))


@dataclass(frozen=True, slots=True)
class Table:
    """A table as printed: rows of cells in source order, spans not yet resolved (see parsers.grid).

    ``locator`` is the address of the table (``table[3]``, ``page[2]/table[1]``). ``addresses``, where a carrier has
    better ones than row and cell numbers (the box of a PDF cell), holds one address per cell, in the shape of ``rows``.
    ``spans_known`` is false where the carrier lost them (text with `` | `` between cells).
    """

    locator: str
    rows: tuple[tuple[TableCell, ...], ...]
    addresses: tuple[tuple[str, ...], ...] | None = None
    spans_known: bool = True

    def address(self, row: int, cell: int) -> str:
        """Address of the ``cell``-th cell of the ``row``-th row (both from 0), stable for the same bytes."""
        if self.addresses is not None:
            return self.addresses[row][cell]
        return f"{self.locator}/tr[{row + 1}]/td[{cell + 1}]"

    def moved(self, place: Callable[[str], str]) -> Table:
        """The same at other addresses; ``place`` gives the new one for each old one."""
        addresses = self.addresses and tuple(tuple(map(place, row)) for row in self.addresses)
        return replace(self, locator=place(self.locator), addresses=addresses)


def raised_text(text: str) -> str:
    """What is printed raised: a number is that of a note, in brackets, for 5 and a raised 1 is not 51."""
    return f"[{text.strip()}]" if text.strip().isdecimal() else text


def open_text(texts: Iterable[str]) -> str:
    """The text of a cell whose value is left open between some texts."""
    return OPEN.join(texts) + OPEN_END


def one_of(texts: Iterable[str | None]) -> str:
    """All that may be the text of a cell but blanks, each once, as one text that is no number; texts that are open may be any of theirs."""
    found = dict.fromkeys(piece for text in texts if text for piece in text.removesuffix(OPEN_END).rstrip().split(OPEN) if piece)
    return OPEN.join(found) + (OPEN_END if len(found) == 1 else "")


def cell_addresses(line: str, count: int) -> tuple[str, ...]:
    """The addresses of the cells of a printed line (``line[17]/cell[1]`` ...), in a text or where spans are not known."""
    return tuple(f"{line}/cell[{number}]" for number in range(1, count + 1))


Block = Paragraph | Table


# What a link to a document looks like, the download scripts of the VSB family included.
ATTACHMENT = re.compile(r"\.(?:pdf|docx?|wps|xlsx?|et|ofd|zip|rar|rtf)(?:[?#]|$)|DownloadAttach|/download\.jsp", re.I)


class Link(NamedTuple):
    """A link of the page to a document (see ATTACHMENT): its target as printed and its text."""

    href: str
    text: str


@dataclass(frozen=True, slots=True)
class Document:
    """A page as blocks in reading order.

    ``kind`` is one of ``html text docx pdf ofd xlsx image unknown``; ``encoding`` the charset that was used, None for
    binary carriers; ``title`` the carrier's own title (<title>, document properties); ``meta`` the <meta> tags, names
    in lower case; ``links`` the documents it points to; ``images`` the addresses of its pictures, where its tables are few;
    ``problems`` are (code, message) pairs met while reading the carrier. ``recognised``: how the locators begin of all that was read by
    OCR and may be misread. ``unread``: the addresses of lines of numbers of which no table was made, and of pages that were not read.
    """

    kind: str
    blocks: tuple[Block, ...]
    encoding: str | None = None
    title: str = ""
    meta: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    links: tuple[Link, ...] = ()
    images: tuple[str, ...] = ()
    problems: tuple[tuple[str, str], ...] = ()
    recognised: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()

    def paragraphs(self) -> Iterator[Paragraph]:
        """The paragraphs in reading order."""
        return (block for block in self.blocks if isinstance(block, Paragraph))

    def tables(self) -> Iterator[Table]:
        """The tables in reading order."""
        return (block for block in self.blocks if isinstance(block, Table))

    def printed(self) -> Document:
        """The document without the prose that OCR read."""
        if not self.recognised:
            return self
        kept = (block for block in self.blocks if isinstance(block, Table) or not block.locator.startswith(self.recognised))
        return replace(self, blocks=tuple(kept))
