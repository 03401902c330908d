"""The one error of a fetch, with its stable names."""

from __future__ import annotations


class FetchError(Exception):
    """A fetch without a usable response. ``code`` is a stable name; ``retry`` says whether it may go away by itself.

    ``next_profile``: a more lenient TLS profile may cure it.
    """

    def __init__(self, code: str, message: str, *, retry: bool = False, next_profile: bool = False) -> None:
        super().__init__(message)
        self.code, self.message, self.retry, self.next_profile = code, message, retry, next_profile
