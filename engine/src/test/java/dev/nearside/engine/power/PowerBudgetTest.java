package dev.nearside.engine.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PowerBudgetTest {
  @Test
  void parse_wattsAndShares() {
    assertEquals(new PowerBudget.Watts(15), PowerBudget.parse("15"));
    assertEquals(new PowerBudget.Watts(7.5), PowerBudget.parse(" 7.5 W"));
    assertEquals(new PowerBudget.Share(0.5), PowerBudget.parse("50%"));
    assertEquals(new PowerBudget.Share(0.05), PowerBudget.parse("5 %"));
    assertEquals("15 W", PowerBudget.parse("15w").toString());
    assertEquals("12.5%", PowerBudget.parse("12.5%").toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "W", "%", "-5", "0", "0W", "4%", "101%", "1e9", "NaN", "fast", "5 0", "9W%"})
  void parse_nonsense_saysWhatIsExpected(String text) {
    PowerException e = assertThrows(PowerException.class, () -> PowerBudget.parse(text));
    assertTrue(e.fault().message().contains("'" + text + "'"), e.fault().message());
    assertTrue(
        e.fault().message().contains("15W") && e.fault().message().contains("5%"),
        e.fault().message());
  }
}
