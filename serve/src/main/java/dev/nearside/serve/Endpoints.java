package dev.nearside.serve;

import dev.nearside.serve.anthropic.CountMessageTokens;
import dev.nearside.serve.anthropic.Messages;
import dev.nearside.serve.http.Endpoint;
import dev.nearside.serve.llamacpp.ApplyTemplate;
import dev.nearside.serve.llamacpp.Detokenize;
import dev.nearside.serve.llamacpp.NativeCompletion;
import dev.nearside.serve.llamacpp.NativeEmbeddings;
import dev.nearside.serve.llamacpp.Props;
import dev.nearside.serve.llamacpp.Tokenize;
import dev.nearside.serve.metrics.Activity;
import dev.nearside.serve.ollama.Chat;
import dev.nearside.serve.ollama.Copy;
import dev.nearside.serve.ollama.Create;
import dev.nearside.serve.ollama.Delete;
import dev.nearside.serve.ollama.Embed;
import dev.nearside.serve.ollama.Generate;
import dev.nearside.serve.ollama.HeadBlob;
import dev.nearside.serve.ollama.OldEmbeddings;
import dev.nearside.serve.ollama.PostBlob;
import dev.nearside.serve.ollama.Ps;
import dev.nearside.serve.ollama.Pull;
import dev.nearside.serve.ollama.Push;
import dev.nearside.serve.ollama.Show;
import dev.nearside.serve.ollama.Tags;
import dev.nearside.serve.ollama.Version;
import dev.nearside.serve.openai.ChatCompletions;
import dev.nearside.serve.openai.Completions;
import dev.nearside.serve.openai.EmbeddingsEndpoint;
import dev.nearside.serve.openai.GetModel;
import dev.nearside.serve.openai.ListModels;
import dev.nearside.serve.openai.Rerank;
import dev.nearside.serve.responses.KeptResponses;
import dev.nearside.serve.responses.ResponseStore;
import dev.nearside.serve.responses.Responses;
import dev.nearside.serve.system.Health;
import dev.nearside.serve.system.OpenApi;
import dev.nearside.serve.system.ProgramVersion;
import dev.nearside.serve.system.UiResources;
import dev.nearside.serve.ui.UiEndpoints;
import dev.nearside.serve.ui.UiFiles;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The table of contents: every endpoint, one line each. */
final class Endpoints {
  private Endpoints() {}

  /**
   * @param s whose models are measured
   * @param activity what is shown of that
   */
  static List<Endpoint> of(Services s, Activity activity) {
    List<Endpoint> all = new ArrayList<>();
    List<Endpoint> view = Collections.unmodifiableList(all);
    ResponseStore store = new ResponseStore(ResponseStore.MAX_RESPONSES, ResponseStore.MAX_BYTES);
    all.add(new ListModels(s, "/v1/models"));
    all.add(new ListModels(s, "/models"));
    all.add(new GetModel(s));
    all.add(new ChatCompletions(s, "/v1/chat/completions"));
    all.add(new ChatCompletions(s, "/chat/completions"));
    all.add(new Completions(s));
    all.add(new Responses(s, store));
    all.addAll(KeptResponses.endpoints(s, store));
    all.add(new EmbeddingsEndpoint(s));
    all.add(new Rerank(s, "/v1/rerank"));
    all.add(new Rerank(s, "/v1/reranking"));
    all.add(new Rerank(s, "/rerank"));
    all.add(new Rerank(s, "/reranking"));
    all.add(new Messages(s));
    all.add(new CountMessageTokens(s));
    all.add(new NativeCompletion(s, "/completion", false));
    all.add(new NativeCompletion(s, "/completions", false));
    all.add(new NativeCompletion(s, "/infill", true));
    all.add(new NativeEmbeddings(s, "/embedding"));
    all.add(new NativeEmbeddings(s, "/embeddings"));
    all.add(new Tokenize(s));
    all.add(new Detokenize(s));
    all.add(new ApplyTemplate(s, "/apply-template", false));
    all.add(new ApplyTemplate(s, "/v1/chat/completions/input_tokens", true));
    all.add(new ApplyTemplate(s, "/chat/completions/input_tokens", true));
    all.add(new Props(s));
    all.add(new Health("/health"));
    all.add(new Health("/v1/health"));
    all.add(new ProgramVersion(s));
    all.addAll(ollama(s));
    all.addAll(UiResources.endpoints(s, activity));
    all.addAll(UiEndpoints.of(UiFiles.ofProgram()));
    all.add(new OpenApi(s.version(), () -> view));
    return view;
  }

  private static List<Endpoint> ollama(Services s) {
    return List.of(
        new Chat(s),
        new Generate(s),
        new Embed(s),
        new OldEmbeddings(s),
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
        new Version(s));
  }
}
