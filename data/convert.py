"""Old office files -> something a parser reads, by LibreOffice where it is installed.

DOC, WPS and RTF become DOCX; XLS and ET become XLSX; presentations become PDF. Each
conversion runs in a process and a profile folder of its own, with a time limit, one at a time.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
from pathlib import Path

from parsers.carriers.recognise import recognise

HINT = (
    "reading DOC, WPS, XLS, ET and RTF needs LibreOffice: install it "
    "(Debian, Ubuntu: apt install libreoffice-core libreoffice-writer libreoffice-calc; or https://www.libreoffice.org)"
)
MAX_BYTES = 256 << 20
_TARGETS = {
    ".doc": "docx", ".dot": "docx", ".wps": "docx", ".wpt": "docx", ".rtf": "docx", ".odt": "docx",
    ".xls": "xlsx", ".et": "xlsx", ".ett": "xlsx", ".ods": "xlsx", ".xlsb": "xlsx",
    ".ppt": "pdf", ".pptx": "pdf", ".dps": "pdf", ".odp": "pdf",
}  # fmt: skip
_FILTERS = {"docx": "docx:MS Word 2007 XML", "xlsx": "xlsx:Calc MS Excel 2007 XML", "pdf": "pdf"}
_ONE_AT_A_TIME = threading.Lock()


class NeedsLibreOffice(RuntimeError):
    """LibreOffice is not installed. ``code`` is the name of the problem, the message how to install it."""

    code = "needs_libreoffice"


class ConversionError(RuntimeError):
    """The file was not converted. ``code``: ``conversion_failed``, ``encrypted``, ``timeout`` or ``too_large``."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def find_libreoffice() -> str | None:
    """The path of LibreOffice's command, None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def target_of(suffix: str) -> str:
    """What files with this suffix (``.doc``) are converted to: ``docx``, ``xlsx`` or ``pdf``."""
    return _TARGETS.get(suffix.lower(), "pdf")


def suffix_by_content(body: bytes) -> str | None:
    """The suffix by which LibreOffice is to read a file, told by its content; None for what needs no conversion."""
    kind = recognise(body)
    if kind == "ole":
        # The names of an OLE file's streams are UTF-16: a workbook, or else a text (DOC and WPS look the same).
        is_workbook = any(name.encode("utf-16-le") in body for name in ("Workbook", "Book\0"))
        return ".xls" if is_workbook and "WordDocument".encode("utf-16-le") not in body else ".doc"
    if kind == "odf":
        return ".ods" if b"opendocument.spreadsheet" in body[:4096] else ".odt"
    return {"rtf": ".rtf", "pptx": ".pptx", "xlsb": ".xlsb", "sheet_xml": ".xls"}.get(kind)


def convert_office(body: bytes, suffix: str, *, timeout_s: float = 60.0) -> bytes:
    """Convert an office file to DOCX, XLSX or PDF (see ``target_of``) and return its bytes.

    Args:
        body: the file.
        suffix: its kind as a file name suffix, ``.doc``; LibreOffice looks at the content too.
        timeout_s: seconds after which LibreOffice is ended.

    Raises:
        NeedsLibreOffice: LibreOffice is not installed.
        ConversionError: it failed, took too long, or the result is too large.
    """
    program = find_libreoffice()
    if program is None:
        raise NeedsLibreOffice(HINT)
    if "EncryptedPackage".encode("utf-16-le") in body:
        raise ConversionError("encrypted", f"the {suffix} file asks for a password: save an open copy of it and try again")
    suffix = suffix.lower() if suffix.lower() in _TARGETS else ".doc"
    target = _TARGETS[suffix]
    with _ONE_AT_A_TIME, tempfile.TemporaryDirectory(prefix="nianbao-office-") as folder:
        source = Path(folder, f"in{suffix}")
        source.write_bytes(body)
        command = [
            program,
            f"-env:UserInstallation={Path(folder, 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nofirststartwizard"),
            *("--convert-to", _FILTERS[target], "--outdir", str(Path(folder, "out"))),
            str(source),
        ]
        said = _run(command, folder, timeout_s)
        made = Path(folder, "out", f"in.{target}")
        if not made.is_file():
            detail = said.strip().splitlines()[-1] if said.strip() else "no message"
            raise ConversionError("conversion_failed", f"LibreOffice could not convert the {suffix} file: {detail}")
        if made.stat().st_size > MAX_BYTES:
            raise ConversionError("too_large", f"the converted {suffix} file is larger than {MAX_BYTES:,} bytes")
        return made.read_bytes()


def _run(command: list[str], folder: str, timeout_s: float) -> str:
    """Run LibreOffice in its own process group, so that the time limit ends its children too. Returns what it said."""
    environment = {**os.environ, "HOME": folder, "TMPDIR": folder}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        said, _ = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired as error:
        raise ConversionError("timeout", f"LibreOffice took longer than {timeout_s:g} s and was ended") from error
    except OSError as error:
        raise ConversionError("conversion_failed", f"LibreOffice could not be run: {error}") from error
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    return said.decode("utf-8", "replace")
