// Writes src/openapi.ts from the document of the wsfault that WSFAULT names, or that is in PATH.
import { writeFile } from 'node:fs/promises';
import { Wsfault } from '../dist/index.js';
import { generate } from './generate.mjs';

const wsfault = await Wsfault.start();
try {
  const document = await (await fetch(new URL('/v1/openapi.json', wsfault.url))).json();
  await writeFile(new URL('../src/openapi.ts', import.meta.url), await generate(document));
} finally {
  await wsfault.stop();
}
