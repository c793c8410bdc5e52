"""Clips: short videos and songs that members send in, which the whole family watches, and what is said of them."""
