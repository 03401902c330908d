"""OFD: the same tables as from PDF, whatever writer wrote them, and every way in which a file can be no report."""

from __future__ import annotations

import io
import zipfile

import pytest

from data.reading import read_report
from parsers import parse
from parsers.carriers.ofd import read_ofd
from parsers.carriers.office.ofd_page import deltas, subpaths
from parsers.carriers.recognise import recognise
from parsers.document import Document, Paragraph, Table
from parsers.grid import form_grid
from tests.pagegen.generate import draft, truth_of
from tests.pagegen.model import Draft
from tests.parsers.carriers.carrier_render import Print, title_of
from tests.parsers.carriers.ofd_render import Writer, ofd_of, package, page


def slots(table: Table) -> list[list[str]]:
    grid = form_grid(table.rows)
    return [["".join(table.rows[o.row][o.cell].text.split()) if o else "" for o in row] for row in grid.slots]


def assert_exact(drawn: Draft, document: Document) -> None:
    assert document.problems == ()
    printed = [[["".join(cell.text.split()) if cell else "" for cell in row] for row in t.grid()] for t in drawn.tables()]
    assert [slots(table) for table in document.tables()] == printed


def texts(document: Document) -> list[str]:
    return [block.text for block in document.blocks if isinstance(block, Paragraph)]


def codes(document: Document) -> list[str]:
    return [code for code, _ in document.problems]


def text_object(text: str, boundary: str = "20 20 100 6", attributes: str = "", code: str = 'X="0" Y="4" DeltaX="g 40 4"') -> str:
    return f'<TextObject ID="1" Boundary="{boundary}" Font="1" Size="4" {attributes}><TextCode {code}>{text}</TextCode></TextObject>'


WRITERS = {
    "standard": Writer(),
    "one number for each distance": Writer(deltas="each"),
    "one character an object": Writer(deltas="none"),
    "several codes an object": Writer(text="codes"),
    "sizes by matrix": Writer(text="ctm"),
    "lines as thin fills": Writer(lines="bars"),
    "default namespace": Writer(prefix=""),
    "another prefix and namespace": Writer(prefix="o:", namespace="http://www.ofdspec.org"),
    "no namespace": Writer(prefix="", namespace=""),
    "absolute names": Writer(absolute=True),
    "lines on templates": Writer(template=True),
    "page blocks": Writer(blocks=True),
}


@pytest.mark.parametrize("name", WRITERS)
def test_tables_come_out_slot_by_slot_from_every_writer(name: str) -> None:
    for seed, form in ((1, "2021"), (3, "2019"), (4, "2014")):
        drawn = draft(seed, form)
        assert_exact(drawn, read_ofd(ofd_of(drawn, writer=WRITERS[name])))


@pytest.mark.parametrize("ruling", ["lines", "double"])
@pytest.mark.parametrize("flow", ["first", "last", "over"])
def test_ways_of_ruling_and_of_page_breaks(ruling: str, flow: str) -> None:
    drawn = draft(2, "2021")
    assert_exact(drawn, read_ofd(ofd_of(drawn, Print(ruling=ruling, flow=flow, top=220.0, vertical="chars"))))


def test_numbers_verdicts_and_addresses_of_a_report() -> None:
    drawn = draft(1, "2021")
    body = ofd_of(drawn)
    report = parse(body)
    assert (recognise(body), report.kind, report.form, report.title) == ("ofd", "ofd", "2021", title_of(drawn))
    read = {(c.table, c.indicator, c.period or c.applicant): c.value for c in report.cells}
    assert read == {key: value for key, (value, _) in truth_of(drawn).items()}
    assert {t.table: t.verdict for t in report.tables}["applications"] == "proved"
    assert all(cell.locator and cell.locator.startswith("page[") and "/box[" in cell.locator for cell in report.cells)


def test_build_and_extract_need_no_other_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    assert read_report(ofd_of(draft(1, "2021")), name="年报.ofd").form == "2021"


