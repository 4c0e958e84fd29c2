package dev.nearside.engine.power;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Counters of energy in folders that are made here. */
class EnergyMetersTest {
  private static final long RANGE = 65_000_000_000L;

  @TempDir Path root;
  private MadeSystem system;

  @BeforeEach
  void make() {
    system = new MadeSystem(root);
  }

  @Test
  void powercap_onePackage_isCountedFromTheStart() throws Exception {
    system.zone("intel-rapl:0", "package-0", 5_000_000, RANGE);
    EnergyMeter meter = meter();
    double before = meter.joules();
    system.microsPerRead = 0;
    add("intel-rapl:0", 2_500_000);
    assertEquals(2.5, meter.joules() - before, 1e-5);
    assertTrue(before < 0.01, "from the start: " + before);
    assertTrue(meter.source().contains("package-0"), meter.source());
  }

  @Test
  void powercap_counterThatIsFull_beginsAgain() throws Exception {
    system.zone("intel-rapl:0", "package-0", RANGE - 1_000_000, RANGE);
    EnergyMeter meter = meter();
    double before = meter.joules();
    system.microsPerRead = 0;
    set("intel-rapl:0", 2_000_000);
    assertEquals(3.0, meter.joules() - before, 1e-4);
    set("intel-rapl:0", 2_500_000);
    assertEquals(3.5, meter.joules() - before, 1e-4);
  }

  @Test
  void powercap_counterThatFallsWithoutARange_isAnError() throws Exception {
    system.zone("intel-rapl:0", "package-0", 9_000_000, 0);
    EnergyMeter meter = meter();
    set("intel-rapl:0", 1_000_000);
    PowerException e = assertThrows(PowerException.class, meter::joules);
    assertTrue(e.fault().message().contains("fell from"), e.fault().message());
  }

  @Test
  void powercap_severalDomains_nothingIsCountedTwice() throws Exception {
    system.zone("intel-rapl:0", "package-0", 0, RANGE);
    system.zone("intel-rapl:0:0", "core", 0, RANGE);
    system.zone("intel-rapl:0:1", "uncore", 0, RANGE);
    system.zone("intel-rapl:0:2", "dram", 0, RANGE);
    system.zone("intel-rapl:1", "package-1", 0, RANGE);
    system.zone("intel-rapl:1:0", "dram", 0, RANGE);
    system.zone("intel-rapl:2", "psys", 0, RANGE);
    system.zone("intel-rapl-mmio:0", "package-0", 0, RANGE);
    EnergyMeter meter = meter();
    double before = meter.joules();
    system.microsPerRead = 0;
    add("intel-rapl:0", 1_000_000);
    add("intel-rapl:0:2", 20_000_000);
    add("intel-rapl:1", 300_000_000);
    add("intel-rapl:1:0", 4_000_000_000L);
    for (String other : new String[] {"intel-rapl:0:0", "intel-rapl:2", "intel-rapl-mmio:0"}) {
      add(other, 50_000_000_000L);
    }
    assertEquals(4321, meter.joules() - before, 1e-3);
    assertTrue(meter.source().endsWith("dram, package-0, package-1"), meter.source());
  }

  @Test
  void powercap_permissionDenied_saysWhatAnAdministratorCanDo() throws Exception {
    system.zone("intel-rapl:0", "package-0", 0, RANGE);
    system.denied = "energy_uj";
    String why = obstacle();
    assertTrue(why.contains("root alone") && why.contains("intel-rapl:0"), why);
    assertTrue(why.contains("chmod a+r " + root.resolve("powercap") + "/intel-rapl:*"), why);
  }

  @Test
  void powercap_standingStill_isNotBelieved() throws Exception {
    system.zone("intel-rapl:0", "package-0", 0, RANGE);
    system.microsPerRead = 0;
    assertTrue(obstacle().contains("stand still"), obstacle());
    assertTrue(system.ticker.slept >= 100_000_000, "it was given time");
  }

  @Test
  void powercap_nothingThere_saysWhatIsMissing() throws Exception {
    assertTrue(obstacle().contains("no folder " + root.resolve("powercap")), obstacle());
    Files.createDirectories(root.resolve("powercap/dtpm"));
    assertTrue(obstacle().contains("intel_rapl_msr"), obstacle());
    assertTrue(obstacle().endsWith("there is no battery"), obstacle());
  }

  @Test
  void powercap_brokenCounter_saysWhatItHolds() throws Exception {
    system.zone("intel-rapl:0", "package-0", 0, RANGE);
    system.microsPerRead = 0;
    set("intel-rapl:0", "many");
    assertTrue(obstacle().contains("'many'"), obstacle());
  }

