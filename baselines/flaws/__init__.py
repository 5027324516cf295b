"""Networks with one planted flaw each: the audit of the audit.

A flaw must fail the probe that is named for it, and its healthy twin must pass that probe.
"""
