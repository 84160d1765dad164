"""Match runs, proposals and their reasons, pins and forbids."""
