package io.quickdrop.server.http;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.quickdrop.server.access.Principal;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;

/**
 * A whole request that has passed the front door.
 *
 * @param path decoded, without the query
 * @param pathValues what stood in the route's place holders
 * @param host the Host header, which is one of ours
 * @param remote the socket's other end
 */
public record Request(
        HttpMethod method,
        String path,
        Map<String, String> pathValues,
        Map<String, List<String>> query,
        HttpHeaders headers,
        String host,
        InetAddress remote,
        Principal principal,
        String body) {

    /** The value of a place holder of the route. */
    public String pathValue(String name) {
        String value = pathValues.get(name);
        if (value == null) {
            throw new IllegalArgumentException("the route has no {" + name + "}");
        }
        return value;
    }

    /** Whether the request comes from the machine the server runs on. */
    public boolean isLocal() {
        return remote.isLoopbackAddress();
    }

    /** A text field of the JSON body. */
    public String text(String field, int maxChars) throws HttpProblem {
        JsonElement value = json().get(field);
        if (value == null
                || !value.isJsonPrimitive()
                || !value.getAsJsonPrimitive().isString()) {
            throw new HttpProblem(400, "BAD_FIELD", "'" + field + "' must be a string");
        }
        String text = value.getAsString();
        if (text.length() > maxChars) {
            throw new HttpProblem(
                    400, "BAD_FIELD", "'" + field + "' has " + text.length() + " characters; allowed are " + maxChars);
        }
        return text;
    }

    /** The JSON body. */
    public JsonObject json() throws HttpProblem {
        try {
            JsonElement element = JsonParser.parseString(body);
            if (element.isJsonObject()) {
                return element.getAsJsonObject();
            }
        } catch (JsonParseException notJson) {
            // told below
        }
        throw new HttpProblem(400, "BAD_JSON", "the body must be one JSON object");
    }
}
