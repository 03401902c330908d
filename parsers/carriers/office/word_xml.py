"""Word documents in one XML file -> the DOCX of the same content: flat OPC packages, and WordprocessingML of Word 2003 (often named .doc).

Word 2003 writes the vocabulary of DOCX but for a few names, which are put right here.
"""

from __future__ import annotations

import base64
import binascii
import io
import zipfile
from collections.abc import Iterator

from lxml import etree

from parsers.carriers.archive import ZipError
from parsers.carriers.office.ooxml import MAX_PART_BYTES, safe_xml

_PKG = "{http://schemas.microsoft.com/office/2006/xmlPackage}"
_AML = "{http://schemas.microsoft.com/aml/2001/core}"
_AUX = "{http://schemas.microsoft.com/office/word/2003/auxHint}"
_IMAGE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="picture" Type="x/image" Target="media/picture"/></Relationships>'
)
_TRACKED = {"Word.Insertion": "ins", "Word.Deletion": "del"}
_RENAMED = {"vmerge": "vMerge", "hmerge": "hMerge"}


def docx_of(body: bytes) -> bytes:
    """The DOCX package of a Word document in one XML file.

    Raises:
        ZipError: ``too_large``, or ``broken_zip``: it is no well-formed XML, or no such document.
    """
    if len(body) > MAX_PART_BYTES:
        raise ZipError("too_large", f"the XML file is larger than {MAX_PART_BYTES:,} bytes")
    root = safe_xml(body, "the file")
    parts = _flat_parts(root) if root.tag == f"{_PKG}package" else _parts_of_2003(root)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        for name, content in parts:
            package.writestr(name, content)
    return buffer.getvalue()


def _flat_parts(root: etree._Element) -> Iterator[tuple[str, bytes]]:
    for part in root.iterchildren(f"{_PKG}part"):
        xml, data = part.find(f"{_PKG}xmlData"), part.findtext(f"{_PKG}binaryData")
        try:
            content = etree.tostring(xml[0]) if xml is not None and len(xml) else base64.b64decode(data or "")
        except binascii.Error as error:
            raise ZipError("broken_zip", f"part {part.get(f'{_PKG}name')} cannot be read ({error})") from error
        yield part.get(f"{_PKG}name", "").lstrip("/"), content


def _parts_of_2003(root: etree._Element) -> Iterator[tuple[str, bytes]]:
    w = f"{{{etree.QName(root).namespace or ''}}}"
    body, styles = root.find(f"{w}body"), root.find(f"{w}styles")
    document = etree.Element(f"{w}document", nsmap={"w": w[1:-1]} if w != "{}" else None)
    if body is not None:
        _put_right(body, w)
        document.append(body)
    yield "word/document.xml", etree.tostring(document)
    yield "word/_rels/document.xml.rels", _RELATIONS.encode()
    if styles is not None:
        yield "word/styles.xml", etree.tostring(styles)


def _put_right(body: etree._Element, w: str) -> None:
    """Names of DOCX for those of 2003: merged cells, tracked changes, sections, pictures; printed list numbers as text; no footnotes."""
    for node in list(body.iter(etree.Element)):
        name = etree.QName(node).localname
        tracked = _TRACKED.get(_attribute(node, "type")) if node.tag == f"{_AML}annotation" else None
        if tracked is not None:
            node.tag = f"{w}{tracked}"
        elif node.tag in (f"{_AML}annotation", f"{w}footnote", f"{w}endnote"):
            del node[:]  # comments, old formats, and notes, which are printed elsewhere
        elif node.tag == f"{_AML}content" or node.tag.startswith(_AUX):
            node.tag = f"{w}smartTag"  # a wrapper that prints nothing itself
        elif node.tag.startswith(w) and name in _RENAMED:
            node.tag = f"{w}{_RENAMED[name]}"
        elif node.tag == f"{w}listPr":
            _print_number(node, w)
        elif name == "imagedata":
            node.set(_IMAGE, "picture")


def _print_number(properties: etree._Element, w: str) -> None:
    """The number of a list item, which the file keeps as it is printed, as text at the paragraph's beginning."""
    printed = properties.find(f"{_AUX}t")
    paragraph = next(properties.iterancestors(f"{w}p"), None)
    if printed is None or paragraph is None or not (number := _attribute(printed, "val")):
        return
    run = etree.Element(f"{w}r")
    etree.SubElement(run, f"{w}t").text = f"{number} "
    paragraph.insert(1, run)


def _attribute(node: etree._Element, name: str) -> str:
    """An attribute by its local name; both vocabularies give theirs several namespaces."""
    return next((str(value) for key, value in node.attrib.items() if etree.QName(key).localname == name), "")
