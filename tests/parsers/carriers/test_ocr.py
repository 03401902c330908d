"""Pictures of reports, read by the engine itself: what the sums prove counts, all else is given up, and nothing is invented."""

from __future__ import annotations

import io
from typing import Any

import pytest

pytest.importorskip("onnxruntime", reason="reading pictures needs the extra nianbao[ocr]")
pytest.importorskip("PIL", reason="reading pictures needs the extra nianbao[ocr]")

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from parsers import parse
from parsers.carriers.ocr.engine import engine
from parsers.carriers.ocr.ink import darkness, em_of, ink, lean, rulings, text_lines
from parsers.carriers.picture import MAX_PIXELS, read_picture
from parsers.model import Cell, Report
from tests.pagegen.generate import draft, truth_of
from tests.parsers.carriers.ofd_render import package, page
from tests.parsers.carriers.picture_render import chinese_font, file_of, picture_of, pictures_of, table_of

needs_font = pytest.mark.skipif(chinese_font() is None, reason="no font with Chinese characters (Debian: fonts-wqy-zenhei)")
TITLE = "示例市示例局2023年政府信息公开工作年度报告"


def verdicts(report: Report) -> dict[str, str]:
    return {summary.table: summary.verdict for summary in report.tables}


def codes(report: Report) -> list[str]:
    return [problem.code for problem in report.problems]


def key(cell: Cell) -> tuple[str, str, str | None]:
    return cell.table, cell.indicator, cell.period or cell.applicant


def disputes(picture: Any, **options: Any) -> Report:
    return parse(file_of(picture, **options))


def assert_right(report: Report, seed: int, table: str = "disputes") -> None:
    """The table is proved, and every number is the one that was printed."""
    truth = {k: value for k, (value, _) in truth_of(draft(seed, "2021")).items() if k[0] == table}
    assert verdicts(report)[table] == "proved"
    assert {key(cell): cell.value for cell in report.cells if cell.table == table} == truth


@needs_font
@pytest.mark.slow
def test_a_whole_report_in_one_picture() -> None:
    page = draft(1, "2021")
    report = parse(file_of(pictures_of(page, scale=1.2)[0]))
    assert (report.kind, report.form, report.title) == ("image", "2021", "".join(page.head.title_lines))
    assert_right(report, 1, "applications")
    assert_right(report, 1, "disputes")
    # Table two has no sums: nothing can prove what was read.
    proactive = [cell for cell in report.cells if cell.table == "proactive"]
    assert verdicts(report)["proactive"] == "unproved"
    assert {(cell.value, cell.status, cell.note) for cell in proactive} == {(None, "unreadable", "ocr: no sum tests this cell")}
    assert {cell.note for cell in report.cells if cell.table != "proactive"} == {"ocr"}
    assert all(cell.locator and cell.locator.startswith("page[1]/box[") for cell in report.cells)
    # What the prose says is not kept: nothing proves it.
    assert (report.sections, report.figures, report.text) == ((), (), "")
    assert codes(report) == ["ocr", "ocr_not_proved"]


def _jpeg(picture: Any) -> bytes:
    return file_of(picture, "JPEG", quality=45)


def _noise(picture: Any) -> bytes:
    random = np.random.default_rng(7)
    pixels = np.asarray(picture).astype(float) + random.normal(0, 12, (picture.height, picture.width))
    return file_of(Image.fromarray(pixels.clip(0, 255).astype(np.uint8)))


def _turned(degrees: float) -> Any:
    return lambda picture: file_of(picture.rotate(degrees, Image.Resampling.BICUBIC, expand=True, fillcolor=255))


def _grey(picture: Any) -> bytes:
    return file_of(picture.point(lambda value: 70 + value * 0.65), "JPEG", quality=80)


def _shrunk(picture: Any) -> bytes:
    small = picture.resize((round(picture.width * 0.7), round(picture.height * 0.7)), Image.Resampling.LANCZOS)
    return file_of(small, "JPEG", quality=85)


def _blurred(picture: Any) -> bytes:
    return file_of(picture.filter(ImageFilter.GaussianBlur(0.7)))


SPOILT = {
    "JPEG": _jpeg,
    "noise": _noise,
    "turned by a degree": _turned(1.0),
    "turned the other way": _turned(-1.0),
    "grey paper": _grey,
    "shrunk": _shrunk,
    "blurred": _blurred,
}


