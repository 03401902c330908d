"""MHTML (RFC 2557): a page saved by a browser or Word with all its parts in one file -> its main HTML part."""

from __future__ import annotations

import email
import email.policy
from email.message import Message

MAX_PARTS = 2_000


def main_part(body: bytes) -> tuple[bytes, str | None] | None:
    """The bytes of the main HTML part and its content type with the charset; None where there is no HTML inside.

    The main part is the one that the ``start`` parameter names, else the first HTML part that is not a frame's. Never
    raises.
    """
    try:
        message = email.message_from_bytes(body.lstrip(), policy=email.policy.compat32)
        parts: list[Message] = []
        for part in message.walk():
            if part.get_content_type() in ("text/html", "application/xhtml+xml"):
                parts.append(part)
            if len(parts) > MAX_PARTS:
                break
        start = message.get_param("start")
        named = [part for part in parts if start and part.get("Content-ID", "").strip() == str(start).strip()]
        for part in named or parts:
            content = part.get_payload(decode=True)
            if isinstance(content, bytes) and content.strip():
                return content, str(part.get("Content-Type", "")) or None
    except (ValueError, LookupError, UnicodeError, RecursionError, AttributeError, TypeError, IndexError):
        return None  # the standard library's parser has its limits on hostile headers
    return None
