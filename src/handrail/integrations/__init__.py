"""Doors: one folder per outside service; each speaks its protocol and knows no model."""
