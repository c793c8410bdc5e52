"""HTTP live streaming of one film as fragmented MP4 or transport stream: tables, playlists, cutters. Pure, no I/O."""
