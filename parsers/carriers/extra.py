"""Whether the extra for reading pictures is there; told without importing it, for it is heavy."""

from __future__ import annotations

from functools import cache
from importlib.util import find_spec
from pathlib import Path

HINT = "reading pictures needs an extra: pip install nianbao[ocr]"


@cache
def missing() -> bool:
    """Whether a part of the extra is not installed."""
    return model() is None or any(find_spec(name) is None for name in ("numpy", "onnxruntime", "PIL"))


@cache
def model() -> Path | None:
    """The recognition model, a file inside the installed package ``rapidocr``; None where that is not installed."""
    spec = find_spec("rapidocr")
    folders = () if spec is None else spec.submodule_search_locations or ()
    return next((path for folder in folders for path in sorted(Path(folder, "models").glob("*rec*.onnx"))), None)
