/** npm's `postpack` of every package. Run in the package's folder. */
import { undress } from './dressed.js';

undress(process.cwd());
