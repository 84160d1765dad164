"""A lead plans a retreat in a real browser; a guest opens it and brings something."""

from __future__ import annotations

import re

from playwright.sync_api import expect
from stage import Enter, Served


def test_m23_a_lead_plans_a_retreat_and_a_guest_brings_something(
    demo: Served, enter: Enter
) -> None:
    lead = enter(demo, "Carla Berg")
    lead.goto("/retreats/new/")
    lead.get_by_label("One-day tooling sprint").check()
    lead.get_by_label("Name", exact=True).fill("Git day")
    lead.get_by_label("Place", exact=True).fill("Porto")
    lead.get_by_role("button", name="Make the draft").click()
    lead.get_by_label("Add people").select_option(["Ben Singh"])
    lead.get_by_role("button", name="Put on the list").click()
    lead.get_by_role("button", name="Invite everybody").click()
    expect(lead.get_by_role("status")).to_contain_text("1 person gets a mail.")
    lead.get_by_role("link", name="Plan to print").click()
    expect(lead.get_by_role("heading", name="Kit")).to_be_visible()
    for paper in ("A4", "Letter"):
        assert len(re.findall(rb"/Type\s*/Page[^s]", lead.pdf(format=paper))) == 1

    guest = enter(demo, "Ben Singh")
    guest.goto("/retreats/")
    guest.get_by_role("link", name=re.compile("Git day")).click()
    guest.get_by_role("button", name="I bring it · Pens and sticky notes").click()
    expect(guest.get_by_text("Ben Singh brings it")).to_be_visible()
