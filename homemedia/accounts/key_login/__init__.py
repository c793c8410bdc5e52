"""Signing in with an Ed25519 key: challenges, keys of members, pairs of tokens that renew each other (heaps §2, 6)."""
