"""Photos: what members' phones bring home, when and where it was taken, albums, trash; spoken as the photo API does."""
