"""Greedy continuations: 32 tokens per prompt, with the gap to the second choice at each step."""

import torch

LENGTH = 32


def continuation(model, prompt: list[int], ends: set[int]) -> tuple[list[int], list[float]]:
    """Up to LENGTH tokens (an end token ends it, and is kept) and, per token, how far its logit is
    above the second best."""
    ids, gaps, cache, step = [], [], None, prompt
    with torch.no_grad():
        while len(ids) < LENGTH and not (ids and ids[-1] in ends):
            out = model(input_ids=torch.tensor([step]), past_key_values=cache, use_cache=True)
            cache = out.past_key_values
            (best, second), (choice, _) = torch.topk(out.logits[0, -1], 2)
            ids.append(choice.item())
            gaps.append(round((best - second).item(), 6))
            step = [ids[-1]]
    return ids, gaps
