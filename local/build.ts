/**
 * `npm run build`: one minified CommonJS file, which an instance loads in a fifth of the time that the sources take.
 * `@azure/functions-core` stays outside: the worker supplies it.
 */
import { cpSync, existsSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build, type Plugin } from 'esbuild';

const root = path.resolve(import.meta.dirname, '..');

/** `new URL('./write/writer-thread.ts', import.meta.url)` is a thread's entry: built into a file of its own. */
const threadEntry = /new URL\('\.\/((?:[\w-]+\/)*)([\w-]+)\.ts', import\.meta\.url\)/g;
/** `import.meta.resolve('codec/wasm')` is the code of a WebAssembly module of a package: it goes into `dist` too. */
const wasmFile = /import\.meta\.resolve\('([^']+\/wasm)'\)/g;
/** A module reads data files from the folder `generated` beside it: it goes into `dist` as it is. */
const generatedData = /new URL\(`\.\/generated\//;

/** Large, and wanted by few: files of their own, which are not read before they are asked for. */
const lazyPackages: ReadonlyMap<string, string> = new Map([
  ['fhirpath', 'fhirpath'],
  ['fhirpath/fhir-context/r4', 'fhirpath-r4'],
]);

/** Builds the app into `outDir`, and what it loads by URL beside it. */
export async function buildApp(outDir: string): Promise<void> {
  rmSync(outDir, { recursive: true, force: true });
  const built = new Set<string>();
  const pending = [path.join(root, 'functions/app.ts')];
  for (let entry = pending.pop(); entry; entry = pending.pop()) {
    if (built.has(entry)) continue;
    built.add(entry);
    await buildEntry(entry, outDir, (thread) => pending.push(thread));
  }
  const resolve = createRequire(import.meta.url).resolve;
  const entryPoints = Object.fromEntries([...lazyPackages].map(([name, file]) => [file, resolve(name)]));
  await build({ ...common(outDir), entryPoints });
}

function common(outdir: string) {
  return {
    outdir,
    outExtension: { '.js': '.cjs' },
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node22',
    format: 'cjs',
    logLevel: 'warning',
  } as const;
}

async function buildEntry(entry: string, outDir: string, onThread: (file: string) => void): Promise<void> {
  await build({
    ...common(outDir),
    entryPoints: [entry],
    sourcemap: 'linked',
    external: ['@azure/functions-core'],
    // CommonJS has no import.meta.
    banner: { js: 'const moduleUrl=require("node:url").pathToFileURL(__filename).href;' },
    define: { 'import.meta.url': 'moduleUrl', 'import.meta.dirname': '__dirname' },
    plugins: [besideTheBundle(outDir, onThread)],
  });
}

/** In the bundle every module has the bundle's own URL, so what modules load by URL has to lie beside it. */
function besideTheBundle(outDir: string, onThread: (file: string) => void): Plugin {
  return {
    name: 'beside-the-bundle',
    setup: ({ onLoad, onResolve }) => {
      onResolve({ filter: /^fhirpath/ }, ({ path: name }) => {
        const file = lazyPackages.get(name);
        return file === undefined ? undefined : { path: `./${file}.cjs`, external: true };
      });
      onLoad({ filter: /[\\/]shared[\\/].*\.ts$/ }, async ({ path: file }) => {
        const source = await readFile(file, 'utf8');
        if (generatedData.test(source)) copyGenerated(path.join(path.dirname(file), 'generated'), outDir);
        for (const [, folder = '', name] of source.matchAll(threadEntry)) {
          onThread(path.join(path.dirname(file), folder, `${name}.ts`));
        }
        const contents = source
          .replace(threadEntry, "new URL('./$2.cjs', import.meta.url)")
          .replace(wasmFile, (_, name) => `new URL('./${copyWasm(name, outDir)}', import.meta.url).href`);
        return { contents, loader: 'ts' };
      });
    },
  };
}

/** The name that it has in `outDir`. */
function copyWasm(name: string, outDir: string): string {
  const file = createRequire(import.meta.url).resolve(name);
  cpSync(file, path.join(outDir, path.basename(file)));
  return path.basename(file);
}

function copyGenerated(from: string, outDir: string): void {
  if (!existsSync(from)) throw new Error(`${from} is missing: run npm run generate.`);
  cpSync(from, path.join(outDir, 'generated'), { recursive: true });
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { out: { type: 'string', default: path.join(root, 'dist') } } });
  await buildApp(values.out);
}
