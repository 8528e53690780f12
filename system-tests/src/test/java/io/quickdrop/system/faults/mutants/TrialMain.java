package io.quickdrop.system.faults.mutants;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.platform.engine.FilterResult;
import org.junit.platform.engine.TestDescriptor;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.PostDiscoveryFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** Runs tests on whatever the class path holds; ends at the first that fails. Arguments as {@link Trial#tests}. */
public final class TrialMain {
    private TrialMain() {}

    /** Exits with {@link TrialRun#GREEN} or {@link TrialRun#RED}. */
    public static void main(String[] tests) {
        LauncherDiscoveryRequestBuilder request = LauncherDiscoveryRequestBuilder.request();
        for (String test : tests) {
            request.selectors(selectClass(test.replaceAll("#.*", "")));
        }
        request.filters((PostDiscoveryFilter) found -> isAsked(found, tests), TagFilter.excludeTags("long"));
        Verdict verdict = new Verdict();
        LauncherDiscoveryRequest plan = request.build();
        LauncherFactory.create().execute(plan, verdict);
        if (verdict.passed.get() == 0) {
            System.out.println("no test ran of " + Arrays.toString(tests));
            System.exit(2);
        }
        System.out.println(TrialRun.VERDICT + verdict.passed + " passed");
        System.exit(TrialRun.GREEN);
    }

    private static FilterResult isAsked(TestDescriptor found, String[] tests) {
        boolean asked = found.getSource()
                .filter(MethodSource.class::isInstance)
                .map(MethodSource.class::cast)
                .map(method -> Arrays.stream(tests)
                        .anyMatch(test -> !test.contains("#") || test.endsWith("#" + method.getMethodName())))
                .orElse(true);
        return FilterResult.includedIf(asked);
    }

    private static final class Verdict implements TestExecutionListener {
        private final AtomicInteger passed = new AtomicInteger();

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            if (result.getStatus() == TestExecutionResult.Status.FAILED) {
                Throwable failure = result.getThrowable().orElseGet(() -> new AssertionError("failed without a word"));
                failure.printStackTrace();
                Throwable first = failure;
                while (first.getCause() != null) {
                    first = first.getCause();
                }
                System.out.println(TrialRun.VERDICT + test.getDisplayName() + ": "
                        + String.valueOf(first.getMessage()).strip().replaceAll("\\s+", " "));
                System.exit(TrialRun.RED);
            } else if (result.getStatus() == TestExecutionResult.Status.SUCCESSFUL && test.isTest()) {
                passed.incrementAndGet();
            }
        }
    }
}
