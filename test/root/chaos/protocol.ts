// What the prober of the chaos runs is told and says, in lines of JSON.

/** Who and what is asked. */
export interface ProbePlan {
  readonly everyMs: number;
  /** Addresses that are asked as any client asks: whoever the neighbour table names answers. */
  readonly clients: readonly { readonly name: string; readonly address: string }[];
  /** One host's own hardware address is asked, whoever the neighbour table names. */
  readonly direct: readonly DirectProbe[];
  readonly port: number;
}

export interface DirectProbe {
  readonly interface: string;
  readonly ownAddress: string;
  readonly address: string;
  /** Hardware addresses of the routers. */
  readonly routers: readonly string[];
}

/** Asks for a stretch of time, monotonic milliseconds; the prober forgets what was before. */
export interface ProbeQuestion {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ProbeAnswer {
  readonly clients: readonly ClientView[];
  /** Longest time in which both routers answered each direct probe, and the sum, of any address. */
  readonly bothMs: number;
  readonly bothTotalMs: number;
  /** The longest time that the prober itself was late. */
  readonly lateMs: number;
}

export interface ClientView {
  readonly name: string;
  /** The longest time without an answer. */
  readonly outageMs: number;
  readonly outageTotalMs: number;
  /** How long it has been without an answer at the end. */
  readonly silentMs: number;
  /** How often the answering router changed. */
  readonly changes: number;
}
