"""Measures Barid against limits measured in the same run; see bench/README.md."""

import argparse
import shutil
import sys
import tempfile
from pathlib import Path

from machine import Failed, Machine
from results import write
import workloads


def arguments():
    parser = argparse.ArgumentParser(prog="bench/run.sh")
    parser.add_argument("workload", choices=[*workloads.ALL, "all"])
    parser.add_argument("--postgres", action="store_true", help="PostgreSQL instead of SQLite")
    parser.add_argument("--profile", default="dist", help="the cargo profile to build and measure")
    parser.add_argument("--binary", type=Path, help="measure this barid instead of building one")
    parser.add_argument("--rows", type=int, default=1_000_000, help="rows of the import")
    parser.add_argument("--messages", type=int, default=100_000, help="messages of the campaign")
    parser.add_argument("--connections", type=int, default=15_000, help="connections of the chat")
    parser.add_argument("--rate", type=int, default=500, help="messages a second of the chat")
    parser.add_argument("--seconds", type=int, default=20, help="how long the chat talks")
    parser.add_argument("--keep", action="store_true", help="leave the data directory")
    parser.add_argument("--no-results", action="store_true", help="leave RESULTS.md as it is")
    return parser.parse_args()


def main():
    options = arguments()
    names = list(workloads.ALL) if options.workload == "all" else [options.workload]
    met = True
    for name in names:
        directory = Path(tempfile.mkdtemp(prefix=f"barid-bench-{name}-"))
        machine = Machine(options, directory)
        try:
            figures = workloads.ALL[name](machine, options)
        except Failed as failure:
            print(f"{name}: {failure}", file=sys.stderr)
            return 1
        finally:
            machine.stop()
            if options.keep:
                print(f"data left in {directory}", file=sys.stderr)
            else:
                shutil.rmtree(directory, ignore_errors=True)
        section = f"{name} on PostgreSQL" if options.postgres and name in ("campaign", "import") else name
        for figure in figures:
            print(f"{section}: {figure}")
        if not options.no_results:
            write(section, figures, options)
        met = met and all(figure.met is not False for figure in figures)
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
