package dev.nearside.hub;

import dev.nearside.hub.catalogue.Catalogue;
import dev.nearside.hub.catalogue.CatalogueEntry;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The models of this machine and the ones it can get.
 *
 * <p>A name is one of: {@code name[:tag]} of the catalogue or of a copy, {@code
 * hf.co/user/repo[:QUANT]}, {@code modelscope.cn/user/repo[:QUANT]}, {@code ollama/name[:tag]}, a
 * path to a GGUF file or to a folder of safetensors. QUANT is a quant format or a file name.
 *
 * <p>Safe for use by several threads and, through lock files, by several processes.
 */
public interface ModelHub {

  static ModelHub open(HubConfig config) {
    return DiskModelHub.open(config);
  }

  /**
   * The model to load, without any network: installed, found in a Hugging Face or Ollama cache, or
   * a path. A blob that changed since it was verified is hashed again first.
   *
   * @throws UnknownModelException with the nearest names
   * @throws ModelNotPulledException when the name is good but the model is not here
   * @throws HubException for a damaged blob or manifest
   */
  LocalModel resolve(String name);

  /** As {@link #resolve}, but empty when the model is not here or not known. */
  Optional<LocalModel> find(String name);

  /**
   * Brings the model here, from the first of its sources that works; returns at once when it is
   * here. Interrupting the thread stops the download within a second; what was loaded is kept and
   * the next pull goes on from there.
   *
   * @throws HubException that lists every source tried and why it failed
   */
  LocalModel pull(String name, PullListener listener) throws InterruptedException;

  /** The models in the store, by name. */
  List<LocalModel> list();

  /** Models that lie in Hugging Face's and Ollama's caches and can be used in place. */
  List<LocalModel> cached();

  /** Removes a model of the store; blobs that other models share stay. */
  void remove(String name);

  /** Gives an installed model a second name; costs no disk space. */
  void copy(String from, String to);

  /** Removes partial downloads and blobs that no model uses. */
  PruneReport prune();

  /**
   * Hashes every blob of the store again, stamps aside.
   *
   * @return what is wrong, one line each; empty when all is well
   */
  List<String> verify();

  Catalogue catalogue();

  /**
   * Chat models of the catalogue that fit into {@code memoryBytes} (weights, 4096 tokens of KV,
   * buffers) and speak all of {@code languages} (ISO 639-1), the best first.
   */
  List<CatalogueEntry> fitting(long memoryBytes, Set<String> languages);

  /** Installed and catalogue names that look like {@code name}, nearest first, at most five. */
  List<String> nearest(String name);

  /** True when {@code text} is a known or installed name, has a source's prefix, or is a path. */
  boolean looksLikeModelName(String text);
}
