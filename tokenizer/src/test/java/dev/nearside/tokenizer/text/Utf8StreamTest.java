package dev.nearside.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class Utf8StreamTest {

  @Test
  void accept_characterInParts_comesOutWithItsLastByte() {
    Utf8Stream stream = new Utf8Stream();
    byte[] emoji = "😀".getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 3; i++) {
      assertEquals("", stream.accept(new byte[] {emoji[i]}));
    }
    assertEquals("😀", stream.accept(new byte[] {emoji[3]}));
    assertEquals("", stream.finish());
  }

  @Test
  void finish_unfinishedCharacter_isOneReplacement() {
    Utf8Stream stream = new Utf8Stream();
    assertEquals("a", stream.accept(new byte[] {'a', (byte) 0xE4, (byte) 0xB8}));
    assertEquals("\uFFFD", stream.finish());
    assertEquals("b", stream.accept(new byte[] {'b'}));
  }

  @Test
  void accept_wrongBytes_areReplacedAtOnce() {
    Utf8Stream stream = new Utf8Stream();
    assertEquals("\uFFFDa", stream.accept(new byte[] {(byte) 0xFF, 'a'}));
    assertEquals("\uFFFDb", stream.accept(new byte[] {(byte) 0xC3, 'b'}));
  }
}
