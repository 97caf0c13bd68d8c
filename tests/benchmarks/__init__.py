"""What `make bench` measures: other systems beside ours, our answers, and our times."""
