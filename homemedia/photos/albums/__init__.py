"""Albums: photos put together and shown to others, what these say of them, and members who show each other all."""
