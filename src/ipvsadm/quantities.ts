// Counters in columns: ipvsadm shortens what does not fit.

const kilo = 1000;

/** A blank and eight or more columns: whole numbers up to 10^8, then K, M, G and T; cut, not rounded. */
export function printQuantity(value: number, exact: boolean): string {
  if (exact) return ` ${String(value).padStart(8)}`;
  if (value < 1e8) return String(value).padStart(9);
  if (value < 1e9) return `${shortened(value, 1)}K`;
  if (value < 1e11) return `${shortened(value, 2)}M`;
  if (value < 1e14) return `${shortened(value, 3)}G`;
  return `${shortened(value, 4)}T`;
}

function shortened(value: number, thousands: number): string {
  return String(Math.floor(value / kilo ** thousands)).padStart(8);
}
