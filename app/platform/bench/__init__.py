"""Measurements that can be repeated: ratios taken side by side, in one run, on the same rows."""
