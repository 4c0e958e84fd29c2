import type { Token } from './blocks';

/** A token with what stands between its opening and its closing. */
export interface Branch {
  token: Token;
  children: Branch[];
}

/** markdown-it gives a flat list with a nesting of 1, 0 and -1: this makes it a tree. */
export function toTree(tokens: readonly Token[]): Branch[] {
  const root: Branch[] = [];
  const open: Branch[][] = [root];
  for (const token of tokens) {
    if (token.nesting === -1) {
      if (open.length > 1) {
        open.pop();
      }
      continue;
    }
    const branch: Branch = { token, children: token.children ? toTree(token.children) : [] };
    (open.at(-1) ?? root).push(branch);
    if (token.nesting === 1) {
      open.push(branch.children);
    }
  }
  return root;
}
