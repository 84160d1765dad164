"""Open jobs from Greenhouse's public job board; no key is needed, and nothing is sent there."""

from handrail.integrations.greenhouse_board.reading import BoardJob, Unfit, parse, read_board

__all__ = ["BoardJob", "Unfit", "parse", "read_board"]
