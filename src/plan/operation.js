// What a plan consists of: small changes to standing facts, as data, each with one line of text.
export {};
//# sourceMappingURL=operation.js.map