"""Three texts of one field: by hand, and by many random histories of two and three devices."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from handrail.domain.text import Merged, merge_field

A, B = "Ship on Monday", "Never ship"


@pytest.mark.parametrize(
    ("device", "base", "server", "stands", "beside"),
    [
        ("", "", "", "", None),  # nothing anywhere
        (A, "", "", A, None),  # only the device wrote
        ("", "", A, A, None),  # only the server has something
        (A, "", A, A, None),  # both wrote the same
        (A, "", B, B, A),  # both wrote
        (B, A, A, B, None),  # the device changed it
        (A, A, B, B, None),  # the server changed it
        ("", A, A, "", None),  # the device emptied it
        ("", A, B, B, ""),  # emptied here, changed there: the emptying is kept as a wish
        (B, A, "", "", B),  # changed here, emptied there
    ],
)
def test_a_field_by_hand(
    device: str, base: str, server: str, stands: str, beside: str | None
) -> None:
    assert merge_field(device=device, base=base, server=server) == Merged(stands, beside)


texts = st.text(alphabet="ab", max_size=3)


@given(texts, texts, texts)
def test_nothing_is_made_up_and_no_text_is_dropped(device: str, base: str, server: str) -> None:
    merged = merge_field(device=device, base=base, server=server)
    assert merged.text in (device, server)
    kept = {merged.text, merged.kept_beside}
    # What somebody wrote is there afterwards, unless somebody had seen it and wrote over it.
    assert device in kept | {base}
    assert server in kept | {base}


@dataclass
class Device:
    """A device as the browser's script is: a box, its base, and at most one operation under way."""

    box: str = ""
    base: str = ""
    op: tuple[str, str] | None = None  # base and text, until it is answered

    def send(self) -> None:
        if self.op is None and self.box != self.base:
            self.op = (self.base, self.box)


@dataclass
class House:
    """A server with one field: its text and what lies beside it."""

    text: str = ""
    beside: list[str] = field(default_factory=list)

    def take(self, base: str, device: str) -> Merged:
        merged = merge_field(device=device, base=base, server=self.text)
        self.text = merged.text
        if merged.kept_beside is not None:
            self.beside.append(merged.kept_beside)
        return merged


def play(steps: list[tuple[int, str]], devices: int, merge: type[House] = House) -> list[str]:
    """Let devices type, send, lose replies and look; the words that are nowhere afterwards."""
    house, people = merge(), [Device() for _ in range(devices)]
    typed: list[str] = []
    for n, (who, what) in enumerate(steps):
        device = people[who % devices]
        if what == "type":
            word = f"<{n}>"
            typed.append(word)
            device.box += word
        elif what == "look" and device.op is None and device.box == device.base:
            device.box = device.base = house.text
        elif what in ("send", "lose"):
            answer(device, house, lost=what == "lose")
    for device in people * 2:
        answer(device, house, lost=False)
    everything = [house.text, *house.beside, *(one.box for one in people)]
    return [word for word in typed if not any(word in text for text in everything)]


def answer(device: Device, house: House, *, lost: bool) -> None:
    device.send()
    if device.op is None:
        return
    base, text = device.op
    merged = house.take(base, text)
    if lost:
        return  # it comes again under its id: the server then tells what stands
    device.op = None
    if device.box == text:
        device.box = device.base = merged.text
    elif not merged.is_conflict:
        device.base = merged.text  # typed on: the base is what the server made of it


steps = st.lists(
    st.tuples(st.integers(0, 2), st.sampled_from(["type", "type", "send", "lose", "look"])),
    max_size=40,
)


@settings(max_examples=60, deadline=None)
@given(steps, st.integers(2, 3))
def test_s14_no_word_of_two_or_three_devices_is_lost(
    history: list[tuple[int, str]], devices: int
) -> None:
    assert play(history, devices) == []


class LastWins(House):
    """A server that ignores what the device had seen."""

    def take(self, base: str, device: str) -> Merged:
        self.text = device
        return Merged(device)


def test_s14_a_server_that_ignores_the_base_is_caught() -> None:
    both_offline = [(0, "type"), (1, "type"), (0, "send"), (1, "send"), (0, "look")]
    assert play(both_offline, 2, LastWins) == ["<0>"]
    assert play(both_offline, 2) == []
