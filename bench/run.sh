#!/bin/sh
# Measures Barid: `bench/run.sh audience|booking|calls|campaign|chat|dkim|idle|import|screens|sms [options]`, or `all`. See bench/README.md.
set -eu
cd "$(dirname "$0")/.."
exec python3 -B bench/run.py "$@"
