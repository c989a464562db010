"""Where work executes: Dask, as a local cluster in a process of its own or as an existing scheduler by address."""

from dbn_core.jobs.client import Jobs, JobStatus

__all__ = ["JobStatus", "Jobs"]
