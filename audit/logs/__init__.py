"""Training logs: every format that is read, and the one shape that is made of them."""
