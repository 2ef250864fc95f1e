// What programs are told of the daemon's own environment. Programs in the field rely on what the unit sets
// for them; what is meant for the daemon alone stays with it.

/** For the service manager, for Node, and what decides which code a program loads. */
const ownNames =
  /^(NOTIFY_SOCKET|WATCHDOG_.*|LISTEN_.*|FDSTORE|INVOCATION_ID|JOURNAL_STREAM|NODE_.*|KEELSON_.*|LD_.*|IFS|BASH_ENV|ENV)$/;

/** The part of an environment that programs get. */
export function programEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment))
    if (value !== undefined && !ownNames.test(name)) kept[name] = value;
  return kept;
}
