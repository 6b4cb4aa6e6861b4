# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash
# Sourced by the other scripts: where things are, how to talk, how to stop on an error.

# The checkout.
root="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
export root
# What the tests need beside Debian packages: Python environments and a collector. Ignored by git.
export tools="$root/.tools"

# Talk goes to stderr, so that stdout stays data.
say() { printf '%s\n' "$*" >&2; }

fail() {
    say "error: $1"
    [ $# -lt 2 ] || say "  help: $2"
    exit 1
}

# Names on stdout those of the Debian packages given that are not installed.
missing_packages() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)" = installed ] || echo "$package"
    done
}

# Runs a command as root: directly or through sudo.
as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        fail "'$1' needs root, and there is no sudo" "run scripts/setup as root once"
    fi
}

# Stops unless the Swift toolchain is there and new enough.
need_swift() {
    command -v swift >/dev/null \
        || fail "there is no 'swift' on the PATH" "install Swift 6.3 for Debian 12 from swift.org, then try again"
    local version
    version="$(swift --version 2>/dev/null | sed -n 's/.*Swift version \([0-9]*\.[0-9]*\).*/\1/p' | head -n 1)"
    case "$version" in
        "" | [0-5].* | 6.[0-2]) fail "Swift 6.3 or newer is needed, this is '${version:-unknown}'" "update the toolchain" ;;
    esac
}
