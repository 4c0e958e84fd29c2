package dev.nearside.format.safetensors;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.io.MappedFile;
import dev.nearside.format.io.SegmentStream;
import dev.nearside.format.io.TensorIndex;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * {@code model.safetensors.index.json}: which file of a sharded model holds which tensor.
 *
 * @param fileOf tensor name to file name
 */
record ShardIndex(Map<String, String> fileOf) {
  static final String FILE_NAME = "model.safetensors.index.json";

  private static final long MAX_BYTES = 100_000_000;
  private static final int MAX_SHARDS = 4096;

  /**
   * @throws FormatException when the file is missing or broken, or names a file outside its folder
   */
  static ShardIndex read(Path path) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = MappedFile.map(path, arena);
      if (bytes.byteSize() > MAX_BYTES) {
        throw new FormatException(
            Fault.of("index of a sharded model is too large")
                .got(bytes.byteSize() + " bytes")
                .expected("at most " + MAX_BYTES)
                .where(path));
      }
      return Json.parse(new SegmentStream(bytes), path.toString(), ShardIndex::read);
    }
  }

  /** The names of the files, in order. */
  List<String> files() {
    return List.copyOf(new TreeSet<>(fileOf.values()));
  }

  private static ShardIndex read(JsonParser parser) {
    Map<String, String> fileOf = null;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      parser.nextToken();
      if (!key.equals("weight_map")) {
        parser.skipChildren(); // "metadata" and whatever else a writer finds worth saying
      } else if (fileOf == null) {
        fileOf = readWeightMap(parser);
      } else {
        throw new FormatException(Fault.of("key appears twice").got(key));
      }
    }
    if (fileOf == null || fileOf.isEmpty()) {
      throw new FormatException(Fault.of("index has no weight_map"));
    }
    return new ShardIndex(fileOf);
  }

  private static Map<String, String> readWeightMap(JsonParser parser) {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      throw Json.wrong(parser, "weight_map", "an object of file names");
    }
    Map<String, String> files = new LinkedHashMap<>(); // each name once
    Map<String, String> fileOf = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String tensor = parser.currentName();
      parser.nextToken();
      String file = Json.string(parser, "weight_map of tensor " + tensor);
      if (!files.containsKey(file)) {
        checkFileName(file, tensor);
        files.put(file, file);
      }
      if (fileOf.put(tensor, files.getOrDefault(file, file)) != null) {
        throw new FormatException(Fault.of("weight_map has a tensor twice").got(tensor));
      }
      if (fileOf.size() > TensorIndex.MAX_TENSORS || files.size() > MAX_SHARDS) {
        throw new FormatException(
            Fault.of("index has too many entries")
                .expected(TensorIndex.MAX_TENSORS + " tensors in " + MAX_SHARDS + " files"));
      }
    }
    return fileOf;
  }

  /** A downloaded index must not reach files outside its folder. */
  private static void checkFileName(String file, String tensor) {
    boolean isPlain =
        file.endsWith(".safetensors")
            && file.chars().noneMatch(c -> c == '/' || c == '\\' || c == ':' || c < ' ');
    if (!isPlain) {
      throw new FormatException(
          Fault.of("weight_map names a file that is not a safetensors file of the same folder")
              .got(file)
              .where("tensor " + tensor));
    }
  }
}
