"""Verbs on what directories say and on ways to sign in."""
