import type { Server } from 'node:http';

export interface MockOptions {
  ui?: string;
  key?: string;
  delay?: number;
  installed?: string[];
}

export interface MockState {
  installed: Set<string>;
  loaded: Set<string>;
  requests: number;
  delay: number;
}

export function createMock(options?: MockOptions): { server: Server; state: MockState };
