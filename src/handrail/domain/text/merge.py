"""Three texts of one field, and what becomes of them: no character is ever dropped or blended."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merged:
    """What stands in the field afterwards, and what is to be kept beside it."""

    text: str
    kept_beside: str | None = None  # the device's text, where the field keeps the server's

    @property
    def is_conflict(self) -> bool:
        """Whether two people changed the field, each without knowing of the other."""
        return self.kept_beside is not None


def merge_field(*, device: str, base: str, server: str) -> Merged:
    """Decide one field by three whole texts, each any string; nothing is compared within them.

    `base` is what the device had been shown when its text was begun. Where the device changed
    nothing, or says what the server says already, the server's text stands. Where the server still
    has the base, the device's text takes its place. Otherwise both were changed: the server's
    stands and the device's is kept beside it, whole. The rule is the usual three-way one of
    version control, taken for the field as one piece: a decision must not be blended by a machine.
    """
    if device in (base, server):
        return Merged(server)
    if server == base:
        return Merged(device)
    return Merged(server, kept_beside=device)
