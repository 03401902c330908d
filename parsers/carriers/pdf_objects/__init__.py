"""What a PDF file holds: its objects -> glyphs and rulings."""
