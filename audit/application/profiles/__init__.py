"""Profiles: what an audit leaves out where there is less time, each omission with its reason."""
