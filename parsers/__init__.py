"""Bytes in, Report out: the reader of annual reports. Pure and deterministic, no I/O."""

from parsers.model import Report
from parsers.report import parse

__all__ = ["Report", "parse"]