  @Test
  void otherSystems_haveNone() throws Exception {
    EnergyMeters meters = new EnergyMeters(root, false, system, system.ticker);
    EnergySource.Uncounted none =
        assertInstanceOf(EnergySource.Uncounted.class, meters.any(), "no Linux");
    assertTrue(none.why().contains("Linux"), none.why());
  }

  @Test
  void battery_withPower_isSummedUp() throws Exception {
    battery("Discharging");
    system.set("power_supply/BAT0/power_now", 10_000_000);
    EnergyMeter meter = meter();
    system.ticker.pass(2);
    system.set("power_supply/BAT0/power_now", 20_000_000);
    assertEquals(30, meter.joules(), 1e-6);
    system.ticker.pass(1);
    assertEquals(50, meter.joules(), 1e-6);
  }

  @Test
  void battery_withCurrent_isItTimesVoltage() throws Exception {
    battery("Discharging");
    system.set("power_supply/BAT0/current_now", -2_000_000);
    system.set("power_supply/BAT0/voltage_now", 11_000_000);
    EnergyMeter meter = meter();
    system.ticker.pass(3);
    assertEquals(66, meter.joules(), 1e-6);
  }

  @Test
  void battery_withChargeOnly_isWhatIsGone() throws Exception {
    battery("Discharging");
    system.set("power_supply/BAT0/energy_now", 40_000_000);
    EnergyMeter meter = meter();
    system.set("power_supply/BAT0/energy_now", 39_990_000);
    assertEquals(36, meter.joules(), 1e-6);
    Files.delete(root.resolve("power_supply/BAT0/energy_now"));
    system.set("power_supply/BAT0/charge_now", 3_000_000);
    system.set("power_supply/BAT0/voltage_now", 10_000_000);
    EnergyMeter charge = meter();
    system.set("power_supply/BAT0/charge_now", 2_999_000);
    assertEquals(36, charge.joules(), 1e-6);
  }

  @Test
  void battery_thatIsNotInUse_isNotCounted() throws Exception {
    battery("Charging");
    assertTrue(obstacle().endsWith("not in use (mains power)"), obstacle());
    system.set("power_supply/BAT0/scope", "Device");
    assertTrue(obstacle().endsWith("there is no battery"), obstacle());
  }

  @Test
  void battery_isNoCounterOfTheProcessor() throws Exception {
    battery("Discharging");
    system.set("power_supply/BAT0/power_now", 1);
    assertInstanceOf(EnergySource.Uncounted.class, system.meters().processor());
  }

  @Test
  void probe_countsWhatWorkTakes() {
    double[] joules = {100};
    EnergyMeter made =
        new EnergyMeter() {
          @Override
          public String source() {
            return "made";
          }

          @Override
          public double joules() {
            return joules[0];
          }
        };
    try (EnergyProbe probe = new EnergyProbe(new EnergySource.Counted(made))) {
      EnergyProbe.Used<Double> used = probe.during(() -> joules[0] += 7);
      assertEquals(107, used.result());
      assertEquals(7, used.joules());
      assertEquals("made", probe.source());
      assertNull(probe.obstacle());
    }
  }

  @Test
  void probe_sourceThatEnds_saysWhyAndGoesOn() throws Exception {
    battery("Discharging");
    system.set("power_supply/BAT0/power_now", 1_000_000);
    try (EnergyProbe probe = new EnergyProbe(system.meters().any())) {
      battery("Charging");
      assertTrue(Double.isNaN(probe.during(() -> 1).joules()));
      String why = assertInstanceOf(String.class, probe.obstacle());
      assertTrue(why.contains("mains"), why);
      assertNull(probe.source());
    }
  }

  private void battery(String status) throws IOException {
    system.set("power_supply/AC/type", "Mains");
    system.set("power_supply/BAT0/type", "Battery");
    system.set("power_supply/BAT0/status", status);
  }

  private EnergyMeter meter() throws InterruptedException {
    return assertInstanceOf(EnergySource.Counted.class, system.meters().any()).meter();
  }

  private String obstacle() throws InterruptedException {
    return assertInstanceOf(EnergySource.Uncounted.class, system.meters().any()).why();
  }

  private void add(String zone, long micros) {
    try {
      Path file = root.resolve("powercap").resolve(zone).resolve("energy_uj");
      set(zone, Long.parseLong(Files.readString(file).strip()) + micros);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private void set(String zone, Object value) throws IOException {
    system.set("powercap/" + zone + "/energy_uj", value);
  }
}
