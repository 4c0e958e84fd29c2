package dev.nearside.cli.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.nearside.engine.EngineOptions;
import dev.nearside.engine.LoadedModel;
import dev.nearside.engine.eval.SpeedSpec;
import dev.nearside.engine.eval.SpeedTest;
import dev.nearside.engine.power.EnergyMeter;
import dev.nearside.engine.power.EnergyProbe;
import dev.nearside.engine.power.EnergySource;
import dev.nearside.engine.power.PowerBudget;
import dev.nearside.model.synth.QuantMix;
import dev.nearside.model.synth.Synth;
import dev.nearside.model.synth.SynthShapes;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Speeds with energy beside them. */
class BenchReportTest {
  private static final EnergyMeter METER =
      new EnergyMeter() {
        @Override
        public String source() {
          return "a made processor";
        }

        @Override
        public double joules() {
          return 1;
        }
      };

  @TempDir Path folder;

  @Test
  void countedEnergy_standsBesideEverySpeed() {
    try (LoadedModel model = model();
        EnergyProbe probe = new EnergyProbe(new EnergySource.Counted(METER))) {
      BenchReport report = new BenchReport("tiny", model, "cpu", probe, new PowerBudget.Watts(15));
      List<BenchReport.Line> lines = List.of(line(List.of(0.25, 0.35)));
      String table = report.table(lines);
      assertTrue(table.contains("power budget: 15 W\nenergy: a made processor\n"), table);
      assertTrue(table.contains("| joules/token |\n"), table);
      assertTrue(table.endsWith("|       0.3000 |\n"), table);
      assertTrue(report.csv(lines).endsWith(",0.3000\n"), report.csv(lines));
      Map<String, Object> json = report.json(lines).getFirst();
      assertEquals(0.3, json.get("avg_joules_per_token"));
      assertEquals(List.of(0.25, 0.35), json.get("samples_joules_per_token"));
      assertEquals("a made processor", json.get("energy_source"));
    }
  }

  @Test
  void uncountedEnergy_isSaidOnce() {
    try (LoadedModel model = model();
        EnergyProbe probe = new EnergyProbe(new EnergySource.Uncounted("no counters"))) {
      BenchReport report = new BenchReport("tiny", model, "cpu", probe, null);
      List<BenchReport.Line> lines =
          List.of(line(List.of(Double.NaN, Double.NaN)), line(List.of(0.5, Double.NaN)));
      String table = report.table(lines);
      assertTrue(table.contains("\nenergy: it can't be measured here: no counters\n"), table);
      assertFalse(table.contains("joules"), table);
      assertTrue(report.csv(lines).endsWith(",\n"), report.csv(lines));
      Map<String, Object> json = report.json(lines).getFirst();
      assertNull(json.get("avg_joules_per_token"));
      assertEquals("no counters", json.get("energy_obstacle"));
    }
  }

  private static BenchReport.Line line(List<Double> joules) {
    return new BenchReport.Line(
        SpeedSpec.parse("tg8"),
        List.of(10.0, 11.0),
        BenchEnergy.of(joules),
        new SpeedTest.WarmUp(3, 1));
  }

  private LoadedModel model() {
    Path file = folder.resolve("tiny.gguf");
    Synth.write(SynthShapes.of("tiny-llama"), QuantMix.of("Q8_0"), file, 1, Synth.Progress.NONE);
    EngineOptions options = EngineOptions.DEFAULTS.withKernels("scalar").withThreads(1);
    return LoadedModel.open(file, options.withContextLength(32));
  }
}