@pytest.mark.parametrize(
    ("text", "most", "expected"),
    [
        ("1 2.5 -3", 9, [1, 2.5, -3]),
        ("g 3 4.5 7", 9, [4.5, 4.5, 4.5, 7]),
        ("2 g 2 3 G 1 5", 9, [2, 3, 3, 5]),
        ("g 999999999999 1", 4, [1, 1, 1, 1]),
        ("g 3", 9, []),
        ("g x 3 2", 9, [2]),
        (None, 9, []),
    ],
)
def test_distances_of_characters(text: str | None, most: int, expected: list[float]) -> None:
    assert deltas(text, most) == expected


def test_paths() -> None:
    assert subpaths("M 0 0 L 10 0 L 10 5 C M 1 1 L 2 2") == [[(0, 0), (10, 0), (10, 5), (0, 0)], [(1, 1), (2, 2)]]
    assert subpaths("S 0 0 L 4 0 B 1 1 2 2 3 3 L 9 3") == [[(0, 0), (4, 0)], [(3, 3), (9, 3)]]
    assert subpaths("M 0 0 L 1") == []
    assert subpaths("x y z 1 2") == []


def test_text_without_distances_runs_on() -> None:
    assert texts(read_ofd(package([page([text_object("信息公开2024年", code='X="0" Y="4"')])]))) == ["信息公开2024年"]


@pytest.mark.parametrize("size", ['size="4"', ""])
def test_a_size_misspelt_or_left_out_hides_no_text(size: str) -> None:
    drawn = text_object("信息公开年报").replace('Size="4"', size)
    assert texts(read_ofd(package([page([drawn])]))) == ["信息公开年报"]


def test_line_breaks_of_the_xml_are_no_text() -> None:
    assert texts(read_ofd(package([page([text_object("\n      信息公开\n   ")])]))) == ["信息公开"]


def test_turned_pages_and_characters_read_upright() -> None:
    # A page set sideways: characters turned a quarter clockwise, each below the one before.
    sideways = [text_object("政府信息公开", "100 20 6 100", 'CharDirection="90" ReadDirection="90"', 'X="1" Y="0" DeltaY="g 9 4"')]
    assert texts(read_ofd(package([page(sideways)]))) == ["政府信息公开"]
    upside = [text_object("信息", "100 20 20 6", 'CTM="-1 0 0 -1 20 6"', 'X="0" Y="4" DeltaX="4"')]
    assert texts(read_ofd(package([page(upside)]))) == ["信息"]


def test_what_no_reader_sees_is_not_read() -> None:
    unseen = [text_object("看不见", attributes='Visible="false"'), text_object("透明", "20 40 100 6", 'Alpha="0"')]
    lean = text_object("水印", "20 60 100 6", 'CTM="0.7 0.7 -0.7 0.7 0 0"')
    clip = '<PathObject ID="3" Boundary="10 10 5 5" Stroke="false"><AbbreviatedData>M 0 0 L 5 0</AbbreviatedData></PathObject>'
    assert texts(read_ofd(package([page([*unseen, lean, clip, text_object("看得见", "20 80 100 6")])]))) == ["看得见"]


def test_bold_by_printing_twice_is_one_text() -> None:
    twice = [text_object("规章"), text_object("规章", "20.1 20 100 6")]
    assert texts(read_ofd(package([page(twice)]))) == ["规章"]


def test_composed_objects_are_drawn_where_they_stand() -> None:
    unit = f'<CompositeGraphicUnit ID="77"><Content>{text_object("组合", "0 0 50 6")}</Content></CompositeGraphicUnit>'
    resources = f"<Res BaseLoc='Res'><CompositeGraphicUnits>{unit}</CompositeGraphicUnits></Res>"
    used = '<CompositeObject ID="5" ResourceID="77" Boundary="30 50 100 10" CTM="2 0 0 2 0 0"/>'
    document = read_ofd(package([page([used])], more={"Doc_0/PublicRes.xml": resources}))
    paragraph = next(block for block in document.blocks if isinstance(block, Paragraph))
    assert paragraph.text == "组合"
    assert paragraph.locator.startswith("page[1]/box[85,")  # 30 mm


