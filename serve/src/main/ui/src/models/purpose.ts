import type { InstalledModel } from '../api/ollama';

/** Whether a model writes text; others embed or judge documents. */
export function writesText(model: InstalledModel): boolean {
  return model.capabilities?.includes('completion') ?? true;
}
