"""Static files: names with a digest, older releases stay, and a missing one is never a page."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from handrail.site.static_files import ReleaseStorage

NAME = "a.js"


def release(folder: Path, script: str) -> dict[str, str]:
    """Collect one script; what its name became."""
    (folder / NAME).write_text(script)
    storage = ReleaseStorage(location=str(folder), base_url="/static/")
    return {name: made for name, made, _ in storage.post_process({NAME: (storage, NAME)})}


def test_a_releases_file_has_a_digest_in_its_name_and_stays_beside_the_next_one(
    tmp_path: Path, settings: LazySettings
) -> None:
    old = release(tmp_path, "old" * 500)[NAME]
    new = release(tmp_path, "new" * 500)[NAME]
    assert old != new
    assert (tmp_path / old).read_text() == "old" * 500
    assert gzip.decompress((tmp_path / f"{old}.gz").read_bytes()) == b"old" * 500
    settings.STATIC_COLLECTED = True
    storage = ReleaseStorage(location=str(tmp_path), base_url="/static/")
    assert storage.url(NAME) == f"/static/{new}"


def test_a_list_that_a_crash_cut_off_is_made_anew(tmp_path: Path) -> None:
    (tmp_path / "staticfiles.json").write_text('{"paths": {"a')
    assert release(tmp_path, "new" * 500)[NAME].startswith("a.")


def test_before_collecting_names_are_plain() -> None:
    assert staticfiles_storage.url("icon.svg") == "/static/icon.svg"


@pytest.mark.django_db
def test_a_missing_file_is_a_plain_404_and_not_kept() -> None:
    answer = Client().get("/static/build/site.0123456789ab.js")
    assert (answer.status_code, answer["Content-Type"]) == (404, "text/plain")
    assert (answer.content, answer["Cache-Control"]) == (b"no such file\n", "no-store")


@pytest.mark.django_db
def test_pages_are_asked_for_anew_each_time() -> None:
    assert Client().get("/welcome/")["Cache-Control"] == "no-cache, private"
