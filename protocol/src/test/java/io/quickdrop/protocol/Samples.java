package io.quickdrop.protocol;

import com.google.gson.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Makes well-formed messages of every type from a seed, by looking at their components. */
final class Samples {
    private final Random random;
    private final boolean everyOptional;

    /** @param everyOptional whether optional components are always there, else now and then */
    Samples(long seed, boolean everyOptional) {
        this.random = new Random(seed);
        this.everyOptional = everyOptional;
    }

    /** Every message record: the leaves below {@link Message}. */
    static Stream<Class<? extends Message>> types() {
        return leaves(Message.class);
    }

    private static Stream<Class<? extends Message>> leaves(Class<? extends Message> type) {
        Class<?>[] permitted = type.getPermittedSubclasses();
        return permitted == null
                ? Stream.of(type)
                : Arrays.stream(permitted).flatMap(sub -> leaves(sub.asSubclass(Message.class)));
    }

    <T> T of(Class<T> record) {
        if (record == UploadMessage.Blocks.class) {
            return record.cast(blocks());
        }
        RecordComponent[] components = record.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        @Nullable
        Object[] values =
                Arrays.stream(components).map(component -> value(component)).toArray();
        try {
            return record.getDeclaredConstructor(types).newInstance(values);
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException impossible) {
            throw new LinkageError("no sample of " + record, impossible);
        }
    }

    /** As many hashes as blocks, which no random numbers would be. */
    private UploadMessage.Blocks blocks() {
        int count = random.nextInt(Limits.MAX_BLOCKS + 1);
        long bytes = count == 0 ? 0 : count * Limits.MIN_BLOCK_BYTES - random.nextInt(1000);
        return new UploadMessage.Blocks(
                new SessionId("s" + random.nextInt(1000)),
                ErrorReason.INTEGRITY_MISMATCH,
                random.nextInt(1000) * Limits.MIN_BLOCK_BYTES,
                bytes,
                Limits.MIN_BLOCK_BYTES,
                Collections.nCopies(count, text("sha256")));
    }

    private @Nullable Object value(RecordComponent component) {
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (optional && !everyOptional && random.nextBoolean()) {
            return null;
        }
        String name = component.getName();
        Class<?> type = component.getType();
        if (name.equals("intervalMs")) {
            return 100L + random.nextInt(1000);
        } else if (type == long.class || type == Long.class) {
            return random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextLong() >>> (1 + random.nextInt(62));
        } else if (type == int.class || type == Integer.class) {
            return number(name);
        } else if (type == double.class) {
            return random.nextInt(10_000) / 8.0;
        } else if (type == JsonObject.class) {
            JsonObject object = new JsonObject();
            object.addProperty("screen", random.nextInt(9));
            return object;
        } else if (type == boolean.class) {
            return everyOptional || random.nextBoolean();
        } else if (type == SessionId.class) {
            return new SessionId("s." + Long.toHexString(random.nextLong()) + ":_-Z");
        } else if (type == String.class) {
            return text(name);
        } else if (type == List.class) {
            return list(component);
        }
        return of(type);
    }

    /** Where the protocol bounds a number, one that every bound allows. */
    private int number(String name) {
        return switch (name) {
            case "screen",
                    "monitorId",
                    "index",
                    "rendition",
                    "fps",
                    "maxFps",
                    "quality",
                    "maxQuality",
                    "generation",
                    "silentIntervals" -> 1 + random.nextInt(2);
            case "x", "y" -> random.nextInt(2000) - 1000;
            case "width", "height" -> 1 + random.nextInt(65_535);
            default -> random.nextInt() & Integer.MAX_VALUE;
        };
    }

    private String text(String name) {
        return switch (name) {
            case "ext" -> "webm";
            case "sha256" -> "0123456789abcdef".repeat(4);
            case "state", "status" -> "receiving";
            case "clientId", "desktopClientId" -> "Desk-" + random.nextInt(1000) + "_a.b";
            case "takeId" -> "take-" + random.nextInt(1000);
            case "cause" -> "interrupted";
            case "clientType" -> AgentMessage.ClientInfo.DESKTOP;
            case "hop" -> AgentMessage.RelayAck.RELAY;
            default -> "Zoë \"q\" <b> \\ \u0001 \uD83D\uDCF1 " + random.nextInt(1000);
        };
    }

    private List<Object> list(RecordComponent component) {
        Type item = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        List<Object> values = new ArrayList<>();
        for (int i = everyOptional ? 1 : random.nextInt(3); i > 0; i--) {
            if (item == String.class) {
                values.add("item " + random.nextInt(100));
            } else if (item == Integer.class) {
                values.add(random.nextInt(3));
            } else {
                values.add(of((Class<?>) item));
            }
        }
        return values;
    }
}
