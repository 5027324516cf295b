"""The questions: a folder a suite, a file a probe, a tuple PROBES in each."""
