// src/openapi.ts is what `npm run types` writes.
import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { Wsfault } from '../src/index.js';
// @ts-expect-error: a script without types
import { generate } from '../scripts/generate.mjs';

test('the types are those of the document that the program serves', async () => {
  await using wsfault = await Wsfault.start();
  const document: unknown = await (await fetch(new URL('/v1/openapi.json', wsfault.url))).json();
  const written = await readFile(new URL('../src/openapi.ts', import.meta.url), 'utf8');
  expect(await (generate as (document: unknown) => Promise<string>)(document)).toBe(written);
});
