/** Dead letters over HTTP: which there are, why, and once more with them. AHDS has none: there such events are lost. */
import type { Operation } from '../../operations/operation.ts';
import type { MedtechService } from '../service.ts';

const maxBodyBytes = 64 * 1024;
const handlers = () => import('./handlers.ts');

export const deadLetterOperations: readonly Operation<MedtechService>[] = [
  {
    name: 'medtech-list-dead-letters',
    methods: ['GET'],
    route: 'dead-letters',
    access: [['medtech.read']],
    body: { kind: 'none' },
    handler: async (call) => (await handlers()).list(call),
  },
  {
    name: 'medtech-read-dead-letter',
    methods: ['GET'],
    route: 'dead-letters/{name:regex(^[A-Za-z0-9._-]+$)}',
    access: [['medtech.read']],
    body: { kind: 'none' },
    handler: async (call) => (await handlers()).read(call),
  },
  {
    name: 'medtech-replay-dead-letters',
    methods: ['POST'],
    route: 'dead-letters/$replay',
    access: [['medtech.manage']],
    body: { kind: 'whole', maxBytes: maxBodyBytes },
    handler: async (call) => (await handlers()).replayAgain(call),
  },
];
