"""Zip files, opened with limits: as attachments of reports, and as the package that OOXML documents are."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from itertools import islice

MAX_FILES = 1_000
MAX_FILE_BYTES = 128 << 20
MAX_TOTAL_BYTES = 512 << 20
MAX_RATIO = 300  # unpacked to packed; deflate itself ends at 1032, office files stay below 100
MAX_DEPTH = 2  # zip within zip
_MEMBER = re.compile(rb"PK\x03\x04.{22}(..)..", re.S)

Problems = list[tuple[str, str]]


class ZipError(Exception):
    """A zip or a member of it cannot be read; ``code`` is the name of the problem."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def open_package(body: bytes) -> zipfile.ZipFile:
    """The zip as a table of members.

    Raises:
        ZipError: ``broken_zip`` or ``too_many_files``.
    """
    try:
        package = zipfile.ZipFile(io.BytesIO(body))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, EOFError, OverflowError) as error:
        raise ZipError("broken_zip", f"the zip cannot be opened ({error}): fetch it again") from error
    if len(package.infolist()) > MAX_FILES:
        raise ZipError("too_many_files", f"the zip holds {len(package.infolist())} files; the limit is {MAX_FILES}")
    return package


def names_before_break(body: bytes) -> Iterator[str]:
    """The names (lower case) that stand before the members themselves, for a zip without its table of contents."""
    for match in islice(_MEMBER.finditer(body), MAX_FILES):
        length = int.from_bytes(match[1], "little")
        yield body[match.end() : match.end() + length].decode("ascii", "replace").lstrip("/").lower()


def read_member(package: zipfile.ZipFile, member: str | zipfile.ZipInfo, limit: int = MAX_FILE_BYTES) -> bytes:
    """The bytes of one member, never more than ``limit``, whatever its header says.

    Raises:
        KeyError: no such member.
        ZipError: ``encrypted``, ``too_large`` or ``broken_zip``.
    """
    info = package.getinfo(member) if isinstance(member, str) else member
    name = member_name(info)
    if info.flag_bits & 0x1:
        raise ZipError("encrypted", f"{name} in the zip asks for a password")
    most = min(limit, max(1 << 20, info.compress_size * MAX_RATIO))
    try:
        with package.open(info) as stream:
            content = stream.read(most + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError, ValueError) as error:
        raise ZipError("broken_zip", f"{name} in the zip cannot be unpacked ({error})") from error
    if len(content) > most:
        raise ZipError("too_large", f"{name} in the zip unpacks to more than {most:,} bytes")
    return content


def member_name(info: zipfile.ZipInfo) -> str:
    """The member's name; names without the UTF-8 flag are read as GB 18030, as Chinese Windows writes them."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("gb18030")
    except UnicodeError:
        return info.filename


def open_zip(body: bytes, problems: Problems, *, depth: int = 0) -> Iterator[tuple[str, bytes]]:
    """The files of a zip attachment as (name, bytes), those of zips inside it too (``inner.zip/name``).

    What is refused is added to ``problems`` as (code, message): ``broken_zip``, ``too_many_files``, ``too_large``,
    ``too_deep``, ``encrypted``, ``unsafe_name`` (a name that climbs out of the folder). Never raises. OOXML documents
    are files here, not zips.
    """
    total, count = [0], [0]
    yield from _files(body, problems, depth, total, count)


def _files(
    body: bytes, problems: Problems, depth: int, total: list[int], count: list[int]
) -> Iterator[tuple[str, bytes]]:
    from parsers.carriers.recognise import recognise

    try:
        package = open_package(body)
    except ZipError as error:
        problems.append((error.code, str(error)))
        return
    for info in package.infolist():
        name = member_name(info).replace("\\", "/")
        if info.is_dir() or name.startswith("__MACOSX/") or name.rsplit("/", 1)[-1].startswith("."):
            continue
        if name.startswith("/") or ":" in name.split("/")[0] or ".." in name.split("/") or "\0" in name:
            problems.append(("unsafe_name", f"{name!r} in the zip points out of its folder and was not read"))
            continue
        count[0] += 1
        if count[0] > MAX_FILES:
            problems.append(("too_many_files", f"the zip holds more than {MAX_FILES} files; the rest was not read"))
            return
        try:
            content = read_member(package, info)
        except ZipError as error:
            problems.append((error.code, str(error)))
            continue
        total[0] += len(content)
        if total[0] > MAX_TOTAL_BYTES:
            message = f"the zip unpacks to more than {MAX_TOTAL_BYTES:,} bytes; the rest was not read"
            problems.append(("too_large", message))
            return
        if recognise(content) != "zip":
            yield name, content
        elif depth + 1 >= MAX_DEPTH:
            problems.append(("too_deep", f"{name} is a zip inside {depth + 1} others and was not opened"))
        else:
            for inner, inner_content in _files(content, problems, depth + 1, total, count):
                yield f"{name}/{inner}", inner_content
