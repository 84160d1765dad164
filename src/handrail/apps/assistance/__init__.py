"""Drafts by a model, off until an administrator, a program and everybody concerned allow them."""
