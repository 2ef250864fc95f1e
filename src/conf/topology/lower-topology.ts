// A topology hint, as it comes out of a parser of YAML or JSON -> Topology. The form is in docs/topology.md.

import { type IpAddress, type IpPrefix, parseIpAddress } from "../../base/address.ts";
import { fail, ok, type Result } from "../../base/result.ts";
import type {
  Topology,
  TopologyAddress,
  TopologyDirector,
  TopologyRealServer,
  TopologySegment,
} from "../rules/topology.ts";
import { nearestWord } from "../text/nearest-word.ts";

/** What is wrong with a hint, and where: the keys that lead to it. */
export interface TopologyFault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

type Path = TopologyFault["path"];
type Fields = Readonly<Record<string, unknown>>;

/** Reads a hint; all faults at once. Never throws, whatever the value. */
export function lowerTopology(value: unknown): Result<Topology, readonly TopologyFault[]> {
  const reader = new TopologyReader();
  const topology = reader.topology(value);
  return reader.faults.length === 0 ? ok(topology) : fail(reader.faults);
}

const hostLengths = { 4: 32, 6: 128 };

class TopologyReader {
  readonly faults: TopologyFault[] = [];

  topology(value: unknown): Topology {
    const fields = this.#fields(value, [], ["segments", "directors", "realServers", "clients"]);
    return {
      segments: this.#named(fields["segments"], ["segments"]).map(([name, subnets, path]) =>
        this.#segment(name, subnets, path),
      ),
      directors: this.#named(fields["directors"], ["directors"]).map(([name, host, path]) =>
        this.#director(name, host, path),
      ),
      realServers: this.#named(fields["realServers"], ["realServers"]).map(([name, host, path]) =>
        this.#realServer(name, host, path),
      ),
      clients: this.#prefixes(fields["clients"], ["clients"]),
    };
  }

  #segment(name: string, value: unknown, path: Path): TopologySegment {
    return { name, subnets: this.#prefixes(value, path) };
  }

  #director(name: string, value: unknown, path: Path): TopologyDirector {
    const addresses = this.#named(value, path).flatMap(([device, texts, inner]) =>
      this.#prefixes(texts, inner).map((prefix) => ({ ...prefix, interface: device })),
    );
    return { name, addresses };
  }

  #realServer(name: string, value: unknown, path: Path): TopologyRealServer {
    // A server of which nothing but its address is said may be written as that.
    if (typeof value === "string" || Array.isArray(value))
      return { name, addresses: this.#prefixes(value, path, "bare"), gateways: [] };
    const fields = this.#fields(value, path, ["address", "gateway"]);
    const addresses: readonly TopologyAddress[] = this.#prefixes(
      fields["address"],
      [...path, "address"],
      "bare",
    );
    if (fields["address"] === undefined) this.#fault(path, "a real server needs an `address`");
    const gateways: IpAddress[] = [];
    this.#eachText(fields["gateway"], [...path, "gateway"], (text, at) => {
      const address = this.#address(text, at);
      if (address !== undefined) gateways.push(address);
    });
    return { name, addresses, gateways };
  }

  /** One prefix or a list of them; `bare` ones may lack their length. */
  #prefixes(value: unknown, path: Path, form?: "bare"): readonly IpPrefix[] {
    const prefixes: IpPrefix[] = [];
    this.#eachText(value, path, (text, at) => {
      const prefix = this.#prefix(text, at, form);
      if (prefix !== undefined) prefixes.push(prefix);
    });
    return prefixes;
  }

  #prefix(text: string, path: Path, form?: "bare"): IpPrefix | undefined {
    const [before = "", length, ...more] = text.split("/");
    const address = this.#address(before, path);
    if (address === undefined) return undefined;
    const longest = hostLengths[address.includes(":") ? 6 : 4];
    if (length === undefined) {
      if (form === "bare") return { address, prefixLength: longest };
      this.#fault(path, `\`${text}\` has no prefix length, as in \`${address}/24\``);
      return undefined;
    }
    const prefixLength = /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
    if (more.length === 0 && prefixLength <= longest) return { address, prefixLength };
    this.#fault(path, `the prefix length of \`${text}\` is outside 0 to ${longest}`);
    return undefined;
  }

  #address(text: string, path: Path): IpAddress | undefined {
    const parsed = parseIpAddress(text);
    if (parsed.ok) return parsed.value;
    this.#fault(path, `\`${text}\` is not an IP address`);
    return undefined;
  }

  /** A text or a list of texts, with the keys that lead to each. */
  #eachText(value: unknown, path: Path, see: (text: string, at: Path) => void): void {
    if (value === undefined || value === null) return;
    const values: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const [i, one] of values.entries()) {
      const at = Array.isArray(value) ? [...path, i] : path;
      if (typeof one === "string") see(one, at);
      else this.#fault(at, "an address is due here");
    }
  }

  /** The entries of a mapping from names. */
  #named(value: unknown, path: Path): readonly (readonly [string, unknown, Path])[] {
    if (value === undefined || value === null) return [];
    if (isFields(value))
      return Object.entries(value).map(([name, inner]) => [name, inner, [...path, name]] as const);
    this.#fault(path, "names with a colon are due here, as in `lb1: ...`");
    return [];
  }

  /** A mapping with known keys. */
  #fields(value: unknown, path: Path, known: readonly string[]): Fields {
    if (!isFields(value)) {
      this.#fault(path, `${known.map((key) => `\`${key}:\``).join(", ")} are due here`);
      return {};
    }
    for (const key of Object.keys(value)) {
      if (known.includes(key)) continue;
      const near = nearestWord(key, known);
      const hint = near === undefined ? known.join(", ") : `did you mean \`${near}\`?`;
      this.#fault([...path, key], `there is no key \`${key}\`: ${hint}`);
    }
    return value;
  }

  #fault(path: Path, message: string): void {
    this.faults.push({ path, message });
  }
}

function isFields(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
