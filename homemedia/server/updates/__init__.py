"""Whether there is a newer version, how this one came here, and the way back. Nothing is ever installed from here."""
