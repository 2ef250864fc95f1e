// The network interfaces that a configuration speaks of, so that they can be made before keepalived reads it.

const before =
  /\b(?:interface|dev|oif|iif|bind_if|default_interface|lvs_sync_daemon|lvs_sync_daemon_interface)\s+([A-Za-z][\w.:-]*)/g;

/** At most 40 names, without `lo`. */
export function interfacesNamedIn(text: string): readonly string[] {
  const names = new Set<string>();
  const plain = text.replace(/[#!].*/g, "");
  for (const [, name = ""] of plain.matchAll(before)) names.add(name);
  for (const [, inside = ""] of plain.matchAll(/track_interface\s*\{([^}]*)\}/g))
    for (const line of inside.split("\n")) names.add(line.trim().split(/\s+/)[0] ?? "");
  const usable = [...names].filter(
    (name) => /^[A-Za-z][\w.:-]{0,14}$/.test(name) && name !== "lo" && name !== "weight",
  );
  return usable.toSorted().slice(0, 40);
}
