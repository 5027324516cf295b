"""The page in the reader's order: words and numbers, finished before they are laid out."""
