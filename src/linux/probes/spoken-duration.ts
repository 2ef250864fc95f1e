/** `5 s`, `1.5 s`, `250 ms`. */
export function spokenDuration(durationMs: number): string {
  if (durationMs < 1000) return `${Math.round(durationMs)} ms`;
  return `${Math.round(durationMs / 100) / 10} s`;
}
