"""Networks with one planted flaw each, to test whether the audit finds what it should.

The rules named for a flaw must fail the flawed network, and must not fail its healthy twin.
"""
