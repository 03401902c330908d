"""A page whose tables are pictures, together with those pictures."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import replace

from parsers.carriers.picture import MAX_SECONDS, read_picture
from parsers.document import Block, Document


def with_pictures(document: Document, pictures: Iterable[tuple[str, bytes]]) -> Document:
    """The page's document with what OCR reads on its pictures behind it; ``pictures`` are (address, bytes).

    Pictures without text (logos, photographs) add nothing. Locators begin with ``picture[n]/``, counting the pictures that were given.
    """
    deadline = time.monotonic() + MAX_SECONDS
    blocks: list[Block] = list(document.blocks)
    problems = list(document.problems)
    for number, (address, body) in enumerate(pictures, 1):
        left = deadline - time.monotonic()
        if left <= 0:
            problems.append(("timeout", f"time ran out: {number - 1} of the page's pictures were read"))
            break
        read = read_picture(body, max_seconds=left)
        problems += [(code, f"{address[:200]}: {message}") for code, message in read.problems if code != "image_only"]
        blocks += [block.moved(f"picture[{number}]/".__add__) for block in read.blocks]
    if len(blocks) == len(document.blocks):
        return replace(document, problems=tuple(problems))
    return replace(document, blocks=tuple(blocks), problems=tuple(problems), recognised=(*document.recognised, "picture["))
