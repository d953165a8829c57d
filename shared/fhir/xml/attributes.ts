import type { TypeDefinition } from '../definitions/definitions.ts';

export const fhirNamespace = 'http://hl7.org/fhir';
export const xhtmlNamespace = 'http://www.w3.org/1999/xhtml';

/** Whether a member is an attribute in XML: the id of an element (a resource's is an element) and the url of an extension. R4 2.6.1. */
export function isAttribute({ kind, name: type }: TypeDefinition, name: string): boolean {
  return (name === 'id' && kind !== 'resource') || (name === 'url' && type === 'Extension');
}
