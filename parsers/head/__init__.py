"""The head of a page: its title, the year it reports on, its metadata."""
