"""Verbs on hiring."""
