"""Figures, and the file they are written to."""

import os
import platform
import re
import subprocess
from dataclasses import dataclass
from datetime import datetime, timezone
from pathlib import Path
from typing import Optional

ROOT = Path(__file__).resolve().parent.parent
FILE = ROOT / "bench" / "RESULTS.md"
HEAD = """# Results

Written by `bench/run.sh`, one section per workload, each from its latest run; see [README.md](README.md).
"""


@dataclass
class Figure:
    """One measured value, its bar (None when it is only reported) and whether the bar is met."""

    what: str
    value: str
    bar: str = ""
    met: Optional[bool] = None

    def __str__(self):
        verdict = {True: " (met)", False: " (MISSED)", None: ""}[self.met]
        return f"{self.what} {self.value}" + (f", bar {self.bar}{verdict}" if self.bar else "")


def at_least(what, value, bar, unit):
    return Figure(what, f"{value:,.0f} {unit}", f"at least {bar:,.0f} {unit}", value >= bar)


def at_most(what, value, bar, unit):
    shown = f"{value:,.2f}" if bar < 20 else f"{value:,.0f}"
    return Figure(what, f"{shown} {unit}", f"at most {bar:,g} {unit}", value <= bar)


def git(*words):
    return subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True).stdout.strip()


def processor():
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()


def section(name, figures, options):
    dirty = " with changes" if git("status", "--porcelain", "--", "crates", "Cargo.toml") else ""
    commit = (git("rev-parse", "--short", "HEAD") or "unknown") + dirty
    when = datetime.now(timezone.utc).strftime("%Y-%m-%d %H:%M UTC")
    load = os.getloadavg()[0]
    build = "a given binary" if options.binary else f"profile {options.profile}"
    lines = [
        f"## {name}",
        "",
        f"{when}, commit {commit}, {build}; {os.cpu_count()} × {processor()}, load {load:.1f} at the end.",
        "",
        "| figure | measured | bar | |",
        "|---|---|---|---|",
    ]
    for figure in figures:
        verdict = {True: "met", False: "**missed**", None: ""}[figure.met]
        lines.append(f"| {figure.what} | {figure.value} | {figure.bar} | {verdict} |")
    return "\n".join(lines) + "\n"


def write(name, figures, options):
    """Puts a section into the file, in place of the one of that name."""
    text = FILE.read_text() if FILE.exists() else HEAD
    sections = dict(re.findall(r"(?ms)^## ([^\n]+)\n(.*?)(?=^## |\Z)", text))
    sections[name] = section(name, figures, options).split("\n", 1)[1]
    body = "\n".join(f"## {title}\n{sections[title].rstrip()}\n" for title in sorted(sections))
    FILE.write_text(f"{HEAD}\n{body}")