@needs_font
@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_pictures_give_the_printed_numbers(name: str) -> None:
    picture = picture_of(table_of(draft(2, "2021"), "disputes"), TITLE, 1.6)
    report = parse(SPOILT[name](picture))
    assert_right(report, 2)
    assert (report.report_year, report.org_name) == (2023, "示例市示例局")


@needs_font
@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF"])
def test_every_kind_of_picture(kind: str) -> None:
    assert_right(disputes(picture_of(table_of(draft(3, "2021"), "disputes")), kind=kind), 3)


@needs_font
def test_transparent_and_coloured_pictures() -> None:
    picture = picture_of(table_of(draft(3, "2021"), "disputes"))
    clear = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    clear.putalpha(picture.point(lambda value: 255 - value))
    assert_right(disputes(clear), 3)
    tinted = Image.merge("RGB", (picture.point(lambda v: v * 0.8), picture.point(lambda v: v * 0.9), picture))
    assert_right(disputes(tinted), 3)


@needs_font
def test_a_false_sum_is_not_held_against_the_publisher() -> None:
    """A misread number and a misprinted one look the same: nothing is said of the sums, and no number is given."""
    table = table_of(draft(2, "2021"), "disputes")
    total = next(cell for cell in table.values() if cell.key and cell.key[1] == "review_total")
    total.say(str((total.value or 0) + 1))
    report = disputes(picture_of(table, TITLE))
    assert verdicts(report)["disputes"] == "unproved"
    cells = [cell for cell in report.cells if cell.table == "disputes"]
    assert len(cells) == 15
    assert {(cell.value, cell.status, cell.note) for cell in cells} == {(None, "unreadable", "ocr: the sums do not prove the table")}
    assert next(cell.raw for cell in cells if cell.indicator == "review_total") == total.text  # what was read can be looked up
    assert "ocr_not_proved" in codes(report)
    assert "fail" not in {check.status for check in report.checks}


@needs_font
def test_blank_cells_stay_blank() -> None:
    table = table_of(draft(2, "2021"), "disputes")
    zeros = [cell for cell in table.values() if cell.value == 0]
    assert len(zeros) >= 2
    for cell in zeros:
        cell.say("")
    report = disputes(picture_of(table, TITLE))
    assert verdicts(report)["disputes"] == "proved_blank_as_zero"
    blank = {cell.key for cell in zeros}
    assert {key(cell) for cell in report.cells if cell.table == "disputes" and cell.status == "blank"} == blank
    assert all(cell.value is None for cell in report.cells if key(cell) in blank)


@needs_font
def test_marks_are_no_zeros() -> None:
    table = table_of(draft(2, "2021"), "disputes")
    zeros = [cell for cell in table.values() if cell.value == 0]
    for cell in zeros:
        cell.say("/")
    report = disputes(picture_of(table, TITLE, 2.0))
    read = {key(cell): (cell.value, cell.status) for cell in report.cells if cell.table == "disputes"}
    assert {read[cell.key][0] for cell in zeros if cell.key} == {None}
    assert {read[cell.key][1] for cell in zeros if cell.key} <= {"mark", "unreadable"}


@needs_font
def test_a_smudge_is_not_blank() -> None:
    """Ink that nobody can read may be a number: the table is not proved without it."""
    table = table_of(draft(2, "2021"), "disputes")
    blank = next(cell for cell in table.values() if cell.value == 0)
    blank.say("\u2588")  # a full block: no number and no mark
    report = disputes(picture_of(table, TITLE))
    assert verdicts(report)["disputes"] == "unproved"
    assert all(cell.value is None for cell in report.cells if cell.table == "disputes")


@needs_font
def test_numbers_that_no_line_parts_are_not_one_number() -> None:
    table = table_of(draft(2, "2021"), "disputes")
    picture = picture_of(table, TITLE)
    rows = np.nonzero((np.asarray(picture) < 128).mean(axis=1) > 0.5)[0]
    wall = next(x for x in range(300, picture.width) if (np.asarray(picture)[rows[-2] + 1 : rows[-1], x] < 128).all())
    ImageDraw.Draw(picture).rectangle((wall - 2, int(rows[-2]) + 2, wall + 2, int(rows[-1]) - 2), fill=255)  # rubbed out
    report = disputes(picture)
    assert verdicts(report).get("disputes") in (None, "unproved", "absent")
    assert all(cell.value is None for cell in report.cells)


