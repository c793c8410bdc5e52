"""Fetching what somebody sent in: a child program with yt-dlp, kept away from the house."""
