#!/bin/sh
# Installs what the rig's real backends need on Debian. Quick when all of it is there already.
set -eu

# program:package
wanted="containerd:containerd runc:runc iptables:iptables ip:iproute2 busybox:busybox-static dockerd:docker.io openssl:openssl xz:xz-utils"

missing=""
for pair in $wanted; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair##*:}"
done
[ -x /usr/lib/cni/bridge ] || missing="$missing containernetworking-plugins"

if [ -z "$missing" ]; then
    echo "rig: everything is installed"
    exit 0
fi
if [ "$(id -u)" != 0 ]; then
    echo "rig: needs root to install:$missing" >&2
    exit 1
fi

# A package's own service must not start: the rig runs daemons of its own beside any other.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod +x "$policy"
    trap 'rm -f "$policy"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086
apt-get install -y -qq --no-install-recommends $missing ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing; }
echo "rig: installed:$missing"
