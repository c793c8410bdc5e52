"""Keys for programs: each belongs to a member and carries words that say what it opens (photos §2.3, 9.12)."""
