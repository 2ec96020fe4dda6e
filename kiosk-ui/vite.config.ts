import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { defineConfig, type Plugin } from "vite";

const out = process.env["CAIRN_PAGES_OUT"] ?? resolve(import.meta.dirname, "dist");
const SMALL = 1024; // octets; below this a compressed twin is not worth a file

/** Writes NAME.gz and NAME.br beside every file that gains by it, as the programs serve them. */
function compressed(): Plugin {
  const files = (folder: string): string[] =>
    readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)],
    );
  return {
    name: "cairn-compressed",
    closeBundle() {
      for (const file of files(out)) {
        if (/\.(gz|br|woff2|png)$/.test(file) || statSync(file).size <= SMALL || file.startsWith(join(out, "bench"))) continue;
        const octets = readFileSync(file);
        writeFileSync(`${file}.gz`, gzipSync(octets, { level: 9 }));
        writeFileSync(`${file}.br`, brotliCompressSync(octets, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }));
      }
    },
  };
}

export default defineConfig({
  base: "/ui/",
  root: import.meta.dirname,
  publicDir: "public",
  resolve: { alias: { "@lib": resolve(import.meta.dirname, "lib") } },
  build: {
    outDir: out,
    emptyOutDir: true,
    target: "es2022",
    assetsInlineLimit: 0, // nothing as data: in a page whose policy is default-src 'self'
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: {
        handheld: resolve(import.meta.dirname, "handheld/index.html"),
        counter: resolve(import.meta.dirname, "counter/index.html"),
        hq: resolve(import.meta.dirname, "hq/index.html"),
        bench: resolve(import.meta.dirname, "bench/index.html"),
      },
      output: {
        entryFileNames: ({ name }) => (name === "bench" ? "bench/[name]-[hash].js" : "assets/[name]-[hash].js"),
      },
    },
  },
  // Its only worker draws the labels of the bench. What lies in bench/ is for cairn-sim; hub and agents leave it out.
  worker: { format: "es", rollupOptions: { output: { entryFileNames: "bench/[name]-[hash].js" } } },
  plugins: [compressed()],
});
