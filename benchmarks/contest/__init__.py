"""Our matching engine and its rivals on the same arcs, judged by code that belongs to neither."""
