"""From what the queries found to what the pages show: words, lights and addresses. No database, no request."""
