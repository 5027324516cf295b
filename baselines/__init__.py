"""Networks of known quality: references with their recipes, and networks with planted flaws."""
