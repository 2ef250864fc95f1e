// Times as keepalived and the C library print them.

const days = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function digits(value: number, count = 2): string {
  return String(value).padStart(count, "0");
}

function clock(date: Date): string {
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => digits(part))
    .join(":");
}

function day(date: Date): string {
  return `${months[date.getMonth()]} ${String(date.getDate()).padStart(2)}`;
}

/** `1795281114.623000 (Sat Nov 21 17:11:54.623000 2026)`, in local time. */
export function printKeepalivedTime(atMs: number): string {
  const date = new Date(atMs);
  const fraction = `${digits(Math.floor(atMs % 1000), 3)}000`;
  const local = `${days[date.getDay()]} ${day(date)} ${clock(date)}.${fraction} ${date.getFullYear()}`;
  return `${Math.floor(atMs / 1000)}.${fraction} (${local})`;
}

/** `Sat Nov 21 17:11:54 2026`, as asctime(3) has it, in local time. */
export function printLogTime(atMs: number): string {
  const date = new Date(atMs);
  return `${days[date.getDay()]} ${day(date)} ${clock(date)} ${date.getFullYear()}`;
}

/** `Nov 21 17:11:54`, as syslog(3) has it, in local time. */
export function printSyslogTime(atMs: number): string {
  const date = new Date(atMs);
  return `${day(date)} ${clock(date)}`;
}
