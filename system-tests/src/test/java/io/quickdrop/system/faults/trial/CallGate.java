package io.quickdrop.system.faults.trial;

import io.quickdrop.server.Surroundings;
import io.quickdrop.server.catalogue.Commit;
import io.quickdrop.server.recordings.DataFile;
import io.quickdrop.server.recordings.Disk;
import io.quickdrop.server.recordings.LocalDisk;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a server and its disk: each call of the file system, and each commit of the catalogue, passes it twice,
 * before and after it does its work. Safe on any thread if its {@link Guard} is.
 */
public final class CallGate {
    /** Decides about each call; what it throws is the call's failure. */
    public interface Guard {
        /** The call has done nothing yet. */
        default void before(String call) throws IOException {}

        /** The call has done its work, and the caller does not know yet. */
        default void after(String call) throws IOException {}
    }

    private final Guard guard;

    /** @param guard asked about every call */
    public CallGate(Guard guard) {
        this.guard = guard;
    }

    /** The machine's own, behind this gate. */
    public Surroundings surroundings(Clock clock) {
        return new Surroundings(disk(), commit(), clock);
    }

    /** The local disk behind this gate. */
    public Disk disk() {
        return gated(Disk.class, new LocalDisk());
    }

    /** A real commit behind this gate. */
    public Commit commit() {
        return (Connection connection) -> {
            try {
                guard.before("commit");
            } catch (IOException e) {
                throw new SQLException(e.getMessage(), e);
            }
            connection.commit();
            try {
                guard.after("commit");
            } catch (IOException e) {
                throw new SQLException(e.getMessage(), e);
            }
        };
    }

    private <T> T gated(Class<T> type, T real) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, arguments) -> through(real, method, arguments)));
    }

    private @Nullable Object through(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        if (!mayFail(method)) {
            return called(real, method, arguments);
        }
        String call = (real instanceof DataFile ? "file." : "") + method.getName();
        guard.before(call);
        Object result = called(real, method, arguments);
        try {
            guard.after(call);
        } catch (IOException e) {
            if (result instanceof DataFile file) {
                file.close();
            }
            throw e;
        }
        return result instanceof DataFile file ? gated(DataFile.class, file) : result;
    }

    /** Closing gives a descriptor back whatever it reports, and some calls report nothing. */
    private static boolean mayFail(Method method) {
        return !method.getName().equals("close")
                && java.util.Arrays.asList(method.getExceptionTypes()).contains(IOException.class);
    }

    private static @Nullable Object called(Object real, Method method, Object @Nullable [] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
