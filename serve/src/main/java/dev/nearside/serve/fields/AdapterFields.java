package dev.nearside.serve.fields;

import dev.nearside.chat.AdapterUse;
import dev.nearside.serve.http.Fields;
import java.util.List;

/** AdapterFields of a request, as {@code "lora": [{"id": NAME, "scale": 0.5}]}. */
public final class AdapterFields {
  private AdapterFields() {}

  /** The adapters that a request names. */
  public static List<AdapterUse> read(Fields f) {
    return f.objects("lora").stream().map(AdapterFields::use).toList();
  }

  private static AdapterUse use(Fields a) {
    Float scale = a.number("scale", -100, 100);
    return new AdapterUse(a.needText("id"), scale == null ? 1f : scale);
  }
}
