"""Models under audit behind one contract, and one module a format."""
