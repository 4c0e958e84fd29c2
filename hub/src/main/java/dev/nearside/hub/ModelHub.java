package dev.nearside.hub;

import dev.nearside.hub.catalogue.Catalogue;
import dev.nearside.hub.catalogue.CatalogueEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
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
   * The same hub for callers who may not look around on the disk: paths are no names to it.
   *
   * @param except paths, as they are written, that are names all the same
   */
  ModelHub withoutPaths(Set<String> except);

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

  /**
   * Drops the file of a model in the store: what is left of it, packed weights and a remainder, is
   * enough to run it on this machine and to make the file again. Other models of the same file
   * share that. Costs nothing when it was dropped before.
   *
   * @return bytes of the file that is gone
   * @throws HubException when the model is not in the store or not one GGUF file
   */
  long dropOriginal(String name, OriginalFiles files) throws InterruptedException;

  /**
   * Brings back a file that {@link #dropOriginal} dropped: made again of what is left of it, or
   * else fetched from where it came; the digest decides. Returns at once when it is here.
   *
   * @throws HubException when neither works; what is left stays as it is
   */
  LocalModel restoreOriginal(String name, OriginalFiles files, PullListener listener)
      throws InterruptedException;

  /** The models in the store, by name, and files that {@link #withoutPaths} lets through. */
  List<LocalModel> list();

  /** Models that lie in Hugging Face's and Ollama's caches and can be used in place. */
  List<LocalModel> cached();

  /** Removes a model of the store; blobs that other models share stay. */
  void remove(String name);

  /** Gives an installed model a second name; costs no disk space. */
  void copy(String from, String to);

  /**
   * Makes a model of another one, or of files in the store, with settings of its own. An installed
   * model of that name is replaced.
   *
   * @throws HubException when the name can't be given, the model is not here, or a file is missing
   */
  LocalModel create(String name, ModelDraft draft) throws InterruptedException;

  /** Whether the store has a whole file of this SHA-256 digest (lower-case hex). */
  boolean hasBlob(String sha256);

  /**
   * Stores a file; it is written to the disk as it comes.
   *
   * @throws HubException when it has another digest; nothing is stored then
   * @throws IOException when {@code content} fails
   */
  void putBlob(String sha256, InputStream content) throws IOException, InterruptedException;

  /**
   * Where a file of the store lies.
   *
   * @throws HubException when there is none of this digest
   */
  Path blob(String sha256);

  /** Stores a copy of a file and returns its SHA-256 digest. */
  String importFile(Path file) throws InterruptedException;

  /** An empty file on the store's disk for work in between; whoever asks for it deletes it. */
  Path scratchFile();

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
