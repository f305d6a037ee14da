import { PlatformError } from '@soar-feed/soar-simulator';
import type { World } from '../world/World.js';

const TOO_LARGE_BYTES = 1_200_000;

/**
 * Adds an attachment above the limit, as if made while the source's limit was higher. There must be an incident by
 * then.
 */
export function poison(world: World): void {
  const { source, simulator } = world;
  const [incidentId] = source.incidentIds();
  if (incidentId === undefined) return;
  const { maxAttachmentMb } = simulator.behaviour;
  simulator.behaviour.maxAttachmentMb = 25;
  try {
    const content = Buffer.alloc(TOO_LARGE_BYTES, 'poison');
    const { id } = source.addAttachment(
      { incidentId },
      { name: 'too-large.bin', contentType: 'application/octet-stream', content },
    );
    world.poisoned.push({ incidentId, attachmentId: id });
  } catch (error) {
    if (!(error instanceof PlatformError)) throw error;
  } finally {
    simulator.behaviour.maxAttachmentMb = maxAttachmentMb;
  }
}
