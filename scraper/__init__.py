"""The web in, an archive out: crawls annual-report columns politely and keeps every response as a WARC record."""
