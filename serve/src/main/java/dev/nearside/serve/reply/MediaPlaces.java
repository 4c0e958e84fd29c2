package dev.nearside.serve.reply;

import dev.nearside.chat.ModelFacts;
import dev.nearside.chat.Part;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.HttpProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a request holds something else than text. Models take text so far; whoever teaches one to
 * see asks its facts in {@link #check}.
 */
public final class MediaPlaces {
  private record Place(String path, Part.Kind kind) {}

  private final List<Place> places = new ArrayList<>();

  /** Notes a part. */
  public Part.Media add(Fields part, Part.Kind kind, String source) {
    return add(part.path(), kind, source);
  }

  /** As {@link #add(Fields, Part.Kind, String)}, of a field that is no object. */
  public Part.Media add(String path, Part.Kind kind, String source) {
    places.add(new Place(path, kind));
    return new Part.Media(kind, source);
  }

  /**
   * Refuses what the model can't take.
   *
   * @throws HttpProblem which names the first such part
   */
  public void check(ModelFacts facts) {
    if (places.isEmpty()) {
      return;
    }
    Place first = places.getFirst();
    String what =
        switch (first.kind()) {
          case IMAGE -> "an image";
          case AUDIO -> "audio";
          case VIDEO -> "a video";
          case FILE -> "a file";
        };
    throw HttpProblem.invalid(
        first.path(),
        "'" + first.path() + "' is " + what + ": the model " + facts.name() + " takes text only");
  }
}
