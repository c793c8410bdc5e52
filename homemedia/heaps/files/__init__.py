"""Files of blocks: how they come in, where they lie, how they are sent."""
