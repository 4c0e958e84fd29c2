import type { Http } from './http';

/** These shapes are defined in docs/design/serving-ui-api.md. */
export interface CatalogueModel {
  name: string;
  description: string;
  parameters?: string;
  quantization?: string;
  family?: string;
  bytes: number;
  memoryBytes?: number;
  license?: string;
  licenseTerms?: string;
  languages: string[];
  context: number;
  base?: boolean;
  default?: boolean;
  fits: boolean;
  installed: boolean;
}

export interface LoadedModel {
  name: string;
  bytes: number;
  kvBytes: number;
}

export interface SystemFacts {
  version: string;
  cpu: string;
  kernels: string;
  memory: { total: number; forModels: number; used: number };
  loaded: LoadedModel[];
}

export interface Metrics {
  requests: number;
  running: number;
  waiting: number;
  prompt_tokens: number;
  cached_tokens: number;
  generated_tokens: number;
  tokens_per_second: number;
}

/** The resources that the server has for this page alone. */
export class NearsideApi {
  readonly #http: Http;

  constructor(http: Http) {
    this.#http = http;
  }

  async catalogue(): Promise<CatalogueModel[]> {
    const answer = await this.#http.json<{ models?: CatalogueModel[] }>('/api/nearside/catalogue');
    return answer.models ?? [];
  }

  system(): Promise<SystemFacts> {
    return this.#http.json('/api/nearside/system');
  }

  metrics(): Promise<Metrics> {
    return this.#http.json('/api/nearside/metrics');
  }
}
