#!/usr/bin/env node
import { basename, relative } from 'node:path';
import { createProject, CreateError } from './create-project.ts';

const USAGE =
  'Usage: npm create @patchbay/server <folder>\nThe folder gets the name of the server, such as "stocks".';

const [path = '', ...more] = process.argv.slice(2);
if (path === '--help') console.log(USAGE);
else if (path.startsWith('-') || more.length > 0) refuse('give one folder, and no flags');
else await create(path);

async function create(wanted: string): Promise<void> {
  try {
    const folder = await createProject(wanted, process.cwd());
    const shown = relative(process.cwd(), folder);
    console.log(`Made ${basename(folder)} in ${folder}. Next:\n\n  cd ${shown}\n  npm install\n  npm test`);
  } catch (error) {
    if (!(error instanceof CreateError)) throw error;
    refuse(error.message);
  }
}

function refuse(reason: string): void {
  console.error(`${reason}\n\n${USAGE}`);
  process.exitCode = 2;
}
