"""What `make bench` measures: times on this machine, and quality on the question sets."""
