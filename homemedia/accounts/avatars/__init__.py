"""One picture per member, whichever family's route brought it."""
