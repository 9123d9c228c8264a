// What is sent and answered, by the names of the OpenAPI document; openapi.ts is generated from it.
import type { components } from './openapi.js';

type Schemas = components['schemas'];

/** A fault, in the words of `[[fault]]` (docs/faults.md). The proxy is said by whose `inject` it is. */
export type NewFault = Omit<Schemas['NewFault'], 'at'>;
export type FaultInfo = Schemas['Fault'];
/** The attributes of the fault that does something to a connection. */
export type Attributes = Omit<NewFault, 'inject' | 'connections' | 'when' | 'scope'>;
export type NewSession = Schemas['NewSession'];
export type SessionInfo = Schemas['Session'];
export type NewProxy = Omit<Schemas['NewProxy'], 'faults'> & { faults?: NewFault[] };
export type ProxyChange = Schemas['ProxyChange'];
export type ProxyInfo = Schemas['Proxy'];
export type ConnectionInfo = Schemas['Connection'];
/** A client that wsfault plays, in the words of `[[client]]` (docs/scenarios.md). */
export type NewClient = Schemas['NewClient'];
export type ClientInfo = Schemas['Client'];
/** What the system under test saw (docs/scenarios.md, Reports). */
export type Report = Schemas['Report'];
/** An expectation, in the words of `[[expect]]` (docs/scenarios.md). */
export type Expectation = Schemas['scenario.expectation'];
export type Finding = Schemas['Finding'];
/** An event of the log (docs/results.md, The event log), with its cursor and its proxy. */
export type LogEvent = Schemas['Event'] & Record<string, unknown>;
export type Events = Omit<Schemas['Events'], 'events'> & { events: LogEvent[] };
export type Problem = Schemas['Problem'];

/** A finding of a verdict (docs/results.md, The JSON document). */
export interface VerdictFinding {
  state: 'holds' | 'warned' | 'violated' | 'inconclusive';
  subject: string;
  expected: string;
  seen: string;
  broke: string | null;
  cause: string | null;
  cause_key: string | null;
  remedy: string | null;
  connection: number | null;
  at_ms: number | null;
}

/** What is judged of one proxy. */
export interface VerdictCase {
  id: string;
  title: string;
  outcome: 'passed' | 'warned' | 'failed' | 'inconclusive' | 'error' | 'skipped' | 'interrupted';
  findings: VerdictFinding[];
  connections: Record<string, unknown>[];
  /** Lines, of one that did not pass. */
  explanation: string[] | null;
}

/** The judgement of a session: a case for each proxy, in the form of `wsfault run --json`. */
export interface Verdict {
  wsfault: string;
  counts: Record<string, number>;
  cases: VerdictCase[];
}
