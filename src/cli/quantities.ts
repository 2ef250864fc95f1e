// Numbers as people read them: bytes, durations, moments.

const byteUnits = ["B", "kB", "MB", "GB", "TB", "PB"] as const;

/** `0 B`, `999 B`, `1.2 kB`, `34 MB`: powers of 1000, two digits where one would be coarse. */
export function printBytes(bytes: number): string {
  return printScaled(bytes, byteUnits);
}

const countUnits = ["", "k", "M", "G", "T", "P"] as const;

/** `0`, `9999`, `12 k`, `3.4 M`; exact below ten thousand. */
export function printCount(count: number): string {
  return count < 10_000 ? String(count) : printScaled(count, countUnits);
}

function printScaled(value: number, units: readonly string[]): string {
  let scaled = value;
  let unit = 0;
  while (scaled >= 999.5 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  const digits = unit > 0 && scaled < 9.95 ? scaled.toFixed(1) : String(Math.round(scaled));
  return `${digits} ${units[unit] ?? ""}`.trimEnd();
}

/** `0 s`, `59 s`, `3 min`, `3 h 12 min`, `2 d 5 h`: at most two units; a time to come counts as 0. */
export function printDuration(durationMs: number): string {
  const seconds = Math.max(0, Math.floor(durationMs / 1000));
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  const days = Math.floor(hours / 24);
  if (minutes === 0) return `${seconds} s`;
  if (hours === 0) return minutes < 10 ? `${minutes} min ${seconds % 60} s` : `${minutes} min`;
  if (days === 0) return `${hours} h ${minutes % 60} min`;
  return `${days} d ${hours % 24} h`;
}

/** Wall-clock milliseconds as local `2026-11-21 09:14:16`. */
export function printMoment(wallMs: number): string {
  const date = new Date(wallMs);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
