// Carries out a command of ipvsadm on a data plane.

import { ok, type Result } from "../base/result.ts";
import type { BalancerTable, ServiceStatistics } from "../model/balancer-table.ts";
import { isScheduler } from "../model/virtual-server.ts";
import type { BalancerOperation } from "../plan/operation.ts";
import type { BalancerEngine, EngineFault } from "../world/engine.ts";
import { type IpvsadmCommand, ipvsadmStatus, type ListFormat } from "./command.ts";
import { findService, judgeChange, messageOfFault, messages } from "./judge-change.ts";
import { listedServices } from "./list-row.ts";
import { numbersOnly, type ReverseNames } from "./names.ts";
import { parseIpvsadmCommand } from "./parse-command.ts";
import { renderList, renderRules, renderVersion } from "./render-list.ts";
import { renderConnections, renderDaemons, renderTimeouts } from "./render-state.ts";
import type { NameBook } from "./values.ts";

/** The data plane as a command sees it: an engine of this process, or a director's behind a socket. */
export interface IpvsadmPlane
  extends Pick<
    BalancerEngine,
    | "observe"
    | "apply"
    | "zero"
    | "settings"
    | "configure"
    | "connections"
    | "syncDaemons"
    | "startSyncDaemon"
    | "stopSyncDaemon"
  > {
  /** What was counted; with `rates`, how much a second, which may take seconds to find out. */
  statistics(rates: boolean): Promise<Result<readonly ServiceStatistics[], EngineFault>>;
  /** Removes every service that is not somebody else's. */
  flush(): Promise<Result<void, EngineFault>>;
  /** True: it is the kernel's own IPVS, which judges changes itself. */
  readonly isKernel: boolean;
  /** Buckets or slots of the connection table, for the first line of a list. */
  tableSize(): Promise<number>;
  /** Lets go of it; it forwards on. */
  close(): Promise<void>;
}

/** What a command stands on. */
export interface IpvsadmWorld {
  /** Called once at most, when something is asked of a data plane. A fault is what is said then. */
  readonly openPlane: () => Promise<Result<IpvsadmPlane, string>>;
  readonly names: NameBook;
  /** Names for the numbers of a list; they are looked up all at once. */
  readonly reverseNames: (addresses: readonly string[]) => Promise<ReverseNames>;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** What `-R` reads. */
  readonly stdin: () => Promise<string>;
}

/** A world whose data plane is open. */
interface OpenWorld extends IpvsadmWorld {
  readonly plane: IpvsadmPlane;
}

/** Runs the words behind `ipvsadm`; gives the exit status. None: the table is listed. */
export async function runIpvsadm(words: readonly string[], world: IpvsadmWorld): Promise<number> {
  const parsed: ReturnType<typeof parseIpvsadmCommand> =
    words.length === 0
      ? ok({ kind: "list", format: plainFormat })
      : parseIpvsadmCommand(words, world.names);
  if (!parsed.ok) {
    world.stderr(parsed.fault.text);
    return parsed.fault.status;
  }
  const command = parsed.value;
  if (command.kind === "page") {
    world.stdout(command.text);
    return ipvsadmStatus.ok;
  }
  const plane = await world.openPlane();
  if (!plane.ok) {
    world.stderr(`Can't initialize ipvs: ${plane.fault}\n${isItBuiltIn}\n`);
    return ipvsadmStatus.usage;
  }
  return runCommand(command, { ...world, plane: plane.value });
}

const isItBuiltIn = "Are you sure that IP Virtual Server is built in the kernel or as module?";

const plainFormat: ListFormat = {
  numeric: false,
  stats: false,
  rate: false,
  thresholds: false,
  persistentConnections: false,
  tunnels: false,
  exact: false,
  unsorted: false,
};

/** A complaint and the status with which the command ends. */
interface Failure {
  readonly text: string;
  readonly status: number;
}

