"""How actions and queries say no: one exception a kind, with words for people."""

from __future__ import annotations

from datetime import datetime
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


def to_stored(refusal: Refusal) -> dict[str, Any]:
    """The refusal as JSON, so that a repeated request gets the very same answer."""
    body: dict[str, Any] = {
        "code": refusal.code,
        "message": str(refusal.message),
        "detail": _pack(refusal.detail),
    }
    if isinstance(refusal, Invalid):
        body["fields"] = {name: str(text) for name, text in refusal.fields.items()}
    return body


def from_stored(status: int, body: dict[str, Any]) -> Refusal:
    """The refusal that was stored, of the same class where the code still names one."""
    kind = _class_for(status, body["code"])
    refusal = kind.__new__(kind)
    Exception.__init__(refusal, body["message"])
    refusal.status = status
    refusal.message = body["message"]
    refusal.code = body["code"]
    refusal.detail = _unpack(body["detail"])
    if isinstance(refusal, Invalid):
        refusal.fields = dict(body.get("fields", {}))
    return refusal


def _class_for(status: int, code: str) -> type[Refusal]:
    waiting: list[type[Refusal]] = [Refusal]
    by_status: type[Refusal] = Refusal
    while waiting:
        kind = waiting.pop()
        if kind.code == code and kind.status == status:
            return kind
        if kind.__base__ is Refusal and kind.status == status:
            by_status = kind
        waiting.extend(kind.__subclasses__())
    return by_status


def _pack(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"$at": value.isoformat()}
    if isinstance(value, dict):
        return {str(name): _pack(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [_pack(item) for item in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return str(value)


def _unpack(value: Any) -> Any:
    if isinstance(value, dict):
        if set(value) == {"$at"}:
            return datetime.fromisoformat(value["$at"])
        return {name: _unpack(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_unpack(item) for item in value]
    return value
