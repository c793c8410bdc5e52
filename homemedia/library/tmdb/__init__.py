"""TMDb, behind a key: which film or show an item is, what is known of it there, its pictures.

Nothing happens on import.
"""
