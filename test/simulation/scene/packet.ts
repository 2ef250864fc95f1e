// Packets as a stranger would make them: written from the RFCs and not with the code under test.

/** What stands in an IPv4 packet that carries VRRP. */
export interface RawPacket {
  readonly source: string;
  readonly destination: string;
  readonly ttl: number;
  readonly message: Uint8Array;
}

/** What stands in an advert. */
export interface RawAdvert {
  readonly version: number;
  readonly type?: number;
  readonly vrid: number;
  readonly priority: number;
  readonly intervalCs: number;
  readonly addresses: readonly string[];
  /** Version 2 alone: type and 8 bytes. */
  readonly auth?: { readonly type: number; readonly data: string };
}

/** A whole IP packet with protocol 112. */
export function rawPacket({ source, destination, ttl, message }: RawPacket): Uint8Array {
  if (source.includes(":")) {
    const head = [0x6c, 0, 0, 0, ...word(message.length), 112, ttl];
    return Uint8Array.from([...head, ...octets(source), ...octets(destination), ...message]);
  }
  const length = 20 + message.length;
  const packet = new Uint8Array(length);
  packet.set([0x45, 0xc0, length >> 8, length & 255, 0, 0, 0, 0, ttl, 112, 0, 0]);
  packet.set(octets(source), 12);
  packet.set(octets(destination), 16);
  packet.set(word(checksum([...packet.subarray(0, 20)])), 10);
  packet.set(message, 20);
  return packet;
}

/** A message with a correct checksum: with the pseudo-header in version 3. */
export function rawAdvert(
  advert: RawAdvert,
  ends: { source: string; destination: string },
): Uint8Array {
  const { version, type = 1, vrid, priority, intervalCs, addresses, auth } = advert;
  const list = addresses.flatMap(octets);
  const intervalS = Math.round(intervalCs / 100);
  const middle = version === 2 ? [auth?.type ?? 0, intervalS] : word(intervalCs & 0xfff);
  const data = Array.from({ length: 8 }, (_, i) => (auth?.data ?? "").charCodeAt(i) || 0);
  const bytes = [(version << 4) | type, vrid, priority, addresses.length, ...middle, 0, 0, ...list];
  if (version === 2) bytes.push(...data);
  const tail = ends.source.includes(":")
    ? [0, 0, ...word(bytes.length), 0, 0, 0, 112]
    : [0, 112, ...word(bytes.length)];
  const pseudo = [...octets(ends.source), ...octets(ends.destination), ...tail];
  const sum = checksum(version === 2 ? bytes : [...pseudo, ...bytes]);
  bytes.splice(6, 2, ...word(sum));
  return Uint8Array.from(bytes);
}

/** The bytes of an address of either family. */
export function octets(address: string): number[] {
  if (address.includes(":")) return octets6(address);
  return address.split(".").map(Number);
}

function octets6(address: string): number[] {
  const [front = "", back] = address.split("::");
  const groups = (text: string | undefined): number[] =>
    text === undefined || text === "" ? [] : text.split(":").map((one) => Number.parseInt(one, 16));
  const left = groups(front);
  const right = groups(back);
  const middle = new Array<number>(8 - left.length - right.length).fill(0);
  return [...left, ...middle, ...right].flatMap(word);
}

function word(value: number): number[] {
  return [value >> 8, value & 255];
}

/** The one's complement of the sum of 16-bit words (RFC 1071). */
export function checksum(bytes: readonly number[]): number {
  let sum = 0;
  for (let i = 0; i < bytes.length; i += 2) sum += ((bytes[i] ?? 0) << 8) | (bytes[i + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
