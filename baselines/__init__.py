"""What is known: reference networks, their recipes, and networks with a planted flaw."""
