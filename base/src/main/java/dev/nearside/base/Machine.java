package dev.nearside.base;

import java.lang.management.ManagementFactory;

/** What the machine offers. */
public final class Machine {
  private Machine() {}

  /** Memory of the machine, or of the container it runs in, in bytes. */
  public static long memoryBytes() {
    java.lang.management.OperatingSystemMXBean bean = ManagementFactory.getOperatingSystemMXBean();
    return bean instanceof com.sun.management.OperatingSystemMXBean os
        ? os.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  /** Memory that nobody uses now, in bytes. */
  public static long freeMemoryBytes() {
    java.lang.management.OperatingSystemMXBean bean = ManagementFactory.getOperatingSystemMXBean();
    return bean instanceof com.sun.management.OperatingSystemMXBean os
        ? os.getFreeMemorySize()
        : Runtime.getRuntime().freeMemory();
  }
}
