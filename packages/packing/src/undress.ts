/** npm's `postpack` of every package. Runs in the package's folder. */
import { undress } from './dressed.js';

undress(process.cwd());
