"""The prose of a report: its sections, their sentences, the figures that these state."""
