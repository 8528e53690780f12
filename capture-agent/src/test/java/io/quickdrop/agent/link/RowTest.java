package io.quickdrop.agent.link;

import static org.assertj.core.api.Assertions.assertThat;

import io.quickdrop.agent.identity.KnownInstances;
import io.quickdrop.agent.identity.KnownServers;
import io.quickdrop.agent.identity.PrivateFolder;
import io.quickdrop.protocol.AgentMessage.Instance;
import io.quickdrop.websocket.ServerAddress;
import io.quickdrop.websocket.ServerPin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowTest {
    private static final Server A = server("10.0.0.1:8443", 'a');
    private static final Server B = server("10.0.0.2:8443", 'b');
    private static final Server C = server("10.0.0.3:8443", 'c');

    private final List<String> alarms = new ArrayList<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    Path home;

    @SuppressWarnings("NullAway.Init")
    private KnownServers known;

    @SuppressWarnings("NullAway.Init")
    private KnownInstances instances;

    @BeforeEach
    void open() {
        known = new KnownServers(new PrivateFolder(home));
        instances = new KnownInstances(new PrivateFolder(home));
    }

    private Row row(Server... named) throws Exception {
        return new Row(List.of(named), known, instances, alarms::add);
    }

    private static Server server(String authority, char key) {
        return new Server(ServerAddress.parse("https://" + authority), pin(key));
    }

    private static ServerPin pin(char key) {
        return new ServerPin(String.valueOf(key).repeat(64));
    }

    private static Instance instance(Server server) {
        return new Instance(server.address().toString(), String.valueOf(server.pin()));
    }

    @Test
    void whomATrustedServerNamesIsInTheRowAndAlsoAfterARestart() throws Exception {
        Row first = row(A);
        assertThat(first.rotation().servers()).containsExactly(A);
        first.registered();
        first.told(List.of(instance(A), instance(B), instance(C)));
        assertThat(first.rotation().servers()).containsExactly(A, B, C);
        assertThat(alarms).isEmpty();

        assertThat(row(A).rotation().servers()).containsExactly(A, B, C);
        assertThat(known.pin("10.0.0.2:8443")).contains(pin('b'));
    }

    @Test
    void anotherNamedServerHasAnotherRow() throws Exception {
        row(A).told(List.of(instance(A), instance(B)));
        assertThat(row(C).rotation().servers()).containsExactly(C);
    }

    @Test
    void whoIsNoLongerNamedIsForgotten() throws Exception {
        row(A).told(List.of(instance(A), instance(B), instance(C)));
        Row later = row(A);
        later.told(List.of(instance(A), instance(C)));
        assertThat(later.rotation().servers()).containsExactly(A, C);
        assertThat(row(A).rotation().servers()).containsExactly(A, C);
    }

    @Test
    void whatAPersonNamedStaysThoughTheServersDoNotNameIt() throws Exception {
        Server alias = server("laptop.local:8443", 'a');
        Row row = row(alias);
        row.told(List.of(instance(A), instance(B)));
        assertThat(row.rotation().servers()).containsExactly(alias, A, B);
    }

    @Test
    void anotherKeyOfAKnownServerIsAnAlarmAndNotBelieved() throws Exception {
        known.remember("10.0.0.2:8443", pin('b'));
        Row row = row(A);
        Instance changed = new Instance("https://10.0.0.2:8443", pin('e').toString());
        row.told(List.of(instance(A), changed, instance(C)));
        row.told(List.of(instance(A), changed, instance(C)));
        assertThat(row.rotation().servers()).containsExactly(A, C);
        assertThat(alarms)
                .singleElement()
                .asString()
                .contains("10.0.0.2:8443 has another key")
                .contains("--pin " + pin('e'));
        assertThat(known.pin("10.0.0.2:8443")).contains(pin('b'));
    }

    @Test
    void theKeyThatAPersonNamedIsTheOneThatCounts() throws Exception {
        known.remember("10.0.0.1:8443", pin('0'));
        Row row = row(A);
        row.told(List.of(instance(A), instance(B)));
        assertThat(alarms).isEmpty();
        row.registered();
        assertThat(known.pin("10.0.0.1:8443")).contains(pin('a'));
    }

    @Test
    void rubbishIsLeftOut() throws Exception {
        Row row = row(A);
        row.told(List.of(
                new Instance("ftp://x", pin('b').toString()),
                new Instance("http://localhost:80", pin('b').toString()),
                new Instance("https://10.0.0.2:8443", "sha256:12"),
                instance(C)));
        assertThat(row.rotation().servers()).containsExactly(A, C);
        assertThat(alarms).hasSize(3);
    }

    @Test
    void theRowHasABound() throws Exception {
        Row row = row(A);
        row.told(IntStream.range(0, 1000)
                .mapToObj(i -> new Instance("https://10.0.1." + i / 4 + ":" + (8000 + i), pin('b').toString()))
                .toList());
        assertThat(row.rotation().servers()).hasSize(65);
    }
}
