"""A directory to findings to answers; reads bytes, never imports."""
