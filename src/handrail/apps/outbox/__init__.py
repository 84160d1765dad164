"""What must leave the house: rows, leases, retries, idempotency keys."""
