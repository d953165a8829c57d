/** The code system that an operation is about: its instance, the `codeSystem` that was sent, `url`, or that of the coding. */
import type { FhirRequest } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import type { AskedCoding } from './asked-codings.ts';
import type { CodeSystem } from './code-system.ts';
import type { OperationArguments } from './operation-arguments.ts';
import type { CodeSystemResource } from './resources.ts';
import { instanceOf } from './stored-resource.ts';

export interface AskedCodeSystem {
  readonly system: CodeSystem;
  readonly url: string;
}

/** Throws `invalid` when none is named, `not-found` for one that is not here. */
export async function askedCodeSystem(
  request: FhirRequest,
  given: OperationArguments,
  coding: Pick<AskedCoding, 'system' | 'version'> | undefined,
): Promise<AskedCodeSystem> {
  const { terminology } = request.service;
  const sent = (await instanceOf(request, 'CodeSystem')) ?? given.resource('codeSystem', 'CodeSystem');
  if (sent) {
    const system = await terminology.compileSystem(sent as CodeSystemResource);
    return { system, url: system.url };
  }
  const url = given.text('url') ?? coding?.system;
  if (url === undefined) throw new FhirError('invalid', 'The code system must be named.');
  const version = given.text('version') ?? coding?.version;
  return { system: await knownSystem(request, url, version), url: url.split('|')[0] ?? url };
}

export async function knownSystem(request: FhirRequest, url: string, version: string | undefined): Promise<CodeSystem> {
  const canonical = version === undefined || url.includes('|') ? url : `${url}|${version}`;
  const system = await request.service.terminology.codeSystem(canonical);
  if (!system) throw new FhirError('not-found', `The code system ${canonical.slice(0, 500)} is not known here.`);
  return system;
}
