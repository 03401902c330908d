"""The character recogniser: crops of printed lines -> texts with their certainty.

The model (PP-OCR, Apache-2.0) comes inside the wheel of ``rapidocr``; of that package only the file is used, and onnxruntime runs it:
nothing is fetched, and lines are found by parsers.carriers.ocr.ink, which knows the table's ruling.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Sequence
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from parsers.carriers.extra import missing, model

_HEIGHT = 48  # pixels: what the model was trained on
_LEAST, _MOST = 64, 2400  # width of a crop at that height
_STEP = 32
_BATCH = 24
_VALUE = re.compile(r"[0-9.,+\-/%]*")
_DIGITS = "0123456789.,+-/—－%"

Gray = NDArray[np.uint8]


class Reading(NamedTuple):
    """A recognised text, the certainty of its least certain character, and the text if it can only be a number or a mark."""

    text: str
    certainty: float
    number: str
    number_certainty: float


@cache
def engine() -> Recogniser | None:
    """The recogniser; None where the extra is not installed."""
    path = model()
    if path is None or missing():
        return None
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.intra_op_num_threads = 2  # the same sums in the same order on every machine
    session = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
    return Recogniser(session, session.get_modelmeta().custom_metadata_map["character"].splitlines())


class Recogniser:
    """Recognises printed lines, dark on light."""

    def __init__(self, session: Any, characters: Sequence[str]) -> None:
        self._session = session
        self._input = session.get_inputs()[0].name
        # CTC: class 0 is the gap between characters, the last one the blank.
        self._alphabet = ["", *characters, " "]
        self._digits = np.array([0, *(i for i, char in enumerate(self._alphabet) if char and char in _DIGITS)])

    def read(self, crops: Sequence[Gray], deadline: float = math.inf) -> list[Reading]:
        """The text of each crop (one printed line each, cut close). Crops that are the same are read once.

        Raises:
            TimeoutError: the monotonic clock has passed ``deadline``.
        """
        keys = [(crop.shape, crop.tobytes()) for crop in crops]
        distinct = dict(zip(keys, crops, strict=True))
        read = dict(zip(distinct, self._read(list(distinct.values()), deadline), strict=True))
        return [read[key] for key in keys]

    def _read(self, crops: Sequence[Gray], deadline: float) -> list[Reading]:
        scaled = [_scaled(crop) for crop in crops]
        found: list[Reading] = [Reading("", 0.0, "", 0.0)] * len(crops)
        order = sorted(range(len(crops)), key=lambda i: scaled[i].shape[1])
        at = 0
        while at < len(order):
            if time.monotonic() > deadline:
                raise TimeoutError
            width = -(-scaled[order[at]].shape[1] // _STEP) * _STEP
            batch = [i for i in order[at : at + _BATCH] if scaled[i].shape[1] <= width]
            at += len(batch)
            planes = np.zeros((len(batch), 3, _HEIGHT, width), np.float32)
            for row, i in enumerate(batch):
                planes[row, :, :, : scaled[i].shape[1]] = scaled[i].astype(np.float32) / 127.5 - 1.0
            chances = self._session.run(None, {self._input: planes})[0]
            for row, i in enumerate(batch):
                found[i] = self._reading(chances[row])
        return found

    def _reading(self, chances: NDArray[np.float32]) -> Reading:
        text, certainty = self._decoded(chances, np.arange(chances.shape[1]))
        if _VALUE.fullmatch(text):
            return Reading(text, certainty, text, certainty)
        if len(text) > 3:
            return Reading(text, certainty, "", 0.0)
        among = chances[:, self._digits]
        return Reading(text, certainty, *self._decoded(among / among.sum(axis=1, keepdims=True).clip(1e-9), self._digits))

    def _decoded(self, chances: NDArray[np.float32], classes: NDArray[np.int64]) -> tuple[str, float]:
        best = chances.argmax(axis=1)
        top = chances[np.arange(len(best)), best]
        text, certainty, last = [], 1.0, 0
        for place, chance in zip(best.tolist(), top.tolist(), strict=True):
            if place != last and place:
                text.append(self._alphabet[classes[place]])
                certainty = min(certainty, chance)
            last = place
        return "".join(text).strip(), certainty


def _scaled(crop: Gray) -> Gray:
    from PIL import Image

    height, width = crop.shape
    across = min(max(round(width * _HEIGHT / height), 8), _MOST)
    image = Image.fromarray(crop).resize((across, _HEIGHT), Image.Resampling.BICUBIC)
    scaled: Gray = np.full((_HEIGHT, max(across, _LEAST)), 255, np.uint8)
    scaled[:, :across] = np.asarray(image)
    return scaled
