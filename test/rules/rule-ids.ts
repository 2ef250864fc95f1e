// The rules of the founding list that judge files alone: each has to be in the catalogue. Those about hosts and networks
// are judged where the machine can be seen.

/** By family, in the order of the list. */
export const listedRules: readonly string[] = [
  ...numbered("S", 1, 20),
  ...["V01", "V02", "V03", "V05", "V06", "V07", "V08"],
  ...["V10", "V11", "V12", "V13", "V14", "V15", "V16", "V17", "V18", "V19"],
  ...["V20", "V21", "V22", "V23", "V25", "V27", "V28", "V29"],
  ...["V30", "V31", "V34", "V35", "V38", "V39"],
  ...["V40", "V41", "V42", "V43", "V44", "V45", "V48", "V49", "V50"],
  ...["X03", "X06", "X10", "X11", "X12", "X13", "X18"],
  ...numbered("L", 1, 17),
  ...numbered("L", 19, 28),
  ...numbered("L", 31, 34),
];

function numbered(family: string, from: number, to: number): readonly string[] {
  return Array.from(
    { length: to - from + 1 },
    (_, i) => `${family}${String(from + i).padStart(2, "0")}`,
  );
}
