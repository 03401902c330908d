"""Three readers of the same page: ours, and two generic tools with the most charitable matching of labels.

Each gives key -> value (None: nothing readable there). The generic tools are told the forms, the encoding and which
row is which by its label; what they do with spans, pieces, units and blanks is their own.
"""

from __future__ import annotations

import difflib
import io
import re
from collections.abc import Iterable, Sequence

from .declared import APPLICANTS, DISPUTES, OUTCOMES, PROACTIVE, application_rows
from .declared_statistics import FORM_2014, FORM_LOCAL, FORM_PRE2014
from .model import Key, Number, Page

Reading = dict[Key, Number | None]


def ours(page: Page) -> tuple[Reading, dict[Key, str], dict[str, str], object]:
    """Values, statuses, verdicts and the report of ``parsers.parse``."""
    from parsers import parse

    report = parse(page.body, content_type=page.content_type)
    reading: Reading = {}
    statuses: dict[Key, str] = {}
    local = _in_order([c.label_raw or "" for c in report.cells]) if page.form == "local" else {}
    for cell in report.cells:
        key: Key = (cell.table, cell.indicator, cell.applicant)
        if cell.table == "statistics":
            name = cell.indicator
            if page.form == "local":
                name = local[cell.label_raw or ""]
            elif not name:  # a row under the label that is printed, which says of no indicator what it is
                continue
            key = ("statistics", name, cell.period or "year")
        reading[key], statuses[key] = cell.value, cell.status
    return reading, statuses, {t.table: t.verdict for t in report.tables}, report


def _in_order(read: Sequence[str]) -> dict[str, str]:
    """Label as read -> label of the local form, the nearest one that does not stand before the last."""
    labels = [label for _, label, _, _ in FORM_LOCAL]
    out: dict[str, str] = {}
    at = 0
    for label in dict.fromkeys(read):
        likeness = [difflib.SequenceMatcher(None, plain(label), plain(known)).ratio() for known in labels[at:]]
        best = max(range(len(likeness)), key=likeness.__getitem__, default=None)
        found = best is not None and likeness[best] >= 0.5
        out[label] = labels[at + best] if found and best is not None else label
        at += best + 1 if found and best is not None else 0
    return out


def plain(label: str) -> str:
    """A label without blanks, numbers, brackets and quotes."""
    label = re.sub(r"\s|\u3000|[“”\"「」‘’]", "", label)
    label = re.sub(r"^其中[：:]", "", label)
    label = re.sub(r"^(?:[（(]?[一二三四五六七八九十\d]+[）)]?[、.．]?|[①-⑩])", "", label)
    return re.sub(r"[（(].*?[）)]", "", label)


def number(text: str) -> Number | None:
    """A number as int() or float() read it, after stripping."""
    text = text.strip()
    try:
        return int(text)
    except ValueError:
        try:
            value = float(text)
        except ValueError:
            return None
        return int(value) if value == int(value) else value


def match(page: Page, tables: Iterable[Sequence[Sequence[str]]]) -> Reading:
    """Rows of texts to cells: the row by the labels it holds, the columns in the form's order, from the right edge."""
    reading: Reading = {}

    def put(keys: Iterable[Key], texts: Iterable[str]) -> None:
        for key, text in zip(keys, texts, strict=False):
            if reading.get(key) is None:
                reading[key] = number(text)

    rows, two, statistics = _rows(page), _articles(page.form), _statistics(page.form)
    periods = ("year", "cumulative") if page.form == "local" else ("year",)
    for row in (row for table in tables for row in table):
        texts = [plain(t) for t in row]
        labels = [t for t in texts if t in rows]
        article = next((t for t in texts if t in two), None)
        line = next((t for t in texts if statistics.get(t)), None)
        if statistics and line:
            name = statistics[line].pop(0)
            put((("statistics", name, period) for period in periods), row[-len(periods) :])
        elif labels and len(row) >= len(APPLICANTS):
            put((("applications", rows[labels[-1]], who) for who in APPLICANTS), row[-len(APPLICANTS) :])
        elif article:
            put((("proactive", name, None) for name in two[article]), row[texts.index(article) + 1 :])
        elif len(row) == len(DISPUTES) * len(OUTCOMES) and number(row[0]) is not None:
            put((("disputes", f"{stem}_{outcome}", None) for stem in DISPUTES for outcome in OUTCOMES), row)
    return reading


def _rows(page: Page) -> dict[str, str]:
    one_row = page.form == "2019" or any(key[1] == "other_handled" for key in page.truth)
    if page.form not in PROACTIVE:
        return {}
    return {plain(path[-1]): name for name, path in application_rows(one_row).items()}


def _articles(form: str) -> dict[str, tuple[str, ...]]:
    return {plain(label): names for _, _, lines in PROACTIVE.get(form, []) for label, names in lines.items()}


def _statistics(form: str) -> dict[str, list[str]]:
    known: dict[str, list[str]] = {}
    for name, label, _, _ in {"2014": FORM_2014, "pre2014": FORM_PRE2014, "local": FORM_LOCAL}.get(form, []):
        if name is not None:
            known.setdefault(plain(label), []).append(name or label)
    return known


def _html(page: Page) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return page.body.decode(encoding)
        except UnicodeDecodeError:
            continue
    return page.body.decode("gb18030", errors="replace")


def by_pandas(page: Page) -> Reading:
    """pandas.read_html, nothing taken for missing."""
    import pandas as pd

    try:
        frames = pd.read_html(io.StringIO(_html(page)), keep_default_na=False)
    except Exception:  # it raises many kinds of errors on such pages: that is a result
        return {}
    tables = []
    for frame in frames:
        head = [] if pd.api.types.is_integer_dtype(frame.columns) else [frame.columns]
        tables.append([[str(v) for v in row] for row in [*head, *frame.itertuples(index=False)]])
    return match(page, tables)


def by_trafilatura(page: Page) -> Reading:
    """trafilatura's text with tables, cells between bars."""
    import trafilatura

    text = trafilatura.extract(_html(page), include_tables=True, favor_recall=True) or ""
    rows = [[c.strip() for c in line.strip().strip("|").split("|")] for line in text.splitlines() if "|" in line]
    return match(page, [rows])
