"""`handrail report` where nothing was set up yet; alone in its file, as others read a team in."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.management import CommandError, call_command


def test_without_an_organisation_it_says_how_to_begin(db: Any) -> None:
    with pytest.raises(CommandError, match="Begin with: handrail init"):
        call_command("report")
