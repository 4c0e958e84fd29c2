package dev.nearside.cli.command;

/** A command that computes, and that a person waits for. */
interface Computing {}
