/** What a reply cost and how fast it came. Times in milliseconds. */
export interface ReplyStats {
  promptTokens?: number;
  cachedTokens?: number;
  completionTokens?: number;
  tokensPerSecond?: number;
  ttftMillis?: number;
  totalMillis?: number;
}

export interface ToolCall {
  id: string;
  name: string;
  /** JSON as the model wrote it: perhaps not finished, perhaps not valid. */
  arguments: string;
}

export interface Failure {
  kind: string;
  message: string;
  retryAfter?: number;
}

export type Role = 'user' | 'assistant' | 'tool';

/** One message: a node of the tree that edits and regenerations make of a chat. */
export interface Message {
  id: string;
  /** The message before it; `null` for a first one. */
  parent: string | null;
  role: Role;
  content: string;
  created: number;
  reasoning?: string;
  calls?: ToolCall[];
  /** Of a tool's result: the call that it answers. */
  callId?: string;
  model?: string;
  stats?: ReplyStats;
  /** OpenAI's `finish_reason`, or `cancelled` where the user stopped it. */
  finish?: string;
  failure?: Failure;
}

export type Thinking = 'auto' | 'on' | 'off';

/** Sampling and limits; what is not set is the model's own default. */
export interface Parameters {
  temperature?: number;
  topP?: number;
  topK?: number;
  minP?: number;
  repeatPenalty?: number;
  seed?: number;
  maxTokens?: number;
  stop?: string[];
  thinking?: Thinking;
}

export interface Chat {
  id: string;
  title: string;
  /** Whether the user gave the title: then the first message does not. */
  isNamed: boolean;
  created: number;
  updated: number;
  model: string;
  system: string;
  parameters: Parameters;
  messages: Record<string, Message>;
  /** Which child of a message is shown, by the parent's id; `ROOT` for the first message. */
  shown: Record<string, string>;
}

/** The key in `shown` of the first message's parent, which is none. */
export const ROOT = 'root';
