"""What the scripts weigh, and what a device fetches before it is ready for the time offline."""

from __future__ import annotations

import gzip
import json
import subprocess
import tempfile
from pathlib import Path

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"
BUILT = FRONTEND.parent / "src/handrail/web/static/build"
OWN_LIMIT = 30_000  # bytes, packed
READY_LIMIT = 300_000
LIBRARIES = ("idb",)


def packed(content: bytes) -> int:
    return len(gzip.compress(content, 9, mtime=0))


def own_scripts() -> dict[str, int]:
    """What we wrote ourselves, script by script: built as for the pages, without libraries."""
    commands = json.loads((FRONTEND / "package.json").read_text())["scripts"]
    with tempfile.TemporaryDirectory() as folder:
        for name in ("js:alone", "js:pages"):
            words = [word for word in commands[name].split() if not word.startswith("--outdir")]
            # What a bundle for a page cannot leave out, a module can.
            words = [word.replace("--format=iife", "--format=esm") for word in words]
            words += [f"--external:{library}" for library in LIBRARIES]
            esbuild = [FRONTEND / "node_modules/.bin" / words[0], *words[1:]]
            subprocess.run(
                [*esbuild, f"--outdir={folder}", "--log-level=error"], cwd=FRONTEND, check=True
            )
        return {path.name: packed(path.read_bytes()) for path in sorted(Path(folder).glob("*.js"))}


def ready_load() -> dict[str, int]:
    """Each thing that a first visit fetches until all is kept, without the page itself."""
    from django.contrib.staticfiles import finders
    from django.template.loader import render_to_string

    from handrail.web import offline
    from handrail.web.guide import guide_names, guide_page

    release = offline.release()
    loads = {}
    for address in release.files:
        path = finders.find(address.removeprefix("/static/"))
        content = Path(str(path)).read_bytes()
        # Pictures are packed already.
        loads[address] = len(content) if address.endswith(".png") else packed(content)
    for language, address in release.shells.items():
        loads[address] = packed(offline.shell(language).encode())
    for name in guide_names():
        page = render_to_string("offline/guide_page.html", {"page": guide_page(name)})
        loads[f"/guide/{name}/"] = packed(page.encode())
    pages = [guide_page(name) for name in guide_names()]
    loads["/guide/"] = packed(render_to_string("offline/guide.html", {"pages": pages}).encode())
    loads["/sw.js"] = packed(offline.worker_script().encode())
    return loads
