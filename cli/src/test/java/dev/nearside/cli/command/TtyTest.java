package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TtyTest {
  private static final int NO_DESCRIPTOR = 9_999; // which the system knows as no terminal

  @AfterEach
  void forget() {
    System.clearProperty(Tty.PROPERTY);
  }

  @Test
  void terminalsThatTheLauncherNames_areTerminals() {
    System.setProperty(Tty.PROPERTY, "02");
    assertTrue(Tty.isTerminalIn());
    assertFalse(Tty.isTerminalOut());
    assertTrue(Tty.isTerminalErr());
    System.setProperty(Tty.PROPERTY, "");
    assertFalse(Tty.isTerminalErr());
  }

  @Test
  void withoutTheLauncher_theSystemIsAsked() {
    assertNull(System.getProperty(Tty.PROPERTY));
    assertFalse(Tty.isTerminal(NO_DESCRIPTOR));
  }
}
