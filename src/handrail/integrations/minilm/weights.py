"""Weights in a safetensors file, without the library: a header of JSON, then plain numbers."""

from __future__ import annotations

import json
from math import prod
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Weights = dict[str, NDArray[np.float32]]
SIZE = 8  # bytes that say how long the header is
LARGEST_HEADER = 10_000_000
FLOAT = 4


class BadWeights(ValueError):
    """The file is no safetensors file, or is cut off."""


def read_weights(path: Path) -> Weights:
    """Every table of 32-bit numbers in the file by name, mapped from disk and not copied.

    The format: https://github.com/huggingface/safetensors#format. Raises `BadWeights`, naming what
    is wrong; offsets count from the end of the header.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        length = int.from_bytes(file.read(SIZE), "little")
        if not 0 < length <= min(LARGEST_HEADER, size - SIZE):
            raise BadWeights(f"{path.name} does not begin like a safetensors file")
        try:
            header = json.loads(file.read(length))
        except ValueError as error:
            raise BadWeights(f"the header of {path.name} cannot be read") from error
    bytes_of = np.memmap(path, mode="r", dtype=np.uint8, offset=SIZE + length)
    found: Weights = {}
    for name, table in header.items():
        if name == "__metadata__" or table["dtype"] != "F32":
            continue
        begin, end = table["data_offsets"]
        if not 0 <= begin <= end <= len(bytes_of) or end - begin != prod(table["shape"]) * FLOAT:
            raise BadWeights(f"{path.name} is cut off in {name}")
        found[name] = bytes_of[begin:end].view("<f4").reshape(table["shape"])
    return found
