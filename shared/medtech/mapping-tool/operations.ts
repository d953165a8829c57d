import type { Operation } from '../../operations/operation.ts';
import type { MedtechService } from '../service.ts';

/** Two mappings and some events. */
const body = { kind: 'whole', maxBytes: 10 * 1024 * 1024 } as const;

/** The mapping tool is loaded when it is first asked for. */
const tool = () => import('./mapping-operations.ts');

export const mappingToolOperations: readonly Operation<MedtechService>[] = [
  {
    name: 'medtech-validate-mapping',
    methods: ['POST'],
    route: '$validate-mapping',
    access: [['medtech.read']],
    body,
    handler: async (call) => (await tool()).validateMapping(call),
  },
  {
    name: 'medtech-trace',
    methods: ['POST'],
    route: '$trace',
    access: [['medtech.read']],
    body,
    handler: async (call) => (await tool()).traceEvents(call),
  },
];
