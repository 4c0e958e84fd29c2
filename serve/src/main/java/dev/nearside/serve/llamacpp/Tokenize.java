package dev.nearside.serve.llamacpp;

import dev.nearside.chat.ModelLease;
import dev.nearside.serve.Services;
import dev.nearside.serve.http.Doc;
import dev.nearside.serve.http.Exchange;
import dev.nearside.serve.http.Fields;
import dev.nearside.serve.http.Json;
import dev.nearside.serve.http.Shape;
import dev.nearside.serve.http.Shape.FieldType;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** {@code POST /tokenize}. */
public record Tokenize(Services services) implements LlamaEndpoint {
  private static final Shape SHAPE =
      Shape.EMPTY
          .with(FieldType.TEXT, "model", "content")
          .with(FieldType.FLAG, "add_special", "parse_special", "with_pieces")
          .needs("content");

  @Override
  public String path() {
    return "/tokenize";
  }

  @Override
  public Doc doc() {
    return Doc.of("Turns text into tokens.", SHAPE);
  }

  @Override
  public void handle(Exchange exchange) throws Exception {
    Fields f = exchange.fields();
    String content = f.needText("content");
    boolean hasPieces = f.flag("with_pieces", false);
    try (ModelLease lease = model(f)) {
      int[] ids =
          lease
              .tokens()
              .tokenize(content, f.flag("parse_special", true), f.flag("add_special", false));
      ObjectNode body = Json.object();
      ArrayNode tokens = body.putArray("tokens");
      for (int id : ids) {
        if (hasPieces) {
          tokens.addObject().put("id", id).set("piece", piece(lease.tokens().bytes(id)));
        } else {
          tokens.add(id);
        }
      }
      exchange.json(200, body);
    }
  }

  /** A text, or bytes where they are none. */
  private static JsonNode piece(byte[] bytes) {
    try {
      return Json.tree(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      ArrayNode out = Json.array();
      for (byte b : bytes) {
        out.add(b & 0xFF);
      }
      return out;
    }
  }
}
