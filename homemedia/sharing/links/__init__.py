"""Public links: whoever holds one is a guest, who sees what it leads to and nothing else (shares §6)."""
