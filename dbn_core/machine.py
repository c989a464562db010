"""The processor at hand, in the words of a report. No names of hosts or users."""

import platform
from pathlib import Path


def processor() -> str:
    """Its model, such as "AMD EPYC 7B13"; the architecture where the system does not say."""
    table = Path("/proc/cpuinfo")
    if table.is_file():
        for line in table.read_text().splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
