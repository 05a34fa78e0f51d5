#!/usr/bin/env bash
# SPDX-License-Identifier: GPL-3.0-or-later
# The loader picks the engine that suits the processor, also after the whole folder was moved.
#   tst_cpu_levels.sh BUILD_FOLDER PROGRAM
set -euo pipefail
build=$1 program=$2
loader=/lib64/ld-linux-x86-64.so.2

# pick PROGRAM [MASK…]: the engine that the loader maps, relative to the program's folder.
pick() {
    local from=$1
    shift
    "$loader" "$@" --list "$from" | sed -n 's|.*=> \(.*/libsuperion-engine[^ ]*\) .*|\1|p'
}

expect() {
    if [[ $1 != *"$2" ]]; then
        echo "The loader took ${1:-no engine} instead of …$2"
        exit 1
    fi
}

if [[ $("$loader" --help) == *"x86-64-v3 (supported"* ]]; then
    best=/lib/superion/glibc-hwcaps/x86-64-v3/libsuperion-engine.so.0
else
    best=/lib/superion/libsuperion-engine.so.0
fi
expect "$(pick "$program")" "$best"
expect "$(pick "$program" --glibc-hwcaps-mask x86-64-v2)" "/../lib/superion/libsuperion-engine.so.0"

moved=$(mktemp -d)
trap 'rm -rf "$moved"' EXIT
mkdir -p "$moved/lib" "$moved/bin"
cp -a "$build/lib/superion" "$moved/lib/"
cp "$program" "$moved/bin/program"
expect "$(pick "$moved/bin/program")" "$best"
[[ $(pick "$moved/bin/program") == "$moved"* ]] || { echo "The moved program still takes the engine it was built with"; exit 1; }

# The baseline holds no instruction of a newer processor: no 256-bit register.
wide=$(objdump -d --no-show-raw-insn "$build/lib/superion/libsuperion-engine.so.0" | grep -c '%ymm' || true)
if ((wide)); then
    echo "The baseline engine uses 256-bit registers $wide times"
    exit 1
fi
echo "The loader takes ${best#/}; the baseline is clean."