async function runCommand(command: IpvsadmCommand, world: OpenWorld): Promise<number> {
  if (command.kind === "restore") return restore(world);
  const failure = await carryOut(command, world);
  if (failure === undefined) return ipvsadmStatus.ok;
  world.stderr(`${failure.text}\n`);
  return failure.status;
}

async function carryOut(
  command: Exclude<IpvsadmCommand, { readonly kind: "restore" }>,
  world: OpenWorld,
): Promise<Failure | undefined> {
  const { plane } = world;
  switch (command.kind) {
    case "page":
      world.stdout(command.text);
      return undefined;
    case "list":
      return list(command, world);
    case "list-connections":
      return listConnections(command.format, world);
    case "list-timeouts": {
      const settings = await plane.settings();
      if (!settings.ok) return refused(command, settings.fault);
      world.stdout(renderTimeouts(settings.value));
      return undefined;
    }
    case "list-daemons": {
      const daemons = await plane.syncDaemons();
      if (!daemons.ok) return refused(command, daemons.fault);
      world.stdout(renderDaemons(daemons.value));
      return undefined;
    }
    case "save":
      return save(command.numeric, world);
    default:
      return change(command, plane);
  }
}

function refused(command: IpvsadmCommand, fault: EngineFault): Failure {
  return { text: messageOfFault(command.kind, fault), status: ipvsadmStatus.refused };
}

/** A table with its statistics. */
async function read(
  plane: IpvsadmPlane,
  rates: boolean,
): Promise<
  | {
      readonly table: BalancerTable;
      readonly statistics: readonly ServiceStatistics[];
    }
  | EngineFault
> {
  const table = await plane.observe();
  if (!table.ok) return table.fault;
  const statistics = await plane.statistics(rates);
  if (!statistics.ok) return statistics.fault;
  return { table: table.value, statistics: statistics.value };
}

async function list(
  command: Extract<IpvsadmCommand, { readonly kind: "list" }>,
  world: OpenWorld,
): Promise<Failure | undefined> {
  const { key, format } = command;
  const found = await read(world.plane, format.rate && !format.stats);
  if (!("table" in found)) return refused(command, found);
  let { table } = found;
  if (key !== undefined) {
    const service = findService(table, key);
    if (service === undefined) return { text: messages.noService, status: ipvsadmStatus.notListed };
    table = { services: [service] };
  }
  const names = await namesOf(table, format.numeric, world);
  if (key === undefined) world.stdout(renderVersion(await world.plane.tableSize()));
  const services = listedServices(table, found.statistics, format.unsorted);
  world.stdout(renderList(services, format, names));
  return undefined;
}

async function save(numeric: boolean, world: OpenWorld): Promise<Failure | undefined> {
  const table = await world.plane.observe();
  if (!table.ok) return { text: table.fault.text, status: ipvsadmStatus.refused };
  const names = await namesOf(table.value, numeric, world);
  world.stdout(renderRules(listedServices(table.value, [], false), names));
  return undefined;
}

async function namesOf(
  { services }: BalancerTable,
  numeric: boolean,
  world: OpenWorld,
): Promise<ReverseNames> {
  if (numeric) return numbersOnly;
  const addresses = services.flatMap(({ key, destinations }) => [
    ...(key.kind === "address" ? [key.address] : []),
    ...destinations.map(({ address }) => address),
  ]);
  return world.reverseNames(addresses);
}

async function listConnections(format: ListFormat, world: OpenWorld): Promise<Failure | undefined> {
  const connections = await world.plane.connections();
  if (!connections.ok) return { text: connections.fault.text, status: ipvsadmStatus.notListed };
  let names = numbersOnly;
  let entries = connections.value;
  if (!format.numeric) {
    const all = [...entries];
    entries = all;
    const ends = all.flatMap((one) => [one.client, one.virtual, one.destination]);
    names = await world.reverseNames(ends.map(({ address }) => address));
  }
  for (const line of renderConnections(entries, format.persistentConnections, names))
    world.stdout(line);
  return undefined;
}

