const WIDTH = 64;

/** What bodies are made of: 64 KiB of lines of 63 letters. Never written to. */
export const filler: Uint8Array = Buffer.alloc(65_536, `${'elpis'.repeat(13).slice(0, WIDTH - 1)}\n`);
