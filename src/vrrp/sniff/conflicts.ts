// What cannot be right among the adverts of one virtual router.

import type { IpAddress } from "../../base/address.ts";
import type { Sender } from "./observer.ts";
import type { Sighting } from "./sighting.ts";

/** One conflict: a kind for programs, a sentence for people. */
export interface Conflict {
  readonly kind:
    | "two-clusters"
    | "duplicate-master"
    | "duplicate-owner"
    | "addresses-differ"
    | "version-mismatch"
    | "authentication-mismatch"
    | "password-mismatch"
    | "interval-mismatch"
    | "checksum-forms-differ"
    | "checksum-wrong"
    | "ttl-wrong"
    | "destinations-differ";
  readonly text: string;
}

const PRIORITY_OWNER = 255;

/** All conflicts of one virtual router, the worst first. */
export function findConflicts(senders: readonly Sender[], nowMs: number): readonly Conflict[] {
  const active = senders.filter((sender) => isActive(sender, nowMs));
  const clusters = clustersOf(senders);
  const strangers = clusters.some(({ kind }) => kind === "two-clusters");
  return [
    ...clusters,
    ...(strangers ? [] : mastersOf(active)),
    ...ownersOf(active),
    ...differing(senders, "version-mismatch", ({ version }) => `version ${version}`),
    ...differing(senders, "authentication-mismatch", ({ authentication, credential }) =>
      authentication === "HMAC" ? `HMAC with ${credential}` : authentication,
    ),
    ...passwordsOf(senders),
    ...differing(senders, "interval-mismatch", ({ intervalMs }) => `every ${intervalMs / 1000} s`),
    ...differing(senders, "checksum-forms-differ", describeChecksum),
    ...differing(senders, "destinations-differ", ({ destination }) =>
      isMulticast(destination) ? `to ${destination}` : "by unicast",
    ),
    ...brokenOf(senders),
  ];
}

/** True while a sender can be taken to advertise: three intervals, as for a BACKUP. */
export function isActive({ last }: Pick<Sender, "last">, nowMs: number): boolean {
  return last.priority > 0 && nowMs - last.atMs <= 3 * last.intervalMs + 1000;
}

/** Nodes of one cluster advertise the same addresses; who shares none of them belongs to another one. */
function clustersOf(senders: readonly Sender[]): readonly Conflict[] {
  const [first, ...others] = senders;
  if (first === undefined || others.length === 0) return [];
  const known = new Set(first.last.addresses);
  const strangers = others.filter(
    ({ last }) => !last.addresses.some((address) => known.has(address)),
  );
  if (strangers.length > 0) {
    const sources = strangers.map(({ source }) => source).join(", ");
    const text = `${sources} and ${first.source} have no address in common: two clusters use this VRID, and one of them needs another`;
    return [{ kind: "two-clusters", text }];
  }
  return differing(senders, "addresses-differ", ({ addresses }) =>
    [...addresses].sort().join(", "),
  );
}

/** Two that advertise in turns are both MASTER; a take-over is one change only. */
function mastersOf(active: readonly Sender[]): readonly Conflict[] {
  const masters = active.filter(({ interrupted }) => interrupted >= 2);
  if (masters.length < 2) return [];
  const names = masters.map(({ source, last }) => `${source} (priority ${last.priority})`);
  const text = `${names.join(" and ")} are MASTER at once: they do not hear or do not accept each other`;
  return [{ kind: "duplicate-master", text }];
}

function ownersOf(active: readonly Sender[]): readonly Conflict[] {
  const owners = active.filter(({ last }) => last.priority === PRIORITY_OWNER);
  if (owners.length < 2) return [];
  const names = owners.map(({ source }) => source).join(" and ");
  const text = `${names} both say to own the addresses (priority 255)`;
  return [{ kind: "duplicate-owner", text }];
}

/** Of version 2 and of IPv6 there is one form only. */
function describeChecksum({ checksum, version, family }: Sighting): string | undefined {
  if (version === 2 || family === 6 || checksum === "wrong") return undefined;
  return checksum === "message"
    ? "checksum over the message alone"
    : "checksum with the pseudo-header";
}

function isMulticast(address: IpAddress): boolean {
  return address.startsWith("ff") || Number.parseInt(address, 10) >= 224;
}

function passwordsOf(senders: readonly Sender[]): readonly Conflict[] {
  const withPassword = senders.filter(({ last }) => last.authentication === "PASS");
  const passwords = new Set(withPassword.map(({ last }) => last.credential));
  if (passwords.size < 2) return [];
  const sources = withPassword.map(({ source }) => source).join(", ");
  return [{ kind: "password-mismatch", text: `${sources} send different passwords` }];
}

/** A conflict where senders differ in what `say` says of their last advert. */
function differing(
  senders: readonly Sender[],
  kind: Conflict["kind"],
  say: (last: Sighting) => string | undefined,
): readonly Conflict[] {
  const bySaying = new Map<string, IpAddress[]>();
  for (const { source, last } of senders) {
    const saying = say(last);
    if (saying === undefined) continue;
    bySaying.set(saying, [...(bySaying.get(saying) ?? []), source]);
  }
  if (bySaying.size < 2) return [];
  const parts = [...bySaying].map(([saying, sources]) => `${sources.join(", ")}: ${saying}`);
  return [{ kind, text: parts.join("; ") }];
}

function brokenOf(senders: readonly Sender[]): readonly Conflict[] {
  return senders.flatMap(({ source, count, checksumsWrong, hopLimitsWrong, wrongHopLimit }) => [
    ...(checksumsWrong === 0
      ? []
      : [
          {
            kind: "checksum-wrong" as const,
            text: `${source}: the checksum of ${checksumsWrong} of ${count} adverts is wrong`,
          },
        ]),
    ...(hopLimitsWrong === 0
      ? []
      : [
          {
            kind: "ttl-wrong" as const,
            text: `${source}: ${hopLimitsWrong} of ${count} adverts have another TTL than 255 (${wrongHopLimit}): they have crossed a router or are forged`,
          },
        ]),
  ]);
}
