"""Signing a television in by a short code that it shows and a signed-in member confirms."""
