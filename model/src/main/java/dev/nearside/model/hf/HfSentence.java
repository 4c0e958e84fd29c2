package dev.nearside.model.hf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.format.safetensors.HfFolder;
import dev.nearside.model.ModelException;
import dev.nearside.model.Pooling;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What a folder of sentence-transformers says besides: {@code modules.json} names the steps after
 * the model, {@code 1_Pooling/config.json} the pooling.
 *
 * <p>Source: sentence_transformers/models/Pooling.py.
 */
final class HfSentence {
  private static final String MODULES = "modules.json";
  private static final Pattern FOLDER_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}");
  private static final String FLAG = "pooling_mode_";

  private HfSentence() {}

  /** The metadata with {@code pooling_type}, where the folder says it. */
  static Metadata addTo(Metadata metadata, HfFolder folder) {
    Optional<Pooling> pooling = pooling(folder);
    if (pooling.isEmpty()) {
      return metadata;
    }
    String key = metadata.string("general.architecture") + ".pooling_type";
    Map<String, MetaValue> values = new LinkedHashMap<>(metadata.values());
    values.put(key, MetaValue.int32(pooling.get().number()));
    return Metadata.of(values);
  }

  private static Optional<Pooling> pooling(HfFolder folder) {
    Optional<Pooling> found = Optional.empty();
    for (HfConfig module : modules(folder)) {
      String type = module.text("type").orElse("");
      String kind = type.substring(type.lastIndexOf('.') + 1);
      switch (kind) {
        case "Transformer", "Normalize" -> {}
        case "Pooling" -> found = Optional.of(pooling(folder, module.text("path").orElse("")));
        default ->
            throw new ModelException(
                Fault.of("a step after the model is not supported")
                    .got(type)
                    .expected("Pooling and Normalize alone")
                    .where(module.where()));
      }
    }
    return found;
  }

  // A list, and so not what HfFolder.json reads.
  private static List<HfConfig> modules(HfFolder folder) {
    return folder.jsonList(MODULES).orElse(List.of()).stream()
        .map(entry -> {
          if (!(entry instanceof Map<?, ?> map)) {
            throw new FormatException(
                Fault.of("a module is not an object").where(folder.path().resolve(MODULES)));
          }
          return new HfConfig(HfConfig.strings(map), MODULES);
        })
        .toList();
  }

  private static Pooling pooling(HfFolder folder, String path) {
    if (!FOLDER_NAME.matcher(path).matches()) {
      throw new FormatException(
          Fault.of("a module's folder has an impossible name").got(path).where(MODULES));
    }
    String file = path + "/config.json";
    HfConfig config =
        new HfConfig(
            folder
                .json(file)
                .orElseThrow(() ->
                    new FormatException(
                        Fault.of("a model folder lacks a file")
                            .expected(file)
                            .where(folder.path()))),
            file);
    return mode(config);
  }

  private static Pooling mode(HfConfig config) {
    Optional<String> named = config.text("pooling_mode");
    List<String> modes =
        named.isPresent()
            ? List.of(named.get().toLowerCase(Locale.ROOT))
            : config.values().entrySet().stream()
                .filter(e -> e.getKey().startsWith(FLAG) && Boolean.TRUE.equals(e.getValue()))
                .map(e -> e.getKey().substring(FLAG.length()))
                .toList();
    if (modes.size() == 1) {
      switch (modes.getFirst()) {
        case "mean_tokens", "mean" -> {
          return Pooling.MEAN;
        }
        case "cls_token", "cls" -> {
          return Pooling.CLS;
        }
        case "lasttoken" -> {
          return Pooling.LAST;
        }
        default -> {}
      }
    }
    throw new ModelException(
        Fault.of("pooling is not supported")
            .got(modes)
            .expected("one of mean, cls or lasttoken")
            .where(config.where()));
  }
}
