"""What machine the figures were taken on."""

import os
import platform
import re
from pathlib import Path


def described(chromium: str) -> str:
    """Cores, processor, memory, system and versions, in one line."""
    info = Path("/proc/cpuinfo").read_text()
    named = re.search(r"model name\s*:\s*(.+)", info)
    memory = re.search(r"MemTotal:\s*(\d+)", Path("/proc/meminfo").read_text())
    parts = [
        f"{os.cpu_count()} cores",
        named[1].strip() if named else platform.machine(),
        f"{int(memory[1]) / 1e6:.0f} GB" if memory else "",
        platform.system(),
        f"Python {platform.python_version()}",
        f"Chromium {chromium}",
    ]
    return ", ".join(part for part in parts if part)


def load() -> float:
    """The load average of the last minute: well above 1 on two cores, others were at work too."""
    return round(os.getloadavg()[0], 2)