def test_composed_objects_that_repeat_themselves_end() -> None:
    again = '<CompositeObject ID="5" ResourceID="77" Boundary="0 0 1 1"/>' * 10
    unit = f'<CompositeGraphicUnits><CompositeGraphicUnit ID="77"><Content>{again}</Content></CompositeGraphicUnit></CompositeGraphicUnits>'
    document = read_ofd(package([page([again])], more={"Doc_0/PublicRes.xml": f"<Res>{unit}</Res>"}))
    assert codes(document) == ["page_too_complex"]


def test_lines_end_where_their_boundary_does() -> None:
    drawn = draft(1, "2021")
    # A line across the whole page of which its Boundary shows a millimetre, outside of the table.
    long = '<PathObject ID="3" Boundary="2 100 1 1"><AbbreviatedData>M 0 0 L 200 0</AbbreviatedData></PathObject>'
    body = ofd_of(drawn)
    with zipfile.ZipFile(io.BytesIO(body)) as parts:
        first = parts.read("Doc_0/Pages/Page_1/Content.xml").decode()
    changed = first.replace('Type="Body">', f'Type="Body">{long.replace("<", "<ofd:").replace("<ofd:/", "</ofd:")}', 1)
    assert changed != first
    assert_exact(drawn, read_ofd(_with(body, "Doc_0/Pages/Page_1/Content.xml", changed)))


