/** The body of an answer in the format that the client asked for. Interactions write JSON; XML is loaded when it is asked for. */
import type { Answer } from '../operations/operation.ts';
import type { Definitions } from './definitions/definitions.ts';
import { contentTypes, type Format } from './media-type.ts';
import { maxDepth, parseJsonObject } from './resource/json.ts';
import { prettyJson } from './resource/pretty-json.ts';
import type { Resource } from './resource/types.ts';

export interface BodyForm {
  readonly format: Format;
  readonly pretty: boolean;
}

export interface FormattedBody {
  readonly contentType: string;
  readonly body: NonNullable<Answer['body']>;
}

/** Bundles around a resource: a history or search inside a batch's answer. */
const depthOfBundles = 10;

/** `chunks` is JSON text. What is not a resource (`$versions`) has no XML form and stays JSON. */
export async function formatBody(
  chunks: readonly Uint8Array[],
  { format, pretty }: BodyForm,
  definitions: Definitions,
): Promise<FormattedBody> {
  if (format === 'xml') {
    const { formatXml } = await import('./xml/write-xml.ts');
    const value = parseJsonObject(Buffer.concat(chunks), maxDepth + depthOfBundles);
    if (typeof value.resourceType === 'string') {
      return { contentType: contentTypes.xml, body: formatXml(value as Resource, definitions, pretty) };
    }
  }
  return { contentType: contentTypes.json, body: pretty ? prettyJson(Buffer.concat(chunks).toString()) : chunks };
}
