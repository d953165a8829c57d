/** The WebAssembly codecs of the Cornerstone project, each loaded when a thread first needs it. */
import { readFile } from 'node:fs/promises';
import { CodecError } from './codec-error.ts';

/** What their modules have in common. Memory that a buffer shows is the module's own: it is copied before it is let go. */
export interface Coder {
  getEncodedBuffer(length?: number): Uint8Array;
  getDecodedBuffer(info?: FrameInfo): Uint8Array;
  delete(): void;
}

export interface FrameInfo {
  readonly width: number;
  readonly height: number;
  readonly bitsPerSample: number;
  readonly componentCount: number;
  readonly isSigned: boolean;
  readonly isUsingColorTransform: boolean;
}

type Start<M> = (options: object) => Promise<M>;

/** A module that is started once, and anew after a failure: what an aborted one does next is not defined. */
export class WasmCodec<M> {
  readonly #load: () => Promise<{ readonly default: unknown }>;
  readonly #wasm: string;
  #module: Promise<M> | undefined;

  /** `wasm` is the URL of the module's code. */
  constructor(load: () => Promise<{ readonly default: unknown }>, wasm: string) {
    this.#load = load;
    this.#wasm = wasm;
  }

  /** Uses a coder of the module, whose memory is let go afterwards. */
  async use<C extends Coder, R>(make: (module: M) => C, work: (coder: C) => R): Promise<R> {
    this.#module ??= this.#start();
    const module = await this.#module;
    try {
      const coder = make(module);
      const result = work(coder);
      coder.delete();
      return result;
    } catch (error) {
      this.#module = undefined;
      if (error instanceof CodecError) throw error;
      // Exceptions of C++ are numbers here; an abort is a RuntimeError.
      throw new CodecError('The codec cannot work on this frame.');
    }
  }

  async #start(): Promise<M> {
    const start = (await this.#load()).default as Start<M>;
    const wasmBinary = await readFile(new URL(this.#wasm));
    return start({ wasmBinary, print: () => {}, printErr: () => {} });
  }
}
