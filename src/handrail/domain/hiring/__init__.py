"""What a posting may say about the support behind a job, and whether a page says just that."""
