#!/bin/sh
# Installs the Debian packages that building, the demo and the tests need, by name, as root.
# Without root it only says what is missing. Services that a package would start are held back:
# the demo and the tests start their own, in their own namespaces.
set -eu

missing=""
# need COMMAND PACKAGE: the package is wanted when the command is not there.
need() {
  PATH="$PATH:/usr/sbin:/sbin" command -v "$1" >/dev/null 2>&1 || missing="$missing $2"
}
need gcc gcc
[ -e /usr/include/stdio.h ] || missing="$missing libc6-dev"
[ -e /usr/include/linux/bpf.h ] || missing="$missing linux-libc-dev"
[ -e /usr/include/bpf/bpf_helpers.h ] || missing="$missing libbpf-dev"
ls /usr/lib/*/libbpf.so.1 >/dev/null 2>&1 || missing="$missing libbpf1"
need clang-14 clang-14
need llvm-objcopy-14 llvm-14
need git git
need ip iproute2
need nft nftables
need ethtool ethtool
need bpftool bpftool
need nginx nginx-light
need keepalived keepalived
need tcpdump tcpdump
[ -x /usr/lib/frr/vrrpd ] || missing="$missing frr"
need curl curl
need snmpd snmpd
need snmpwalk snmp
need snmptrapd snmptrapd
need dbus-send dbus
need openssl openssl
need ps procps
need unshare util-linux
# What tools/guest.sh boots, for those who ask for it.
if [ "${1:-}" = guest ]; then
  need qemu-system-x86_64 qemu-system-x86
  need busybox busybox-static
  need depmod kmod
  need cpio cpio
  need ipvsadm ipvsadm
fi
# What `make bench-dataplane` measures beside us.
if [ "${1:-}" = bench ]; then
  need haproxy haproxy
  need wrk wrk
  [ -e /usr/lib/nginx/modules/ngx_stream_module.so ] || missing="$missing libnginx-mod-stream"
fi

[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ]; then
  echo "These Debian packages are missing; install them as root: apt-get install$missing" >&2
  # What an unprivileged demo needs at the least; the rest is for tests.
  for command in gcc ip nginx unshare; do
    PATH="$PATH:/usr/sbin:/sbin" command -v "$command" >/dev/null 2>&1 || exit 1
  done
  exit 0
fi

echo "installing Debian packages:$missing"
held=""
if [ ! -e /usr/sbin/policy-rc.d ]; then
  held=/usr/sbin/policy-rc.d
  printf '#!/bin/sh\nexit 101\n' >"$held"
  chmod 755 "$held"
  trap 'rm -f "$held"' EXIT
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 # the names are words on purpose
apt-get install -y -qq --no-install-recommends $missing >/dev/null