@needs_font
def test_a_table_in_a_frame_is_read_once() -> None:
    picture = picture_of(table_of(draft(2, "2021"), "disputes"))
    draw = ImageDraw.Draw(picture)
    draw.rectangle((70, 60, picture.width - 70, picture.height - 5), outline=0)
    draw.line((70, picture.height - 20, picture.width - 70, picture.height - 20), fill=0)
    assert_right(disputes(picture), 2)


@needs_font
def test_a_column_of_blanks_is_not_filled() -> None:
    table = table_of(draft(2, "2021"), "disputes")
    for cell in table.values():
        if cell.key and cell.key[1].endswith("_total"):
            cell.say("")
    report = disputes(picture_of(table, TITLE))
    totals = [cell for cell in report.cells if cell.indicator.endswith("_total") and cell.table == "disputes"]
    assert [cell.value for cell in totals] == [None, None, None]
    assert verdicts(report)["disputes"] == "unproved"  # sums without totals test nothing


@needs_font
def test_the_pages_of_a_tiff() -> None:
    pages = [picture_of(table_of(draft(2, "2021"), name), TITLE) for name in ("disputes", "proactive")]
    buffer = io.BytesIO()
    pages[0].save(buffer, "TIFF", save_all=True, append_images=pages[1:])
    report = parse(buffer.getvalue())
    assert_right(report, 2)
    assert {cell.locator.split("/")[0] for cell in report.cells if cell.table == "proactive" and cell.locator} == {"page[2]"}


@needs_font
def test_scanned_pdf() -> None:
    pytest.importorskip("pypdfium2", reason="reading PDF needs the extra nianbao[pdf]")
    sheet = Image.new("L", (1240, 1754), 255)
    sheet.paste(picture_of(table_of(draft(2, "2021"), "disputes"), TITLE, 2.08), (0, 0))
    report = parse(file_of(sheet, "PDF", resolution=150))
    assert report.kind == "pdf"
    assert_right(report, 2)
    assert "image_only" not in codes(report)
    assert {cell.note for cell in report.cells if cell.table == "disputes"} == {"ocr"}


@needs_font
def test_scanned_ofd() -> None:
    picture = file_of(picture_of(table_of(draft(2, "2021"), "disputes"), TITLE))
    media = '<MultiMedias><MultiMedia ID="9" Type="Image"><MediaFile>scan.png</MediaFile></MultiMedia></MultiMedias>'
    parts: dict[str, str | bytes] = {"Doc_0/PublicRes.xml": f'<Res BaseLoc="Res">{media}</Res>', "Doc_0/Res/scan.png": picture}
    shown = '<ImageObject ID="4" ResourceID="9" Boundary="0 0 210 150" CTM="210 0 0 150 0 0"/>'
    report = parse(package([page([shown])], size=(210, 150), more=parts))
    assert report.kind == "ofd"
    assert_right(report, 2)
    assert "image_only" not in codes(report)


@needs_font
def test_the_same_bytes_give_the_same_report() -> None:
    body = _jpeg(picture_of(table_of(draft(4, "2021"), "disputes"), TITLE, 1.1))
    assert parse(body) == parse(body)


@needs_font
def test_digits_are_not_turned_upside_down() -> None:
    recogniser = engine()
    assert recogniser is not None
    font = _font_of(28)
    crops = []
    for text in ("6", "9", "66", "0", "1", "7", "1036", "-18", "96171.6"):
        image = Image.new("L", (200, 60), 255)
        ImageDraw.Draw(image).text((20, 10), text, font=font, fill=0)
        crops.append(np.pad(255 - np.asarray(image)[np.ix_(*_extent(image))], 0))
    padded = [np.pad(255 - crop, ((6, 6), (14, 14)), constant_values=255) for crop in crops]
    assert [reading.number for reading in recogniser.read(padded)] == ["6", "9", "66", "0", "1", "7", "1036", "-18", "96171.6"]


def _font_of(size: int) -> Any:
    from PIL import ImageFont

    return ImageFont.truetype(chinese_font() or "", size)


def _extent(image: Any) -> tuple[Any, Any]:
    dark = np.asarray(image) < 128
    rows, columns = np.nonzero(dark.any(axis=1))[0], np.nonzero(dark.any(axis=0))[0]
    return np.arange(rows[0], rows[-1] + 1), np.arange(columns[0], columns[-1] + 1)


