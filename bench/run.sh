#!/bin/sh
# Measures Barid: `bench/run.sh booking|campaign|dkim|import|idle [options]`, or `all`. See bench/README.md.
set -eu
cd "$(dirname "$0")/.."
exec python3 -B bench/run.py "$@"
