"""Speed and memory, as ratios and peaks in one run: `make bench`."""