# ------------------------------------------------------------------ what is no report


def test_a_photograph_is_no_report() -> None:
    random = np.random.default_rng(1)
    smooth = Image.fromarray(random.integers(0, 255, (30, 40), dtype=np.uint8)).resize((800, 600), Image.Resampling.BICUBIC)
    report = parse(file_of(smooth, "JPEG"))
    assert (report.kind, report.is_report, report.cells) == ("image", False, ())
    assert codes(report)[0] in ("image_only", "ocr")


def test_white_paper_says_so() -> None:
    assert codes(parse(file_of(Image.new("L", (800, 600), 255)))) == ["image_only"]


def test_icons_are_not_read() -> None:
    report = parse(file_of(Image.new("L", (64, 64), 0)))
    assert codes(report) == ["image_only"]
    assert "too small" in report.problems[0].message


def test_a_picture_that_would_fill_the_memory_is_refused() -> None:
    side = int(MAX_PIXELS**0.5) + 500
    document = read_picture(file_of(Image.new("1", (side, side), 1)))
    assert [code for code, _ in document.problems] == ["too_large"]


@pytest.mark.parametrize("magic", [b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"II*\x00", b"GIF89a", b"BM"])
def test_broken_pictures_say_so(magic: bytes) -> None:
    assert [code for code, _ in read_picture(magic + b"\xff" * 64).problems] == ["broken_image"]


def test_a_picture_cut_off_is_broken() -> None:
    body = file_of(Image.effect_noise((400, 300), 60))
    assert [code for code, _ in read_picture(body[: len(body) // 2]).problems] == ["broken_image"]


@needs_font
def test_time_that_runs_out_is_said() -> None:
    body = file_of(picture_of(table_of(draft(2, "2021"), "disputes")))
    assert "timeout" in [code for code, _ in read_picture(body, max_seconds=-1.0).problems]


# ------------------------------------------------------------------ ink


def _paper(width: int = 400, height: int = 300) -> Any:
    return Image.new("L", (width, height), 255)


def test_lines_are_found_and_strokes_of_characters_are_not() -> None:
    image = _paper()
    draw = ImageDraw.Draw(image)
    draw.rectangle((20, 20, 380, 120), outline=0)
    draw.line((20, 60, 380, 60), fill=150)  # grey
    draw.line((200, 20, 200, 60), fill=0)  # short, between two lines
    draw.line((100, 75, 100, 105), fill=0)  # a stroke that touches nothing
    draw.rectangle((30, 200, 380, 208), fill=0)  # too thick for a line
    horizontal, vertical, thickness = rulings(darkness(np.asarray(image)))
    drawn = [[(int(line.at), round(line.start), round(line.end)) for line in sorted(lines)] for lines in (horizontal, vertical)]
    assert drawn == [[(20, 20, 381), (60, 20, 381), (120, 20, 381)], [(20, 20, 121), (200, 20, 61), (380, 20, 121)]]
    assert thickness == 1


@pytest.mark.parametrize("degrees", [-2.0, -1.0, -0.3, 0.0, 0.5, 1.0, 2.5])
def test_lean_is_measured(degrees: float) -> None:
    image = _paper(900, 700)
    draw = ImageDraw.Draw(image)
    for y in range(100, 620, 40):
        draw.line((60, y, 840, y), fill=0, width=2)
    turned = image.rotate(degrees, Image.Resampling.BICUBIC, fillcolor=255)
    assert lean(darkness(np.asarray(turned))) == pytest.approx(degrees, abs=0.1)


def test_text_lines_are_not_cut_through_characters() -> None:
    mask = np.zeros((60, 100), bool)
    mask[5:8, 10:30] = mask[18:21, 8:32] = True  # 二
    mask[35:51, 10:90] = True
    lines = text_lines(mask, 16.0)
    assert [(line.top, line.bottom) for line in lines] == [(5, 21), (35, 51)]
    assert em_of(text_lines(mask, 0.0)) == 16.0


def test_single_pixels_are_dust() -> None:
    dark = np.zeros((20, 20), np.int16)
    dark[3, 3] = dark[9, 4] = 200
    assert not ink(dark).any()
    dark[9, 5] = 200
    assert ink(dark).sum() == 2
