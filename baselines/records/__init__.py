"""What healthy networks measured on known images: numbers and where they come from, no pictures."""
