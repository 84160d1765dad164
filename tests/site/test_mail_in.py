"""`handrail mail-in` tells what became of each mail; settings that cannot be right are said."""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from factories.world import World
from handrail.apps.organizations.scope import reading
from handrail.apps.sessions.models import ReceivedMail
from handrail.site import mail_in

AUTOMATIC = b"From: bob@northwind.example\r\nAuto-Submitted: auto-replied\r\n\r\nAway\r\n"


@pytest.fixture(autouse=True)
def inbox(tmp_path: Path, settings: Any) -> Path:
    settings.MAIL_IN = f"folder:{tmp_path}/in"
    settings.MAIL_IN_HOST = "mx.handrail.example"
    (tmp_path / "in").mkdir()
    (tmp_path / "in/one.eml").write_bytes(AUTOMATIC)
    return tmp_path / "in"


def test_it_says_what_became_of_each_mail(
    fresh_world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("mail_in")
    call_command("mail_in")
    assert capsys.readouterr().out.splitlines() == [
        "1 refused: An automatic answer, which nobody gave.",
        "Nothing new came in.",
    ]


def test_a_mail_server_may_hand_a_mail_to_it(
    fresh_world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(AUTOMATIC)))
    call_command("mail_in", "-")
    with reading(fresh_world.organization):
        assert ReceivedMail.objects.get().outcome == "automatic"


def test_the_thread_reads_until_it_is_told_to_stop_and_outlives_a_door_that_is_shut(
    inbox: Path, settings: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stop, tries = threading.Event(), []

    def shut(_clock: object) -> None:
        tries.append(1)
        if len(tries) == 3:
            stop.set()
        raise mail_in.Shut("sign-in")

    monkeypatch.setattr(mail_in, "read_mail_in", shut)
    monkeypatch.setattr(mail_in, "PAUSE_SECONDS", 0.0)
    monkeypatch.setattr(mail_in, "connection", _Quiet())
    mail_in.run(stop, lambda: None)  # type: ignore[arg-type,return-value]
    assert caplog.text.count("mail does not come in: sign-in") == 1
    settings.MAIL_IN = ""
    assert mail_in.run_mail_in_beside(stop, lambda: None) == []  # type: ignore[arg-type,return-value]


class _Quiet:
    def close(self) -> None: ...

    def close_if_unusable_or_obsolete(self) -> None: ...


@pytest.mark.parametrize(
    ("mail_in_is", "host", "said"),
    [
        ("", "mx.example", "HANDRAIL_MAIL_IN is not set"),
        ("pop3://u:secret@mail.example", "mx.example", "Use one of: folder, imap, imaps"),
        ("imaps://mail.example", "mx.example", "needs all of"),
        ("folder", "", "needs HANDRAIL_MAIL_IN_HOST"),
        ("folder:/proc/none", "mx.example", "There is no such folder"),
    ],
)
def test_what_cannot_be_right_is_said(settings: Any, mail_in_is: str, host: str, said: str) -> None:
    settings.MAIL_IN, settings.MAIL_IN_HOST = mail_in_is, host
    with pytest.raises(CommandError, match=said) as told:
        call_command("mail_in")
    assert told.value.returncode == 2
    assert "secret" not in str(told.value)
