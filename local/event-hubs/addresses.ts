/** Addresses of links: `hub`, `hub/Partitions/1`, `hub/ConsumerGroups/group/Partitions/1`. */

export interface SenderTarget {
  readonly hub: string;
  readonly partition?: number;
}

export interface ReceiverSource {
  readonly hub: string;
  readonly group: string;
  readonly partition: number;
}

const host = /^(?:sb|amqps?):\/\/[^/]+\//i;

export function parseSenderAddress(address: string): SenderTarget | undefined {
  const found = /^([^/]+)(?:\/Partitions\/(\d{1,4}))?$/i.exec(address.replace(host, ''));
  if (!found?.[1]) return undefined;
  return { hub: found[1], ...(found[2] !== undefined && { partition: Number(found[2]) }) };
}

export function parseReceiverAddress(address: string): ReceiverSource | undefined {
  const found = /^([^/]+)\/ConsumerGroups\/([^/]+)\/Partitions\/(\d{1,4})$/i.exec(address.replace(host, ''));
  return found ? { hub: found[1] as string, group: found[2] as string, partition: Number(found[3]) } : undefined;
}
