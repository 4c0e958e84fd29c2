// The models of the mock server.
const GB = 1e9;

const MODELS = [
  ['smollm2:135m', 'The default: tiny, quick, English; for trying things out', '135M', 'Q4_1', 'llama', 98362432, 0.3, 'Apache-2.0', ['en'], 8192],
  ['gemma3:270m', "Google's smallest chat model", '270M', 'Q8_0', 'gemma3', 291545600, 0.9, 'Gemma', ['en'], 32768],
  ['qwen3:0.6b', 'Small and bilingual; thinks before it answers', '0.6B', 'Q8_0', 'qwen3', 639446688, 1.6, 'Apache-2.0', ['en', 'zh'], 40960],
  ['minicpm4.1', 'Strong in Chinese and English, made for devices', '8B', 'Q4_K_M', 'minicpm', 4963000000, 6.8, 'Apache-2.0', ['zh', 'en'], 65536],
  ['qwen3:4b', 'A good all-round model for 8 GB of memory', '4B', 'Q4_K_M', 'qwen3', 2497280256, 4.4, 'Apache-2.0', ['en', 'zh'], 40960],
  ['gpt-oss:20b', 'Large, with tools and long thoughts', '20B', 'MXFP4', 'gpt-oss', 12109565632, 14.2, 'Apache-2.0', ['en'], 131072],
  ['qwen3:30b-a3b', 'A mixture of experts: large, and quicker than its size', '30B', 'Q4_K_M', 'qwen3moe', 18556686912, 22.5, 'Apache-2.0', ['en', 'zh'], 40960],
  ['all-minilm:l6-v2', 'A small embedding model', '23M', 'F32', 'bert', 91568160, 0.1, 'Apache-2.0', ['en'], 512],
];

export function catalogue(installed) {
  return MODELS.map(([name, description, parameters, quantization, family, bytes, memory, license, languages, context]) => ({
    name, description, parameters, quantization, family, bytes, license, languages, context,
    memoryBytes: memory * GB,
    default: name === 'smollm2:135m',
    base: false,
    fits: memory <= 12,
    installed: installed.has(name),
    ...(license === 'Gemma' ? { licenseTerms: 'Gemma is provided under and subject to the Gemma Terms of Use.' } : {}),
  }));
}

export function system(loaded) {
  const parts = [...loaded].map((name) => {
    const model = MODELS.find((row) => row[0] === name);
    return { name, bytes: model?.[5] ?? GB, kvBytes: Math.round(0.6 * GB) };
  });
  return {
    version: '0.2.0',
    cpu: 'Mock CPU, 2 cores',
    kernels: 'vector (AVX2)',
    memory: { total: 16 * GB, forModels: 12 * GB, used: parts.reduce((sum, part) => sum + part.bytes + part.kvBytes, 0) },
    loaded: parts,
  };
}
