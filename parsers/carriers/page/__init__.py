"""Glyphs and rulings -> tables and paragraphs: what PDF, OFD and pictures share."""
