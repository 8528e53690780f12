package io.quickdrop.system.harness;

import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Prints what the servers of a failed test had to say. */
public final class ShowServerLogs implements AfterTestExecutionCallback {
    @Override
    public void afterTestExecution(ExtensionContext context) {
        if (context.getExecutionException().isPresent()) {
            for (ServerProcess server : ServerProcess.started()) {
                System.out.println("---- server on port " + server.port() + ", last lines:\n" + server.logTail());
            }
        }
        ServerProcess.forgetStarted();
    }
}
