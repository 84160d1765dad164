"""What a device keeps for the time without a network: the same for everybody, nothing personal."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation

from handrail.web.guide import guide_names, guide_page
from handrail.web.offline_words import shell_words

# Where the kept shell can show what a page would; elsewhere it says that there is no network.
ONE = "[0-9a-f-]{36}/"
SHELLED = (f"^/sessions/{ONE}$", f"^/answers/(ask/|{ONE})?$")
FILES = (
    "build/site.css",
    "build/site.js",
    "build/device.js",
    "build/shell.js",
    "build/room.js",
    "build/search.worker.js",
    "icon.svg",
    "icons/192.png",
)


@dataclass(frozen=True, slots=True)
class Release:
    """What the worker of this release keeps, and a name that differs when any of it does."""

    version: str
    shells: dict[str, str]  # language to address
    pages: list[str]
    files: list[str]

    def as_script(self) -> str:
        told = {
            "version": self.version,
            "shells": self.shells,
            "pages": self.pages,
            "files": self.files,
            "shelled": list(SHELLED),
        }
        return f"self.RELEASE={json.dumps(told)};\n"


def languages() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]


def shell(language: str) -> str:
    """The page that stands in for room and answers, and says elsewhere that there is no network."""
    with translation.override(language):
        return render_to_string("offline/shell.html", {"words": shell_words()})


def worker_script() -> str:
    """The service worker with what it keeps; switched off, the one that takes it all back."""
    if not settings.OFFLINE:
        return built("sw_off.js")
    return release().as_script() + built("sw.js")


def release() -> Release:
    # Collected files stay as they are while the server runs; a developer's do not.
    return _release_of_this_process() if settings.STATIC_COLLECTED else _release()


@cache
def _release_of_this_process() -> Release:
    return _release()


def _release() -> Release:
    shells = {code: reverse("offline_shell", args=[code]) for code in languages()}
    pages = [reverse("guide"), *(reverse("guide_page", args=[name]) for name in guide_names())]
    files = [*map(static, FILES), *shared()]
    said = [built("sw.js"), *files, *(shell(code) for code in shells)]
    said += [guide_page(name).html for name in guide_names()]
    digest = hashlib.sha256("\n".join(said).encode()).hexdigest()[:12]
    return Release(digest, shells, pages, files)


def shared() -> list[str]:
    """What several scripts have in common: the build gave each such part a digest of its own."""
    folder = Path(str(finders.find("build/device.js"))).parent
    return sorted(f"{settings.STATIC_URL}build/{path.name}" for path in folder.glob("chunk-*.js"))


def built(name: str) -> str:
    """A script as the front-end build left it."""
    path = finders.find(f"build/{name}")
    if not isinstance(path, str):
        raise FileNotFoundError(f"build/{name}: run make setup")
    return Path(path).read_text(encoding="utf-8")
