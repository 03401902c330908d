"""A real browser reads the same pages: its tables, cells, texts and spans must be ours, and its columns our grid's."""

from __future__ import annotations

import json
import random
import re
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from parsers.carriers.html import read_html
from parsers.decode import decode
from parsers.document import OBJECT, Table, TableCell
from parsers.grid import MAX_SPAN, form_grid
from tests.pagegen import generate
from tests.parsers.pages_by_hand import page
from tests.real_pages import REAL_PAGES

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium is installed (Debian: apt-get install chromium)")

Cells = list[list[Any]]  # [text, colspan, rowspan]

# The tables of each page as the browser's parser builds them: elements nobody sees taken out, tables that hold other
# tables of more than one cell taken for layout, rows and cells of the nearest table only.
_SCRIPT = """
const pages = JSON.parse(document.getElementById('pages').textContent);
const invisible = 'script,style,noscript,template,iframe,object,select,textarea,svg,title';
const hidden = el => el.hasAttribute('hidden') || /display: ?none/i.test(el.getAttribute('style') || '');
const blank = /[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+/g;
const squeeze = text => text.replace(blank, ' ').replace(/^ | $/g, '');
const cell = el => [squeeze(el.textContent), el.colSpan || 1, el.rowSpan || 1];
const read = html => {
  const doc = new DOMParser().parseFromString(html, 'text/html');
  doc.body.querySelectorAll(invisible).forEach(el => el.remove());
  [...doc.body.querySelectorAll('*')].filter(hidden).forEach(el => el.remove());
  const cells = table => table.querySelectorAll('td, th').length;
  const inner = table => [...table.querySelectorAll('table')];
  const data = [...doc.querySelectorAll('table')].filter(t => inner(t).every(n => cells(n) <= 1));
  return data.filter(t => !data.some(o => o !== t && o.contains(t))).map(table =>
    [...table.querySelectorAll('tr, caption')].filter(el => el.closest('table') === table).map(el =>
      el.tagName === 'CAPTION' ? [[squeeze(el.textContent), 1, 1]] : [...el.cells].map(cell)));
};
const columns = document.getElementById('grids') ? [...document.querySelectorAll('#grids table')].map(table =>
  [...table.rows].slice(1).map(row => [...row.cells].map(c => [c.offsetLeft / 10, c.offsetWidth / 10]))) : [];
document.getElementById('out').textContent = JSON.stringify({tables: pages.map(read), columns});
"""


def ask(folder: Path, pages: Sequence[str], grids: str) -> dict[str, Any]:
    """What the browser makes of the pages, and where it puts the cells of some tables."""
    data = json.dumps(pages).replace("<", "\\u003c")
    driver = folder / "driver.html"
    driver.write_text(
        "<!DOCTYPE html><meta charset=utf-8><style>table{table-layout:fixed;border-spacing:0;border-collapse:separate}"
        f"td{{padding:0;border:0;height:5px}}</style><div id=grids>{grids}</div>"
        f"<script id=pages type=application/json>{data}</script><pre id=out></pre><script>{_SCRIPT}</script>",
        encoding="utf-8",
        errors="replace",
    )
    options = "--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    more = f"--disable-component-update --disable-sync --disable-dev-shm-usage --user-data-dir={folder / 'profile'}"
    command = [str(CHROMIUM), *options.split(), *more.split(), "--virtual-time-budget=20000", "--dump-dom"]
    done = subprocess.run([*command, driver.as_uri()], capture_output=True, timeout=120, check=False)
    answer = re.search(r'<pre id="out">(.*?)</pre>', done.stdout.decode("utf-8", "replace"), re.S)
    assert answer, done.stderr.decode("utf-8", "replace")[-400:]
    text = answer[1].replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", "\xa0").replace("&amp;", "&")
    found: dict[str, Any] = json.loads(text)
    return found


# ------------------------------------------------------------------ the pages

