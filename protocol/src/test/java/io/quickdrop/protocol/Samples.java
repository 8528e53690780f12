package io.quickdrop.protocol;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Arrays;
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
        RecordComponent[] components = record.getRecordComponents();
        Class<?>[] types =
                Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
        @Nullable
        Object[] values = Arrays.stream(components)
                .map(component -> value(record, component))
                .toArray();
        try {
            return record.getDeclaredConstructor(types).newInstance(values);
        } catch (NoSuchMethodException
                | InstantiationException
                | IllegalAccessException
                | InvocationTargetException impossible) {
            throw new LinkageError("no sample of " + record, impossible);
        }
    }

    private @Nullable Object value(Class<?> record, RecordComponent component) {
        boolean optional = component.getAnnotatedType().isAnnotationPresent(Nullable.class);
        if (optional && !everyOptional && random.nextBoolean()) {
            return null;
        }
        String name = component.getName();
        Class<?> type = component.getType();
        if (type == long.class || type == Long.class) {
            return random.nextInt(4) == 0 ? Long.MAX_VALUE : random.nextLong() >>> (1 + random.nextInt(62));
        } else if (type == int.class) {
            return random.nextInt() & Integer.MAX_VALUE;
        } else if (type == boolean.class) {
            return everyOptional || random.nextBoolean();
        } else if (type == SessionId.class) {
            return new SessionId("s." + Long.toHexString(random.nextLong()) + ":_-Z");
        } else if (type == String.class) {
            return text(name);
        } else if (type == List.class) {
            return record == ObserverMessage.Snapshot.class && name.equals("desktops") ? List.of() : list(component);
        }
        return of(type);
    }

    private String text(String name) {
        return switch (name) {
            case "ext" -> "webm";
            case "sha256" -> "0123456789abcdef".repeat(4);
            case "state" -> "receiving";
            default -> "Zoë \"q\" <b> \\ \u0001 \uD83D\uDCF1 " + random.nextInt(1000);
        };
    }

    private List<Object> list(RecordComponent component) {
        Type item = ((ParameterizedType) component.getGenericType()).getActualTypeArguments()[0];
        List<Object> values = new ArrayList<>();
        for (int i = everyOptional ? 1 : random.nextInt(3); i > 0; i--) {
            values.add(of((Class<?>) item));
        }
        return values;
    }
}
