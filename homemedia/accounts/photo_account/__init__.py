"""Members as the photo API's clients know them: account, preferences, PIN, further sessions, administration."""
