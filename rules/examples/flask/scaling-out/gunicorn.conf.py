# gunicorn reads this file from the folder it is started in.
import os

# Processes use the cores; threads hold requests that wait. One process a core
# is a start, and each has its own memory and its own database connections.
workers = int(os.environ.get("WEB_CONCURRENCY") or os.cpu_count() or 2)
threads = 4

preload_app = True  # import once, then fork: quicker, and memory is shared
max_requests = 10_000  # replace a worker now and then: leaks stay small …
max_requests_jitter = 1_000  # … and they do not all restart at once
timeout = 30  # a worker that is stuck this long is replaced
graceful_timeout = 20  # requests may finish this long on a restart
