"""How actions and queries say no: one exception a kind, with words for people."""

from __future__ import annotations

from typing import Any


class Refusal(Exception):
    """Something was refused; `message` says what to do, `code` is stable for programs."""

    status = 400
    code = "refused"

    def __init__(self, message: str, *, code: str | None = None, **detail: Any) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or self.code
        self.detail = detail


class NotFound(Refusal):
    """There is no such thing, or the viewer may not know of it: both look alike."""

    status = 404
    code = "not-found"


class NotAllowed(Refusal):
    """The viewer may see the thing, but not do this to it."""

    status = 403
    code = "not-allowed"


class Invalid(Refusal):
    """The input cannot be taken; `fields` maps a field's name to what is wrong with it."""

    status = 422
    code = "invalid"

    def __init__(
        self, message: str, *, fields: dict[str, str] | None = None, **detail: Any
    ) -> None:
        super().__init__(message, **detail)
        self.fields = fields or {}


class Conflict(Refusal):
    """The state of the thing does not allow this now."""

    status = 409
    code = "conflict"
