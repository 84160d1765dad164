"""The list of reports: who may make one finds the way there."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

Browser = Callable[[str], Client]


@pytest.mark.parametrize(
    ("name", "may"), [("ana", True), ("adam", True), ("alice", True), ("bob", False)]
)
def test_the_list_offers_a_new_report_to_those_who_may_make_one(
    signed_in_as: Browser, name: str, may: bool
) -> None:
    page = signed_in_as(name).get(reverse("reports")).content.decode()
    assert (reverse("report_new") in page) is may