MANGLINGS = [
    "row_starts_missing",
    "stray_tags",
    "commented_tables",
    "hidden_tables",
    "hidden_rows",
    "caption_element",
    "word_markup",
    "table_sections",
    "layout_table",
    "table_in_table",
    "upper_case_tags",
    "unclosed_cells",
    "comments_and_scripts",
    "hidden_duplicates",
    "hidden_table",
    "attributes_without_quotes",
    "navigation",
    "cut_in_two",
    "caption_row",
    "split_digits",
    "character_references",
    "invisible_characters",
    "lying_header_colspans",
    "empty_rowspans",
    "percent_spans",
    "long_header_rowspan",
    "spans_past_the_end",
    "zero_rowspan",
    "header_cells",
    "gbk_declared_gb2312",
    "one_paragraph_per_character",
    "last_years_tables",
    "articles_as_column",
    "disputes_in_three",
    "result_twice",
    "short_group_rowspan",
    "column_statistics",
    "budget_table",
    "visit_counter",
]
FRAGMENTS = [
    "<table><tr><td>a<td>b<tr><td>c<td>d</table>",
    "<table><td>a</td><td>b</td><tr><td>c</table>",
    "<table>stray<tr>text<td>a</td>here</tr></table>",
    "<table><tr><td>a</td><div>out</div><td>b</td></tr></table>",
    "<table><caption>四、行政复议</caption><tr><td>a</td></tr></table>",
    "<table><tr><td>a<table><tr><td>1</td></tr></table></td><td>b</td></tr></table>",
    "<table><tr><td><table><tr><td>1</td><td>2</td></tr></table></td><td>b</td></tr></table>",
    "<table><tr><td><table><tr><td><table><tr><td>x<td>y</table></table></table>",
    "<table><tr><td colspan='3%' rowspan=''>a</td><td colspan=0 rowspan=-1>b</td><td colspan=two>c</td></tr></table>",
    "<table><tr><td colspan=1001 rowspan=70000>a</td><td colspan=' 2 '>b</td><td colspan=2.7>c</td></tr></table>",
    "<table><thead><tr><th>h</table><table><tbody><tr><td>x</tbody><tfoot><tr><td>f</tfoot></table>",
    "<table><tr><td>10<span>037</span></td><td><p>商业</p><p>企业</p></td><td>本年<br>制发</td></tr></table>",
    "<table><tr><td>a<script>document.write('<td>x')</script></td><td style='DISPLAY: none'>h</td><td>c</td></tr></table>",
    "<table><tr hidden><td>a</td></tr><tr><td>b</td></tr></table><table style='display:none'><tr><td>z</td></tr></table>",
    "<table><tr></tr><tr><td>a</td></tr><tr></tr></table>",
    "<table><tr><td>a</td></tr></table></td></tr></table><table><tr><td>b",
    "<table><tr><td>&nbsp;0&nbsp;</td><td>&#x3000;</td><td>&lt;1&gt;</td><td>&amp;nbsp;</td><td>1&#8203;2</td></tr></table>",
    "<table><tr><td><select><option>9</select>1</td><td><textarea>8</textarea>2</td><td><svg><text>7</text></svg>3</table>",
    "<p><table><tr><td><p>a<p>b</td></tr></table></p><b><table><tr><td>x</b></td></tr></table>",
    "<table><tr><td><a href=x>1<td><a href=y>2</table>",
    "<table><form><tr><td>1</form><td>2</table>",
    "<table><colgroup><col><col></colgroup><tr><th>a<th>b</table>",
    "<!-- <table><tr><td>x</table> --><table><tr><td>y<!-- z --></td></tr></table>",
    "<table><tr><td>a</td></tr><table><tr><td>b</td></tr></table>",
]


def mangled(text: str, rng: random.Random) -> str:
    """A page with some tags lost, doubled, cut open or moved."""
    for _ in range(rng.randint(2, 6)):
        tags = list(re.finditer(r"</?(?:td|tr|table|tbody|p|span|div)\b[^<>]*>", text))
        tag = rng.choice(tags)
        how = rng.choice(("lose", "double", "open", "text"))
        new = {"lose": "", "double": tag[0] * 2, "open": tag[0][:-1], "text": "错" + tag[0]}[how]
        text = text[: tag.start()] + new + text[tag.end() :]
    return text


