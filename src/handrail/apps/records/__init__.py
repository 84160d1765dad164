"""Records that travel and records that go: attestations, exports, erasure, retention, the seals of
the ledgers, and groups that people may name for a look at fairness."""
