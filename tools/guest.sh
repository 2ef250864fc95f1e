#!/bin/bash
# Runs one command on Debian's own kernel, which has the real IPVS, in a small virtual machine over this host's file
# system (read-only; /run, /tmp and /var/lib are its own; the folder GUEST_OUT is shared and writable, as /mnt).
#   tools/guest.sh COMMAND [ARGUMENT...]
# Prints what the command printed and exits with its status. The kernel comes from a Debian package that is
# unpacked into build/guest and installed nowhere. Emulated: times in there are good as ratios only.
set -euo pipefail

root=$(cd "$(dirname "$0")/.." && pwd)
cache="$root/build/guest"
out=${GUEST_OUT:-$(mktemp -d)}
mkdir -p "$cache" "$out"

# What the kernel of the guest needs: its own disk-less file system, and everything of IPVS.
modules="crc32c_generic libcrc32c virtio virtio_ring virtio_pci virtio_pci_modern_dev virtio_pci_legacy_dev fscache netfs 9pnet 9pnet_virtio 9p
  nf_defrag_ipv4 nf_defrag_ipv6 nf_conntrack ip_vs ip_vs_rr ip_vs_wrr ip_vs_lc ip_vs_wlc ip_vs_lblc ip_vs_lblcr ip_vs_dh ip_vs_sh ip_vs_sed
  ip_vs_nq ip_vs_fo ip_vs_ovf ip_vs_mh ip_vs_twos ip_vs_ftp ip_vs_pe_sip nf_conntrack_sip nfnetlink nf_tables dummy veth bridge stp llc macvlan tunnel4 tunnel6 ip_tunnel ipip sit
  ip6_tunnel gre ip_gre ip6_gre udp_tunnel ip6_udp_tunnel fou fou6 8021q garp mrp bonding ifb sch_ingress cls_bpf sctp
  nf_nat nft_nat nft_chain_nat nft_numgen nft_ct"

fetch_kernel() {
  local package
  package=$(apt-cache depends linux-image-amd64 | awk '/Depends: linux-image/ { print $2; exit }')
  (cd "$cache" && apt-get download "$package" >/dev/null 2>&1)
  rm -rf "$cache/kernel" && mkdir "$cache/kernel"
  dpkg -x "$cache"/linux-image-*.deb "$cache/kernel"
  rm -f "$cache"/linux-image-*.deb
}

build_initrd() {
  local version tree module path
  version=$(basename "$cache"/kernel/lib/modules/*)
  tree=$(mktemp -d)
  mkdir -p "$tree"/{bin,proc,sys,dev,host} "$tree/lib/modules/$version"
  cp "$(command -v busybox)" "$tree/bin/busybox"
  for module in $modules; do
    path=$(find "$cache/kernel/lib/modules/$version" -name "$module.ko*" | head -1)
    # What is built into the kernel has no file.
    [ -n "$path" ] && cp --parents -t "$tree" "$path" 2>/dev/null || true
  done
  [ -d "$tree$cache/kernel/lib" ] && cp -r "$tree$cache/kernel/lib/." "$tree/lib/" && rm -rf "${tree:?}/${cache%%/*}${cache#/}"
  cp "$cache/kernel/lib/modules/$version"/modules.{order,builtin,builtin.modinfo} "$tree/lib/modules/$version/"
  depmod -b "$tree" "$version"
  cat >"$tree/init" <<INIT
#!/bin/busybox sh
/bin/busybox mount -t proc proc /proc
/bin/busybox mount -t sysfs sys /sys
/bin/busybox mount -t devtmpfs dev /dev
for module in $(echo $modules); do /bin/busybox modprobe \$module 2>/dev/null; done
/bin/busybox mount -t 9p -o ro,trans=virtio,version=9p2000.L,msize=262144,cache=loose host /host
/bin/busybox mount -t proc proc /host/proc
/bin/busybox mount -t sysfs sys /host/sys
/bin/busybox mount -t devtmpfs dev /host/dev
for folder in run tmp var/lib; do /bin/busybox mount -t tmpfs tmpfs /host/\$folder; done

/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=262144 out /host/mnt
exec /bin/busybox chroot /host /bin/bash /mnt/.command
INIT
  chmod 755 "$tree/init"
  (cd "$tree" && find . | cpio -o -H newc --quiet | gzip -1) >"$cache/initrd.new"
  mv "$cache/initrd.new" "$cache/initrd"
  rm -rf "$tree"
}

[ -d "$cache/kernel/boot" ] || fetch_kernel
[ "$cache/initrd" -nt "$0" ] || build_initrd

rm -f "$out/.status" "$out/.stdout"
{
  echo "export PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp"
  printf 'cd %q\n' "$PWD"
  echo "ip link set lo up"
  printf '%q ' "$@"
  echo ">/mnt/.stdout 2>&1"
  echo 'echo $? >/mnt/.status; sync; echo o >/proc/sysrq-trigger; sleep 20'
} >"$out/.command"

timeout "${GUEST_TIMEOUT:-600}" qemu-system-x86_64 -accel tcg,thread=multi -m "${GUEST_MEMORY:-2G}" -smp 2 \
  -nographic -no-reboot -kernel "$cache"/kernel/boot/vmlinuz-* -initrd "$cache/initrd" \
  -append "console=ttyS0 quiet panic=-1 no_timer_check" -nic none \
  -fsdev local,id=host,path=/,security_model=none,readonly=on,multidevs=remap -device virtio-9p-pci,fsdev=host,mount_tag=host \
  -fsdev local,id=out,path="$out",security_model=none -device virtio-9p-pci,fsdev=out,mount_tag=out \
  >"$out/.console" 2>&1 </dev/null || true

[ -f "$out/.stdout" ] && cat "$out/.stdout"
if [ ! -f "$out/.status" ]; then
  echo "tools/guest.sh: the guest did not finish; its console:" >&2
  tail -20 "$out/.console" >&2
  exit 125
fi
exit "$(cat "$out/.status")"
