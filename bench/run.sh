#!/bin/sh
# Measures Barid: `bench/run.sh campaign|dkim|import|idle|chat [options]`, or `all`. See bench/README.md.
set -eu
cd "$(dirname "$0")/.."
exec python3 -B bench/run.py "$@"
