package dev.nearside.hub.source;

import dev.nearside.base.Fault;
import dev.nearside.hub.net.SourceException;
import dev.nearside.hub.store.Manifest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which files of a repository are the model.
 *
 * <p>With GGUF files in it: those of the wanted quant format, all parts of a split one. Without:
 * config, tokenizer and safetensors of the top folder.
 */
record RepoChoice(Manifest.Kind kind, List<RepoFile> files) {

  private static final Pattern SPLIT =
      Pattern.compile("(.*)-(\\d{5})-of-(\\d{5})\\.gguf", Pattern.CASE_INSENSITIVE);
  private static final Pattern QUANT =
      Pattern.compile(
          "(?i)(?:^|[-._/])((?:UD-)?(?:I?Q\\d_[A-Z0-9_]+|TQ\\d_\\d|MXFP4(?:_MOE)?|BF16|F16|F32|FP16))(?=[-._/]|$)");
  private static final Pattern NOT_THE_MODEL = Pattern.compile("(?i).*(mmproj|imatrix).*");
  private static final Pattern FOLDER_FILE =
      Pattern.compile(
          "config\\.json|generation_config\\.json|tokenizer\\.json|tokenizer\\.model"
              + "|tokenizer_config\\.json|special_tokens_map\\.json|added_tokens\\.json|vocab\\.json"
              + "|vocab\\.txt|merges\\.txt|chat_template\\.(jinja|json)"
              + "|modules\\.json|sentence_bert_config\\.json|config_sentence_transformers\\.json"
              + "|model.*\\.safetensors(\\.index\\.json)?");

  /** The steps after the model, as sentence-transformers has them. */
  private static final Pattern MODULE_FILE =
      Pattern.compile(
          "[0-9]_(Pooling|Dense|Normalize|LayerNorm)/(config\\.json|model\\.safetensors)");

  /** What people mean who name no quant format: the usual balance of size and quality first. */
  private static final List<String> PREFERRED =
      List.of("Q4_K_M", "Q4_K_S", "Q4_0", "Q4_1", "MXFP4", "Q5_K_M", "Q6_K", "Q8_0", "F16", "BF16");

  /**
   * @param wanted a quant format, a file name or a path in the repository; null for the default
   * @throws SourceException when the repository has no such model
   */
  static RepoChoice of(List<RepoFile> files, @Nullable String wanted, String repo) {
    List<RepoFile> ggufs =
        files.stream()
            .filter(file -> file.name().toLowerCase(Locale.ROOT).endsWith(".gguf"))
            .filter(file -> !NOT_THE_MODEL.matcher(file.name()).matches())
            .toList();
    if (ggufs.isEmpty()) {
      return folder(files, wanted, repo);
    }
    RepoFile first = wanted == null ? preferred(ggufs) : named(ggufs, wanted);
    if (first == null) {
      throw SourceException.permanent(
          Fault.of("the repository has no such quant format or file")
              .got(String.valueOf(wanted))
              .expected("one of " + quants(ggufs))
              .where(repo));
    }
    return new RepoChoice(Manifest.Kind.GGUF, parts(ggufs, first, repo));
  }

  private static @Nullable RepoFile preferred(List<RepoFile> ggufs) {
    for (String quant : PREFERRED) {
      RepoFile file = named(ggufs, quant);
      if (file != null) {
        return file;
      }
    }
    return ggufs.stream().filter(RepoChoice::isFirstPart).min(SIMPLEST).orElse(null);
  }

  private static final Comparator<RepoFile> SIMPLEST =
      Comparator.<RepoFile>comparingInt(file -> file.path().length()).thenComparing(RepoFile::path);

  /** The file named, else the first part of the quant format, the plainest name first. */
  private static @Nullable RepoFile named(List<RepoFile> ggufs, String wanted) {
    for (RepoFile file : ggufs) {
      if (file.path().equalsIgnoreCase(wanted) || file.name().equalsIgnoreCase(wanted)) {
        return file;
      }
    }
    return ggufs.stream()
        .filter(RepoChoice::isFirstPart)
        .filter(file -> quantOf(file.path()).equalsIgnoreCase(wanted))
        .min(SIMPLEST)
        .orElse(null);
  }

  private static boolean isFirstPart(RepoFile file) {
    Matcher split = SPLIT.matcher(file.name());
    return !split.matches() || Integer.parseInt(split.group(2)) == 1;
  }

  /** The quant format a path names, the last one if several; empty if none. */
  static String quantOf(String path) {
    String last = "";
    // The format may be followed directly by the next separator: search on from inside the match.
    Matcher matcher = QUANT.matcher(path.replaceFirst("(?i)\\.gguf$", ""));
    for (int from = 0; matcher.find(from); from = matcher.end(1)) {
      last = matcher.group(1);
    }
    return last;
  }

  private static TreeSet<String> quants(List<RepoFile> ggufs) {
    TreeSet<String> names = new TreeSet<>();
    for (RepoFile file : ggufs) {
      String quant = quantOf(file.path());
      names.add(quant.isEmpty() ? file.name() : quant.toUpperCase(Locale.ROOT));
    }
    return names;
  }

  private static List<RepoFile> parts(List<RepoFile> ggufs, RepoFile first, String repo) {
    Matcher split = SPLIT.matcher(first.path());
    if (!split.matches()) {
      return List.of(first);
    }
    int count = Integer.parseInt(split.group(3));
    List<RepoFile> parts = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      String path = "%s-%05d-of-%s.gguf".formatted(split.group(1), i, split.group(3));
      RepoFile part =
          ggufs.stream()
              .filter(file -> file.path().equalsIgnoreCase(path))
              .findFirst()
              .orElse(null);
      if (part == null) {
        throw SourceException.permanent(
            Fault.of("a part of a split model is missing").got(path).where(repo));
      }
      parts.add(part);
    }
    return parts;
  }

  /** Whether a file at this path, below a model's folder, is part of the model. */
  static boolean isFolderFile(String path) {
    return FOLDER_FILE.matcher(path).matches() || isModule(path);
  }

  /** Whether it is of a step after the model. */
  static boolean isModule(String path) {
    return MODULE_FILE.matcher(path).matches();
  }

  boolean isFolder() {
    return kind == Manifest.Kind.SAFETENSORS;
  }

  private static RepoChoice folder(List<RepoFile> files, @Nullable String wanted, String repo) {
    List<RepoFile> chosen = files.stream().filter(file -> isFolderFile(file.path())).toList();
    boolean hasConfig = chosen.stream().anyMatch(file -> file.name().equals("config.json"));
    boolean hasWeights = chosen.stream().anyMatch(file -> file.name().endsWith(".safetensors"));
    if (!hasConfig || !hasWeights || wanted != null) {
      throw SourceException.permanent(
          Fault.of("the repository has no model that can be used")
              .got(
                  wanted == null
                      ? files.size() + " files"
                      : wanted + ", but there is no GGUF file in it")
              .expected("*.gguf, or config.json and model*.safetensors")
              .where(repo));
    }
    return new RepoChoice(Manifest.Kind.SAFETENSORS, chosen);
  }
}
