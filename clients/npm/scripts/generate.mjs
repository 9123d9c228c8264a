// TypeScript of an OpenAPI document.
import openapiTS, { astToString } from 'openapi-typescript';
import ts from 'typescript';

const header = '// Generated from GET /v1/openapi.json by `npm run types`; do not edit it by hand.\n';

/** @returns {Promise<string>} */
export async function generate(document) {
  const types = await openapiTS(document, {
    alphabetize: true,
    emptyObjectsUnknown: true,
    defaultNonNullable: false,
    // A file may have ${variables} in any place. Here they would let any text pass for the name of a fault.
    transform: (_schema, { path }) =>
      path?.endsWith('/scenario.variable') ? ts.factory.createKeywordTypeNode(ts.SyntaxKind.NeverKeyword) : undefined,
  });
  return header + astToString(types);
}
