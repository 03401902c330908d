"""Pictures of pages -> glyphs and rulings."""