def all_pages() -> dict[str, str]:
    """Pages by name, decoded."""
    pages = {f"fragment {i}": text for i, text in enumerate(FRAGMENTS)}
    for seed, name in enumerate(MANGLINGS):
        made = generate(seed, "2021", [name])
        pages[name] = decode(made.body, made.content_type).text
    rng = random.Random(20)
    whole = page().decode()
    pages |= {f"mangled {i}": mangled(whole, rng) for i in range(20)}
    for path in sorted(REAL_PAGES.glob("*/*.html")) if REAL_PAGES.is_dir() else ():
        pages[path.parent.name] = decode(path.read_bytes(), None).text
    return pages


def random_tables() -> list[list[list[TableCell]]]:
    """Tables of random spans, some of which overlap."""
    rng = random.Random(7)
    tables = []
    for _ in range(40):
        height = rng.randint(1, 5)
        tables.append(
            [[TableCell("x", rng.choice((1, 1, 2, 3)), rng.choice((1, 1, 2, 4))) for _ in range(rng.randint(1, 4))]
             for _ in range(height)]
        )  # fmt: skip
    return tables


def as_grid(rows: Sequence[Sequence[TableCell]]) -> str:
    """A table whose first row of single cells makes each column 10 pixels wide."""
    width = form_grid(rows).width
    first = "<td></td>" * width
    body = "".join(f"<tr>{''.join(f'<td colspan={c.colspan} rowspan={c.rowspan}></td>' for c in row)}</tr>" for row in rows)
    return f"<table style='width:{width * 10}px'><tr>{first}</tr>{body}</table>"


@pytest.fixture(scope="module")
def answer(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """One run of the browser over everything."""
    pages, tables = all_pages(), random_tables()
    found = ask(tmp_path_factory.mktemp("browser"), list(pages.values()), "".join(map(as_grid, tables)))
    return {"tables": dict(zip(pages, found["tables"], strict=True)), "columns": found["columns"], "pages": pages}


def ours(text: str) -> list[list[Cells]]:
    """Our tables in the shape of the browser's."""
    return [
        [[[cell.text.replace(OBJECT, ""), cell.colspan, cell.rowspan] for cell in row] for row in table.rows]
        for table in read_html(text, "utf-8").tables()
        if isinstance(table, Table)
    ]


def theirs(tables: list[list[Cells]]) -> list[list[Cells]]:
    """The browser's tables with our cap on spans."""
    return [[[[t, min(c, MAX_SPAN), min(r, MAX_SPAN)] for t, c, r in row] for row in rows] for rows in tables]


def differing(answer: dict[str, Any]) -> dict[str, Any]:
    """Name -> first difference (number of the table, ours, the browser's) of each page that we read otherwise."""
    found = {}
    for name, text in answer["pages"].items():
        mine, browser = ours(text), theirs(answer["tables"][name])
        if mine != browser:
            pairs = enumerate(zip(mine, browser, strict=False))
            found[name] = next(((i, a, b) for i, (a, b) in pairs if a != b), (len(mine), len(browser)))
    return found


def test_every_page_has_the_browsers_tables(answer: dict[str, Any]) -> None:
    assert len(answer["pages"]) >= 80
    assert differing(answer) == {}


def test_the_pages_hold_tables_worth_comparing(answer: dict[str, Any]) -> None:
    cells = sum(len(row) for tables in answer["tables"].values() for rows in tables for row in rows)
    assert cells > 5000
    assert len(answer["tables"]["fragment 0"][0]) == 2


def test_cells_stand_in_the_browsers_columns(answer: dict[str, Any]) -> None:
    for rows, columns in zip(random_tables(), answer["columns"], strict=True):
        grid = form_grid(rows)
        for y, row in enumerate(rows):
            starts = [grid.columns_of(y, c)[0] for c in range(len(row))]
            assert starts == [start for start, _ in columns[y]], (rows, y)
            assert [cell.colspan for cell in row] == [width for _, width in columns[y]]
