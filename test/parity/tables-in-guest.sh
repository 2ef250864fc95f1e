#!/bin/bash
# Inside the guest: starts the real keepalived with each configuration of a list, in a network namespace of its own, and keeps
# the table of IPVS that it makes. A line of the list: NAME, FOLDER, FILE, the network interfaces to create, by tabs.
#   tables-in-guest.sh LIST OUT            results: OUT/NAME.real and OUT/NAME.log; OUT/finished at the end
set -u
list=$1
out=$2

one() {
  local name=$1 folder=$2 file=$3 interfaces=$4 number=0 interface pid before="" after
  mount -t tmpfs tmpfs /tmp
  mount -t tmpfs tmpfs /run
  ip link set lo up
  for interface in $interfaces; do
    number=$((number + 1))
    ip link add "$interface" type bridge 2>/dev/null || continue
    ip addr add "10.254.$number.1/24" dev "$interface"
    ip -6 addr add "fd00:254:$number::1/64" dev "$interface" nodad
    ip link set "$interface" up
  done
  cd "$folder" || return
  keepalived -n -l -D -f "$file" >"$out/$name.log" 2>&1 &
  pid=$!
  # The table is whole when it has something in it and grows no more.
  for _ in $(seq 40); do
    sleep 0.5
    [ -d "/proc/$pid" ] || break
    after=$(ipvsadm -Sn)
    [ -n "$after" ] && [ "$after" = "$before" ] && break
    before=$after
  done
  { ipvsadm -Sn; ipvsadm -Ln --thresholds; } >"$out/$name.real"
  kill -TERM "$pid" 2>/dev/null
  for _ in $(seq 12); do
    [ -d "/proc/$pid" ] || return
    sleep 0.25
  done
  kill -KILL "$pid" 2>/dev/null
}
export -f one
export out

slots=0
while IFS=$'\t' read -r name folder file interfaces; do
  unshare -n -m bash -c 'one "$@"' one "$name" "$folder" "$file" "$interfaces" &
  slots=$((slots + 1))
  if [ "$slots" -ge 6 ]; then
    wait -n
    slots=$((slots - 1))
  fi
done <"$list"
wait
touch "$out/finished"
