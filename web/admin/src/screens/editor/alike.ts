/** The members of a thing in one order, so that the same row read twice is the same text; what is absent is left out. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const known = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(known.sort(([one], [other]) => (one < other ? -1 : 1)).map(([name, member]) => [name, canonical(member)]));
}

/** Whether two parts of a message are the same, whoever wrote their members in whatever order. */
export const alike = (one: unknown, other: unknown): boolean => one === other || JSON.stringify(canonical(one)) === JSON.stringify(canonical(other));
