"""Numbers and names as people read them."""

from dbn_core.commands import Command, SetHyperparameter, describe
from dbn_core.config import hyperparameter

_NBSP = "\u00a0"


def duration(seconds: float) -> str:
    """0:48, 12:05, 3:02:11; below a second "0:00"."""
    whole = max(0, round(seconds))
    hours, minutes, rest = whole // 3600, whole % 3600 // 60, whole % 60
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def size(count: int) -> str:
    """Bytes in units of a thousand, as disks are sold: 0 kB, 12 kB, 3.4 MB, 297 MB, 10 GB."""
    value, unit = count / 1000, "kB"
    for larger in ("MB", "GB", "TB"):
        if abs(value) < 999.5:
            break
        value, unit = value / 1000, larger
    text = f"{value:.1f}" if unit != "kB" and abs(value) < 9.95 else f"{value:,.0f}"
    return f"{text.removesuffix('.0').replace('-', '−')}{_NBSP}{unit}"


def number(value: object) -> str:
    """A setting as text: 0.05, 1,000, −1, off, yes."""
    match value:
        case None:
            return "off"
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}".replace("-", "−")
        case float():
            return f"{value:g}".replace("-", "−")
        case tuple() | list():
            return "-".join(str(part) for part in value)
        case _:
            return str(value)


def command_text(command: Command) -> str:
    """A few words for a mark on a curve: "learning rate = 0.01", "speed = full", "pause"."""
    if not isinstance(command, SetHyperparameter):
        return describe(command)
    if command.field == "updates_per_second":
        return "speed = full" if command.value is None else f"speed = {number(command.value)}{_NBSP}updates/s"
    label = hyperparameter(command.field).label
    return f"{label[0].lower() + label[1:]} = {number(command.value)}"
