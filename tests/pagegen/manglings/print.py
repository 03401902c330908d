"""Characters: other code points for the same signs, signs that nobody sees, and numbers written at more length."""

from __future__ import annotations

import re

from ..model import Cell, Draft
from .registry import EVERY, mangling
from .values import _whole, _write

PLAIN = "一二人大行工文用生力子小又口言青面食高"
KANGXI = "⼀⼆⼈⼤⾏⼯⽂⽤⽣⼒⼦⼩⼜⼝⾔⾭⾯⾷⾼"
RADICALS = str.maketrans(PLAIN, KANGXI)


@mangling("labels", EVERY, "numbering")
def radicals(draft: Draft) -> None:
    """Labels with Kangxi radicals (⼀ for 一), as copying from a PDF gives them."""
    for table in draft.tables():
        for cell in table.cells():
            if cell.role in ("label", "header"):
                cell.say(cell.text.translate(RADICALS))


@mangling("labels", EVERY)
def units_in_labels(draft: Draft) -> None:
    """（件） after column heads, or after the labels of table 二."""
    for table in draft.tables():
        for cell in table.cells():
            if cell.role == "header" and cell.column in ("natural_person", "business", "total"):
                cell.say(f"{cell.text}（件）")
            elif table.name == "proactive" and cell.role == "label":
                cell.say(f"{cell.text}（件）" if "收费" not in cell.text and "采购" not in cell.text else cell.text)


@mangling("markup", EVERY)
def character_references(draft: Draft) -> None:
    """Every sign outside ASCII as &#26412;, digits too here and there."""

    def change(page: str) -> str:
        body = re.sub(r">([^<]*\d[^<]*)<", lambda m: ">" + _references(m[1], draft) + "<", page)
        return "".join(c if c.isascii() else f"&#{ord(c)};" for c in body)

    draft.finish.append(change)


def _references(text: str, draft: Draft) -> str:
    if "&" in text or draft.rng.random() < 0.5:
        return text
    return "".join(f"&#x{ord(c):x};" if c.isdigit() else c for c in text)


@mangling("markup", EVERY)
def invisible_characters(draft: Draft) -> None:
    """Zero-width spaces, soft hyphens and byte order marks in labels and numbers."""
    for table in draft.tables():
        for cell in table.cells():
            if cell.text.strip() and draft.rng.random() < 0.2:
                runs = cell.layout()
                at = draft.rng.randint(0, len(runs[0][0]))
                sign = draft.rng.choice("\u200b\ufeff\u00ad\u200c")
                runs = [list(r) for r in runs]
                runs[0][0] = runs[0][0][:at] + sign + runs[0][0][at:]
                cell.paragraphs = runs


@mangling("formats", EVERY, "formats")
def decimals(draft: Draft) -> None:
    """12.00 for 12, as worksheets print it."""
    places = draft.rng.choice((1, 2))
    _write(draft, lambda c: f"{c.value:.{places}f}" if _whole(c) is not None else None)


@mangling("formats", EVERY, "formats")
def other_counters(draft: Draft) -> None:
    """12宗, 12起, 12条, 12 份 for 12件."""
    word = draft.rng.choice(("宗", "起", "条", " 份", "件。", "件次"))

    def form(cell: Cell) -> str | None:
        plain = cell.key and cell.key[0] in ("applications", "disputes") and _whole(cell) is not None
        return f"{cell.text}{word}" if plain else None

    _write(draft, form)


@mangling("formats", EVERY, "formats")
def round_zeros(draft: Draft) -> None:
    """〇 or ○ for 0."""
    sign = draft.rng.choice("〇○")
    _write(draft, lambda c: sign if c.value == 0 else None)
