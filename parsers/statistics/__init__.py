"""Statistical tables of the reports before 2019: rows of label, unit and values."""
