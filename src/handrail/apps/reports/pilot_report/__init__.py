"""The report of a pilot: kept with its inputs, judged by the pure half, in plain sentences."""
