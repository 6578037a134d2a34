"""Whatever is fed to the command line, it answers with a documented exit code and one clear message.

A small share runs with the suite; `python -m tests.fuzz --inputs 100000` runs for longer.
"""
