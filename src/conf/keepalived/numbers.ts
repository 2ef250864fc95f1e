// Numbers as keepalived writes them. No regular expressions: most words of a large file are numbers.

const digit0 = 48;
const digit9 = 57;
const dot = 46;
const plus = 43;
const minus = 45;

/** An integer with an optional sign; NaN when the text is none. */
export function parseInteger(text: string): number {
  const first = text.charCodeAt(0);
  const start = first === minus || first === plus ? 1 : 0;
  if (start === text.length) return Number.NaN;
  let value = 0;
  for (let i = start; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < digit0 || code > digit9) return Number.NaN;
    value = value * 10 + (code - digit0);
  }
  return first === minus ? -value : value;
}

/** A decimal number without exponent, `1.5` or `.5` or `2.`; NaN when the text is none. */
export function parseDecimal(text: string): number {
  const whole = parseInteger(text);
  if (!Number.isNaN(whole)) return whole;
  const first = text.charCodeAt(0);
  let digits = 0;
  let dots = 0;
  for (let i = first === plus || first === minus ? 1 : 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === dot) dots++;
    else if (code >= digit0 && code <= digit9) digits++;
    else return Number.NaN;
  }
  return digits > 0 && dots === 1 ? Number(text) : Number.NaN;
}
