"""Prose against the tables: each figure that a sentence states, beside the cells that say the same (C-N-01 to C-N-07).

Left is the prose, right the table. They differ often in published reports; the checks report it and repair nothing. A
figure is compared only where figure and cells mean the same thing; where a cell it needs is no number, and no other
reading of the sentence agrees, the check is not assessable.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from parsers.model import Check, Figure, Number, Report
from parsers.proof.checks import Totals, total

_ANNUAL, _STATISTICS = "annual", "statistics"
_REFUSED = (
    "refused_state_secret", "refused_law_prohibited", "refused_safety_stability", "refused_third_party",
    "refused_internal_affairs", "refused_deliberative", "refused_enforcement_file", "refused_admin_inquiry",
)  # fmt: skip
_UNAVAILABLE = ("unavailable_not_held", "unavailable_needs_creation", "unavailable_unclear")
_NOT_PROCESSED = (
    "not_processed_petition", "not_processed_repeat", "not_processed_publication", "not_processed_excessive",
    "not_processed_reissue",
)  # fmt: skip
_OTHER = ("other_no_correction", "other_fee_unpaid", "other_misc")
_RECEIVED = (("new_requests",), ("new_requests", "carried_over"))

# Figure -> its check and the sums of cells that its wording may mean, by kind of form. 收到 may or may not include what was
# carried over; before 2019 办结 and 答复 are two rows.
_MEANINGS: Mapping[str, Mapping[str, tuple[str, tuple[tuple[str, ...], ...]]]] = {
    _ANNUAL: {
        "new_requests": ("C-N-01", _RECEIVED),
        "requests_received": ("C-N-01", _RECEIVED),
        "carried_over": ("C-N-02", (("carried_over",),)),
        "carried_forward": ("C-N-03", (("carried_forward",),)),
        "concluded": ("C-N-04", (("concluded",),)),
        "disclosed": ("C-N-05", (("disclosed",),)),
        "partially_disclosed": ("C-N-05", (("partially_disclosed",),)),
        "refused": ("C-N-05", (_REFUSED,)),
        "unavailable": ("C-N-05", (_UNAVAILABLE,)),
        "not_processed": ("C-N-05", (_NOT_PROCESSED,)),
        "other_handled": ("C-N-05", (("other_handled",), _OTHER)),
        "review_total": ("C-N-06", (("review_total",),)),
        "suit_total": ("C-N-06", (("suit_direct_total", "suit_after_review_total"),)),
        "suit_direct_total": ("C-N-06", (("suit_direct_total",),)),
        "suit_after_review_total": ("C-N-06", (("suit_after_review_total",),)),
    },
    _STATISTICS: {
        "new_requests": ("C-N-01", (("requests_received",),)),
        "requests_received": ("C-N-01", (("requests_received",),)),
        "concluded": ("C-N-04", (("requests_completed",), ("replies_total",))),
        "review_total": ("C-N-06", (("review_total",),)),
        "suit_total": ("C-N-06", (("suit_total",),)),
    },
}
_RESULTS = frozenset(("disclosed", "partially_disclosed", "refused", "unavailable", "not_processed", "other_handled"))
_FEE = "processing_fee_yuan"
_YUAN_IN_WAN = 10_000
_WAN_TOLERANCE = 100  # yuan: 0.01 万元

# 予以公开12件，占33.9%; 占办结总数的33.9%; （占比33.9%）
_SHARE = re.compile(
    r"\s?[件条宗份]?[\s，,、（(]{0,3}(?:约?占|占比)(?P<of>[^，。；、()（）\d%％]{0,14}?)(?P<percent>\d{1,3}(?:\.\d+)?)[%％]"
)
_POINT = 0.1  # percentage points
_OF_CONCLUDED = ("办结", "答复", "办理", "处理", "结果")
_OF_RECEIVED = ("收", "受理", "申请")


def prose_checks(report: Report, numbers: Totals) -> tuple[Check, ...]:
    """C-N-01 to C-N-07 of a report, all of severity W, in the order of its figures.

    ``numbers`` are the totals of its cells (parsers.proof.checks). Never raises; the same report gives the same rows.
    """
    if report.form is None:
        return ()
    read = {table.table for table in report.tables if table.verdict != "absent"}
    found: list[Check] = []
    if read and report.figures:
        meanings = _MEANINGS[_STATISTICS if "statistics" in read else _ANNUAL]
        for figure in report.figures:
            if figure.indicator in meanings:
                found += _figure(figure, *meanings[figure.indicator], numbers)
            elif figure.indicator == _FEE and "request_fees_wan_yuan" in numbers:
                found.append(_fee(figure, numbers["request_fees_wan_yuan"]))
    if report.form == "2021":
        found += _fee_stated(report)
    return tuple(found)


def _figure(figure: Figure, check: str, meanings: tuple[tuple[str, ...], ...], numbers: Totals) -> Iterator[Check]:
    known = [names for names in meanings if all(name in numbers for name in names)]
    if not known:
        return  # the page does not print such a cell
    sums = [total(numbers, *names) for names in known]
    where = f"{figure.indicator} at {figure.start}"
    if figure.value in sums:
        yield Check(check, "pass", figure.value, figure.value, where, "W")
    else:
        # Another meaning whose cells are no numbers might agree.
        status = "not_assessable" if None in sums else "fail"
        yield Check(check, status, figure.value, sums[0], where, "W")  # type: ignore[arg-type]
    if figure.indicator in _RESULTS:
        yield from _share(figure, check, sums, numbers, where)


def _share(figure: Figure, check: str, counts: list[Number | None], numbers: Totals, where: str) -> Iterator[Check]:
    """The percentage that the sentence gives beside the figure, against the cells."""
    places = [match.end() for match in re.finditer(rf"(?<![\d.]){figure.value}(?![\d.]|\s?[%％])", figure.text)]
    if len(places) != 1:
        return  # no telling which number the percentage belongs to
    match = _SHARE.match(figure.text, places[0])
    if match is None:
        return
    count = next((count for count in counts if count is not None), None)
    percent = float(match["percent"])
    wholes = [total(numbers, *names) for names in _wholes(match["of"])]
    shares = [100 * count / whole for whole in wholes if count is not None and whole]
    # A percentage printed without decimals is rounded to whole points.
    tolerance = (_POINT if "." in match["percent"] else 0.5) + 1e-9
    right = min(shares, key=lambda share: abs(share - percent), default=None)
    detail = f"{where}: {match['percent']}% of {match['of'].strip('总数量的比 ') or 'all'}"
    if right is not None and abs(right - percent) <= tolerance:
        yield Check(check, "pass", percent, round(right, 2), detail, "W")
    else:
        unsure = right is None or None in wholes
        yield Check(check, "not_assessable" if unsure else "fail", percent, None if right is None else round(right, 2), detail, "W")


def _wholes(of: str) -> tuple[tuple[str, ...], ...]:
    """What 占… may be a share of."""
    if any(word in of for word in _OF_CONCLUDED):
        return (("concluded",),)
    return _RECEIVED if any(word in of for word in _OF_RECEIVED) else (("concluded",), *_RECEIVED)


def _fee(figure: Figure, wan_yuan: Number | None) -> Check:
    where = f"{figure.indicator} at {figure.start}"
    if wan_yuan is None:
        return Check("C-N-07", "not_assessable", figure.value, None, where, "W")
    amount = round(wan_yuan * _YUAN_IN_WAN, 2)
    holds = abs(figure.value - amount) <= _WAN_TOLERANCE
    return Check("C-N-07", "pass" if holds else "fail", figure.value, amount, where, "W")


def _fee_stated(report: Report) -> Iterator[Check]:
    """Section six must say whether fees for processing information were charged."""
    six = next((section.text for section in report.sections if section.section == 6), None)
    if six is None:
        return
    detail = "section 6 says whether fees for processing information were charged"
    fee = next((figure for figure in report.figures if figure.indicator == _FEE), None)
    if fee is not None:
        yield Check("C-N-07", "pass", fee.value, None, f"{detail}: {_FEE} at {fee.start}", "W")
    else:
        # What it says of fees may be worded in a way that is not read.
        yield Check("C-N-07", "not_assessable" if "费" in six else "fail", None, None, detail, "W")
