# SPDX-License-Identifier: GPL-3.0-or-later
# What packaging/run and packaging/test share: the packages, and steps that print one line each.
# Sourced by bash from the root of the source tree.

# Debian 12 packages. A feature that needs another one adds it here; nothing is listed before it is used.
build_packages=(
    g++ cmake ninja-build pkg-config
    qt6-base-dev                               # Core, Gui, Widgets, Concurrent, Test
    qt6-charts-dev libqt6opengl6-dev           # charts in the window (GPL-3, as we are), and what their configuration asks for
    qt6-tools-dev qt6-tools-dev-tools qt6-l10n-tools # translations
    libeigen3-dev nlohmann-json3-dev libcli11-dev zlib1g-dev
    libquazip1-qt6-dev                         # projects and archives
    libhdf5-dev                                # networks of our own
    gemmi-dev tao-pegtl-dev libstb-dev         # CIF
)
run_packages=(
    libqt6svg6                                 # icons
    fonts-dejavu-core                          # a machine without any font shows none
)
test_packages=(
    desktop-file-utils appstream               # validate the desktop file and the metainfo
    python3-h5py                               # the bundled networks, read by another program
)

# step LOG WHAT COMMAND…: one line with the time it took; the command's output goes to LOG, and its end to the screen on failure.
step() {
    local log=$1 what=$2 start=$SECONDS status=0
    shift 2
    mkdir -p "$(dirname "$log")"
    printf '%-24s ' "$what"
    "$@" >"$log" 2>&1 </dev/null || status=$?
    printf '%4d s   %s\n' $((SECONDS - start)) "$log"
    if ((status)); then
        printf '\n%s failed (status %d). The end of %s:\n\n' "$what" "$status" "$log"
        tail -n "${tail_lines:-60}" "$log"
        return "$status"
    fi
}

# missing PACKAGE…: those that dpkg does not have.
missing() {
    local installed
    # dpkg-query fails when it does not know one of the names.
    installed=$({ dpkg-query --show --showformat='${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true; } |
        sed -n 's/ installed$//p')
    printf '%s\n' "$@" | grep --line-regexp --fixed-strings --invert-match --file=<(printf '%s\n' "$installed") || true
}

apt_install() {
    local root=()
    ((EUID == 0)) || root=(sudo)
    local apt=("${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y
        -o DPkg::Lock::Timeout=600 -o Acquire::Retries=3)
    "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "$@"
}

# provide PACKAGE…: installs what is missing on Debian 12; elsewhere says what is needed and goes on.
provide() {
    local id="" version=""
    if [[ -r /etc/os-release ]]; then
        id=$(. /etc/os-release && echo "${ID:-}")
        version=$(. /etc/os-release && echo "${VERSION_ID:-}")
    fi
    if [[ $id != debian || $version != 12 ]]; then
        printf 'This is not Debian 12, so nothing is installed. Needed are these packages or their like:\n'
        printf '%s\n' "$*" | fold --spaces --width=110 | sed 's/^/    /'
        return
    fi
    local packages
    mapfile -t packages < <(missing "$@")
    if ((${#packages[@]} == 0)); then
        return
    fi
    if ((EUID != 0)) && ! command -v sudo >/dev/null; then
        printf 'Missing packages; as root, run\n    apt-get install --no-install-recommends %s\n' "${packages[*]}"
        return 1
    fi
    if ((EUID != 0)) && ! sudo --non-interactive true 2>/dev/null; then
        sudo --validate # asks for the password before the output goes to a file
    fi
    step build/install.log "Install ${#packages[@]} packages" apt_install "${packages[@]}"
}

# configure PRESET [OPTION…]
configure() {
    step "build/$1/configure.log" "Configure $1" cmake --preset "$@"
}

# build PRESET TARGET…
build() {
    local preset=$1
    shift
    step "build/$preset/build.log" "Build $preset" cmake --build --preset "$preset" --target "$@"
}
