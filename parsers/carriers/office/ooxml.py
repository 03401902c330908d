"""What DOCX and XLSX share: parts of a package, read as XML without entities, network or size surprises."""

from __future__ import annotations

import posixpath
import zipfile

from lxml import etree

from parsers.carriers.archive import ZipError, open_package, read_member

MAX_PART_BYTES = 32 << 20
_RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_RELATED = (
    "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}",
    "{http://purl.oclc.org/ooxml/officeDocument/relationships}",  # of Strict documents
)


class Package:
    """An OOXML package opened for reading.

    Raises:
        ZipError: the zip is broken or too large.
    """

    def __init__(self, body: bytes) -> None:
        self._zip: zipfile.ZipFile = open_package(body)
        self._names = {name.replace("\\", "/").lstrip("/").lower(): name for name in self._zip.namelist()}

    def find(self, name: str) -> str | None:
        """The part's name if the package has it; case and a leading slash do not count."""
        key = name.lstrip("/").lower()
        return key if key in self._names else None

    def read(self, name: str) -> bytes:
        """The bytes of a part.

        Raises:
            ZipError: it is missing, damaged or too large.
        """
        key = self.find(name)
        if key is None:
            raise ZipError("broken_zip", f"the file has no part {name}")
        return read_member(self._zip, self._names[key], MAX_PART_BYTES)

    def xml(self, name: str) -> etree._Element:
        """The root of an XML part.

        Raises:
            ZipError: the part cannot be read or is no well-formed XML.
        """
        return safe_xml(self.read(name), f"part {name}")

    def optional_xml(self, name: str) -> etree._Element | None:
        """The root of an XML part, None where it is missing.

        Raises:
            ZipError: the part cannot be read or is no XML: what it says (hidden text, formats) would be missed without a word.
        """
        return None if self.find(name) is None else self.xml(name)

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Relations of a part: id -> (kind, target). Targets inside the package are part names."""
        folder, name = posixpath.split(part)
        root = self.optional_xml(f"{folder}/_rels/{name}.rels")
        found: dict[str, tuple[str, str]] = {}
        for node in () if root is None else root.iter(_RELATION):
            target = node.get("Target", "")
            if node.get("TargetMode") != "External":
                target = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
            found[node.get("Id", "")] = (node.get("Type", "").rsplit("/", 1)[-1], target)
        return found

    def title(self) -> str:
        """The title among the document's properties, "" where there is none."""
        try:
            root = self.optional_xml("docProps/core.xml")
        except ZipError:  # no number depends on it
            return ""
        node = None if root is None else root.find("{http://purl.org/dc/elements/1.1/}title")
        return " ".join((node.text or "").split()) if node is not None else ""


def safe_xml(body: bytes, what: str) -> etree._Element:
    """The root of an XML document.

    Raises:
        ZipError: it is no well-formed XML; mended, it could give cells other places.
    """
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(body, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ZipError("broken_zip", f"{what} is no XML ({error})") from error
    if root is None:
        raise ZipError("broken_zip", f"{what} is no XML")
    return root


def related(node: etree._Element, name: str) -> str:
    """The identifier of the relation that an attribute (``id``, ``embed``) of an element names, "" where it has none."""
    return next((found for namespace in _RELATED if (found := node.get(f"{namespace}{name}"))), "")


def integer(text: str | None, default: int = 0) -> int:
    """The number of an attribute; ``default`` where it is none, or of ten digits and more."""
    text = (text or "").strip()
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else default
