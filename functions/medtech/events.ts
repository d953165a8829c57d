import { triggerEvents } from '../../shared/medtech/envelope/trigger-events.ts';
import type { MedtechService } from '../../shared/medtech/service.ts';
import type { EventOperation } from '../../shared/operations/background.ts';
import type { WorkspaceFile } from '../../shared/workspace/workspace-file.ts';

/** One Function for each MedTech service: the events of its hub. */
export function medtechEvents(
  { services }: WorkspaceFile,
  serviceOf: (name: string) => Promise<MedtechService>,
): EventOperation[] {
  return [...services].flatMap(([name, entry]) => {
    if (entry.kind !== 'medtech') return [];
    const { eventHub, consumerGroup } = entry;
    return [
      {
        name: `medtech-events-${name}`,
        eventHub,
        consumerGroup,
        run: async (bodies, metadata) => (await serviceOf(name)).receive(triggerEvents(bodies, metadata)),
      },
    ];
  });
}
