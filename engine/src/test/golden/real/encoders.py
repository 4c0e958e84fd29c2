"""Vectors of all-MiniLM-L6-v2 by PyTorch transformers, float32: the mean of the last states, of length 1.

    python encoders.py FOLDER_OF_THE_MODEL > ../../resources/golden/encoders/all-minilm.txt

A text, then its token count and vector on the next line.
"""

import sys

import torch
from transformers import AutoModel, AutoTokenizer

TEXTS = [
    "The quick brown fox jumps over the lazy dog.",
    "深度学习模型可以把句子变成向量。",
    "Crème brûlée à la carte, naïve café 🙂 emoji & symbols: €100 (50%).",
    "Semantic search finds documents by meaning, not by words. " * 12,
]


def main():
    tokenizer, model = AutoTokenizer.from_pretrained(sys.argv[1]), AutoModel.from_pretrained(sys.argv[1]).eval()
    for text in TEXTS:
        given = tokenizer(text, return_tensors="pt")
        with torch.no_grad():
            vector = torch.nn.functional.normalize(model(**given).last_hidden_state[0].double().mean(0), dim=0)
        print(text)
        print(given["input_ids"].shape[1], *(f"{v:.7f}" for v in vector.tolist()))


if __name__ == "__main__":
    main()
