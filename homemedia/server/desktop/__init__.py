"""The door for the icon beside the clock: what the server does, and the few things that are asked of it from there."""
