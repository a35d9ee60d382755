/** Where a line and column begin in a text, both from 1. */
export function offsetOf(text: string, line: number, column: number): number {
  const lines = text.split("\n");
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(text.length, before + Math.min([...(lines[line - 1] ?? "")].slice(0, column - 1).join("").length, (lines[line - 1] ?? "").length));
}
