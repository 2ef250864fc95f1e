#!/bin/bash
# Inside the guest: starts the real keepalived with each configuration of a list and keeps the data that it dumps on
# SIGUSR1. A line of the list: NAME, FOLDER, FILE, the network interfaces to create, by tabs. Results: OUT/NAME/.
#   dump-in-guest.sh LIST OUT
set -u
list=$1
out=$2

one() {
  local name=$1 folder=$2 file=$3 interfaces=$4 number=0 interface pid
  mkdir -p "$out/$name"
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
  keepalived -n -l -D -f "$file" >/tmp/log 2>&1 &
  pid=$!
  for _ in $(seq 40); do
    sleep 0.25
    [ -d "/proc/$pid" ] || break
    grep -q 'Entering BACKUP STATE\|Entering FAULT STATE\|Entering MASTER STATE\|Gained quorum\|Activating healthchecker' /tmp/log && break
  done
  sleep 1
  kill -USR1 "$pid" 2>/dev/null && sleep 1.5
  cp /tmp/log "$out/$name/log"
  cp /tmp/keepalived*.data "$out/$name/" 2>/dev/null
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
  if [ "$slots" -ge 8 ]; then
    wait -n
    slots=$((slots - 1))
  fi
done <"$list"
wait
