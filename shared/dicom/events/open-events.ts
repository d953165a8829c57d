/** What the delivery of a service's events works with. */
import { resolveName } from '../../endpoints/endpoint-address.ts';
import { openPoster, type Post } from '../../endpoints/post.ts';
import type { EventCursors } from '../../stores/event-cursors/event-cursors.ts';
import type { ImagingIndex } from '../../stores/imaging/imaging-index.ts';
import type { EventSettings } from './settings.ts';

export interface Events {
  readonly settings: EventSettings;
  readonly cursors: EventCursors;
  readonly post: Post;
  /** Nothing more is to be sent. */
  readonly closing: () => boolean;
  readonly close: () => Promise<void>;
}

/** An endpoint that is new is told what happens from now on, as Event Grid does. */
export async function openEvents(settings: EventSettings, cursors: EventCursors, index: ImagingIndex): Promise<Events> {
  const last = await index.lastChange();
  await cursors.keep(
    settings.endpoints.map(({ url }) => url.href),
    last?.sequence ?? 0,
  );
  const poster = openPoster(settings.allow, resolveName);
  let isClosing = false;
  return {
    settings,
    cursors,
    post: poster.post,
    closing: () => isClosing,
    close: async () => {
      isClosing = true;
      poster.close();
      await cursors.close();
    },
  };
}
