package io.quickdrop.websocket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ServerAddressTest {
    @ParameterizedTest
    @CsvSource({
        "https://localhost:8443, https://localhost:8443, wss://localhost:8443/ws",
        "https://localhost:8443/, https://localhost:8443, wss://localhost:8443/ws",
        "laptop.local, https://laptop.local:8443, wss://laptop.local:8443/ws",
        "192.168.1.5:9000, https://192.168.1.5:9000, wss://192.168.1.5:9000/ws",
        "https://[::1]:8443, https://[::1]:8443, wss://[::1]:8443/ws",
        "wss://host:1/other, https://host:1, wss://host:1/other",
        "http://localhost:8080, http://localhost:8080, ws://localhost:8080/ws",
        "http://127.0.0.1:8080, http://127.0.0.1:8080, ws://127.0.0.1:8080/ws"
    })
    void anAddressIsReadAsPeopleWriteIt(String text, String web, String socket) {
        ServerAddress address = ServerAddress.parse(text);

        assertThat(address.web()).hasToString(web);
        assertThat(address.socket()).hasToString(socket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ftp://host", "https://", "https://a b", "https://user@host", "https://h:port"})
    void anythingElseIsRefusedWithWhatIsAllowed(String text) {
        assertThatThrownBy(() -> ServerAddress.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("allowed is an address like");
    }

    @Test
    void aTokenNeverCrossesTheNetworkInTheClear() {
        assertThatThrownBy(() -> ServerAddress.parse("http://192.168.1.5:8080"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("not encrypted");
    }
}
