"""Accuracy on generated pages, ours beside pandas.read_html and trafilatura: ``python -m tests.pagegen.accuracy``.

Writes docs/accuracy.md. With ``--ours`` the slow generic tools are left out and nothing is written.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

from .manglings import MANGLINGS
from .model import Page
from .readers import by_pandas, by_trafilatura
from .render_text import STYLES
from .sample import alone, combined
from .scoring import Score, score, score_ours

OUT = Path(__file__).parents[2] / "docs" / "accuracy.md"
Scorer = Callable[[Page], Score]
HEAD = """# Accuracy on mangled pages

Numbers printed on generated pages (tests/pagegen: known numbers, rendered through the ways publishers mangle the
forms): read right / read wrong or invented / not read. The generic tools get the most charitable matching of labels
that we could write: they are told the form, the charset and the rows. `make accuracy` makes this page; the floors of
tests/accuracy/floors.toml may only rise.
"""


def total(pages: Iterable[Page], scorer: Scorer) -> Score:
    """Sum of a scorer over pages."""
    out = Score()
    for page in pages:
        out.add(scorer(page))
    return out


def line(name: str, scores: Iterable[Score]) -> str:
    """One row of the table."""
    cells = " | ".join(f"{s.right} / {s.wrong} / {s.missing}" for s in scores)
    return f"| {name} | {cells} |"


def details(scores: dict[str, Score]) -> list[str]:
    """What the reader says about itself: verdicts, statuses, forms, metadata."""
    rows = [
        "| pages | right | wrong in proved tables | false sums missed | false alarms | other verdict | status | form |"
    ]
    rows.append("|---|---|---|---|---|---|---|---|")
    for name, s in scores.items():
        counts = f"{s.wrong_proved} | {s.false_missed} | {s.false_alarms} | {s.verdict} | {s.status} | {s.form}"
        rows.append(f"| {name} ({s.pages}) | {s.share:.4%} | {counts} |")
    misses: dict[str, int] = {}
    for s in scores.values():
        for field, n in s.metadata.items():
            misses[field] = misses.get(field, 0) + n
    pages = sum(s.pages for s in scores.values())
    listed = ", ".join(f"{field} {n}" for field, n in sorted(misses.items())) or "none"
    return [*rows, "", f"Metadata fields not read as stated, of {pages} pages: {listed}."]


def write(seeds: range, combinations: range) -> str:
    """The whole page, as Markdown."""
    scorers: list[Scorer] = [score_ours, lambda p: score(p, by_pandas(p)), lambda p: score(p, by_trafilatura(p))]
    rows = ["| HTML pages | nianbao | pandas.read_html | trafilatura |", "|---|---|---|---|"]
    mine: dict[str, Score] = {"each mangling alone": Score()}
    for name in [None, *MANGLINGS]:
        scores = [total(alone(name, seeds), scorer) for scorer in scorers]
        mine["each mangling alone"].add(scores[0])
        rows.append(line((name or "unmangled").replace("_", " "), scores))
    scores = [total(combined(combinations), scorer) for scorer in scorers]
    mine["combinations of 2-4"] = scores[0]
    rows.append(line("random combinations of 2-4", scores))
    texts = ["| the same as text, tables kept | nianbao |", "|---|---|"]
    for style in STYLES:
        carrier = f"text:{style}"
        one = Score()
        for name in [None, *MANGLINGS]:
            one.add(total(alone(name, seeds[:1], carrier), score_ours))
        mine[f"text, {style}"] = one
        texts.append(line(f"{style}: each mangling alone", [one]))
    mine["text, combinations"] = total(combined(combinations, "text"), score_ours)
    texts.append(line("all styles: combinations of 2-4", [mine["text, combinations"]]))
    return "\n".join([HEAD, *rows, "", *texts, "", *details(mine), ""])


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=2, help="pages for each mangling and form")
    parser.add_argument("--combinations", type=int, default=600)
    parser.add_argument("--ours", action="store_true", help="combinations only, ours only, printed")
    options = parser.parse_args(arguments)
    seeds, combinations = range(options.seeds), range(options.combinations)
    if options.ours:
        both = {c: total(combined(combinations, c), score_ours) for c in ("html", "text")}
        print("\n".join(details(both)))
        return 0
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(write(seeds, combinations), encoding="utf-8")
    print(f"written: {OUT}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
