/**
 * `Patient/$member-match`: who of this plan's members is the patient that another plan asks about. HL7 Da Vinci HRex; as
 * AHDS answers it: everything that can be searched for in MemberPatient must be so in one patient of this service, and
 * everything in OldCoverage in a coverage of that patient. The answer is MemberPatient with that patient's member number
 * (identifier of type MB), its type now UMB. None, several or no member number: 422.
 */

import type { Condition } from '../../stores/resources/query.ts';
import type { FhirRequest, FhirResponse } from '../interactions/interaction.ts';
import { FhirError } from '../outcome.ts';
import { notePatient } from '../patients-touched.ts';
import { isObject } from '../resource/json.ts';
import { parseStored } from '../resource/text.ts';
import type { JsonObject, JsonValue, Resource } from '../resource/types.ts';
import { allOf } from '../search/conditions.ts';
import { entryConditions } from './entry-conditions.ts';
import { type InParameter, inParameters, resourceResponse } from './parameters.ts';

/** Values that one match looks for, of the patient and of the coverage together. */
const maxValues = 500;

export async function memberMatch(request: FhirRequest): Promise<FhirResponse> {
  const { service } = request;
  request.audit.resourceType = 'Patient';
  const parameters = inParameters(request);
  const patient = resourceIn(request, parameters, 'MemberPatient', 'Patient');
  const coverage = resourceIn(request, parameters, 'OldCoverage', 'Coverage');
  const query = { types: ['Patient'], where: memberCondition(request, patient, coverage), sort: [] };
  const { matches } = await service.store.search(query, 2);
  const [match, another] = matches;
  if (!match) throw new FhirError('unprocessable', 'No member matches the patient and the coverage.');
  if (another) throw new FhirError('unprocessable', 'More than one member matches the patient and the coverage.');
  notePatient(request.audit, match.id);
  const number = listOf(parseStored(match).identifier).find(isMemberNumber);
  if (!number) throw new FhirError('unprocessable', 'The member that matches has no member number.');
  return resourceResponse({
    resourceType: 'Parameters',
    parameter: [{ name: 'MemberPatient', resource: withIdentifier(patient, number) }],
  });
}

function resourceIn(
  { service }: FhirRequest,
  parameters: readonly InParameter[],
  name: string,
  type: string,
): Resource {
  const [resource, another] = parameters.filter((each) => each.name === name).map((each) => each.resource);
  if (resource?.resourceType !== type || another) {
    throw new FhirError('invalid', `The parameter ${name} must be one ${type}.`);
  }
  const issues = service.validate(resource);
  if (issues.length > 0) throw new FhirError('invalid', issues);
  return resource;
}

function memberCondition({ service, base }: FhirRequest, patient: Resource, coverage: Resource): Condition {
  const ofPatient = entryConditions(service.index(patient, base));
  const ofCoverage = entryConditions(service.index(coverage, base));
  if (ofPatient.length + ofCoverage.length > maxValues) {
    throw new FhirError('too-costly', `The patient and the coverage have more than ${maxValues} values to search for.`);
  }
  if (ofCoverage.length === 0) return allOf(ofPatient);
  const covered: Condition = {
    kind: 'referenced-by',
    source: 'Coverage',
    param: 'Coverage.beneficiary',
    where: allOf(ofCoverage),
  };
  return allOf([...ofPatient, covered]);
}

function isMemberNumber(identifier: JsonValue): identifier is JsonObject {
  if (!isObject(identifier) || !isObject(identifier.type)) return false;
  return listOf(identifier.type.coding).some((coding) => isObject(coding) && coding.code === 'MB');
}

function withIdentifier(patient: Resource, { system, value }: JsonObject): Resource {
  const coding = [{ system: 'http://terminology.hl7.org/CodeSystem/v2-0203', code: 'UMB', display: 'Member Match' }];
  const number = { type: { coding }, ...(system !== undefined && { system }), ...(value !== undefined && { value }) };
  return { ...patient, identifier: [...listOf(patient.identifier), number] };
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  return Array.isArray(value) ? value : [];
}
