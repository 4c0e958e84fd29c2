package dev.nearside.serve;

import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.ollama.Chat;
import dev.nearside.serve.ollama.Copy;
import dev.nearside.serve.ollama.Create;
import dev.nearside.serve.ollama.Delete;
import dev.nearside.serve.ollama.Generate;
import dev.nearside.serve.ollama.HeadBlob;
import dev.nearside.serve.ollama.PostBlob;
import dev.nearside.serve.ollama.Ps;
import dev.nearside.serve.ollama.Pull;
import dev.nearside.serve.ollama.Push;
import dev.nearside.serve.ollama.Running;
import dev.nearside.serve.ollama.Show;
import dev.nearside.serve.ollama.Tags;
import dev.nearside.serve.ollama.Version;
import dev.nearside.serve.openai.ChatCompletions;
import dev.nearside.serve.openai.ListModels;
import java.util.List;
import java.util.stream.Stream;

/** The table of contents: every endpoint, one line each. */
final class Endpoints {
  private Endpoints() {}

  static List<Endpoint> of(Services s) {
    return Stream.of(openAi(s), ollama(s)).flatMap(List::stream).toList();
  }

  private static List<Endpoint> openAi(Services s) {
    return List.of(new ListModels(s), new ChatCompletions(s));
  }

  private static List<Endpoint> ollama(Services s) {
    return List.of(
        new Chat(s),
        new Generate(s),
        new Tags(s),
        new Show(s),
        new Ps(s),
        new Pull(s),
        new Push(),
        new Delete(s),
        new Copy(s),
        new Create(s),
        new HeadBlob(s),
        new PostBlob(s),
        new Version(s),
        new Running());
  }
}
