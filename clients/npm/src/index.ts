// wsfault from a test: see README.md.
export { Wsfault } from './wsfault.js';
export { Session, type SessionOptions, type UntilOptions } from './session.js';
export { WsfaultProxy, Connection, Fault } from './proxy.js';
export { WsfaultError, MomentTimeout, ExpectationError } from './errors.js';
export type { StartOptions } from './program.js';
export type * from './types.js';
