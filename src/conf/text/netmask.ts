// IPv4 netmasks as dotted quads.

/** `255.255.255.0` for 24. */
export function dottedMask(length: number): string {
  const bits = length === 0 ? 0 : (0xffff_ffff << (32 - length)) >>> 0;
  return [24, 16, 8, 0].map((shift) => (bits >>> shift) & 255).join(".");
}

/** The length of a netmask, or what is wrong with it. */
export function maskLength(text: string): number | string {
  const parts = text.split(".");
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255))
    return "is no netmask";
  const bits = parts.reduce((sum, part) => sum * 256 + Number(part), 0);
  const inverted = (~bits >>> 0) + 1;
  if ((inverted & (inverted - 1)) !== 0) return "has a hole";
  return 32 - Math.log2(inverted);
}
