/** Why the broker closes a link or refuses a message, in Event Hubs' conditions. */
export interface LinkError {
  readonly condition: string;
  readonly description: string;
}

export const linkErrors = {
  noHub: (hub: string) => error('amqp:not-found', `The messaging entity '${hub}' could not be found.`),
  noConsumerGroup: (hub: string, group: string) =>
    error('amqp:not-found', `The messaging entity '${hub}|${group}' could not be found.`),
  noPartition: (id: string, count: number) =>
    error(
      'com.microsoft:argument-out-of-range',
      `The specified partition ${id} is invalid. It should be between 0 and ${count - 1}.`,
    ),
  badStart: (filter: string) => error('com.microsoft:argument-error', `The filter ${filter} is not supported.`),
  behindEnd: (what: string, value: number, last: number) =>
    error('com.microsoft:argument-error', `The supplied ${what} '${value}' is invalid. The last one is '${last}'.`),
  stolen: (epoch: number | undefined) =>
    error(
      'amqp:link:stolen',
      `A receiver with epoch '${epoch ?? 'none'}' was replaced by or met one with a higher epoch.`,
    ),
  tooManyReceivers: (most: number) =>
    error(
      'amqp:resource-limit-exceeded',
      `A consumer group has at most ${most} receivers of a partition without epoch.`,
    ),
  tooLarge: (most: number) => error('amqp:link:message-size-exceeded', `A message has at most ${most} bytes.`),
  malformed: (message: string) => error('amqp:decode-error', message),
  failed: () => error('amqp:internal-error', 'The broker could not do it.'),
} as const;

function error(condition: string, description: string): LinkError {
  return { condition, description };
}
