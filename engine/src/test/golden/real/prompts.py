"""The greedy prompts: ours, written for this."""

# For SmolLM2, rendered with the chat template of its file.
CHAT = [
    "Explain why the sky is blue in a few sentences.",
    "Write a short story about a lighthouse keeper who finds a letter.",
    "List five tips for learning a new language.",
    "What is the difference between a virus and a bacterium?",
    "Describe how a bicycle stays upright.",
    "Give me a recipe for vegetable soup.",
    "Who was Ada Lovelace and what is she known for?",
    "Summarise the water cycle for a ten-year-old.",
    "Write a polite email asking a colleague to move a meeting to Thursday.",
    "What should I pack for a three-day hike in the mountains?",
    "Write a Python function that checks whether a string is a palindrome.",
    "Explain what this Java code does: for (int i = 0; i < n; i++) sum += a[i];",
    "Write an SQL query that counts orders per customer.",
    "How do I reverse a linked list in C?",
    "Write a bash one-liner that counts the lines of all .txt files.",
    "请用中文介绍一下你自己。",
    "什么是人工智能？",
    "请写一首关于春天的短诗。",
    "如何学习编程？",
    "北京有哪些著名的景点？",
]

# For the Gemma base model: plain text to go on with.
PLAIN = [
    "The sky is blue because",
    "Once upon a time, a lighthouse keeper found a letter that",
    "The five most important inventions of the nineteenth century were",
    "The difference between a virus and a bacterium is that",
    "In the year 1969, the first humans",
    "To make a good vegetable soup, start by",
    "Ada Lovelace was an English mathematician who",
    "The capital of France is Paris. The capital of Japan is",
    "Dear Ms. Carter,\n\nI am writing to ask whether we could move our meeting",
    "When you go hiking in the mountains, you should always",
    "def is_palindrome(text):\n    \"\"\"Returns whether the text reads the same backwards.\"\"\"\n",
    "public static int sum(int[] values) {\n    int total = 0;\n    for (",
    "SELECT customer_id, COUNT(*) FROM orders",
    "#include <stdio.h>\n\nint main(void) {\n",
    "<!DOCTYPE html>\n<html>\n<head>\n  <title>",
    "人工智能是",
    "春天来了，公园里的花",
    "学习编程最好的方法是",
    "北京是中国的首都，",
    "从前有一座山，山上有一座庙，庙里",
]