type Change = Extract<
  IpvsadmCommand,
  {
    readonly kind:
      | "add-service"
      | "edit-service"
      | "delete-service"
      | "add-server"
      | "edit-server"
      | "delete-server"
      | "flush"
      | "zero"
      | "set"
      | "start-daemon"
      | "stop-daemon";
  }
>;

async function change(command: Change, plane: IpvsadmPlane): Promise<Failure | undefined> {
  const operation = operationOf(command);
  const isUnknownScheduler = operation === undefined && isServiceCommand(command);
  if (isUnknownScheduler || (!plane.isKernel && (operation ?? command.kind === "zero"))) {
    const table = await plane.observe();
    if (!table.ok) return refused(command, table.fault);
    const refusal = judgeChange(command, table.value);
    if (refusal !== undefined) return { text: refusal, status: ipvsadmStatus.refused };
  }
  const outcome = await ask(command, operation, plane);
  return outcome === undefined || outcome.ok ? undefined : refused(command, outcome.fault);
}

function isServiceCommand({ kind }: Change): boolean {
  return kind === "add-service" || kind === "edit-service";
}

function ask(
  command: Change,
  operation: BalancerOperation | undefined,
  plane: IpvsadmPlane,
): Promise<Result<void, EngineFault>> | undefined {
  if (operation !== undefined) return plane.apply(operation);
  switch (command.kind) {
    case "flush":
      return plane.flush();
    case "zero":
      return plane.zero(command.key);
    case "set": {
      const { tcpS, tcpFinS, udpS } = command;
      return plane.configure({
        ...(tcpS === 0 ? {} : { tcpEstablishedTimeoutS: tcpS }),
        ...(tcpFinS === 0 ? {} : { tcpFinTimeoutS: tcpFinS }),
        ...(udpS === 0 ? {} : { udpTimeoutS: udpS }),
      });
    }
    case "start-daemon":
      return plane.startSyncDaemon(command.daemon);
    case "stop-daemon":
      return plane.stopSyncDaemon(command.role);
    default:
      return undefined;
  }
}

/** The operation on the table that a command is, where it is one. */
function operationOf(command: Change): BalancerOperation | undefined {
  switch (command.kind) {
    case "add-service":
    case "edit-service": {
      const { scheduler } = command.service;
      if (!isScheduler(scheduler)) return undefined;
      const kind = command.kind === "add-service" ? "add-service" : "change-service";
      return { kind, service: { ...command.service, scheduler, destinations: [] } };
    }
    case "delete-service":
      return { kind: "remove-service", key: command.key };
    case "add-server":
      return { kind: "add-destination", key: command.key, destination: command.server };
    case "edit-server":
      return { kind: "change-destination", key: command.key, destination: command.server };
    case "delete-server": {
      const { key, address, port } = command;
      return { kind: "remove-destination", key, address, port };
    }
    default:
      return undefined;
  }
}

/**
 * `-R`: one command a line. As ipvsadm does it, a line that cannot be read ends the work, one that is refused does not,
 * and the last line decides the exit status.
 */
async function restore(world: OpenWorld): Promise<number> {
  let status: number = ipvsadmStatus.ok;
  for (const line of (await world.stdin()).split("\n")) {
    const words = line.split(/[ \t\v\f\r]+/).filter((word) => word !== "");
    if (words[0] === "ipvsadm") words.shift();
    if (words.length === 0) continue;
    const parsed = parseIpvsadmCommand(words, world.names, true);
    if (!parsed.ok) {
      world.stderr(parsed.fault.text);
      if (parsed.fault.ends) return parsed.fault.status;
      status = parsed.fault.status;
      continue;
    }
    status = await runCommand(parsed.value, world);
    if (parsed.value.kind === "page") return status;
  }
  return status;
}
