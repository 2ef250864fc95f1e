// What the first process of a host runs: it gives the host a root directory of its own and then
// holds the namespaces open until its standard input closes, that is until the lab is gone.

/**
 * A bash program. Arguments: `tmp` when the host shall have a /tmp of its own, and the name of the host. It prints `ready PID`, where PID is its own process id as the lab sees it.
 *
 * The root is a small tmpfs into which the directories of the machine are bound, so that a host
 * can have files anywhere (`/server/scripts`) without touching the machine. `/run` serves as the
 * place to build it: no host shall see the machine's anyway. A new proc may only be mounted while
 * an older one is still visible, which is why the old root goes last.
 */
export const hostScript = `
set -eu
read -r outer_pid _ < /proc/self/stat
left_out=" proc run sys $1 "
root=/run
mount --make-rprivate /
mount -t tmpfs -o mode=755 lab $root
for entry in /*; do
  name=\${entry#/}
  case "$left_out" in *" $name "*) mkdir -p "$root/$name"; continue;; esac
  if [ -L "$entry" ]; then cp -P "$entry" "$root/$name"
  elif [ -d "$entry" ]; then mkdir "$root/$name"; mount --rbind "$entry" "$root/$name"
  fi
done
mkdir -p $root/proc $root/sys $root/run $root/tmp $root/.machine
mount -t proc proc $root/proc
mount -t sysfs sysfs $root/sys 2>/dev/null || mount --rbind /sys $root/sys
mount -t bpf bpf $root/sys/fs/bpf 2>/dev/null || true
mount -t tmpfs -o mode=755 run $root/run
case "$left_out" in *" tmp "*) mount -t tmpfs -o mode=1777 tmp $root/tmp;; esac
# A program without a system log writes to the console, where a line costs more than a millisecond.
if [ -e $root/dev/console ]; then mount --bind /dev/null $root/dev/console 2>/dev/null || true; fi
mkdir -p $root/run/lock
cd $root
pivot_root . .machine
cd /
umount -l /.machine
rmdir /.machine
hostname "$2" 2>/dev/null || true
# Orphans of this host are children of this process; bash reaps them as they end.
trap '' HUP INT TERM
printf 'ready %s\\n' "$outer_pid"
unset LAB_HOST_SCRIPT
exec -a "$0" bash -c 'while read -r _; do :; done'
`;
