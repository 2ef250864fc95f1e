# Inside the guest, to be sourced: starts the real keepalived with each configuration of a list, in a network namespace of
# its own. A line of the list: NAME, FOLDER, FILE, the network interfaces to create, by tabs.
# The program that sources this defines `watch NAME PID`, which waits and keeps results, and `log_of NAME`, which tells where
# keepalived's log goes; both and what they use are to be exported.

# Runs one configuration in fresh namespaces.
one() {
  local name=$1 folder=$2 file=$3 interfaces=$4 number=0 interface pid
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
  keepalived -n -l -D -f "$file" >"$(log_of "$name")" 2>&1 &
  pid=$!
  watch "$name" "$pid"
  kill -TERM "$pid" 2>/dev/null
  for _ in $(seq 12); do
    [ -d "/proc/$pid" ] || return
    sleep 0.25
  done
  kill -KILL "$pid" 2>/dev/null
}
export -f one

# each_of LIST AT_ONCE: runs them all, so many at a time.
each_of() {
  local slots=0 name folder file interfaces
  while IFS=$'\t' read -r name folder file interfaces; do
    unshare -n -m bash -c 'one "$@"' one "$name" "$folder" "$file" "$interfaces" &
    slots=$((slots + 1))
    if [ "$slots" -ge "$2" ]; then
      wait -n
      slots=$((slots - 1))
    fi
  done <"$1"
  wait
}
