"""How kernels are compiled: once for each version of their sources, kept on disk, lock-free.

numba looks at the time of a kernel's own file only; a kernel that calls another would go on
running the other's old code after an upgrade. So what is kept stands in a folder named after all
sources of this package.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar, cast

import numba
from numba.core import config

Kernel = TypeVar("Kernel", bound=Callable[..., Any])


def _folder() -> str:
    sources = sorted(Path(__file__).parent.glob("*.py"))
    text = b"".join(path.read_bytes() for path in sources) + numba.__version__.encode()
    name = f"handrail-kernels-{blake2b(text, digest_size=8).hexdigest()}"
    home = os.environ.get("XDG_CACHE_HOME", "")
    for base in (Path(home) if home else Path.home() / ".cache", Path(tempfile.gettempdir())):
        folder = base / name
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        except OSError:
            continue
        if os.access(folder, os.W_OK) and folder.stat().st_uid == os.getuid():
            return str(folder)
    return ""


settings: Any = config  # numba fills this module from the environment, so it declares no names
settings.CACHE_DIR = settings.CACHE_DIR or _folder()


def kernel(function: Kernel) -> Kernel:
    """The function, compiled at its first call for the types it gets then."""
    compile_it = numba.njit(cache=bool(settings.CACHE_DIR), nogil=True)
    return cast(Kernel, compile_it(function))


def leaf(function: Kernel) -> Kernel:
    """The same for a kernel that makes no array: part of each kernel that calls it.

    Otherwise every call counts the references to each array it is given and hands all of them
    over, hundreds of words, which took most of the time.
    """
    options: dict[str, Any] = {"_nrt": False, "forceinline": True}  # numba's types leave these out
    compile_it = numba.njit(cache=bool(settings.CACHE_DIR), nogil=True, **options)
    return cast(Kernel, compile_it(function))
