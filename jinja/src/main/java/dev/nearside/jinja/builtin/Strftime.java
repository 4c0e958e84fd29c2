package dev.nearside.jinja.builtin;

import dev.nearside.jinja.value.Budget;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.time.temporal.IsoFields;
import java.util.Locale;

/**
 * Python's {@code datetime.strftime} for a time without a zone, as the C locale and the GNU C
 * library have it, the padding flags {@code - _ 0 ^ #} included.
 */
final class Strftime {
  private final Budget budget;
  private final LocalDateTime time;
  private final StringBuilder out = new StringBuilder();

  private Strftime(Budget budget, LocalDateTime time) {
    this.budget = budget;
    this.time = time;
  }

  static String format(Budget budget, LocalDateTime time, String format) {
    Strftime formatter = new Strftime(budget, time);
    formatter.run(format);
    return formatter.out.toString();
  }

  private void run(String format) {
    int i = 0;
    while (i < format.length()) {
      char c = format.charAt(i);
      int letter = i + 1;
      while (letter < format.length() && "-_0^#".indexOf(format.charAt(letter)) >= 0) {
        letter++;
      }
      if (c != '%' || letter >= format.length()) {
        append(String.valueOf(c));
        i++;
      } else {
        char flag = letter > i + 1 ? format.charAt(letter - 1) : 0;
        directive(format.charAt(letter), flag, format.substring(i, letter + 1));
        i = letter + 1;
      }
    }
  }

  private void append(String text) {
    budget.charge(text.length());
    out.append(text);
  }

  private void directive(char letter, char flag, String asWritten) {
    switch (letter) {
      case 'Y' -> number(time.getYear(), 1, ' ', flag);
      case 'C' -> number(time.getYear() / 100, 2, '0', flag);
      case 'y' -> number(time.getYear() % 100, 2, '0', flag);
      case 'm' -> number(time.getMonthValue(), 2, '0', flag);
      case 'd' -> number(time.getDayOfMonth(), 2, '0', flag);
      case 'e' -> number(time.getDayOfMonth(), 2, ' ', flag);
      case 'H' -> number(time.getHour(), 2, '0', flag);
      case 'k' -> number(time.getHour(), 2, ' ', flag);
      case 'I' -> number(hour12(), 2, '0', flag);
      case 'l' -> number(hour12(), 2, ' ', flag);
      case 'M' -> number(time.getMinute(), 2, '0', flag);
      case 'S' -> number(time.getSecond(), 2, '0', flag);
      case 'f' -> number(time.getNano() / 1000, 6, '0', (char) 0);
      case 'j' -> number(time.getDayOfYear(), 3, '0', flag);
      case 'u' -> number(time.getDayOfWeek().getValue(), 1, '0', flag);
      case 'w' -> number(time.getDayOfWeek().getValue() % 7, 1, '0', flag);
      case 'U' -> number(week(time.getDayOfWeek().getValue() % 7), 2, '0', flag);
      case 'W' -> number(week(time.getDayOfWeek().getValue() - 1), 2, '0', flag);
      case 'V' -> number(time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR), 2, '0', flag);
      case 'G' -> number(time.get(IsoFields.WEEK_BASED_YEAR), 1, '0', flag);
      case 'g' -> number(time.get(IsoFields.WEEK_BASED_YEAR) % 100, 2, '0', flag);
      case 's' -> append(String.valueOf(epochSeconds()));
      default -> text(letter, flag, asWritten);
    }
  }

  private void text(char letter, char flag, String asWritten) {
    switch (letter) {
      case 'a' -> word(name(time.getDayOfWeek().name()).substring(0, 3), flag);
      case 'A' -> word(name(time.getDayOfWeek().name()), flag);
      case 'b', 'h' -> word(name(time.getMonth().name()).substring(0, 3), flag);
      case 'B' -> word(name(time.getMonth().name()), flag);
      case 'p' -> word(time.getHour() < 12 ? "AM" : "PM", flag);
      case 'P' -> word(time.getHour() < 12 ? "am" : "pm", flag);
      case 'c' -> run("%a %b %e %H:%M:%S %Y");
      case 'x', 'D' -> run("%m/%d/%y");
      case 'X', 'T' -> run("%H:%M:%S");
      case 'r' -> run("%I:%M:%S %p");
      case 'R' -> run("%H:%M");
      case 'F' -> run("%Y-%m-%d");
      case 'z', 'Z' -> append("");
      case 'n' -> append("\n");
      case 't' -> append("\t");
      case '%' -> append("%");
      default -> append(asWritten);
    }
  }

  private static String name(String constant) {
    return constant.charAt(0) + constant.substring(1).toLowerCase(Locale.ROOT);
  }

  private void word(String word, char flag) {
    boolean isSwapped = flag == '#' && (word.equals("AM") || word.equals("PM"));
    append(
        isSwapped
            ? word.toLowerCase(Locale.ROOT)
            : flag == '^' || flag == '#' ? word.toUpperCase(Locale.ROOT) : word);
  }

  private void number(int value, int width, char padding, char flag) {
    char pad = flag == '_' ? ' ' : flag == '0' ? '0' : padding;
    String digits = String.valueOf(value);
    int missing = flag == '-' ? 0 : width - digits.length();
    append(String.valueOf(pad).repeat(Math.max(0, missing)) + digits);
  }

  private int hour12() {
    return (time.getHour() + 11) % 12 + 1;
  }

  /** Weeks of the year, days before the first start of a week in week 0. */
  private int week(int daysSinceWeekStart) {
    return (time.getDayOfYear() + 6 - daysSinceWeekStart) / 7;
  }

  private long epochSeconds() {
    return ChronoUnit.SECONDS.between(LocalDateTime.of(1970, 1, 1, 0, 0), time);
  }
}
