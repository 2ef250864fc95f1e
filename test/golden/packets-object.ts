// Reads an eBPF object: its ELF sections and, from BTF, the layout of its structs.

import { present } from "../../src/base/assert.ts";

/** Sections by name. */
export function elfSections(file: Uint8Array): ReadonlyMap<string, Uint8Array> {
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  const headersAt = Number(view.getBigUint64(40, true));
  const headerLength = view.getUint16(58, true);
  const header = (i: number): { name: number; type: number; at: number; length: number } => {
    const at = headersAt + i * headerLength;
    return {
      name: view.getUint32(at, true),
      type: view.getUint32(at + 4, true),
      at: Number(view.getBigUint64(at + 24, true)),
      length: Number(view.getBigUint64(at + 32, true)),
    };
  };
  const names = header(view.getUint16(62, true));
  const sections = new Map<string, Uint8Array>();
  for (let i = 1; i < view.getUint16(60, true); i++) {
    const { name, at, length } = header(i);
    sections.set(textAt(file, names.at + name), file.subarray(at, at + length));
  }
  return sections;
}

function textAt(bytes: Uint8Array, at: number): string {
  return Buffer.from(bytes.subarray(at, bytes.indexOf(0, at))).toString("latin1");
}

/** Size and byte offsets of the members of a struct. */
export interface StructLayout {
  readonly size: number;
  readonly offsets: ReadonlyMap<string, number>;
}

const kindStruct = 4;
/** Bytes that follow a type's header, by kind: fixed and for each member. */
const extra: Readonly<Record<number, readonly [number, number]>> = {
  1: [4, 0],
  3: [12, 0],
  4: [0, 12],
  5: [0, 12],
  6: [0, 8],
  13: [0, 8],
  14: [4, 0],
  15: [0, 12],
  17: [4, 0],
  19: [0, 12],
};

/** The named structs of a BTF section. */
export function btfStructs(btf: Uint8Array): ReadonlyMap<string, StructLayout> {
  const view = new DataView(btf.buffer, btf.byteOffset, btf.length);
  const word = (at: number): number => view.getUint32(at, true);
  const headerLength = word(4);
  const typesAt = headerLength + word(8);
  const typesEnd = typesAt + word(12);
  const textsAt = headerLength + word(16);
  const structs = new Map<string, StructLayout>();
  for (let at = typesAt; at < typesEnd; ) {
    const info = word(at + 4);
    const [fixed, each] = extra[(info >>> 24) & 0x1f] ?? [0, 0];
    const count = info & 0xffff;
    if (((info >>> 24) & 0x1f) === kindStruct) {
      const offsets = new Map<string, number>();
      for (let i = 0; i < count; i++) {
        const member = at + 12 + i * 12;
        offsets.set(textAt(btf, textsAt + word(member)), (word(member + 8) & 0xffffff) / 8);
      }
      structs.set(textAt(btf, textsAt + word(at)), { size: word(at + 8), offsets });
    }
    at += 12 + fixed + count * each;
  }
  return structs;
}

/** A struct that must be there. */
export function structNamed(
  structs: ReadonlyMap<string, StructLayout>,
  name: string,
): StructLayout {
  return present(structs.get(name), `the object has struct ${name}`);
}
