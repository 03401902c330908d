"""DOCX, XLSX and OFD files whose XML is damaged: a named problem, never a number from mended markup, never an exception."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

import pytest

from parsers import parse
from tests.pagegen.generate import draft
from tests.parsers.carriers.carrier_render import docx_of, xlsx_of
from tests.parsers.carriers.ofd_render import ofd_of

PACKAGES = {"docx": docx_of(draft(2, "2021")), "xlsx": xlsx_of(draft(2, "2021")), "ofd": ofd_of(draft(2, "2021"))}


def with_parts(body: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    """The package with every part changed."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return out.getvalue()


def scrambled(part: bytes, rng: random.Random) -> bytes:
    """Tags left out, repeated, moved, or with other numbers."""
    pieces = re.split(rb"(<[^>]*>)", part)
    for _ in range(rng.choice((1, 4, 20))):
        here, there = rng.randrange(len(pieces)), rng.randrange(len(pieces))
        way = rng.randrange(4)
        if way == 0:
            pieces[here] = b""
        elif way == 1:
            pieces[here], pieces[there] = pieces[there], pieces[here]
        elif way == 2:
            pieces[here] = pieces[here][:200] * 40
        else:
            pieces[here] = re.sub(rb"\d+", rng.choice((b"-1", b"99999999999", b"0", b"1e9", b"NaN")), pieces[here])
    return b"".join(pieces)


@pytest.mark.parametrize("kind", PACKAGES)
@pytest.mark.parametrize("damage", [(b"</", b"<"), (b"xmlns", b"xmlnz xml"), (b">", b"")])
def test_xml_that_is_not_well_formed_is_not_mended(kind: str, damage: tuple[bytes, bytes]) -> None:
    shown = {"docx": "document", "xlsx": "worksheets/", "ofd": "Content"}[kind]
    report = parse(with_parts(PACKAGES[kind], lambda name, part: part.replace(*damage, 1) if shown in name else part))
    assert f"broken_{kind}" in {problem.code for problem in report.problems}
    assert not [cell for cell in report.cells if cell.status == "reported"]


def test_damaged_styles_hide_no_hidden_text() -> None:
    report = parse(with_parts(PACKAGES["docx"], lambda name, part: part[:-5] if name.endswith("styles.xml") else part))
    assert "broken_docx" in {problem.code for problem in report.problems}


@pytest.mark.parametrize("kind", PACKAGES)
@pytest.mark.parametrize("seed", range(25))
def test_no_damage_raises(kind: str, seed: int) -> None:
    rng = random.Random(seed)
    report = parse(with_parts(PACKAGES[kind], lambda _name, part: scrambled(part, rng)))
    assert report.problems or report.tables
