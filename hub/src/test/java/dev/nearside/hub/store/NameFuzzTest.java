package dev.nearside.hub.store;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import dev.nearside.hub.HubException;
import dev.nearside.hub.ModelName;
import java.nio.file.Path;

/** Whatever is typed as a name ends in a value or a {@link HubException}. */
class NameFuzzTest {

  @FuzzTest(maxDuration = "15s")
  void name_anyText_endsInNameOrTypedError(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    try {
      ModelName name = ModelName.parse(text, Path.of("/cwd"));
      String slug = SafeNames.slug(name.canonical());
      if (!SafeNames.isFile(slug)) {
        throw new AssertionError("unsafe slug: " + slug);
      }
    } catch (HubException e) {
      return;
    }
  }
}
