"""The `handrail` command speaks to people."""

from __future__ import annotations

import os

import pytest

from handrail.site.command_line import COMMANDS, main


@pytest.fixture(autouse=True)
def the_environment_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo command sets where its home is; what is set here is put back."""
    for name in ("HANDRAIL_HOME", "HANDRAIL_MAIL", "HANDRAIL_SERVED_ON_LOOPBACK", "DATABASE_URL"):
        monkeypatch.setenv(name, os.environ.get(name, ""))


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_tells_of_its_own_options_alone(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    told = capsys.readouterr().out
    assert ended.value.code in (0, None)
    assert f"handrail {command}" in told
    for foreign in ("--pythonpath", "--settings", "--traceback", "--verbosity", "--version"):
        assert foreign not in told


def test_an_unknown_command_is_answered_with_what_there_is(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["matsch"])
    told = capsys.readouterr().err
    assert ended.value.code == 2
    assert "there is no command 'matsch'" in told
    assert "handrail match" in told
