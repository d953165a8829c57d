import type { BackgroundRow } from './background-row.ts';
import { jobsBackground } from './jobs-background.ts';
import type { NotifyMessage } from './subscriptions/notify.ts';

export const backgroundRows: readonly BackgroundRow[] = [
  jobsBackground,
  {
    name: 'subscription-notify',
    run: async (service, message) =>
      (await import('./subscriptions/notify.ts')).notify(service, message as NotifyMessage),
  },
];
