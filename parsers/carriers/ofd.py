"""OFD (GB/T 33190-2016) -> Document: a zip of XML pages that say where each character and each line stands.

Names of elements are compared without their namespace: writers use several, and some none.
"""

from __future__ import annotations

import posixpath
import time
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from lxml import etree

from parsers.carriers.archive import ZipError
from parsers.carriers.extra import missing
from parsers.carriers.office.ofd_page import OfdPage, child, children, numbers
from parsers.carriers.office.ooxml import Package
from parsers.carriers.page.drawn import PageTooComplexError
from parsers.carriers.page.glyphs import PageContent
from parsers.carriers.page.pages import document_of, is_scan
from parsers.document import Document

MAX_PAGES = 600
MAX_SECONDS = 60.0
MAX_SCANS = 40
PICTURE_SECONDS = 60.0  # for pages without text
_A4 = (0.0, 0.0, 210.0, 297.0)  # millimetres
_ENCRYPTED = "the OFD file asks for a password or key: save an open copy of it and try again"


def read_ofd(body: bytes, *, max_pages: int = MAX_PAGES, max_seconds: float = MAX_SECONDS) -> Document:
    """Read an OFD file.

    Never raises for what the bytes hold; ``Document.problems`` says what was not read: ``broken_ofd``, ``encrypted``, ``too_large``,
    ``too_many_files``, ``too_many_pages``, ``timeout``, ``page_too_complex``, ``image_only`` (pages without text), ``unmapped_text``.
    """
    deadline = time.monotonic() + max_seconds
    problems: list[tuple[str, str]] = []
    contents: list[PageContent] = []
    scans: list[tuple[int, bytes, float]] = []
    try:
        package = Package(body)
        for number, page in enumerate(_pages(package), 1):
            if number > max_pages:
                problems.append(("too_many_pages", f"the OFD file has more than {max_pages} pages; the first {max_pages} were read"))
                break
            if time.monotonic() > deadline:
                problems.append(("timeout", f"time ran out: {number - 1} pages were read"))
                break
            try:
                content = page.content(number)
                contents.append(content)
                if is_scan(content) and len(scans) < MAX_SCANS and not missing() and (picture := page.picture()):
                    scans.append((number, picture, content.width))
            except PageTooComplexError as error:
                problems.append(("page_too_complex", f"page {number} was left out: {error}"))
            except ZipError as error:
                problems.append((_code(error), f"page {number} was not read: {error}"))
    except ZipError as error:
        problems.append((_code(error), str(error)))
    if not contents and package_is_encrypted(body):
        problems = [("encrypted", _ENCRYPTED)]
    elif not contents and not problems:
        problems.append(("broken_ofd", "the OFD file has no pages"))
    recognised = _recognised(scans, problems) if scans else {}
    contents = [recognised.get(content.number, content) for content in contents]
    return document_of(contents, problems, "ofd", deadline + PICTURE_SECONDS, recognised)


def _recognised(scans: list[tuple[int, bytes, float]], problems: list[tuple[str, str]]) -> dict[int, PageContent]:
    """The pages without text, read by OCR."""
    from parsers.carriers.picture import frames_of, recognised_pages

    pages = [(number, frame, width) for number, picture, width in scans for frame in islice(frames_of(picture, problems), 1)]
    found = recognised_pages(pages, len(pages), problems, time.monotonic() + PICTURE_SECONDS)
    return {page.number: replace(page, pictures=1.0) for page in found}


def _code(error: ZipError) -> str:
    return "broken_ofd" if error.code == "broken_zip" else error.code


def package_is_encrypted(body: bytes) -> bool:
    """Whether the file lists encrypted parts (GM/T 0099-2020); ``False`` for what is no zip."""
    try:
        return Package(body).find("Encryptions.xml") is not None
    except ZipError:
        return False


def _pages(package: Package) -> Iterator[OfdPage]:
    """The pages of all documents in the file, in order. Raises ZipError."""
    for root in _roots(package):
        document = package.xml(root)
        common = child(document, "CommonData")
        area = _area(common) or _A4
        templates: dict[str, etree._Element] = {}
        composed: dict[str, etree._Element] = {}
        media: dict[str, str] = {}
        for node in children(common):
            name = etree.QName(node).localname
            if name == "TemplatePage" and (page := package.optional_xml(_target(root, node.get("BaseLoc", "")))) is not None:
                templates[node.get("ID", "")] = page
            elif name in ("PublicRes", "DocumentRes"):
                resources = _target(root, node.text or "")
                for group in children(package.optional_xml(resources)):
                    composed.update({unit.get("ID", ""): unit for unit in children(group, "CompositeGraphicUnit")})
                    media.update(_media(resources, group))
        for page in children(child(document, "Pages"), "Page"):
            yield OfdPage(package, _target(root, page.get("BaseLoc", "")), area, templates, composed, media)


def _media(resources: str, group: etree._Element) -> Iterator[tuple[str, str]]:
    """The parts with pictures that a group of resources names, by identifier."""
    holder = group.getparent()
    folder = "" if holder is None else holder.get("BaseLoc", "")
    for item in children(group, "MultiMedia"):
        file = child(item, "MediaFile")
        if file is not None:
            yield item.get("ID", ""), _target(resources, posixpath.join(folder, (file.text or "").strip()))


def _roots(package: Package) -> list[str]:
    """The parts that describe the documents of the file; where a document has versions, that of the current one."""
    found = []
    for body in children(package.xml("OFD.xml"), "DocBody"):
        root = child(body, "DocRoot")
        name = "" if root is None else _target("OFD.xml", root.text or "")
        for version in children(child(body, "Versions"), "Version"):
            if version.get("Current", "").strip().lower() == "true":
                place = _target("OFD.xml", version.get("BaseLoc", ""))
                described = package.optional_xml(place)
                newer = child(described, "DocRoot")
                name = name if newer is None else _target(place, newer.text or "")
        if name:
            found.append(name)
    return found


def _area(holder: etree._Element | None) -> tuple[float, ...] | None:
    box = child(child(holder, "PageArea"), "PhysicalBox")
    found = () if box is None else numbers(box.text)
    return found if len(found) == 4 and min(found[2:]) > 0 else None


def _target(part: str, place: str) -> str:
    """A place written in a part as the name of a part of the package."""
    place = place.strip().replace("\\", "/")
    return place.lstrip("/") if place.startswith("/") else posixpath.normpath(posixpath.join(posixpath.dirname(part), place))
