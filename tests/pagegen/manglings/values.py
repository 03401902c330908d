"""What stands in a cell instead of a plain number, and the one false number."""

from __future__ import annotations

from collections.abc import Callable

from ..declared import MONEY
from ..model import Cell, Draft
from ..verdicts import verdict
from .registry import EVERY, mangling

HAN = "零一二三四五六七八九"


def han(number: int) -> str:
    """A number below 100,000 in Chinese numerals."""
    if number == 0:
        return "零"
    out, gap = "", False
    for power, unit in ((10000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // power % 10
        if digit:
            out += ("零" if gap else "") + HAN[digit] + unit
        gap = not digit and bool(out)
    return out[1:] if out.startswith("一十") else out


def values(draft: Draft, wanted: Callable[[Cell], bool] = lambda _: True) -> list[Cell]:
    """The printed numbers that satisfy a condition (facts and publishers' own sums alike)."""
    return [c for t in draft.tables() for c in t.cells() if c.role == "value" and c.status == "reported" and wanted(c)]


def blank(cells: list[Cell], text: str = "", status: str = "blank") -> None:
    """Print nothing, or a mark, in these cells."""
    for cell in cells:
        cell.say(text)
        cell.value, cell.status = None, status


def _zero(cell: Cell) -> bool:
    return cell.value == 0


def _nothing(draft: Draft) -> str:
    return draft.rng.choice(("", "\u00a0", " "))


@mangling("blanks", group="blanks")
def blank_organisations(draft: Draft) -> None:
    """Zeros of the organisation columns are left out."""
    inner = ("business", "research", "nonprofit", "legal_service", "other_org")
    blank(values(draft, lambda c: _zero(c) and c.column in inner), _nothing(draft))


@mangling("blanks", EVERY, "blanks")
def blank_zeros(draft: Draft) -> None:
    """No zero is printed anywhere."""
    blank(values(draft, _zero), _nothing(draft))


@mangling("blanks", EVERY, "blanks")
def blank_some(draft: Draft) -> None:
    """Some zeros are printed, some not."""
    blank(values(draft, lambda c: _zero(c) and draft.rng.random() < 0.3), _nothing(draft))


@mangling("blanks", group="blanks")
def blank_totals(draft: Draft) -> None:
    """The total column is filled in for 一, 二, （七） and 四 only."""
    ends = ("new_requests", "carried_over", "concluded", "carried_forward")
    blank(values(draft, lambda c: c.column == "total" and c.key is not None and c.key[1] not in ends), _nothing(draft))


@mangling("blanks", group="blanks")
def blank_one_total(draft: Draft) -> None:
    """The total of one row is left out."""
    cells = values(draft, lambda c: c.column == "total" and c.key is not None)
    blank(draft.rng.sample(cells, min(1, len(cells))), _nothing(draft))


@mangling("blanks", EVERY, "blanks")
def marks_for_zero(draft: Draft) -> None:
    """A stroke or a word for nothing."""
    mark = draft.rng.choice(("/", "-", "—", "——", "无", "－", "／", "不涉及"))
    blank(values(draft, _zero), mark, "mark")


@mangling("blanks", EVERY)
def unreadable_cell(draft: Draft) -> None:
    """Words where a number belongs."""
    cells = values(draft, lambda c: c.key is not None)
    blank(
        draft.rng.sample(cells, min(1, len(cells))),
        draft.rng.choice(("详见附件", "见政府网站", "统计中")),
        "unreadable",
    )


@mangling("falsify", ("2021", "2019", "2014", "pre2014"))
def false_total(draft: Draft) -> None:
    """Exactly one printed number is wrong, so that the page contradicts itself."""
    cells = values(draft, lambda c: c.key is not None and isinstance(c.value, int))
    draft.rng.shuffle(cells)
    first = draft.rng.choice(("applications", "applications", "disputes"))
    cells.sort(key=lambda c: c.key is None or c.key[0] != first)
    for cell in cells:
        key, right = cell.key, cell.value
        if key is None or not isinstance(right, int):
            continue
        lost = dict.fromkeys(draft.lost, (None, "absent"))
        wrong = right + draft.rng.choice((1, 2, 6, 10)) if right < 3 or draft.rng.random() < 0.5 else right - 1
        cell.value = wrong
        if verdict(key[0], draft.form, lost | draft.facts()) == "contradicted":
            cell.say(str(wrong))
            return
        cell.value = right


def _write(draft: Draft, form: Callable[[Cell], str | None], share: float = 1.0) -> None:
    for cell in values(draft):
        text = form(cell) if draft.rng.random() < share else None
        if text is not None:
            cell.say(text)


def _whole(cell: Cell) -> int | None:
    return cell.value if isinstance(cell.value, int) and not isinstance(cell.value, bool) else None


@mangling("formats", EVERY, "formats")
def unit_in_cell(draft: Draft) -> None:
    """12件."""
    gap = draft.rng.choice(("", " "))

    def form(cell: Cell) -> str | None:
        name = cell.key[1] if cell.key else ""
        if name in MONEY:
            return f"{cell.text}{gap}{MONEY[name]}"
        if cell.key and cell.key[0] == "statistics":
            return None
        return f"{cell.text}{gap}件"

    _write(draft, form)


@mangling("money", group="money")
def yuan_in_cell(draft: Draft) -> None:
    """Money printed in 元, with the unit, where the form wants 万元 (2021) or no unit is printed (2019)."""
    for cell in values(draft, lambda c: c.key is not None and c.key[1] in MONEY and bool(c.value)):
        factor = 10000 if cell.key and cell.key[1].endswith("wan_yuan") else 1
        amount = round(float(cell.value or 0) * factor, 2)
        cell.value = amount / factor if amount % factor else int(amount // factor)
        cell.say(f"{amount:.2f}".rstrip("0").rstrip(".") + "元")


@mangling("money", ("2021",), "money")
def yuan_in_header(draft: Draft) -> None:
    """The head says 单位：元 and the number is in 元."""
    for table in draft.tables("proactive"):
        for cell in table.cells():
            if cell.text == "本年收费金额（单位：万元）":
                cell.say("本年收费金额（单位：元）")
            elif cell.key and cell.key[1] == "admin_fees_wan_yuan" and cell.status == "reported":
                amount = round(float(cell.value or 0) * 10000, 2)
                cell.value = amount / 10000 if amount % 10000 else int(amount // 10000)
                cell.say(f"{amount:.2f}".rstrip("0").rstrip("."))


@mangling("formats", EVERY, "formats")
def thousands(draft: Draft) -> None:
    """1,234."""
    comma = draft.rng.choice((",", "，"))
    _write(draft, lambda c: f"{c.value:,}".replace(",", comma) if _whole(c) is not None else None)


@mangling("formats", EVERY, "formats")
def full_width_digits(draft: Draft) -> None:
    """１２３."""
    wide = str.maketrans("0123456789.-", "０１２３４５６７８９．－")
    _write(draft, lambda c: c.text.translate(wide))


@mangling("formats", EVERY, "formats")
def chinese_digits(draft: Draft) -> None:
    """一百二十三."""

    def form(cell: Cell) -> str | None:
        number = _whole(cell)
        return han(number) if number is not None and 0 <= number < 100000 else None

    _write(draft, form)


@mangling("formats", EVERY, "formats")
def spaced_digits(draft: Draft) -> None:
    """1 2 3."""
    gap = draft.rng.choice((" ", "\u00a0", "\u3000"))
    _write(draft, lambda c: gap.join(c.text))


@mangling("formats", EVERY, "formats")
def blanks_around(draft: Draft) -> None:
    """&nbsp;0 and a number followed by seven blanks."""
    _write(draft, lambda c: draft.rng.choice(("\u00a0{}", "{}\u00a0", "{}" + "\u00a0" * 7, "\u3000{}")).format(c.text))


@mangling("formats", EVERY, "formats")
def split_digits(draft: Draft) -> None:
    """A number over two or three spans."""
    for cell in values(draft, lambda c: len(c.text) > 1):
        at = draft.rng.randint(1, len(cell.text) - 1)
        cell.paragraphs = [[cell.text[:at], cell.text[at:]]]


@mangling("formats", EVERY, "formats")
def notes_in_cells(draft: Draft) -> None:
    """22（其中修订 16 件）."""
    notes = ("（其中修订 {} 件）", "（含自然失效{}件）", "(含上年结转{}件)", "（注{}）")

    def form(cell: Cell) -> str | None:
        number = _whole(cell)
        if not number or number < 2:
            return None
        part = draft.rng.randint(1, number - 1)
        return f"{number}{draft.rng.choice(notes)}".format(part)

    _write(draft, form, 0.4)


@mangling("formats", ("2019",), "formats")
def signed_changes(draft: Draft) -> None:
    """+3, 增5, 减2, －18."""
    up = draft.rng.choice(("+{}", "增{}", "增加{}", "＋{}", "{}"))
    down = draft.rng.choice(("-{}", "减{}", "减少{}", "－{}"))

    def form(cell: Cell) -> str | None:
        number = _whole(cell)
        if number is None or not cell.key or not cell.key[1].endswith("_change") or number == 0:
            return None
        return (up if number > 0 else down).format(abs(number))

    _write(draft, form)
