/** What the address of a link means. */
export type Address =
  | { readonly kind: 'token' }
  | { readonly kind: 'management' }
  | {
      readonly kind: 'hub';
      readonly hub: string;
      readonly consumerGroup: string | undefined;
      readonly partitionId: string | undefined;
    };

/** `hub`, `hub/Partitions/0`, `hub/ConsumerGroups/$Default/Partitions/0`; a client may write a whole URL. */
const pattern = /^([^/]+)(?:\/consumergroups\/([^/]+))?(?:\/partitions\/([^/]+))?\/?$/i;

export function parseAddress(text: unknown): Address | undefined {
  if (typeof text !== 'string') return undefined;
  const path = text.replace(/^[a-z]+:\/\/[^/]*/i, '').replace(/^\//, '');
  if (path === '$cbs') return { kind: 'token' };
  if (/(^|\/)\$management$/i.test(path)) return { kind: 'management' };
  const [, hub, consumerGroup, partitionId] = pattern.exec(path) ?? [];
  return hub === undefined ? undefined : { kind: 'hub', hub, consumerGroup, partitionId };
}
