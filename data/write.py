"""The writing half of a build: the new dataset beside the old one, unchanged parts taken over."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from data.arrow import arrow_table
from data.assemble import Bundle, Unit
from data.codebook import codebook_markdown
from data.columns import Row
from data.crosschecks import cross_checks
from data.dataset import open_dataset
from data.divisions import BASE_YEAR
from data.errors import DatasetError
from data.files import CsvWriter, Piece, closed_columns, csv_bytes, link, parquet_path, write_parquet, write_whole
from data.package import describe, read_package
from data.parts import PART_TABLES, Part, cut, part_columns
from data.payloads import Body, unpack
from data.publish import MARK, building
from data.schema import SCHEMA_VERSION, tables
from data.state import Seen, State
from data.versions import build_version
from data.wholes import coverage_rows, division_rows, indicator_rows, organization_rows, revision_rows, source_rows

if TYPE_CHECKING:
    from data.build import BuildSummary

_POINTS_ELSEWHERE = ("image_only", "attachment_only")
Tell = Callable[[str, int, int | None, str], object]
Load = Callable[[str], Body]


def write_dataset(out: Path, state: State, bundles: Sequence[Bundle], rest: Sequence[Seen], summary: BuildSummary, tell: Tell) -> None:
    """Write the dataset to the folder beside ``out`` and fill in the summary. Raises OSError."""
    new = building(out)
    if new.exists():
        shutil.rmtree(new)
    new.mkdir(parents=True)

    @lru_cache(maxsize=16)  # a report's payloads are asked for several times in a row
    def load(key: str) -> Body:
        return unpack(state.packed(key))

    expectations = state.expectations()
    divisions = {site: facts.get("division_code") for site, facts in expectations.items()}
    checks = cross_checks(bundles, divisions, state, load)
    problems = problem_rows(state, bundles, rest)
    parts = cut(bundles)
    pieces, signatures = _write_parts(out, new, parts, load, checks, tell)
    wholes = {
        "problems": problems,
        "sources": source_rows(bundles),
        "indicators": indicator_rows(),
        "organizations": organization_rows(bundles),
        "divisions": division_rows(bundles),
        "coverage": coverage_rows(bundles, rest, problems, expectations),
        "revisions": revision_rows(bundles, load),
    }
    for name, rows in wholes.items():
        pieces[name] = [write_whole(new, tables()[name], rows)]
    (new / "CODEBOOK.md").write_text(codebook_markdown(), encoding="utf-8")
    fetched = [s.last_fetched_at for b in bundles for _, s in b.sources() if s.last_fetched_at]
    facts: dict[str, Any] = {"division_base_year": BASE_YEAR} | ({"created": max(fetched)} if fetched else {})
    package = describe(pieces, [(p.name, s) for p, s in zip(parts, signatures, strict=True)], facts)
    (new / MARK).write_text(json.dumps(package, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    summary.content_hash = package["content_hash"]
    _summarise(summary, state, bundles, problems)


def _write_parts(
    out: Path, new: Path, parts: Sequence[Part], load: Load, checks: Mapping[str, Sequence[Row]], tell: Tell
) -> tuple[dict[str, list[Piece]], list[str]]:
    old = _last_parts(out)
    writers = {name: CsvWriter(new / f"{name}.csv", tables()[name], out / f"{name}.csv") for name in PART_TABLES}
    signatures = []
    try:
        for number, part in enumerate(parts):
            tell("write", number, len(parts), part.name)
            signature = part.signature(build_version(), lambda bundle: checks.get(bundle.report_id, ()))
            signatures.append(signature)
            known = old.get(part.name, {})
            if known.get("signature") == signature:
                for name, writer in writers.items():
                    link(parquet_path(out, name, part.name), parquet_path(new, name, part.name))
                    writer.copy(known["pieces"][name])
            else:
                _write_part(new, part, writers, load, checks)
        tell("write", len(parts), len(parts), "")
    finally:
        for writer in writers.values():
            writer.close()
    return {name: writer.pieces for name, writer in writers.items()}, signatures


def _write_part(new: Path, part: Part, writers: Mapping[str, CsvWriter], load: Load, checks: Mapping[str, Sequence[Row]]) -> None:
    columns = part_columns(part, load, lambda bundle: checks.get(bundle.report_id, ()))
    for name, writer in writers.items():
        arrow = arrow_table(tables()[name], columns.pop(name))
        write_parquet(parquet_path(new, name, part.name), arrow)
        writer.write(csv_bytes(arrow, closed_columns(tables()[name])), arrow.num_rows)


def _last_parts(out: Path) -> dict[str, dict[str, Any]]:
    """{part: signature and pieces by table} of the dataset that is there.

    {} where there is none or it is of another shape.
    """
    try:
        package = read_package(out)
    except DatasetError:
        return {}
    if package["schema_version"] != SCHEMA_VERSION:
        return {}
    runs = {r["name"]: r["pieces"] for r in package["resources"]}
    if any(len(runs.get(name, ())) != len(package["parts"]) for name in PART_TABLES):
        return {}
    return {
        part["name"]: {
            "signature": part["signature"],
            "pieces": {name: Piece(**runs[name][i]) for name in PART_TABLES},
        }
        for i, part in enumerate(package["parts"])
    }


def problem_rows(state: State, bundles: Sequence[Bundle], rest: Sequence[Seen]) -> list[Row]:
    """Everything that was not read, and why: of the crawl, of pages that are no reports, of reports."""
    table = tables()["problems"]
    rows = [
        table.row({"source": source, "code": code, "message": message, "site": site, "at": at})
        for source, code, message, site, at in state.problems()
    ]
    answered = {seen.id: left for bundle in bundles for seen, left in _left(bundle.unit)}
    found = [(seen, None) for seen in rest]
    found += [(seen, bundle.report_id) for bundle in bundles for _, seen in bundle.sources()]  # type: ignore[misc]
    for seen, report_id in found:
        for code, message in answered.get(seen.id, seen.head["problems"]):
            facts = {"source": seen.source, "code": code, "message": message, "report_id": report_id}
            rows.append(table.row({**facts, "site": seen.site or seen.head["row"].get("site"), "at": seen.fetched_at}))
    unique = {json.dumps(row, sort_keys=True): row for row in rows}
    return sorted(unique.values(), key=lambda r: (str(r["source"]), str(r["code"]), str(r["message"]), str(r["at"])))


def _left(unit: Unit) -> Iterator[tuple[Seen, list[tuple[str, str]]]]:
    """What is left of the problems of a page whose tables its pictures or attachments have."""
    missing = unit.missing()
    if missing is None:
        return
    left = [problem for problem in unit.page.head["problems"] if problem[0] not in _POINTS_ELSEWHERE]
    if missing and any(code == "image_only" for code, _ in unit.page.head["problems"]):
        left.append(("image_only", f"{', '.join(missing)}: neither on the page nor read from its pictures or attachments"))
    yield unit.page, left
    for seen in unit.attachments:
        if not missing and seen.head["row"].get("kind") == "image":  # the others show no table
            yield seen, [problem for problem in seen.head["problems"] if problem[0] != "image_only"]


def _published(out: Path) -> dict[str, str]:
    """The reports of the dataset that is there, of which nothing more is remembered."""
    try:
        return dict.fromkeys(open_dataset(out).arrow("reports", ["report_id"])["report_id"].to_pylist(), "")
    except DatasetError:
        return {}


def _summarise(summary: BuildSummary, state: State, bundles: Sequence[Bundle], problems: Sequence[Row]) -> None:
    last = dict(state.db.execute("SELECT report_id, signature FROM published")) or _published(summary.out)
    now = {bundle.report_id: bundle.content() for bundle in bundles}
    summary.reports = len(bundles)
    summary.new = sum(1 for report_id in now if report_id not in last)
    summary.changed = sum(1 for report_id, content in now.items() if (last.get(report_id) or content) != content)
    summary.unchanged = summary.reports - summary.new - summary.changed
    summary.removed = sum(1 for report_id in last if report_id not in now)
    summary.problems = Counter(str(row["code"]) for row in problems)
    for bundle in bundles:
        verdict = str(bundle.row["verdict"])
        summary.verdicts[verdict] += 1
        summary.by_year.setdefault(bundle.year, Counter())[verdict] += 1
    state.db.execute("DELETE FROM published")
    state.db.executemany("INSERT INTO published VALUES (?, ?)", now.items())
