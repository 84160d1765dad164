"""Scripts of the pages, run in Node: one bundle, one process, JSON in and out."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

FRONTEND = Path(__file__).resolve().parents[2] / "frontend"


def bundle(entry: Path, out: Path) -> Path:
    """The script and all it imports as one module that Node reads."""
    esbuild = FRONTEND / "node_modules/.bin/esbuild"
    options = ["--bundle", "--format=esm", "--platform=node", f"--outfile={out}"]
    subprocess.run([esbuild, entry, *options, "--log-level=error"], cwd=FRONTEND, check=True)
    return out


def told_by(script: str, given: Any, *, folder: Path) -> Any:
    """What a script leaves in `told`, with `given` at hand; it imports from `folder`."""
    path = folder / "asked.mjs"
    path.write_text(
        'import { readFileSync } from "node:fs";\n'
        'const given = JSON.parse(readFileSync(0, "utf8"));\nlet told;\n'
        f"{script}\nprocess.stdout.write(JSON.stringify(told));\n"
    )
    done = subprocess.run(
        ["node", path], cwd=folder, input=json.dumps(given), capture_output=True, text=True
    )
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return json.loads(done.stdout)
