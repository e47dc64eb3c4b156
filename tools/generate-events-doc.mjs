// Writes docs/events.md from the built contracts.
import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { workspace } from './install.mjs';

const contracts = createRequire(import.meta.url)(join(workspace, 'libs/contracts/dist/index.js'));
writeFileSync(join(workspace, 'docs/events.md'), contracts.eventsDoc(contracts.allEvents));
