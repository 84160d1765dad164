"""The engine for many people: kernels compiled by numba, imported only where they are needed."""