def _with(body: bytes, name: str, text: str | bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(body)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for part in dict.fromkeys([*old.namelist(), name]):
            new.writestr(part, text if part == name else old.read(part))
    return buffer.getvalue()


def test_signed_files_and_attachments_do_not_disturb() -> None:
    drawn = draft(1, "2021")
    body = _with(ofd_of(drawn), "Doc_0/Signs/Sign_0/SignedValue.dat", b"\x30\x82" * 99)
    body = _with(body, "Doc_0/Attachs/Attachments.xml", "<ofd:Attachments xmlns:ofd='x'/>")
    assert_exact(drawn, read_ofd(body))


def test_the_current_version_is_read() -> None:
    old, new = page([text_object("旧版")]), page([text_object("新版")])
    versions = "<Versions><Version ID='1' Index='1' BaseLoc='Doc_0/V1.xml'/>"
    versions += "<Version ID='2' Index='2' Current='true' BaseLoc='Doc_0/V2.xml'/></Versions>"
    body = package(
        [old, new],
        more={
            "OFD.xml": f"<OFD><DocBody><DocRoot>Doc_0/Document.xml</DocRoot>{versions}</DocBody></OFD>",
            "Doc_0/V2.xml": "<DocVersion><DocRoot>Document2.xml</DocRoot></DocVersion>",
            "Doc_0/Document2.xml": '<Document><Pages><Page ID="1" BaseLoc="Pages/Page_1/Content.xml"/></Pages></Document>',
        },
    )
    assert texts(read_ofd(body)) == ["新版"]


def test_several_documents_in_one_file() -> None:
    body = package(
        [page([text_object("第一篇")]), page([text_object("第二篇")])],
        more={
            "OFD.xml": "<OFD>{}{}</OFD>".format(*(f"<DocBody><DocRoot>Doc_{n}/Document.xml</DocRoot></DocBody>" for n in (0, 1))),
            "Doc_0/Document.xml": '<Document><Pages><Page BaseLoc="Pages/Page_0/Content.xml"/></Pages></Document>',
            "Doc_1/Document.xml": '<Document><Pages><Page BaseLoc="/Doc_0/Pages/Page_1/Content.xml"/></Pages></Document>',
        },
    )
    assert texts(read_ofd(body)) == ["第一篇第二篇"]


def test_a_missing_page_is_named_and_the_others_are_read() -> None:
    pages = [page([text_object(text)]) for text in ("甲页", "乙页", "丙页")]
    document = read_ofd(package(pages, leave_out="Doc_0/Pages/Page_1/Content.xml"))
    assert texts(document) == ["甲页丙页"]
    assert codes(document) == ["broken_ofd"]
    assert "page 2" in document.problems[0][1]


def test_scans_are_pictures() -> None:
    scan = '<ImageObject ID="4" ResourceID="9" Boundary="0 0 210 297" CTM="210 0 0 297 0 0"/>'
    assert codes(read_ofd(package([page([scan])]))) == ["image_only"]


def test_encrypted_files_say_so() -> None:
    parts: dict[str, str | bytes] = {"Encryptions.xml": "<Encryptions/>", "Doc_0/Document.xml": bytes(range(256))}
    document = read_ofd(package([page([])], more=parts))
    assert codes(document) == ["encrypted"]
    assert "save an open copy" in document.problems[0][1]


@pytest.mark.parametrize(
    ("parts", "left_out"),
    [
        ({"OFD.xml": b"\xff\xfe\0nonsense"}, ""),
        ({"OFD.xml": "<OFD/>"}, ""),
        ({}, "Doc_0/Document.xml"),
        ({"Doc_0/Document.xml": "<Document/>"}, ""),
    ],
)
def test_broken_files_say_so(parts: dict[str, str | bytes], left_out: str) -> None:
    document = read_ofd(package([page([])], more=parts, leave_out=left_out))
    assert (document.kind, document.blocks, codes(document)) == ("ofd", (), ["broken_ofd"])


def test_hostile_xml_reaches_no_file_and_does_not_grow() -> None:
    entity = '<!DOCTYPE x [<!ENTITY a "看"><!ENTITY b "&a;&a;&a;"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    content = f'{entity}<Page><Content><Layer>{text_object("甲&b;&f;乙")}</Layer></Content></Page>'.encode()
    said = "".join(texts(read_ofd(package([page([])], more={"Doc_0/Pages/Page_0/Content.xml": content}))))
    assert said in ("甲乙", "")
    deep = b"<Page><Content>" + b"<Layer>" * 5000 + b"</Layer>" * 5000 + b"</Content></Page>"
    assert read_ofd(package([page([])], more={"Doc_0/Pages/Page_0/Content.xml": deep})).blocks == ()


def test_a_zip_bomb_is_refused() -> None:
    body = package([page([])], more={"Doc_0/Pages/Page_0/Content.xml": b" " * (40 << 20)})
    assert codes(read_ofd(body)) == ["too_large"]


def test_limits_are_said() -> None:
    pages = [page([text_object(f"第{n}页内容")]) for n in range(3)]
    document = read_ofd(package(pages), max_pages=2)
    assert (texts(document), codes(document)) == (["第0页内容第1页内容"], ["too_many_pages"])
    assert codes(read_ofd(package(pages), max_seconds=-1.0))[0] == "timeout"


@pytest.mark.parametrize("numbers", ["1e999 0 10 10", "nan 0 1 1", "", "1 2 3", "-1 -1 -1 -1", "1 2 3 4 5 6 7"])
def test_any_numbers_will_do(numbers: str) -> None:
    objects = [
        text_object("甲", numbers),
        text_object("乙", attributes=f'CTM="{numbers}"'),
        text_object("丙", code=f'X="{numbers}" Y="{numbers}" DeltaX="{numbers}"'),
        f'<PathObject Boundary="{numbers}"><AbbreviatedData>M {numbers} L {numbers}</AbbreviatedData></PathObject>',
        f'<ImageObject Boundary="{numbers}"/>',
    ]
    area = f"<Page><Area><PhysicalBox>{numbers}</PhysicalBox></Area><Content><Layer>{''.join(objects)}</Layer></Content></Page>"
    assert isinstance(read_ofd(package([area])), Document)
