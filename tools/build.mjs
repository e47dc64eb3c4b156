// `npm run build`: compiles everything and builds the console.
import { ensureBuilt, ensureConsoleBuilt, ensureInstalled } from './install.mjs';

ensureInstalled();
ensureBuilt();
ensureConsoleBuilt();
