"""What keeps the photo API's apps up to date with a member's pictures: what changed since they last asked (§9.14)."""
