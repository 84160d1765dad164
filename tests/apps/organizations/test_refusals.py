"""A refusal that was stored comes back as it was."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from handrail.apps.organizations.refusals import (
    Conflict,
    Invalid,
    NotFound,
    Refusal,
    from_stored,
    to_stored,
)

AT = datetime(2026, 2, 2, 10, 0, tzinfo=UTC)


class SeatTaken(Conflict):
    """A refusal of another room, with a constructor of its own."""

    code = "seat-taken"

    def __init__(self, alternatives: list[datetime]) -> None:
        super().__init__("The seat is taken.", alternatives=alternatives)


def there_and_back(refusal: Refusal) -> Refusal:
    return from_stored(refusal.status, to_stored(refusal))


def test_class_words_and_code_come_back() -> None:
    back = there_and_back(NotFound("There is no such thing."))
    assert (type(back), back.message, back.code, back.status) == (
        NotFound,
        "There is no such thing.",
        "not-found",
        404,
    )


def test_a_class_of_another_room_comes_back_with_its_moments() -> None:
    back = there_and_back(SeatTaken([AT]))
    assert type(back) is SeatTaken
    assert back.detail == {"alternatives": [AT]}


def test_the_fields_of_a_bad_input_come_back() -> None:
    back = there_and_back(Invalid("No.", fields={"name": "Give a name."}))
    assert isinstance(back, Invalid)
    assert back.fields == {"name": "Give a name."}


def test_an_id_in_the_detail_comes_back_as_its_text() -> None:
    back = there_and_back(Conflict("No.", session=UUID(int=7)))
    assert back.detail == {"session": "00000000-0000-0000-0000-000000000007"}


def test_a_code_nobody_knows_any_more_keeps_the_status_class() -> None:
    back = from_stored(409, {"code": "long-gone", "message": "No.", "detail": {}})
    assert (type(back), back.code, str(back)) == (Conflict, "long-gone", "No.")
