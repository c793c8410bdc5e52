"""The household as the clip API knows it: its ways in by code, its group, what each member says of himself."""
