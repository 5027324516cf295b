"""Image files: what they say of themselves, and guarded reading."""
