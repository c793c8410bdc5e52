"""Notes: workspaces of blocks that several devices edit at once, offline too."""
