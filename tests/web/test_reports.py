"""The list of reports: who may make one finds the way there."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from factories.world import World
from handrail.apps.organizations.scope import reading
from handrail.apps.reports.company_wide import building
from handrail.apps.reports.models import Report

Browser = Callable[[str], Client]


@pytest.mark.parametrize(
    ("name", "may"), [("ana", True), ("adam", True), ("alice", True), ("bob", False)]
)
def test_the_list_offers_a_new_report_to_those_who_may_make_one(
    signed_in_as: Browser, name: str, may: bool
) -> None:
    page = signed_in_as(name).get(reverse("reports")).content.decode()
    assert (reverse("report_new") in page) is may


def test_programs_stand_side_by_side_by_page_and_by_shell(
    signed_in_as: Browser, fresh_world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ana = signed_in_as("ana")
    today = timezone.now().date().isoformat()
    page = ana.post(reverse("report_new"), {"program": "every", "cut": today}, follow=True)
    shown = page.content.decode()
    assert "Every program:" in shown
    assert "this is no ranking of them" in shown
    # Fewer than ten people: no outcome in the figures either, only who was followed.
    with reading(fresh_world.organization):
        report = Report.objects.get()
        merges = report.result["programs"][0]["first_merge"]
    assert merges["hidden"]
    assert "median_days" not in merges
    assert ana.get(reverse("report_json", args=[report.public_id])).json() == report.result
    monkeypatch.setattr(building, "LARGE", -1)
    late = ana.post(reverse("report_new"), {"program": "every", "cut": today}, follow=True)
    assert "in a few minutes" in late.content.decode()
    out = tmp_path / "all.csv"
    call_command(
        "measures",
        from_database=True,
        organisation=fresh_world.organization.name,
        out=out,
        keep=tmp_path / "t",
    )
    lines = out.read_text().splitlines()
    assert lines[0] == "program,name,arm,stratum,measure,figure,value"
    assert any(",first_merge,hidden,True" in line for line in lines)
    (tmp_path / "t" / "moves.parquet").unlink()
    with pytest.raises(CommandError, match=r"moves\.parquet is not there"):
        call_command("measures", tmp_path / "t")
