// `keelson vrrp sniff`: what the routers of a network say, and what cannot be right about it.

import { type AdvertTapOptions, openAdvertTap, type TappedPacket } from "../linux/advert-tap.ts";
import { loadSyscalls } from "../linux/ffi/syscalls.ts";
import { openNetlinkKernel } from "../linux/netlink-kernel.ts";
import { Observer } from "../vrrp/sniff/observer.ts";
import { type HeardPacket, readSighting } from "../vrrp/sniff/sighting.ts";
import { exitStatus, parseOptions } from "./command-line.ts";
import { choosePaint } from "./paint.ts";
import { renderSniff, type SniffPage, sniffAsJson } from "./render-sniff.ts";

const options = {
  interface: { type: "string", short: "i" },
  seconds: { type: "string" },
  json: { type: "boolean" },
} as const;
const widthDefault = 80;
const refreshMs = 1000;
/** Where no terminal shows one page over the other. */
const repeatMs = 10_000;
const clearScreen = "\u001b[H\u001b[J";

/** Runs `keelson vrrp`; gives the exit status. */
export async function runVrrp(argv: readonly string[]): Promise<number> {
  const [command, ...rest] = argv;
  if (command === "sniff") return runSniff(rest);
  console.error("keelson vrrp: say what: `keelson vrrp sniff`");
  return exitStatus.usage;
}

async function runSniff(argv: readonly string[]): Promise<number> {
  const parsed = parseOptions("vrrp sniff", argv, options);
  if (!parsed.ok) return refuse(parsed.fault.text, exitStatus.usage);
  const { interface: only, seconds, json } = parsed.value;
  const limitS = seconds === undefined ? undefined : Number(seconds);
  if (limitS !== undefined && !(limitS > 0 && limitS <= 86_400))
    return refuse("--seconds takes a number from 1 to 86400", exitStatus.usage);
  const syscalls = loadSyscalls();
  const kernel = openNetlinkKernel(syscalls);
  const links = kernel.links();
  kernel.close();
  if (!links.ok) return refuse(links.fault.text, exitStatus.failed);
  const names = new Map(links.value.map(({ index, name }) => [index, name]));
  const chosen = links.value.find(({ name }) => name === only)?.index;
  if (only !== undefined && chosen === undefined)
    return refuse(`there is no interface ${only}`, exitStatus.failed);
  const observer = new Observer();
  const tapOptions: AdvertTapOptions = {
    ifindexes: links.value.filter(({ up }) => up).map(({ index }) => index),
    ...(chosen === undefined ? {} : { only: chosen }),
  };
  const tap = openAdvertTap(syscalls, tapOptions, (packets) => {
    for (const packet of packets) observer.see(readSighting(heard(packet, names)));
  });
  if (!tap.ok) {
    const hint = tap.fault.code === "EPERM" ? "; it takes CAP_NET_RAW" : "";
    return refuse(`cannot listen: ${tap.fault.text}${hint}`, exitStatus.failed);
  }
  const show = (last: boolean): void => {
    const page = pageNow(observer);
    if (json === true) {
      if (last)
        console.log(JSON.stringify(sniffAsJson(observer.routers(page.nowMs), page), null, 2));
      return;
    }
    const text = renderSniff(observer.routers(page.nowMs), page).join("\n");
    const over = process.stdout.isTTY && !last;
    process.stdout.write(over ? `${clearScreen}${text}\n` : `${text}\n`);
  };
  // Where it ends by itself and nobody watches, one page at the end says everything.
  const repeats = process.stdout.isTTY === true || limitS === undefined;
  const everyMs = process.stdout.isTTY === true ? refreshMs : repeatMs;
  const timer = repeats ? setInterval(() => show(false), everyMs) : undefined;
  await untilEnd(limitS);
  clearInterval(timer);
  tap.value.close();
  show(true);
  return exitStatus.ok;
}

function heard(packet: TappedPacket, names: ReadonlyMap<number, string>): HeardPacket {
  const { ifindex, outgoing, bytes, mac } = packet;
  const name = names.get(ifindex) ?? `interface ${ifindex}`;
  return { interface: name, outgoing, bytes, mac, atMs: Date.now() };
}

function pageNow(observer: Observer): SniffPage {
  return {
    paint: choosePaint(process.stdout.isTTY === true, process.env["NO_COLOR"]),
    width: process.stdout.columns ?? widthDefault,
    nowMs: Date.now(),
    unreadable: observer.unreadable,
  };
}

/** Until the time has passed, or somebody has seen enough. */
function untilEnd(limitS: number | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = limitS === undefined ? undefined : setTimeout(() => end(), limitS * 1000);
    const end = (): void => {
      clearTimeout(timer);
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.off(signal, end);
      resolve();
    };
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, end);
  });
}

function refuse(text: string, status: number): number {
  console.error(`keelson vrrp sniff: ${text}`);
  return status;
}
