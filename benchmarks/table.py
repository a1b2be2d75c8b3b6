"""The measurements as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from benchmarks.peers import Peer
from benchmarks.targets import CLICK, LOOK, STATUS, Row, Warm


def heading(title: str, found: Warm, load: float) -> str:
    least, click, status = found.least, found[CLICK], found[STATUS]
    look = found.get(LOOK)
    parts = [
        f"`import click` {_both(click.median, click.cpu)}",
        f"`git status` {_both(status.median, status.cpu)}",
        *([f"`rg -l` {_both(look.median, look.cpu)}"] if look else []),
    ]
    return (
        f"\n### {title}\n\nL = {_both(least.median, least.cpu)}: {', '.join(parts)};"
        f" the first figure by the clock, the second of the processor. Load {load:.1f}.\n"
    )


def rows(found: Iterable[Row]) -> str:
    lines = [
        "| what | clock | limit | of it | processor | limit | of it | met |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in found:
        cells = (
            row.name.replace("|", "/"),
            _figure(row.figure, row.unit),
            f"{_figure(row.limit, row.unit)} ({row.basis})",
            f"{row.figure / row.limit:.2f}",
            _figure(row.cpu) if row.cpu else "",
            f"{_figure(row.cpu_limit)} ({row.cpu_basis})" if row.cpu_limit else "",
            f"{row.cpu / row.cpu_limit:.2f}" if row.cpu_limit else "",
            "yes" if row.met else "**no**",
        )
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def peers(found: Iterable[Peer], ours: Mapping[str, float], absent: Iterable[str]) -> str:
    lines = [
        "\n| peer | question | its median | plaincrm | faster |",
        "| --- | --- | ---: | ---: | --- |",
    ]
    for peer in found:
        own = ours[peer.question]
        faster = (
            f"{peer.seconds / own:.1f} ×"
            if peer.seconds > own
            else f"**no**, {own / peer.seconds:.1f} × slower"
        )
        lines.append(
            f"| {peer.name} | {peer.question} | {_figure(peer.seconds)} | {_figure(own)} |"
            f" {faster} |"
        )
    left_out = ", ".join(absent)
    return "\n".join(lines) + (f"\n\nLeft out: {left_out}." if left_out else "")


def _both(clock: float, cpu: float) -> str:
    return f"{_figure(clock)} / {_figure(cpu)}"


def _figure(value: float, unit: str = "s") -> str:
    if unit == "s":
        return f"{value * 1000:.0f} ms" if value < 10 else f"{value:.1f} s"
    return f"{value:.1f} {unit}"
