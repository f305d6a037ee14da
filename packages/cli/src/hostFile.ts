import { fileURLToPath } from 'node:url';

/** A file of this program: target packages that are installed beside it are found from here. */
export const hostFile = fileURLToPath(import.meta.url);
