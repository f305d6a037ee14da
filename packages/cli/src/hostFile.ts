import { fileURLToPath } from 'node:url';

/** A file of this program: target packages installed beside it are resolved from here. */
export const hostFile = fileURLToPath(import.meta.url);
