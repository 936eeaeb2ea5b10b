import { writeFile } from 'node:fs/promises';
import { summaryJson } from '../report/summaryJson.js';
import { summaryText } from '../report/summaryText.js';
import { EXIT_CODES } from './exitCodes.js';
import type { Io } from './io.js';
import { printError } from './printError.js';
import { useColour } from './useColour.js';
import type { Outcome } from './watchRun.js';

/** Where an outcome is told. */
export interface TellOptions {
  /** Where the summary goes; undefined for nowhere. */
  readonly stream: Io['stdout'] | undefined;
  /** File for the summary as JSON. */
  readonly jsonFile: string | undefined;
}

/** Prints the summary, what failed, and the JSON file; answers with the exit code. */
export async function tellOutcome(
  { summaries, interruption, error }: Outcome,
  { stream, jsonFile }: TellOptions,
  io: Io,
): Promise<number> {
  if (stream !== undefined && summaries.length > 0) {
    const text = summaryText(summaries, { colour: useColour(stream, io.env), width: stream.columns ?? 100 });
    stream.write(`${text}\n`);
  }
  let code: number = interruption?.exitCode ?? EXIT_CODES.ok;
  if (error !== undefined) {
    printError(error, io);
    code = EXIT_CODES.runFailed;
  }
  if (jsonFile === undefined) return code;
  try {
    await writeFile(jsonFile, `${JSON.stringify(summaryJson(summaries), null, 2)}\n`);
    return code;
  } catch (cause) {
    printError(cause, io);
    return EXIT_CODES.runFailed;
  }
}
