import { isAbort } from '../api/errors';
import type { CatalogueModel, Metrics, NearsideApi, SystemFacts } from '../api/nearside';
import type { InstalledModel, ModelFacts, OllamaApi, RunningModel } from '../api/ollama';
import { Observable } from '../core/observable';
import { writesText } from './purpose';

export type ModelWork = 'load' | 'unload' | 'remove';

/** What the server has and could have. Each part is as fresh as its last answer. */
export class ModelStore extends Observable {
  readonly #ollama: OllamaApi;
  readonly #nearside: NearsideApi;
  readonly #onFailure: (error: unknown) => void;
  readonly #work = new Map<string, ModelWork>();
  readonly #facts = new Map<string, ModelFacts>();
  #installed: InstalledModel[] = [];
  #running: RunningModel[] = [];
  #catalogue: CatalogueModel[] = [];
  #system: SystemFacts | undefined;
  #metrics: Metrics | undefined;
  #isLoaded = false;

  constructor(ollama: OllamaApi, nearside: NearsideApi, onFailure: (error: unknown) => void) {
    super();
    this.#ollama = ollama;
    this.#nearside = nearside;
    this.#onFailure = onFailure;
  }

  get installed(): readonly InstalledModel[] {
    return this.#installed;
  }

  /** Those of the installed models that write text. */
  get writers(): readonly InstalledModel[] {
    return this.#installed.filter(writesText);
  }

  get running(): readonly RunningModel[] {
    return this.#running;
  }

  get catalogue(): readonly CatalogueModel[] {
    return this.#catalogue;
  }

  get system(): SystemFacts | undefined {
    return this.#system;
  }

  get metrics(): Metrics | undefined {
    return this.#metrics;
  }

  /** Whether the installed models are known: an empty list before that means nothing. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  isRunning(name: string): boolean {
    return this.#running.some((model) => model.name === name);
  }

  workOn(name: string): ModelWork | undefined {
    return this.#work.get(name);
  }

  facts(name: string): ModelFacts | undefined {
    return this.#facts.get(name);
  }

  /** The model for a new chat: the one wished for if it is there, else one that is loaded, else any. */
  preferred(wish: string): string {
    const names = this.writers.map((model) => model.name);
    const wished = names.find((name) => name === wish);
    const loaded = this.#running.find((model) => names.includes(model.name))?.name;
    const usual = this.#catalogue.find((model) => model.default && names.includes(model.name))?.name;
    return wished ?? loaded ?? usual ?? names[0] ?? '';
  }

  async refresh(): Promise<void> {
    await this.#attempt(async () => {
      const [installed, running] = await Promise.all([
        this.#ollama.installed(),
        this.#ollama.running(),
      ]);
      this.#installed = installed;
      this.#running = running;
      this.#isLoaded = true;
      this.changed();
    });
    await this.#attempt(async () => {
      const [catalogue, system] = await Promise.all([
        this.#nearside.catalogue(),
        this.#nearside.system(),
      ]);
      this.#catalogue = catalogue;
      this.#system = system;
    });
  }

  /** What changes by itself: memory, loaded models, counters. Failures show in the connection. */
  async poll(): Promise<void> {
    try {
      [this.#running, this.#system, this.#metrics] = await Promise.all([
        this.#ollama.running(),
        this.#nearside.system(),
        this.#nearside.metrics(),
      ]);
      this.changed();
    } catch (error) {
      if (isAbort(error)) {
        throw error;
      }
    }
  }

  async askFacts(name: string): Promise<void> {
    if (!this.#facts.has(name)) {
      await this.#attempt(async () => {
        this.#facts.set(name, await this.#ollama.show(name));
      });
    }
  }

  load(name: string): Promise<boolean> {
    return this.#do(name, 'load', () => this.#ollama.load(name));
  }

  unload(name: string): Promise<boolean> {
    return this.#do(name, 'unload', () => this.#ollama.unload(name));
  }

  remove(name: string): Promise<boolean> {
    this.#facts.delete(name);
    return this.#do(name, 'remove', () => this.#ollama.remove(name));
  }

  async #do(name: string, work: ModelWork, run: () => Promise<void>): Promise<boolean> {
    this.#work.set(name, work);
    this.changed();
    const isDone = await this.#attempt(run);
    this.#work.delete(name);
    this.changed();
    await this.refresh();
    return isDone;
  }

  async #attempt(run: () => Promise<void>): Promise<boolean> {
    try {
      await run();
      this.changed();
      return true;
    } catch (error) {
      this.#onFailure(error);
      return false;
    }
  }
}
