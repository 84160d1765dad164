"""Sentences as vectors: the model all-MiniLM-L6-v2 in NumPy, from a folder on this machine.

Nothing is fetched: `make embeddings` puts the weights and their tokenizer there.
"""

from .encoder import Encoder, NoModel, load

__all__ = ["Encoder", "NoModel", "load"]
