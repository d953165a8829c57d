/** The codecs have no types of their own. */
declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/wasmjs';
declare module '@cornerstonejs/codec-openjpeg/wasmjs';
declare module '@cornerstonejs/codec-openjph/wasmjs';
declare module '@cornerstonejs/codec-charls/wasmjs';
