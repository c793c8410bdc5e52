"""HTTP as the slices see it: typed routes, one error body, one range server, one live channel."""
