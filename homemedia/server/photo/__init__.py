"""What the photo API's clients ask of the server itself: who it is, what it can, how it is set up."""
