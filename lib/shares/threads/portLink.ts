import type { MessagePort, Worker } from 'node:worker_threads';
import { Observable } from 'rxjs';
import { ElpisError } from '../../core/errors.js';
import type { CoordinatorLink, FromShare, ShareLink, ToShare } from '../protocol.js';

/** The share's end of a link between threads. */
export function portLink(port: MessagePort): CoordinatorLink {
  return {
    // The bytes of a chunk are used only here, so they are transferred, not copied again.
    send: (message) =>
      port.postMessage(message, message.type === 'sink-write' ? [message.chunk.buffer as ArrayBuffer] : []),
    messages: new Observable<ToShare>((subscriber) => {
      const next = (message: ToShare): void => subscriber.next(message);
      const complete = (): void => subscriber.complete();
      port.on('message', next).on('close', complete);
      return () => port.off('message', next).off('close', complete);
    }),
    close: () => port.close(),
  };
}

/**
 * The coordinator's end of a link to a thread. It breaks when the thread ends with an error or with an exit code, and closing
 * it terminates the thread.
 */
export function workerLink(worker: Worker): ShareLink {
  // Without this, an error after the last message would be thrown in this thread.
  worker.on('error', () => undefined);
  return {
    send: (message) => worker.postMessage(message),
    messages: new Observable<FromShare>((subscriber) => {
      const next = (message: FromShare): void => subscriber.next(message);
      const error = (cause: unknown): void => subscriber.error(cause);
      const exit = (code: number): void => {
        if (code === 0) subscriber.complete();
        else subscriber.error(new ElpisError('ELPIS_SHARE', `its thread exited with code ${code}`));
      };
      worker.on('message', next).on('error', error).on('exit', exit);
      return () => worker.off('message', next).off('error', error).off('exit', exit);
    }),
    close: () => void worker.terminate(),
  };
}
