"""Faults of the machine: files that are no files, full disks, closed streams, signals, kills, races."""
