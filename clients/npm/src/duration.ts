// Durations as they are written: "250ms", "1.5s", "2m".
const units: Record<string, number> = { ns: 1e-6, us: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Undefined: the server is to say what is wrong with it. */
export function milliseconds(text: string): number | undefined {
  const [, number, unit] = /^\s*(\d+(?:\.\d+)?)\s*(ns|us|ms|s|m|h)\s*$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(number) * units[unit]!;
}
