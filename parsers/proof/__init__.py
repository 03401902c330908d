"""What proves a report or speaks against it: the sums of its form, plausible numbers, its prose beside its tables."""
