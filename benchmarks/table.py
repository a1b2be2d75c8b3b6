"""The measurements as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from benchmarks.peers import Peer
from benchmarks.targets import References, Row


def heading(size: int, refs: References, *, flat: bool = False) -> str:
    count = f", `rg -c x .` {_figure(refs.count)}" if refs.count else ""
    look = f", `rg -l` {_figure(refs.look)}" if refs.look else ""
    layout = ", each kind in one folder" if flat else ""
    least = (
        f"L = {_figure(refs.least)} (`import click` {_figure(refs.click)} + `git status`"
        f" {_figure(refs.status)})"
    )
    return (
        f"\n### {size:,} records{layout}\n\n{least}{count}{look}, `git commit` of one path"
        f" {_figure(refs.commit)}; processor time of L {_figure(refs.cpu)}\n"
    )


def rows(found: Iterable[Row]) -> str:
    lines = [
        "| what | median | limit | of the limit | met | processor |",
        "| --- | ---: | ---: | ---: | --- | ---: |",
    ]
    for row in found:
        met = "yes" if row.met else "**no**"
        lines.append(
            f"| {row.name.replace('|', '/')} | {_figure(row.figure, row.unit)} |"
            f" {_figure(row.limit, row.unit)} ({row.basis}) | {row.figure / row.limit:.2f} | {met}"
            f" | {_figure(row.cpu) if row.cpu else ''} |"
        )
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


def _figure(value: float, unit: str = "s") -> str:
    if unit == "s":
        return f"{value * 1000:.0f} ms" if value < 10 else f"{value:.1f} s"
    return f"{value:.1f} {unit}"
