"""The outcome ledger: what became of people, when it happened and since when it is known."""
