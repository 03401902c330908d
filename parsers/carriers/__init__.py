"""Carriers: each turns its bytes into a Document."""
