"""Handrail: micro-mentoring for remote teams."""

__version__ = "0.1.0"
