package dev.nearside.hub;

import java.net.URI;
import java.nio.file.Path;

/** A process that pulls; the tests kill it. Arguments: root folder, endpoint, model name. */
public final class PullMain {

  private PullMain() {}

  public static void main(String[] args) throws Exception {
    ModelHub hub = ModelHub.open(Fixtures.config(Path.of(args[0]), URI.create(args[1]), null));
    LocalModel model =
        hub.pull(
            args[2],
            event -> {
              if (event instanceof PullEvent.Started || event instanceof PullEvent.Waiting) {
                System.out.println(event);
              }
            });
    System.out.println("DONE " + model.sha256());
  }
}
