"""Static files of this release and of the ones before: names hold a digest, nothing is cleared."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import ManifestStaticFilesStorage
from django.core.management import call_command

PACKED = {".css", ".js", ".svg", ".html", ".json", ".txt"}
SMALLEST = 512  # bytes; below this packing saves nothing


class ReleaseStorage(ManifestStaticFilesStorage):
    """Names with a digest once the files were collected, the plain names before that.

    A page of the last release goes on asking for its own files while people type in it: they stay.
    """

    def read_manifest(self) -> str | None:  # type: ignore[override]  # the stubs forget None
        # Collecting begins anew: what a crash left half written is not asked.
        return super().read_manifest() if settings.STATIC_COLLECTED else None

    def stored_name(self, name: str) -> str:
        return super().stored_name(name) if settings.STATIC_COLLECTED else name

    def post_process(self, *args: Any, **kwargs: Any) -> Iterator[Any]:
        for name, hashed, processed in super().post_process(*args, **kwargs):
            if processed and not isinstance(processed, Exception) and hashed:
                pack(Path(self.path(hashed)))
            yield name, hashed, processed


def pack(path: Path) -> None:
    """Lay a packed copy beside a file whose name holds a digest, unless it is there."""
    packed = path.with_name(f"{path.name}.gz")
    if path.suffix not in PACKED or packed.exists() or path.stat().st_size < SMALLEST:
        return
    packed.write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))


def collect() -> None:
    """Lay this release's files beside those of the last one, which open pages still ask for."""
    call_command("collectstatic", interactive=False, verbosity=0)
