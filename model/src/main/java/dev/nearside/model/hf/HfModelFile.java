package dev.nearside.model.hf;

import dev.nearside.base.Fault;
import dev.nearside.format.FormatException;
import dev.nearside.format.MetaValue;
import dev.nearside.format.Metadata;
import dev.nearside.format.TensorFile;
import dev.nearside.format.TensorInfo;
import dev.nearside.format.safetensors.HfFolder;
import dev.nearside.format.safetensors.SafetensorsFile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Hugging Face folder seen as a GGUF file. Tensors that GGUF stores in another order are copied
 * when they are asked for; all others are views of the mapped safetensors.
 */
public final class HfModelFile implements TensorFile {
  private final Metadata metadata;
  private final SafetensorsFile file;
  private final Map<String, HfTensor> tensors;

  private HfModelFile(Metadata metadata, SafetensorsFile file, Map<String, HfTensor> tensors) {
    this.metadata = metadata;
    this.file = file;
    this.tensors = tensors;
  }

  /**
   * Opens a folder with {@code config.json} and safetensors of f16, bf16 or f32.
   *
   * @throws FormatException when a file is missing or broken
   * @throws dev.nearside.model.ModelException when the architecture is not supported
   */
  public static HfModelFile open(Path path) {
    HfFolder folder = HfFolder.open(path);
    HfConfig whole = new HfConfig(folder.config(), "config.json");
    Optional<HfEncoderFamily> encoder = HfEncoderFamily.find(whole);
    if (encoder.isPresent()) {
      return openEncoder(encoder.get(), whole, folder);
    }
    HfFamily family = HfFamily.of(whole);
    HfConfig config = whole.object("text_config").orElse(whole);
    HfRope rope = HfRope.read(family, config);
    Metadata metadata = HfMetadata.read(family, config, rope);
    SafetensorsFile file = folder.openTensors();
    try {
      Map<String, HfTensor> tensors = new HfTensors(family, metadata, file, rope).all();
      Metadata full = HfSentence.addTo(withTemplate(metadata, folder), folder);
      return new HfModelFile(full, file, tensors);
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static HfModelFile openEncoder(HfEncoderFamily family, HfConfig config, HfFolder folder) {
    Metadata metadata = HfSentence.addTo(HfEncoderMetadata.read(family, config), folder);
    SafetensorsFile file = folder.openTensors();
    try {
      return new HfModelFile(metadata, file, new HfEncoderTensors(family, config, file).all());
    } catch (RuntimeException e) {
      file.close();
      throw e;
    }
  }

  // The template lies in a file of its own, or in the tokenizer's configuration.
  private static Metadata withTemplate(Metadata metadata, HfFolder folder) {
    Optional<String> template = folder.file("chat_template.jinja").map(HfModelFile::read);
    if (template.isEmpty()) {
      template =
          folder
              .json("tokenizer_config.json")
              .flatMap(c -> new HfConfig(c, "tokenizer_config.json").text("chat_template"));
    }
    if (template.isEmpty()) {
      return metadata;
    }
    Map<String, MetaValue> values = new LinkedHashMap<>(metadata.values());
    values.put("tokenizer.chat_template", MetaValue.of(template.get()));
    return Metadata.of(values);
  }

  private static String read(Path path) {
    try {
      return Files.readString(path);
    } catch (IOException e) {
      throw new FormatException(Fault.of("a file can't be read").where(path), e);
    }
  }

  @Override
  public Metadata metadata() {
    return metadata;
  }

  @Override
  public List<TensorInfo> tensors() {
    return tensors.values().stream().map(HfTensor::info).toList();
  }

  @Override
  public Optional<TensorInfo> find(String name) {
    return Optional.ofNullable(tensors.get(name)).map(HfTensor::info);
  }

  @Override
  public MemorySegment data(TensorInfo tensor) {
    HfTensor found = tensors.get(tensor.name());
    if (found == null || !found.info().equals(tensor)) {
      throw new FormatException(Fault.of("tensor is not of this file").got(tensor.name()));
    }
    return found.data().get();
  }

  @Override
  public void close() {
    file.close();
  }
}
