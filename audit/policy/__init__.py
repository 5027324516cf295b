"""Judging: rules are data, and a verdict is a pure function of a policy and a record."""
