/** The URLs of the implementation guide «Subscriptions R5 Backport» 1.1 for R4 that this service reads and writes. */
const definitions = 'http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition';

export const backport = {
  filterCriteria: `${definitions}/backport-filter-criteria`,
  payloadContent: `${definitions}/backport-payload-content`,
  heartbeatPeriod: `${definitions}/backport-heartbeat-period`,
  timeout: `${definitions}/backport-timeout`,
  maxCount: `${definitions}/backport-max-count`,
  statusProfile: `${definitions}/backport-subscription-status-r4`,
  notificationProfile: `${definitions}/backport-subscription-notification-r4`,
  topicCanonical: `${definitions}/capabilitystatement-subscriptiontopic-canonical`,
} as const;

export const payloadContents = ['empty', 'id-only', 'full-resource'] as const;
export type PayloadContent = (typeof payloadContents)[number];
